import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { CLI, orgSettings, startCli } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { recordedOrg, type RecordedOrg } from '../helpers/recorder.js';
import { workplace } from '../helpers/workplace.js';
import { until } from '../helpers/until.js';

/** Checks that each user exists once, and is in results.csv with the ID from the org. */
function expectEveryoneOnce(
  org: RecordedOrg,
  results: readonly { login: string; status: string; oktaId: string }[],
): void {
  expect(
    org.okta
      .users()
      .map(({ profile }) => profile.login)
      .toSorted(),
  ).toEqual(results.map(({ login }) => login).toSorted());
  expect(org.okta.ledger.created).toHaveLength(results.length);
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'created'));
  for (const { login, oktaId } of results) expect(org.okta.findUser(login)?.id).toBe(oktaId);
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'finishes the requests in flight on %s, reports every row once, and can be resumed',
  async (signal, exitCode) => {
    const org = await recordedOrg();
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(60));
    const env = orgSettings(org);
    const hold = org.holdCreatesAfter(10);

    const running = startCli(['import', file, '--run-id=it', '--concurrency=4'], { at, env });
    await hold.waiting(4);
    running.process.kill(signal);
    hold.release();
    const stopped = await running.finished;

    expect(stopped.exitCode).toBe(exitCode);
    expect(stopped.stderr).toContain(`interrupted by ${signal}`);
    expect(stopped.stderr).toContain(`okta-csv-import resume ${at.folder}/reports/it`);
    const { results, summary } = at.run('it');
    expect(results.map(({ login }) => login)).toEqual(loginsTo(60));
    const created = results.filter(({ status }) => status === 'created');
    expect(created.length).toBeGreaterThanOrEqual(14);
    expect(created.length).toBeLessThan(60);
    expect(org.okta.ledger.created).toHaveLength(created.length);
    expect(summary).toMatchObject({
      exitCode,
      counts: { total: 60, created: created.length, notAttempted: 60 - created.length, failed: 0 },
    });

    const resumed = await cli(['resume', 'it'], { at, env });

    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(resumed.stderr).toContain('60 rows, 60 created.');
    expectEveryoneOnce(org, at.run('it').results);
    expect(org.okta.ledger.createsOfTakenLogins).toEqual([]);
  },
);

it('quits immediately on a second signal, and resume settles the rows in flight', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(20));
  const env = orgSettings(org);
  const hold = org.holdCreatesAfter(5);

  const running = startCli(['import', file, '--run-id=it', '--concurrency=4'], { at, env });
  await hold.waiting(4);
  running.process.kill('SIGINT');
  running.process.kill('SIGTERM');
  const stopped = await running.finished;
  hold.release();

  expect([130, 143]).toContain(stopped.exitCode);
  expect(org.okta.ledger.created).toHaveLength(9);

  const resumed = await cli(['resume', 'reports/it'], { at, env });

  expect(resumed).toMatchObject({ exitCode: 0 });
  expectEveryoneOnce(org, at.run('it').results);
});

it('creates no user twice and loses no row when it is killed and resumed', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(40));
  const env = orgSettings(org);
  const hold = org.holdCreatesAfter(12);

  const running = startCli(['import', file, '--run-id=it', '--concurrency=6'], { at, env });
  await hold.waiting(6);
  running.process.kill('SIGKILL');
  expect((await running.finished).exitCode).toBeNull();
  hold.release();
  expect(org.okta.ledger.created).toHaveLength(18);
  // A power cut can tear the last line.
  appendFileSync(join(at.run('it').path, 'journal.ndjson'), '{"type":"outcome","row":1');

  const resumed = await cli(['resume', 'it'], { at, env });

  expect(resumed).toMatchObject({ exitCode: 0 });
  expectEveryoneOnce(org, at.run('it').results);
  expect(org.okta.ledger.createsOfTakenLogins).toEqual([]);
});

it('reports that nothing remains when a finished run is resumed, and sends nothing', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const env = orgSettings(org);
  await cli(['import', at.file('people.csv', peopleCsv(3)), '--run-id=it'], { at, env });

  const { exitCode, stderr } = await cli(['resume', 'it'], { at, env });

  expect(exitCode).toBe(0);
  expect(stderr).toContain('3 rows, 3 created.');
  expect(org.creates()).toHaveLength(3);
});

it('rejects a second run of the same file while one is in progress, with exit code 4 and nothing sent', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(5));
  const env = orgSettings(org);
  const hold = org.holdCreatesAfter(0);
  const first = startCli(['import', file, '--run-id=first', '--concurrency=1'], { at, env });
  await hold.waiting(1);

  const copy = at.file('copy-of-people.csv', peopleCsv(5));
  const second = await cli(['import', copy, '--run-id=second', '--reports=elsewhere'], { at, env });
  const resumed = await cli(['resume', 'first'], { at, env });

  expect([second.exitCode, resumed.exitCode]).toEqual([4, 4]);
  expect(second.stderr).toContain(
    `copy-of-people.csv for ${org.url} is in use by process ${first.process.pid}`,
  );
  expect(second.stderr).toContain('run first');
  expect(second.stderr).toContain('Wait until that process ends');
  expect(org.creates()).toHaveLength(1);

  hold.release();
  expect(await first.finished).toMatchObject({ exitCode: 0 });
  expectEveryoneOnce(org, at.run('first').results);
});

it('takes over the lock of a process that no longer exists', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(5));
  const env = orgSettings(org);
  const hold = org.holdCreatesAfter(0);
  const first = startCli(['import', file, '--run-id=first', '--concurrency=1'], { at, env });
  await hold.waiting(1);
  first.process.kill('SIGKILL');
  await first.finished;
  hold.release();

  const { exitCode } = await cli(['import', file, '--run-id=second'], { at, env });

  // The killed run created the first row's user; resume would recognize it, but a new import cannot.
  expect(exitCode).toBe(1);
  expect(at.run('second').results.map(({ status }) => status)).toEqual([
    'failed',
    ...Array.from({ length: 4 }, () => 'created'),
  ]);
});

it('reports a run that does not exist, and a run of another org', async () => {
  const [org, other] = [await recordedOrg(), await recordedOrg()];
  const at = workplace();
  await cli(['import', at.file('people.csv', peopleCsv(1)), '--run-id=it'], { at, env: orgSettings(org) });

  const unknown = await cli(['resume', 'nobody'], { at, env: orgSettings(org) });
  const elsewhere = await cli(['resume', 'it'], { at, env: orgSettings(other) });

  expect(unknown).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('The run "nobody" does not exist'),
  });
  expect(elsewhere).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${org.url}, but the settings select ${other.url}.`),
  });
  expect(other.creates()).toEqual([]);
});

it('resumes a run from stdin when it gets the same data again', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const env = orgSettings(org);
  const hold = org.holdCreatesAfter(2);
  const running = startCli(['import', '-', '--run-id=it', '--concurrency=1'], {
    at,
    env,
    stdin: peopleCsv(6),
  });
  await hold.waiting(1);
  running.process.kill('SIGKILL');
  await running.finished;
  hold.release();

  const without = await cli(['resume', 'it'], { at, env });
  const resumed = await cli(['resume', 'it', '--file', '-'], { at, env, stdin: peopleCsv(6) });

  expect(without).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--file') });
  expect(resumed).toMatchObject({ exitCode: 0 });
  expectEveryoneOnce(org, at.run('it').results);
});

it('logs a signal', async () => {
  const org = await recordedOrg();
  const hold = org.holdCreatesAfter(2);
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(30));
  const running = startCli(['import', file, '--log-format=json'], { at, env: orgSettings(org) });
  await hold.waiting(1);
  running.process.kill('SIGTERM');
  hold.release();
  const { exitCode, stderr } = await running.finished;

  expect(exitCode).toBe(143);
  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(events).toContainEqual(expect.objectContaining({ event: 'run.interrupted', signal: 'SIGTERM' }));
});

it.each(['SIGINT', 'SIGTERM'] as const)('exits on %s while it reads stdin', async (signal) => {
  const at = workplace();
  const child = spawn(process.execPath, [CLI, 'import', '-', '--sandbox'], {
    cwd: at.folder,
    env: { PATH: process.env['PATH'], TMPDIR: at.temporary },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  // A pipe holds far less than this: once all of it is written, the program is reading.
  await new Promise<void>((resolve, reject) => {
    child.stdin.write(peopleCsv(20_000), (error) => (error ? reject(error) : resolve()));
  });
  child.kill(signal);

  const [exitCode] = (await closed) as [number | null];

  expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
});

it('exits without a stack trace when a resumed run is interrupted while it waits for the org', async () => {
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
  await until(() => org.okta.ledger.requests({ status: 503 }) > 0);
  resumed.process.kill('SIGINT');
  const result = await resumed.finished;

  expect(result.exitCode).toBe(130);
  expect(result.stderr).not.toContain('a bug');
});
