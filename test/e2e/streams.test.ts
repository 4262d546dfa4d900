import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { cli, CLI, orgSettings, startCli } from '../helpers/cli.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());
  return okta;
}

/** Runs the program in a shell, which can redirect its streams. */
async function shell(command: string, at: Workplace, env: Record<string, string>): Promise<number | null> {
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], TMPDIR: at.temporary, NODE: process.execPath, CLI, ...env },
    stdio: 'ignore',
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return exitCode;
}

it('completes a run whose stderr goes to a full disk', async () => {
  const okta = await sandbox();
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

it('exits with 3 when the summary cannot be written to stdout', async () => {
  const okta = await sandbox();
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

it('stops when the disk is full, loses no row, and resumes when there is room', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(100));
  const env = orgSettings(okta);

  const full = await cli(['import', file, '--run-id=it', '--concurrency=4'], { at, env, fileSizeLimit: 40 });

  expect(full.exitCode).toBe(3);
  expect(full.stderr).toMatch(/Cannot write the journal .*: EFBIG/);
  expect(full.stderr).toContain('Free some disk space');
  expect(full.stderr).toContain(`okta-csv-import resume ${at.folder}/reports/it`);
  const createdBefore = okta.ledger.created.length;
  expect(createdBefore).toBeGreaterThan(10);
  expect(createdBefore).toBeLessThan(100);

  const again = await cli(['resume', 'it'], { at, env });

  expect(again).toMatchObject({ exitCode: 0 });
  expect(okta.ledger.created.map(({ login }) => login).toSorted()).toEqual(loginsTo(100).toSorted());
  expect(at.run('it').results.map(({ login, status }) => `${login} ${status}`)).toEqual(
    loginsTo(100).map((login) => `${login} created`),
  );
});

it.each([
  ['import', ['import', 'people.csv', '--run-id=next', '--if-exists=skip']],
  ['sync', ['sync', 'people.csv', '--dataset=staff', '--adopt-existing', '--run-id=next']],
  ['a dry run of sync', ['sync', 'people.csv', '--dataset=staff', '--dry-run']],
  ['validate', ['validate', 'people.csv', '--org', '--if-exists=skip']],
  ['activate', ['activate', 'it', '--yes']],
  ['remind', ['remind', 'it', '--after=0d', '--yes']],
  ['undo', ['undo', 'it', '--yes']],
])(
  '%s exits with 3 when the disk is full before the first request, and can be run again',
  async (_, args) => {
    const okta = await sandbox();
    const at = workplace();
    at.file('people.csv', peopleCsv(2));
    const env = orgSettings(okta);
    await cli(['import', 'people.csv', '--no-activate', '--run-id=it'], { at, env });
    const org = (): string => JSON.stringify([okta.users(), okta.ledger.mails]);
    const before = org();

    for (const fileSizeLimit of [0, 1]) {
      const full = await cli(args, { at, env, fileSizeLimit });
      expect(full).toMatchObject({ exitCode: 3 });
      expect(full.stderr).toMatch(/Cannot (?:take|write) .*: EFBIG/);
      expect(org()).toBe(before);
    }

    expect(await cli(args, { at, env })).toMatchObject({ exitCode: 0 });
  },
);

it('requests no more pages after the reader of a list has left, and exits without an error', async () => {
  const users = Array.from({ length: 10_000 }, (_, index) => {
    const login = `p${index}@example.com`;
    return { profile: { login, email: login, firstName: 'Given', lastName: 'Family' } };
  });
  const okta = await sandbox({ seed: { users } });
  const at = workplace();

  const exitCode = await shell(
    '{ "$NODE" "$CLI" list --format ndjson 2>err; echo $? >code; } | head -n 3 >out',
    at,
    orgSettings(okta),
  );

  const read = (name: string): string => readFileSync(join(at.folder, name), 'utf8');
  expect([exitCode, read('code'), read('err')]).toEqual([0, '0\n', '']);
  expect(read('out').trimEnd().split('\n')).toHaveLength(3);
  // Of fifty.
  expect(okta.ledger.requests({ operation: 'listUsers' })).toBeLessThan(10);
});

it('completes the run after the readers of stdout and stderr have left', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(20));

  const running = startCli(['import', file, '--run-id=it', '--json'], { at, env: orgSettings(okta) });
  running.process.stdout!.destroy();
  running.process.stderr!.destroy();
  await once(running.process, 'exit');

  expect(running.process.exitCode).toBe(0);
  expect(okta.ledger.created).toHaveLength(20);
  expect(at.run('it').summary).toMatchObject({ exitCode: 0 });
});
