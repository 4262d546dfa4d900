/* oxlint-disable unicorn/no-thenable -- `then` is a field of faults, which are never awaited */
import { describe, expect, it } from 'vitest';

import type { Group, User } from '../../src/okta/types.js';
import type { Fault } from '../../src/sandbox/faults.js';
import { ADA, oktaError, testOrg, type TestOrg } from './org.js';

const LOGINS = ['ada@example.com', 'ben@example.com', 'cleo@example.com'];
const GROUPS = ['Sales', 'Engineering'].map((name) => ({ name }));
const USERS = LOGINS.map((login) => ({ profile: { ...ADA, login }, groups: ['Sales'] }));

/** An org of the three users and two groups. */
async function orgWith(...faults: readonly Fault[]): Promise<TestOrg> {
  return testOrg({ seed: { groups: GROUPS, users: USERS }, faults });
}

async function statuses({ request }: TestOrg, ...paths: readonly string[]): Promise<number[]> {
  const found = [];
  for (const path of paths) found.push((await request('GET', path)).status);
  return found;
}

describe('reads that flap between 200 and 404', () => {
  it('deny a user who exists, in the words of a 404', async () => {
    const org = await orgWith({ on: 'getUser', nth: 1, then: 'not-found' });
    const { status, body } = await org.request('GET', '/api/v1/users/ada@example.com');
    expect(status).toBe(404);
    const summary = 'Not found: Resource not found: ada@example.com (User)';
    expect(body).toMatchObject(oktaError('E0000007', summary));
    expect(await statuses(org, '/api/v1/users/ada@example.com')).toEqual([200]);
  });

  it('can be counted for each user, whether read by login or by ID', async () => {
    const org = await orgWith({ on: 'getUser', countedBy: 'login', nth: [1, 3], then: 'not-found' });
    const id = org.okta.findUser('ada')?.id ?? '';
    const [ada, ben] = LOGINS.map((login) => `/api/v1/users/${login}`);
    const paths = [ada!, ben!, `/api/v1/users/${id}`, ben!, ada!, ben!, ada!];
    expect(await statuses(org, ...paths)).toEqual([404, 404, 200, 200, 404, 404, 200]);
  });
});

describe('a listing', () => {
  it.each(['E0000031', 'E0000029'] as const)('breaks off midway with 400 %s', async (errorCode) => {
    const org = await orgWith({ on: 'listUsers', query: { after: true }, then: 'okta-error', errorCode });
    const first = await org.request<User[]>('GET', '/api/v1/users?limit=2');
    expect(first.body).toHaveLength(2);
    const next = /<[^>]*(\/api[^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const { status, body } = await org.request('GET', next);
    expect([status, body]).toMatchObject([400, { errorCode }]);
  });

  it('fails for ever with large pages, and works with smaller ones', async () => {
    const org = await orgWith({ on: 'listUsers', pageSizeAbove: 100, then: 'status-500' });
    const paths = ['', '?limit=200', '?limit=200', '?limit=100', '?limit=1'].map((q) => `/api/v1/users${q}`);
    expect(await statuses(org, ...paths, '/api/v1/users/ada')).toEqual([500, 500, 500, 200, 200, 200]);
  });

  it('fails only with a parameter, only with a value of it, or only without it', async () => {
    const org = await orgWith(
      { on: 'listUsers', query: { q: true }, then: 'status-500' },
      { on: 'listUsers', query: { search: false, filter: 'status eq "ACTIVE"' }, then: 'status-503' },
    );
    const queries = ['', '?q=ada', '?filter=status+eq+%22ACTIVE%22', '?filter=status+eq+%22STAGED%22'];
    expect(await statuses(org, ...queries.map((query) => `/api/v1/users${query}`))).toEqual([
      200, 500, 503, 200,
    ]);
  });
});

describe('403 E0000006', () => {
  it('for one user, by login or ID, or for one group, by name or ID', async () => {
    const org = await orgWith(
      { on: 'any', login: 'ada@example.com', then: 'okta-error', errorCode: 'E0000006' },
      { on: 'any', group: 'Sales', then: 'okta-error', errorCode: 'E0000006' },
    );
    const groups = await org.request<Group[]>('GET', '/api/v1/groups');
    const [sales, engineering] = ['Sales', 'Engineering'].map(
      (name) => groups.body.find(({ profile }) => profile.name === name)?.id ?? '',
    );
    const [ada, ben] = LOGINS.map((login) => org.okta.findUser(login)?.id);
    const paths = [
      `users/${ada}`,
      `users/ada@example.com`,
      `users/${ben}`,
      `groups/${sales}`,
      `groups/${engineering}`,
    ];
    expect(await statuses(org, ...paths.map((path) => `/api/v1/${path}`))).toEqual([403, 403, 200, 403, 200]);
    expect((await org.create({ login: 'dan@example.com' }, { groupIds: [sales] })).status).toBe(403);
    expect((await org.create({ login: 'dan@example.com' }, { groupIds: [engineering] })).status).toBe(200);
  });

  it.each<[string, (org: TestOrg) => void]>([
    ['by the fault', ({ okta }) => okta.addFault({ on: 'any', nth: 1, then: 'deactivate-owner' })],
    ['by the method', ({ okta }) => okta.deactivateTokenOwner()],
  ])('for everything once the owner of the token is deactivated %s', async (_name, deactivate) => {
    const org = await orgWith();
    deactivate(org);
    const paths = ['/api/v1/users/me', '/api/v1/users', '/api/v1/groups', '/api/v1/meta/types/user'];
    expect(await statuses(org, ...paths)).toEqual([403, 403, 403, 403]);
    expect((await org.request('GET', '/api/v1/users/me')).body).toMatchObject({ errorCode: 'E0000006' });
    org.okta.reset();
    expect(await statuses(org, '/api/v1/users/me')).toEqual([200]);
  });

  it('or a missing scope: an empty body, and a header that names the scope', async () => {
    const org = await orgWith(
      { on: 'listGroups', then: 'insufficient-scope' },
      { on: 'createUser', then: 'insufficient-scope', scope: 'okta.groups.manage' },
    );
    const seen = [await org.request('GET', '/api/v1/groups'), await org.create({ login: 'dan@example.com' })];
    expect(seen).toMatchObject([
      { status: 403, text: '' },
      { status: 403, text: '' },
    ]);
    const challenges = seen.map(({ headers }) => headers.get('www-authenticate') ?? '');
    expect(challenges[0]).toMatch(/^Bearer .*scope="okta\.groups\.read", error="insufficient_scope"/);
    expect(challenges[1]).toContain('scope="okta.groups.manage"');
  });
});

it('an invalid DPoP proof: 400 with an empty body, and a header with the reason', async () => {
  const { request } = await orgWith({ on: 'any', then: 'invalid-dpop-proof' });
  const { status, text, headers } = await request('GET', '/api/v1/users');
  expect([status, text]).toEqual([400, '']);
  expect(headers.get('www-authenticate')).toMatch(
    /^DPoP .*error="invalid_dpop_proof", error_description="'htu' claim in the DPoP proof JWT is invalid\."/,
  );
});

it('404 with an HTML page for everything, as on a URL that is not an org', async () => {
  const org = await orgWith({ on: 'any', then: 'html-body', status: 404 });
  expect(await statuses(org, '/api/v1/users/me', '/api/v1/users')).toEqual([404, 404]);
  expect((await org.request('GET', '/api/v1/users/me')).text).toContain('<html>');
});

describe('Java error text', () => {
  it('replaces the causes of an invalid create or update', async () => {
    const org = await orgWith({ on: 'write', then: 'java-error-text' });
    const created = await org.create({ firstName: null, unknown: 'x' });
    expect(created).toMatchObject({
      status: 400,
      body: {
        errorCode: 'E0000001',
        errorCauses: [
          { errorSummary: "Property name 'unknown' is not defined in profile" },
          {
            errorSummary: expect.stringMatching(
              /^Field error in object 'newUser' on field 'firstName': rejected value \[null\]; codes \[.*\]; arguments \[\]; default message \[The field cannot be left blank\]$/,
            ),
          },
        ],
      },
    });
    const body = { profile: { lastName: '' } };
    expect((await org.request('POST', '/api/v1/users/ada', { body })).text).toContain("in object 'user' on");
  });

  it('leaves other responses alone', async () => {
    const org = await orgWith({ on: 'write', then: 'java-error-text' });
    expect((await org.create({ login: 'dan@example.com' })).status).toBe(200);
    expect((await org.request('POST', '/api/v1/users/none', { body: {} })).body).toMatchObject({
      errorCode: 'E0000007',
    });
  });
});
