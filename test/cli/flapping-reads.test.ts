import { describe, expect, it, onTestFinished } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { fastClock } from '../helpers/fast-clock.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const ROWS = 6;
const READ = { on: 'getUser', countedBy: 'login', then: 'not-found' } as const;

/** 404s for users who are there, as read replicas that lag behind send them. */
const FLAPS: [string, Fault][] = [
  ['the first read of each user', { ...READ, nth: 1 }],
  ['every other read', { ...READ, every: 2 }],
  ['the first three reads of each user', { ...READ, nth: [1, 2, 3] }],
  ['every read', READ],
];

async function imported(...args: readonly string[]): Promise<{
  okta: Sandbox;
  at: Workplace;
  run: (...args: readonly string[]) => Promise<CliResult>;
}> {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  at.file('people.csv', peopleCsv(ROWS));
  const run = (...command: readonly string[]) => cli(command, { at, env, clock: fastClock(50) });
  await run('import', 'people.csv', '--run-id=it', '--quiet', ...args);
  expect(okta.users()).toHaveLength(ROWS);
  return { okta, at, run };
}

describe.each(FLAPS)('when %s is a 404', (_, fault) => {
  it('undo deletes the users, and reports as removed only what is gone', async () => {
    const { okta, at, run } = await imported();
    okta.addFault(fault);

    const { exitCode, stderr } = await run('undo', 'it', '--yes');

    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${ROWS} users that it created will be permanently deleted`);
    expect(stderr).not.toContain('no longer exist');
    expect(okta.users()).toEqual([]);
    expect(at.run('it-undo').summary.counts).toMatchObject({ removed: ROWS });
  });

  it('activate activates the users', async () => {
    const { okta, at, run } = await imported('--no-activate');
    okta.addFault(fault);

    expect(await run('activate', 'it')).toMatchObject({ exitCode: 0 });

    expect(at.run('it-activate').summary.counts).toMatchObject({ activated: ROWS });
    expect(okta.users().map(({ status }) => status)).toEqual(
      Array.from({ length: ROWS }, () => 'PROVISIONED'),
    );
  });

  it('undo restores the values that an update has changed', async () => {
    const { okta, at, run } = await imported();
    at.file('changed.csv', peopleCsv(ROWS, { title: 'Lead' }));
    await run('import', 'changed.csv', '--run-id=update', '--if-exists=update', '--quiet');
    okta.addFault(fault);

    expect(await run('undo', 'update', '--yes')).toMatchObject({ exitCode: 0 });

    expect(at.run('update-undo').summary.counts).toMatchObject({ restored: ROWS });
    expect(okta.users().map(({ profile }) => profile['title'] ?? null)).toEqual(
      Array.from({ length: ROWS }, () => null),
    );
  });

  it('import --if-exists update updates the users', async () => {
    const { at, run, okta } = await imported();
    at.file('changed.csv', peopleCsv(ROWS, { title: 'Lead' }));
    okta.addFault(fault);

    const result = await run('import', 'changed.csv', '--run-id=update', '--if-exists=update', '--quiet');

    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(at.run('update').summary.counts).toMatchObject({ updated: ROWS });
  });

  it('verify finds no difference, although the search index lags behind as well', async () => {
    const { okta, run } = await imported();
    okta.addFault({ on: 'listUsers', nth: 1, then: 'okta-error', errorCode: 'E0000031' });
    okta.addFault(fault);

    expect(await run('verify', 'it')).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

it('activate and undo repeat a write that a host rejects because it does not know the user yet', async () => {
  const { okta, at, run } = await imported('--no-activate');
  okta.addFault({ on: ['activateUser', 'deleteUser'], countedBy: 'login', nth: [1, 2], then: 'not-found' });

  expect(await run('activate', 'it')).toMatchObject({ exitCode: 0 });
  expect(at.run('it-activate').summary.counts).toMatchObject({ activated: ROWS });

  expect(await run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
  expect(okta.users()).toEqual([]);
});

it('undo reports users that somebody else has deleted as removed, without a write', async () => {
  const { okta, at, run } = await imported();
  for (const method of ['DELETE', 'DELETE']) {
    await fetch(`${okta.url}/api/v1/users/${okta.findUser(loginOf(2))?.id}`, {
      method,
      headers: { authorization: `SSWS ${okta.token}` },
    });
  }

  expect(await run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });

  expect(at.run('it-undo').results.find(({ login }) => login === loginOf(2))).toMatchObject({
    status: 'removed',
    attempts: '0',
  });
  expect(okta.users()).toEqual([]);
});
