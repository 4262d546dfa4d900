import { expect, it, onTestFinished } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { fastClock } from '../helpers/fast-clock.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const ROWS = 230;

interface Bench {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
}

/** An org in which the users of all rows exist, in one group, and more than one page of others. */
async function bench(...faults: readonly Fault[]): Promise<Bench> {
  const users = loginsTo(500).map((login, index) => ({
    profile: { login, email: login, firstName: `Given ${index + 1}`, lastName: 'Family' },
    groups: ['Staff'],
  }));
  const okta = await startSandbox({
    seed: { groups: [{ name: 'Staff' }], users },
    rateLimits: false,
    faults,
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('people.csv', peopleCsv(ROWS, { title: 'Lead', groups: 'Staff' }));
  const env = orgSettings(okta);
  return { okta, at, run: (...args) => cli(args, { at, env, clock: fastClock(100) }) };
}

const anyPage = { on: 'listUsers', query: { search: false } } as const;

it.each<[string, Fault, number]>([
  [
    'broken off with 400 E0000031 in the middle',
    { on: 'listUsers', query: { after: true }, then: 'okta-error', errorCode: 'E0000031' },
    1,
  ],
  [
    'broken off with 400 E0000029 in the middle',
    { on: 'listUsers', query: { after: true }, then: 'okta-error', errorCode: 'E0000029' },
    1,
  ],
  ['rejected with 400 at once', { ...anyPage, then: 'okta-error', errorCode: 'E0000031' }, 1],
  ['not permitted', { ...anyPage, then: 'okta-error', errorCode: 'E0000006' }, 1],
  ['answered 500 every time', { ...anyPage, then: 'status-500' }, 12],
  ['answered by a gateway every time', { ...anyPage, then: 'status-504' }, 12],
  ['cut off every time', { ...anyPage, then: 'truncated-body' }, 12],
])(
  'import --if-exists update reads users one by one when the listing is %s',
  async (_, fault, mostListings) => {
    const { okta, at, run } = await bench(fault);

    const result = await run('import', 'people.csv', '--if-exists=update', '--run-id=it', '--quiet');

    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(at.run('it').summary.counts).toMatchObject({ total: ROWS, updated: ROWS });
    const begun = okta.ledger.requests({ operation: 'listUsers' });
    expect(begun).toBeLessThanOrEqual(mostListings + 3);
  },
);

it('import --if-exists update lists smaller pages when the large ones are answered 500', async () => {
  const { okta, at, run } = await bench({ ...anyPage, pageSizeAbove: 100, then: 'status-500' });

  await run('import', 'people.csv', '--if-exists=update', '--run-id=it', '--quiet');

  expect(at.run('it').summary.counts).toMatchObject({ updated: ROWS });
  expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBeGreaterThanOrEqual(3);
});

it('import --if-exists update lists again when the whole org was unavailable meanwhile', async () => {
  const { okta, at, run } = await bench({
    on: ['listUsers', 'getUser'],
    times: 14,
    then: 'status-503',
  });

  await run('import', 'people.csv', '--if-exists=update', '--run-id=it', '--quiet');

  expect(at.run('it').summary.counts).toMatchObject({ updated: ROWS });
  expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBeGreaterThanOrEqual(3);
});

it.each<[string, Fault]>([
  ['broken off', { on: 'listGroupUsers', then: 'okta-error', errorCode: 'E0000031' }],
  ['answered 500 every time', { on: 'listGroupUsers', then: 'status-500' }],
  ['not permitted', { on: 'listGroupUsers', then: 'okta-error', errorCode: 'E0000006' }],
])(
  'import --if-exists update finds out about groups user by user when a list of members is %s',
  async (_, fault) => {
    const { okta, at, run } = await bench(fault);

    await run('import', 'people.csv', '--if-exists=update', '--run-id=it', '--quiet');

    expect(at.run('it').summary.counts).toMatchObject({ updated: ROWS });
    expect(okta.ledger.requests({ operation: 'listGroupUsers' })).toBeLessThanOrEqual(12);
  },
);

it.each<[string, Fault]>([
  ['rejected', { on: 'listUsers', query: { search: true }, then: 'okta-error', errorCode: 'E0000031' }],
  ['answered 500 every time', { on: 'listUsers', query: { search: true }, then: 'status-500' }],
])('validate --org, verify and undo read users one by one when searches are %s', async (_, fault) => {
  const { okta, at, run } = await bench();
  at.file('new.csv', peopleCsv(3).replaceAll('p2@example.com', 'new@example.com'));
  await run('import', 'new.csv', '--run-id=it', '--quiet');
  okta.addFault(fault);

  await run('validate', 'new.csv', '--org', '--run-id=dry', '--quiet');
  expect(at.run('dry').summary.counts).toMatchObject({ invalid: 3 });

  expect(await run('verify', 'it')).toMatchObject({ exitCode: 0 });
  expect(await run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
  expect(at.run('it-undo').summary.counts).toMatchObject({ removed: 1 });
});

it('list says after how many users it is incomplete, without a hint about search expressions', async () => {
  const { run } = await bench({
    on: 'listUsers',
    query: { after: true },
    then: 'okta-error',
    errorCode: 'E0000031',
  });

  const { exitCode, stdout, stderr } = await run('list', '--format=csv', '--columns=login');

  expect(exitCode).not.toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1 + 200);
  expect(stderr).toContain('The list is incomplete after 200 users.');
  expect(stderr).not.toContain('eq');
});

it('list explains search expressions when the first page is rejected', async () => {
  const { run } = await bench();

  const { exitCode, stderr } = await run('list', '--search=nonsense');

  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('Write an expression such as');
});

it('list reads smaller pages when the large ones are answered 500', async () => {
  const { run } = await bench({ ...anyPage, pageSizeAbove: 50, then: 'status-500' });

  const { exitCode, stdout } = await run('list', '--format=ndjson', '--columns=login');

  expect(exitCode).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(501);
});

it.each([
  ['list', ['list', '--columns=login,city']],
  ['get of a login that has to be searched for', ['get', 'a/b@example.com']],
])('%s fails within a minute when the org answers every listing with 500', async (_, command) => {
  const { okta, at } = await bench({ on: 'listUsers', then: 'status-500' });
  const clock = fastClock(50);
  const startedAtMs = clock.now();

  const { exitCode, stdout, stderr } = await cli(command, { at, env: orgSettings(okta), clock });

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('Okta fails to list this, however small the pages are');
  expect(clock.now() - startedAtMs).toBeLessThan(60_000);
});

it.each<[string, Fault]>([
  ['broken off', { on: 'listUsers', then: 'okta-error', errorCode: 'E0000031' }],
  ['answered 500 every time', { on: 'listUsers', then: 'status-500' }],
  ['cut off every time', { on: 'listUsers', then: 'truncated-body' }],
])('status looks again for users when listings are %s and reads lag behind', async (_, fault) => {
  const { okta, at, run } = await bench();
  at.file('new.csv', peopleCsv(4).replaceAll('@example.com', '@new.example.com'));
  await run('import', 'new.csv', '--run-id=it', '--quiet');
  okta.addFault(fault);
  okta.addFault({ on: 'getUser', countedBy: 'login', every: 2, then: 'not-found' });
  okta.addFault({ on: 'getUser', countedBy: 'login', nth: 1, then: 'not-found' });

  expect(JSON.parse((await run('status', 'it', '--format=json')).stdout)).toMatchObject({
    people: 4,
    invited: 4,
    gone: 0,
  });
});
