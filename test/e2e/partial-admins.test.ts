import { describe, expect, it } from 'vitest';

import { type Sandbox } from '../../src/sandbox/server.js';
import type { SandboxSeed } from '../../src/sandbox/seed.js';

import { oktaError, type InterceptedRequest, type Interceptor } from '../helpers/intercepted-org.js';
import { loginOf, peopleCsv, peopleIn, profileOf } from '../helpers/people.js';
import { scene } from '../helpers/scene.js';

const REFUSED = oktaError(403, 'E0000006', 'You do not have permission to perform the requested action');

const isCreate = ({ method, path }: InterceptedRequest): boolean =>
  method === 'POST' && path === '/api/v1/users';

const isAbout = ({ path, method }: InterceptedRequest, okta: Sandbox, row: number): boolean =>
  path === `/api/v1/users/${loginOf(row)}` ||
  (method === 'POST' && path === `/api/v1/users/${okta.findUser(loginOf(row))?.id}`);

/** The admin may not add users to the group Finance. */
function salesAdmin(): Interceptor {
  let financeId: string | undefined;
  return async (request) => {
    const { method, path, body, forward } = request;
    if (method === 'GET' && path === '/api/v1/groups') {
      const response = await forward();
      const groups = JSON.parse(response.text ?? '') as { id: string; profile: { name: string } }[];
      financeId ??= groups.find(({ profile }) => profile.name === 'Finance')?.id;
      return response;
    }
    if (financeId === undefined) return undefined;
    const isForeign = isCreate(request)
      ? body?.groupIds?.includes(financeId) === true
      : method === 'PUT' && path.includes(financeId);
    return isForeign ? REFUSED : undefined;
  };
}

const SEED: SandboxSeed = { groups: [{ name: 'Sales' }, { name: 'Finance' }] };
const TEXT = 'You do not have permission to perform the requested action.';

describe('a group admin whose file names a group of another admin', () => {
  it.each([
    ['first row', 1, ['Finance', 'Sales', 'Sales']],
    ['second row', 1, ['Sales', 'Finance', 'Sales']],
    ['first row of many in progress', 10, ['Finance', 'Sales', 'Sales']],
    ['last row', 10, ['Sales', 'Sales', 'Finance']],
    ['first fifteen rows of many in progress', 20, [...Array<string>(15).fill('Finance'), 'Sales', 'Sales']],
    ['first nine rows', 2, [...Array<string>(9).fill('Finance'), 'Sales', 'Sales']],
  ])(
    'fails only the %s, with a concurrency of %i, and names row and group',
    async (_, concurrency, groups) => {
      const { at, run } = await scene({ intercept: salesAdmin(), seed: SEED });
      const file = at.file('people.csv', peopleIn(...groups));

      expect((await run('import', file, '--run-id=it', `--concurrency=${concurrency}`)).exitCode).toBe(1);

      const { results, summary } = at.run('it');
      expect(summary.stoppedBecause).toBeNull();
      for (const [index, group] of groups.entries()) {
        expect(results[index]).toMatchObject(
          group === 'Sales'
            ? { status: 'created' }
            : {
                status: 'failed',
                errorCode: 'E0000006',
                message: `Not permitted for row ${index + 1} (line ${index + 2}) (group "Finance"): ${TEXT}`,
              },
        );
      }
    },
  );

  it('names only the group that an existing user may not be added to', async () => {
    const { at, run } = await scene({
      intercept: salesAdmin(),
      seed: {
        ...SEED,
        users: [1, 2].map((row) => ({ profile: profileOf(row) })),
      },
    });
    const file = at.file('people.csv', peopleIn('Finance;Sales', 'Sales'));

    expect((await run('import', file, '--run-id=it', '--if-exists=update')).exitCode).toBe(1);

    expect(at.run('it').results).toMatchObject([
      { status: 'failed', message: `Not permitted for row 1 (line 2) (group "Finance"): ${TEXT}` },
      { status: 'updated' },
    ]);
  });
});

describe('a help-desk admin who may not see or change some users', () => {
  const seed: SandboxSeed = { users: [1, 2, 3].map((row) => ({ profile: profileOf(row) })) };
  it.each([
    ['import', 'updated'],
    ['validate --org', 'would-update'],
  ])('fails only their rows in %s', async (command, status) => {
    let okta: Sandbox | undefined;
    const org = await scene({
      intercept: (request) => (okta && isAbout(request, okta, 1) ? REFUSED : undefined),
      seed,
    });
    okta = org.okta;
    const file = org.at.file('people.csv', peopleCsv(3, { title: 'Lead' }));

    const result = await org.run(...command.split(' '), file, '--run-id=it', '--if-exists=update');

    expect(result.exitCode).toBe(1);
    expect(org.at.run('it').results).toMatchObject([
      { status: 'failed', errorCode: 'E0000006', message: `Not permitted for row 1 (line 2): ${TEXT}` },
      { status },
      { status },
    ]);
  });
});

describe('an admin who may not create users at all', () => {
  it.each([1, 3, 30])('stops the run of %i rows, and a resumed run sends all of them', async (rows) => {
    let isPermitted = false;
    const { okta, at, run } = await scene({
      intercept: (request) => (!isPermitted && isCreate(request) ? REFUSED : undefined),
    });
    const file = at.file('people.csv', peopleCsv(rows));

    const stopped = await run('import', file, '--run-id=it');

    expect(stopped.exitCode).toBe(3);
    expect(stopped.stderr).toContain('403 E0000006');
    expect(at.run('it').results.map(({ status }) => status)).toEqual(Array(rows).fill('not-attempted'));
    isPermitted = true;
    expect((await run('resume', 'it')).exitCode).toBe(0);
    expect(okta.ledger.created).toHaveLength(rows);
  });

  it('sends at most as many creates as it takes to tell', async () => {
    const { at, run, org } = await scene({
      intercept: (request) => (isCreate(request) ? REFUSED : undefined),
    });
    const file = at.file('people.csv', peopleCsv(200));

    expect((await run('import', file, '--concurrency=4')).exitCode).toBe(3);

    expect(org.requests.filter((request) => request === 'POST /api/v1/users').length).toBeLessThan(15);
  });
});

describe('an admin who is deactivated during a run', () => {
  it('stops the run after a few refused rows, although rows have succeeded', async () => {
    const { okta, at, run } = await scene();
    okta.addFault({ on: 'createUser', nth: 20, then: 'deactivate-owner' });
    const file = at.file('people.csv', peopleCsv(200));

    expect((await run('import', file, '--run-id=it', '--concurrency=4')).exitCode).toBe(3);

    const { counts, stoppedBecause } = at.run('it').summary;
    expect(counts.created).toBe(19);
    expect(counts.failed).toBeLessThan(20);
    expect(counts.notAttempted).toBeGreaterThan(160);
    expect(stoppedBecause).toContain('403 E0000006');
  });

  it('is told apart from many rows of another admin', async () => {
    const { at, run } = await scene({ intercept: salesAdmin(), seed: SEED });
    const groups = [...Array<string>(5).fill('Sales'), ...Array<string>(40).fill('Finance'), 'Sales'];
    const file = at.file('people.csv', peopleIn(...groups));

    expect((await run('import', file, '--run-id=it')).exitCode).toBe(1);
    expect(at.run('it').summary.counts).toMatchObject({ created: 6, failed: 40, notAttempted: 0 });
  });
});

it('undoes what the admin may delete, and names the rows of the others', async () => {
  let okta: Sandbox | undefined;
  const org = await scene({
    intercept: ({ method, path }) =>
      method === 'DELETE' && path.endsWith(okta?.findUser(loginOf(3))?.id ?? '?') ? REFUSED : undefined,
  });
  okta = org.okta;
  const file = org.at.file('people.csv', peopleCsv(3));
  await org.run('import', file, '--run-id=it');

  const { exitCode, stderr } = await org.run('undo', 'it', '--yes', '--concurrency=1');

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`Not permitted for row 3 (line 4): ${TEXT}`);
  expect(okta.users().map(({ profile }) => profile.login)).toEqual([loginOf(3)]);
});

it.each([
  ['undo', 'it-undo', 'DELETE', 'removed'],
  ['activate', 'it-activate', 'POST', 'activated'],
])(
  '%s changes nobody for an admin who may not, and a second one does all',
  async (command, runId, method, done) => {
    let isAllowed = false;
    const org = await scene({
      intercept: (request) =>
        request.method === method && request.path.includes('/00u') && !isAllowed ? REFUSED : undefined,
    });
    const file = org.at.file('people.csv', peopleCsv(3));
    await org.run('import', file, '--run-id=it', '--no-activate');

    const refused = await org.run(command, 'it', '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('403 E0000006');
    expect(org.at.run(runId).results.map(({ status }) => status)).toEqual(Array(3).fill('not-attempted'));
    expect(org.okta.users().map(({ status }) => status)).toEqual(Array(3).fill('STAGED'));

    isAllowed = true;
    expect((await org.run(command, 'it', '--yes')).exitCode).toBe(0);
    expect(org.at.run(runId).summary.counts).toMatchObject({ [done]: 3 });
  },
);
