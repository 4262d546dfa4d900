import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { EVENTS, type EventName } from '../../src/cli/log-events.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { fixture, workplace } from '../helpers/workplace.js';

type Line = Readonly<Record<string, unknown>> & { readonly event: EventName };

/** Parses the lines and checks that each is a documented event. */
function eventsOf(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = JSON.parse(line) as Line;
      const allowed = ['level', 'time', 'event', 'msg', ...EVENTS[event.event].fields];
      expect(Object.keys(event).filter((key) => !allowed.includes(key))).toEqual([]);
      return event;
    });
}

it('logs events for the start, failed rows and the end', async () => {
  const at = workplace();
  const { exitCode, stdout, stderr } = await cli(
    ['import', fixture('cohort-with-mistakes.csv'), '--sandbox', '--run-id=it', '--log-format=json'],
    { at },
  );
  const events = eventsOf(stderr);

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(events[0]).toMatchObject({ event: 'note', msg: expect.stringContaining('without a value') });
  expect(events[1]).toMatchObject({ event: 'run.started', runId: 'it', command: 'import', records: 25 });
  const rows = events.filter(({ event }) => event === 'row.failed');
  expect(rows.map(({ line }) => Number(line)).toSorted((one, other) => one - other)).toEqual(
    at.run('it').results.flatMap(({ status, line }) => (status === 'created' ? [] : [Number(line)])),
  );
  expect(rows.find(({ line }) => line === 12)).toMatchObject({
    level: 'warn',
    status: 'failed',
    errorCode: 'E0000001',
    login: 'Jose.Nunez@example.com',
    requestId: expect.stringMatching(/./),
  });
  expect(events.at(-1)).toMatchObject({
    event: 'run.ended',
    level: 'error',
    exitCode: 1,
    counts: { created: 11, invalid: 12, failed: 2 },
    next: [expect.stringContaining('okta-csv-import import')],
  });
});

it.each([
  [['nonsense'], 'ERR_USAGE'],
  [['import', 'nowhere.csv', '--sandbox'], 'ERR_FILE_UNREADABLE'],
  [['import', 'people.csv'], 'ERR_SETTINGS'],
  [['import', 'people.csv', '--sandbox', '--canary=x'], 'ERR_USAGE'],
])('%j: errors are events, too', async (args, code) => {
  const at = workplace();
  at.file('people.csv', peopleCsv(1));
  const { exitCode, stderr } = await cli([...args, '--log-format=json'], { at });

  expect(exitCode).toBe(2);
  expect(eventsOf(stderr)).toEqual([expect.objectContaining({ event: 'error', code, exitCode: 2 })]);
});

it('with --quiet and --log-format json, stderr has only warnings and errors, and the log file has everything', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(3));
  const { stderr } = await cli(
    ['import', file, '--sandbox', '--quiet', '--log-format=json', '--log-file=run.log'],
    { at },
  );

  expect(stderr).toBe('');
  const log = join(at.folder, 'run.log');
  expect(eventsOf(readFileSync(log, 'utf8')).map(({ event }) => event)).toEqual(['run.started', 'run.ended']);
  expect(statSync(log).mode & 0o777).toBe(0o600);

  await cli(['import', file, '--sandbox', '--log-file=run.log'], { at });
  expect(eventsOf(readFileSync(log, 'utf8'))).toHaveLength(4);
});

it('logs every request, retry and wait with --verbose, without secrets', async () => {
  const okta = await startSandbox({
    faults: [
      { on: 'createUser', nth: 2, then: '429-concurrency' },
      { on: 'createUser', nth: 4, then: 'reset-after-commit' },
    ],
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  const password = 'Correct-Horse-7';
  const file = at.file('people.csv', peopleCsv(5, { password }));
  const env = orgSettings(okta);
  const { stderr } = await cli(['import', file, '--verbose', '--log-file=run.log'], { at, env });
  const log = readFileSync(join(at.folder, 'run.log'), 'utf8');
  const events = eventsOf(log);

  const answered = events.filter(({ event }) => event === 'request.answered');
  const unanswered = events.filter(({ event }) => event === 'request.unanswered');
  expect(unanswered).toEqual([
    expect.objectContaining({ method: 'POST', path: '/api/v1/users?activate=true' }),
  ]);
  expect(answered).toHaveLength(okta.ledger.requests() - 1);
  expect(events.filter(({ event }) => event === 'request.retried')).toEqual([
    expect.objectContaining({ method: 'POST', failedTries: 1, reason: '429 E0000047 (concurrency limit)' }),
  ]);
  expect(answered).toContainEqual(
    expect.objectContaining({
      method: 'POST',
      path: '/api/v1/users?activate=true',
      bucket: '/api/v1/users',
      status: 200,
      requestId: expect.stringMatching(/./),
      remaining: expect.any(Number),
    }),
  );
  expect(stderr).toMatch(/^ {2}POST \/api\/v1\/users\?activate=true: 200 in \d+ ms, \d+ of \d+ left, \S+$/m);
  for (const text of [stderr, log]) {
    expect(text).not.toContain(password);
    expect(text).not.toContain(okta.token);
    expect(text).not.toMatch(/authorization|SSWS/i);
  }
});

it('rejects a log file that is a pipe without a reader, instead of waiting for one', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(1));
  execFileSync('mkfifo', [join(at.folder, 'log')]);

  expect(await cli(['validate', file, '--log-file=log'], { at })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('The log file log is a pipe that nothing reads.'),
  });
  expect(at.everyFileExcept('people.csv')).toBe('');
});

it('writes a log file that is a pipe with a reader', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(2));
  const path = join(at.folder, 'log');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(reader));

  expect(await cli(['import', file, '--sandbox', '--log-file=log'], { at })).toMatchObject({ exitCode: 0 });
  expect(eventsOf(readFileSync(reader, 'utf8')).map(({ event }) => event)).toEqual([
    'run.started',
    'run.ended',
  ]);
});

it('rejects a log file that cannot be written before anything is sent', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(1));
  const { exitCode, stderr } = await cli(['import', file, '--sandbox', '--log-file=no/such/folder/x.log'], {
    at,
  });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('Cannot write the log file no/such/folder/x.log');
});

it('continues when the log file can no longer be written, and warns once', async () => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(3));
  const { exitCode, stderr } = await cli(['import', file, '--sandbox', '--verbose', '--log-file=/dev/full'], {
    at,
  });

  expect(exitCode).toBe(0);
  expect(stderr.match(/Cannot write the log file \/dev\/full any longer/g)).toHaveLength(1);
  expect(stderr).toContain('3 rows, 3 created.');
});
