import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { cli, orgSettings, startCli } from '../helpers/cli.js';
import { peopleCsv } from '../helpers/people.js';
import { recordedOrg } from '../helpers/recorder.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs the program through a shell, so that its streams can be led elsewhere. */
async function shell(command: string, at: Workplace, env: Record<string, string>): Promise<number | null> {
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], TMPDIR: at.temporary, NODE: process.execPath, CLI, ...env },
    stdio: 'ignore',
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return exitCode;
}

it('finishes a run whose standard error goes to a full disk', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('people.csv', peopleCsv(20));

  const exitCode = await shell(
    '"$NODE" "$CLI" import people.csv --run-id it 2>/dev/full',
    at,
    orgSettings(okta),
  );

  expect(exitCode).toBe(0);
  expect(at.run('it').summary.counts).toMatchObject({ total: 20, created: 20 });
});

it('says with its exit code that the summary could not be written to standard output', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('people.csv', peopleCsv(2));

  const exitCode = await shell(
    '"$NODE" "$CLI" import people.csv --run-id it --json >/dev/full',
    at,
    orgSettings(okta),
  );

  expect(exitCode).toBe(3);
  expect(at.run('it').summary.counts).toMatchObject({ created: 2 });
});

it('ends quietly when whoever reads a list has seen enough', async () => {
  const users = Array.from({ length: 600 }, (_, index) => {
    const login = `p${index}@example.com`;
    return { profile: { login, email: login, firstName: 'Given', lastName: 'Family' } };
  });
  const okta = await startSandbox({ seed: { users } });
  onTestFinished(() => okta.close());
  const at = workplace();

  const exitCode = await shell(
    '"$NODE" "$CLI" list --format ndjson 2>err | head -n 1 >out; cat err >&2; test ! -s err',
    at,
    orgSettings(okta),
  );

  expect(exitCode).toBe(0);
});

it.each(['SIGINT', 'SIGTERM'] as const)('heeds %s while standard input has not ended', async (signal) => {
  const at = workplace();
  const child = spawn(process.execPath, [CLI, 'import', '-', '--sandbox'], {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], TMPDIR: at.temporary },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  child.stdin.write('login,email,firstName,lastName\n');
  const closed = once(child, 'close');
  // It gives no sign of having begun to read; were the one signal too early, the exit code would be null.
  setTimeout(() => child.kill(signal), 2000);

  const [exitCode] = (await closed) as [number | null];

  expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
});

it('is interrupted without a stack trace while a resumed run waits for the org', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const env = orgSettings(org);
  at.file('people.csv', peopleCsv(30));
  const hold = org.holdCreatesAfter(5);
  const first = startCli(['import', 'people.csv', '--run-id=it', '--concurrency=2'], { at, env });
  await hold.waiting(2);
  first.process.kill('SIGKILL');
  await first.finished;
  hold.release();
  org.okta.addFault({ on: ['getUserSchema', 'listUserTypes', 'getUser'], then: 'status-503' });

  const resumed = startCli(['resume', 'it'], { at, env });
  await expect.poll(() => org.okta.ledger.requests({ status: 503 }), { timeout: 30_000 }).toBeGreaterThan(0);
  resumed.process.kill('SIGINT');
  const result = await resumed.finished;

  expect(result.exitCode).toBe(130);
  expect(result.stderr).not.toContain('a bug');
});

it('quotes nothing of a first line that is a person, since a password may stand in it', async () => {
  const at = workplace();
  const file = at.file('people.csv', 'ada@example.com,Ada,Byron,Correct-Horse-7\n');

  const refused = await cli(['import', file, '--sandbox'], { at });

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('Add a header line first');
  expect(refused.stderr).not.toContain('Correct-Horse-7');
});

it('reads back a failed.csv whose column names begin like formulas', async () => {
  const at = workplace();
  const file = at.file(
    'people.csv',
    'login,email,firstName,lastName,=Notes\na@example.com,a@example.com,A,,x\n',
  );
  const flags = ['--sandbox', '--ignore-columns', '=Notes'];
  await cli(['import', file, '--run-id=it', ...flags], { at });

  const again = await cli(['import', 'reports/it/failed.csv', ...flags], { at });

  expect(again).toMatchObject({ exitCode: 1 });
  expect(again.stderr).toContain('lastName is empty');
});
