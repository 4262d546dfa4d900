import { describe, expect, it } from 'vitest';

import type { User } from '../../../src/okta/types.js';
import type { SandboxSeed } from '../../../src/sandbox/seed.js';
import { testOrg, type TestOrg } from '../org.js';
import { itHolds, type Ask } from './facts.js';

const STATUSES = ['ACTIVE', 'STAGED', 'SUSPENDED', 'PROVISIONED', 'PASSWORD_EXPIRED', 'RECOVERY'] as const;
const NAMES = ['Zulu', 'alpha', 'Mike', 'Alpha 2', 'bravo', 'Delta'];

/** Twelve users in six statuses, all of them in the group Mike, and one deactivated user; the first user is in all groups. */
const CROWD: SandboxSeed = {
  groups: NAMES.map((name) => ({ name })),
  users: Array.from({ length: 13 }, (_, index) => ({
    profile: {
      login: `n${index}@example.com`,
      email: `n${index}@example.com`,
      firstName: 'Given',
      lastName: index % 2 === 0 ? 'Even' : 'Odd',
    },
    status: index === 12 ? ('DEPROVISIONED' as const) : STATUSES[index % STATUSES.length],
    groups: index === 0 ? NAMES : ['Mike'],
  })),
};

const group = (name: string): Ask => ['POST', '/api/v1/groups', { profile: { name } }];
const link = (path: string): RegExp =>
  new RegExp(`^<http://[\\d.:]+${path.replaceAll(/[?+]/g, String.raw`\$&`)}>; rel="self"`);

describe('listings', () => {
  itHolds([
    {
      fact: 'users without a query come by status, then ID, without deactivated ones',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/users'],
      answer: {
        status: 200,
        items: 13,
        order: 'by status, then ID',
        headers: { link: link('/api/v1/users?limit=200') },
      },
    },
    {
      fact: 'found users come by ID',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/users?search=profile.firstName+eq+"Given"&limit=200&sortOrder=0'],
      answer: {
        status: 200,
        items: 13,
        order: 'by ID',
        headers: { link: link('/api/v1/users?limit=200&search=profile.firstName+eq+%22Given%22') },
      },
    },
    {
      fact: 'the limit stands before a filter in a link',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/users?filter=status+eq+"ACTIVE"'],
      answer: {
        status: 200,
        items: 3,
        headers: { link: link('/api/v1/users?limit=200&filter=status+eq+%22ACTIVE%22') },
      },
    },
    {
      fact: 'a cursor stands before the limit in a link',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/users?limit=1&search=profile.lastName+eq+"Odd"'],
      answer: {
        status: 200,
        items: 1,
        headers: { link: /, <[^>]*\/api\/v1\/users\?after=[\w-]+&limit=1&search=[^&]*>; rel="next"$/ },
      },
    },
    {
      fact: 'users found by q come without links',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/users?q=Given'],
      answer: { status: 200, items: 10, headers: { link: null } },
    },
    {
      fact: 'an invalid cursor is refused',
      ask: ['GET', '/api/v1/users?after=nonsense'],
      answer: { status: 400, code: 'E0000029' },
    },
    {
      fact: 'groups without a query come by name, 10,000 to a page',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/groups'],
      answer: {
        status: 200,
        items: 7,
        order: 'by name',
        headers: { link: link('/api/v1/groups?limit=10000') },
      },
    },
    {
      fact: 'groups found by q come by name, whatever sortBy is',
      given: { b: group('Team b'), c: group('Team C'), a: group('Team  a') },
      ask: ['GET', '/api/v1/groups?q=team&limit=200&sortBy=created&sortOrder=desc'],
      answer: { status: 200, items: 3, order: 'by name', headers: { link: null } },
    },
    {
      fact: 'groups found by a filter come by name',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/groups?filter=type+eq+"OKTA_GROUP"&limit=200'],
      answer: {
        status: 200,
        items: 6,
        order: 'by name',
        headers: { link: link('/api/v1/groups?limit=200&filter=type+eq+%22OKTA_GROUP%22') },
      },
    },
    {
      fact: 'found groups come by ID',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/groups?search=type+eq+"OKTA_GROUP"&limit=200'],
      answer: { status: 200, items: 6, order: 'by ID' },
    },
    {
      fact: 'the groups of a user come by ID',
      options: { seed: CROWD },
      ask: ['GET', '/api/v1/users/n0/groups'],
      answer: {
        status: 200,
        items: 7,
        order: 'by ID',
        headers: { link: /\/groups\?limit=200>; rel="self"$/ },
      },
    },
    {
      fact: 'the members of a group come by ID, 1000 to a page, without deactivated ones',
      options: {
        seed: { ...CROWD, groups: [], users: CROWD.users?.map((user) => ({ ...user, groups: [] })) ?? [] },
      },
      given: {
        sales: group('Sales'),
        n0: ['PUT', '/api/v1/groups/{sales}/users/n0'],
        n12: ['PUT', '/api/v1/groups/{sales}/users/n12'],
        n2: ['PUT', '/api/v1/groups/{sales}/users/n2'],
        n1: ['PUT', '/api/v1/groups/{sales}/users/n1'],
      },
      ask: ['GET', '/api/v1/groups/{sales}/users'],
      answer: {
        status: 200,
        items: 3,
        order: 'by ID',
        headers: { link: /\/users\?limit=1000>; rel="self"$/ },
      },
    },
    {
      fact: 'the members of Everyone come by ID',
      options: { seed: CROWD },
      given: { everyone: ['GET', '/api/v1/groups?q=Everyone'] },
      ask: ['GET', '/api/v1/groups/{everyone}/users'],
      answer: { status: 200, items: 13, order: 'by ID' },
    },
  ]);

  it('the groups of a user begin with Everyone, the oldest of them', async () => {
    const { request } = await testOrg({ seed: CROWD });
    const { body } = await request<{ profile: { name: string } }[]>('GET', '/api/v1/users/n0/groups');
    expect(body[0]?.profile.name).toBe('Everyone');
  });
});

it('IDs of users and groups made one after the other are in no order, and the same for the same seed', async () => {
  const first = await idsOfSixty();
  for (const ids of [first.users, first.groups]) {
    const descents = ids.filter((id, index) => index > 0 && id < ids[index - 1]!);
    expect(new Set(ids).size).toBe(60);
    expect(descents.length).toBeGreaterThan(15);
    expect(descents.length).toBeLessThan(45);
  }
  expect(await idsOfSixty()).toEqual(first);
  expect((await idsOfSixty(2)).users).not.toEqual(first.users);
});

/** Creates sixty users and groups in turn. */
async function idsOfSixty(idSeed?: number): Promise<{ users: string[]; groups: string[] }> {
  const { request, create } = await testOrg({ rateLimits: false, orgOptions: { idSeed } });
  const users: string[] = [];
  const groups: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    users.push((await create({ login: `n${index}@example.com` })).body.id);
    const body = { profile: { name: `${index}` } };
    groups.push((await request<{ id: string }>('POST', '/api/v1/groups', { body })).body.id);
  }
  return { users, groups };
}

describe('pages of users', () => {
  it('show a user who gets a later status meanwhile on two pages, and every other user on one', async () => {
    const org = await testOrg({ seed: CROWD });
    const staged = org.okta.users().find(({ status }) => status === 'STAGED')!.id;
    const pages = await pagesOf(org, 2, async () => {
      await org.request('POST', `/api/v1/users/${staged}/lifecycle/activate`);
    });
    expect(timesListed(pages, org)).toEqual({ ...everyoneOnce(org), [staged]: 2 });
  });

  it('lack a user who gets an earlier status meanwhile, and show every other user once', async () => {
    const org = await testOrg({ seed: CROWD });
    const suspended = org.okta.users().find(({ status }) => status === 'SUSPENDED')!.id;
    const pages = await pagesOf(org, 9, async () => {
      await org.request('POST', `/api/v1/users/${suspended}/lifecycle/unsuspend`);
    });
    expect(timesListed(pages, org)).toEqual({ ...everyoneOnce(org), [suspended]: 0 });
  });
});

/** Reads all pages, and runs `between` after the first one. */
async function pagesOf({ request }: TestOrg, limit: number, between: () => Promise<void>): Promise<User[][]> {
  const pages: User[][] = [];
  let path: string | undefined = `/api/v1/users?limit=${limit}`;
  while (path !== undefined) {
    const response: { headers: Headers; body: User[] } = await request<User[]>('GET', path);
    pages.push(response.body);
    path = /<[^>]*(\/api[^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    if (pages.length === 1) await between();
  }
  return pages;
}

function everyoneOnce(org: TestOrg): Record<string, number> {
  return timesListed([[...org.okta.users()]], org);
}

/** How often each user who is not deactivated is listed, by ID. */
function timesListed(pages: readonly User[][], { okta }: TestOrg): Record<string, number> {
  const listed = pages.flat().map(({ id }) => id);
  const users = okta.users().filter(({ status }) => status !== 'DEPROVISIONED');
  return Object.fromEntries(users.map(({ id }) => [id, listed.filter((one) => one === id).length]));
}
