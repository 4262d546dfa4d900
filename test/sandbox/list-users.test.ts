import { describe, expect, it } from 'vitest';

import type { Profile, User } from '../../src/okta/types.js';
import type { SandboxSeed, SeededUser } from '../../src/sandbox/seed.js';
import type { TestOrg } from './org.js';
import { oktaError, testOrg } from './org.js';

const PEOPLE: SandboxSeed = {
  attributes: {
    skills: { type: 'array', items: { type: 'string' } },
    level: { type: 'integer' },
    remote: { type: 'boolean' },
  },
  users: [
    person('Ada', 'Byron', { skills: ['Maths', 'Poetry'], level: 9, remote: true }),
    person('Grace', 'Hopper', { skills: ['COBOL'], level: 12 }),
    person('Björn', 'Byström', { level: 3, remote: false }),
    { ...person('Gone', 'Girl'), status: 'DEPROVISIONED' },
    { ...person('Staged', 'Person', { department: 'R "and" D' }), status: 'STAGED' },
  ],
};

function person(firstName: string, lastName: string, custom: Profile = {}): SeededUser {
  const login = `${firstName.toLowerCase()}@example.com`;
  return {
    profile: { firstName, lastName, login, email: `${lastName.toLowerCase()}@example.com`, ...custom },
  };
}

/** First names in the order of the list. */
async function names({ request }: TestOrg, query: string): Promise<string> {
  const response = await request<User[]>('GET', `/api/v1/users?${query}`);
  if (response.status !== 200) return response.text;
  return response.body.map((user) => user.profile['firstName']).join(' ');
}

/** First names in alphabetical order. */
async function found(org: TestOrg, query: string): Promise<string> {
  return (await names(org, query)).split(' ').sort().join(' ');
}

function nextPath(headers: Headers): string | undefined {
  return /<[^>]*(\/api[^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
}

function expression(kind: 'search' | 'filter', text: string): string {
  return `${kind}=${encodeURIComponent(text)}`;
}

describe('listing users', () => {
  it('returns all but deactivated users without q, filter and search', async () => {
    expect(await found(await testOrg({ seed: PEOPLE }), '')).toBe('Ada Björn Grace Sandbox Staged');
  });

  it.each([
    ['g', 'Grace'],
    ['BYST', 'Björn'],
    ['hopper@', 'Grace'],
    ['race', ''],
    ['gone', ''],
  ])('q=%s: %s', async (q, expected) => {
    expect(await found(await testOrg({ seed: PEOPLE }), `q=${q}`)).toBe(expected);
  });

  it.each([
    ['status eq "DEPROVISIONED"', 'Gone'],
    ['status EQ "STAGED" OR status eq "DEPROVISIONED"', 'Gone Staged'],
    ['profile.login eq "ada@example.com"', 'Ada'],
    ['profile.login eq "ADA@example.com"', ''],
    ['profile.lastName eq "Hopper" and status eq "ACTIVE"', 'Grace'],
    ['lastUpdated gt "2000-01-01T00:00:00.000Z" and profile.firstName eq "Ada"', 'Ada'],
  ])('filter=%s: %s', async (filter, expected) => {
    expect(await found(await testOrg({ seed: PEOPLE }), expression('filter', filter))).toBe(expected);
  });

  it.each([
    ['status eq "deprovisioned"', 'Gone'],
    ['profile.login eq "ADA@example.com"', 'Ada'],
    ['profile.login eq "bjorn@example.com"', ''],
    ['profile.lastName sw "by"', 'Ada Björn'],
    ['profile.lastName co "opp"', 'Grace'],
    ['profile.skills eq "poetry"', 'Ada'],
    ['profile.skills pr', 'Ada Grace'],
    ['profile.level gt 8', 'Ada Grace'],
    ['profile.level ge 3 and (profile.remote eq false or profile.firstName eq "Ada")', 'Ada Björn'],
    ['profile.lastName lt "Byron" or profile.lastName gt "Byron"', 'Björn Gone Grace Sandbox Staged'],
    [String.raw`profile.department eq "R \"and\" D"`, 'Staged'],
    ['created lt "2000-01-01T00:00:00.000Z"', ''],
  ])('search=%s: %s', async (search, expected) => {
    expect(await found(await testOrg({ seed: PEOPLE }), expression('search', search))).toBe(expected);
  });

  it('sorts a search by one property, case-insensitively', async () => {
    const org = await testOrg({ seed: PEOPLE });
    const search = expression('search', 'status eq "ACTIVE"');
    expect(await names(org, `${search}&sortBy=profile.lastName`)).toBe('Sandbox Ada Björn Grace');
    expect(await names(org, `${search}&sortBy=profile.lastName&sortOrder=desc`)).toBe(
      'Grace Björn Ada Sandbox',
    );
    expect(await names(org, 'sortBy=profile.lastName')).toBe(await names(org, ''));
  });

  it('finds a new user only after the delay of the search index', async () => {
    let now = Date.parse('2026-03-02T11:40:50.000Z');
    const org = await testOrg({ orgOptions: { searchLagMs: 1000 }, now: () => now });
    await org.create();
    const search = expression('search', 'profile.login eq "ada@example.com"');
    expect(await names(org, search)).toBe('');
    now += 1000;
    expect(await names(org, search)).toBe('Ada');
  });

  it('returns only the requested fields and the ID', async () => {
    const { request } = await testOrg({ seed: PEOPLE });
    const [user] = (
      await request<object[]>('GET', '/api/v1/users?q=Ada&fields=status,profile:(firstName,login)')
    ).body;
    expect(user).toEqual({
      id: expect.any(String),
      status: 'ACTIVE',
      profile: { firstName: 'Ada', login: 'ada@example.com' },
    });
  });
});

describe('a list is rejected for', () => {
  it.each([
    ['filter and search together', 'filter=id%20pr&search=id%20pr', 'E0000033'],
    [
      'an operator that search does not support',
      expression('search', 'profile.lastName ne "Byron"'),
      'E0000031',
    ],
    ['ends-with', expression('search', 'profile.lastName ew "n"'), 'E0000031'],
    ['contains on another attribute', expression('search', 'profile.title co "x"'), 'E0000031'],
    ['an attribute in another case', expression('search', 'profile.lastname eq "Byron"'), 'E0000031'],
    ['an unknown attribute', expression('search', 'profile.foo eq "x"'), 'E0000031'],
    ['starts-with in a filter', expression('filter', 'profile.lastName sw "By"'), 'E0000031'],
    ['a custom attribute in a filter', expression('filter', 'profile.level eq 3'), 'E0000031'],
    ['a literal without quotes', expression('search', 'profile.lastName eq Byron'), 'E0000031'],
    ['a quote that is not closed', expression('search', 'profile.lastName eq "Byron'), 'E0000031'],
    ['an extra parenthesis', expression('search', '(id pr))'), 'E0000031'],
    ['not', expression('search', 'not (id pr)'), 'E0000031'],
    ['a name only', expression('search', 'id'), 'E0000031'],
    ['an invalid date', expression('search', 'created gt "yesterday"'), 'E0000030'],
    ['an invalid cursor', 'after=nonsense', 'E0000029'],
    ['an invalid limit', 'limit=all', 'E0000037'],
    ['a limit of 0', 'limit=0', 'E0000037'],
  ])('%s', async (_name, query, errorCode) => {
    const { request } = await testOrg({ seed: PEOPLE });
    expect(await request('GET', `/api/v1/users?${query}`)).toMatchObject({
      status: 400,
      body: { errorCode },
    });
  });

  it("filter and search together, with Okta's message", async () => {
    const { request } = await testOrg();
    expect((await request('GET', '/api/v1/users?filter=a&search=b')).body).toMatchObject(
      oktaError('E0000033', "Bad request. Can't specify a search query and filter in the same request."),
    );
  });
});

describe('pages', () => {
  it('have a Link header for self and one for next, with after and limit before the search', async () => {
    const { okta, request } = await testOrg({ seed: PEOPLE });
    const search = encodeURIComponent('status eq "ACTIVE"');
    const { headers } = await request<User[]>('GET', `/api/v1/users?search=${search}&limit=2`);
    const encoded = 'limit=2&search=status+eq+%22ACTIVE%22';
    const link = headers.get('link') ?? '';
    const cursor = /after=([\w-]+)/.exec(link)?.[1];
    expect(link).toBe(
      `<${okta.url}/api/v1/users?${encoded}>; rel="self", ` +
        `<${okta.url}/api/v1/users?after=${cursor}&${encoded}>; rel="next"`,
    );
  });

  it('have no next link on a last page that is exactly full, and no Link at all with q', async () => {
    const { okta, request } = await testOrg({ seed: PEOPLE });
    const link = async (query: string): Promise<string | null> =>
      (await request('GET', `/api/v1/users${query}`)).headers.get('link');
    expect(await link('?limit=5')).toBe(`<${okta.url}/api/v1/users?limit=5>; rel="self"`);
    expect(await link('')).toBe(`<${okta.url}/api/v1/users?limit=200>; rel="self"`);
    expect(await link('?sortOrder=desc')).toBe(`<${okta.url}/api/v1/users?limit=200>; rel="self"`);
    expect(await link('?q=a')).toBeNull();
  });

  it.each([
    '',
    `&${expression('search', 'id pr')}`,
    `&${expression('search', 'id pr')}&sortBy=profile.lastName`,
  ])('contain each user once, even while users are created and deleted: limit=2%s', async (query) => {
    const { okta, request, create } = await testOrg({ seed: PEOPLE });
    const seen: string[] = [];
    let path: string | undefined = `/api/v1/users?limit=2${query}`;
    while (path !== undefined) {
      const response: { headers: Headers; body: User[] } = await request<User[]>('GET', path);
      seen.push(...response.body.map((user) => user.id));
      path = nextPath(response.headers);
      if (seen.length === 2) await create({ lastName: 'Zz' });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain(okta.findUser('ada@example.com')?.id);
  });

  it('continue after a cursor whose user was deleted', async () => {
    const { request } = await testOrg({ seed: PEOPLE });
    const all = (await request<User[]>('GET', '/api/v1/users')).body.map((user) => user.id);
    const page = await request<User[]>('GET', '/api/v1/users?limit=3');
    const last = page.body.at(-1)?.id;
    for (let time = 0; time < 2; time += 1) await request('DELETE', `/api/v1/users/${last}`);
    const rest = await request<User[]>('GET', nextPath(page.headers) ?? '');
    expect(rest.body.map((user) => user.id)).toEqual(all.slice(3));
  });

  it('contain users whose only link is self', async () => {
    const { okta, request } = await testOrg();
    const [admin] = (await request<User[]>('GET', '/api/v1/users')).body;
    expect(admin).toMatchObject({ _links: { self: { href: `${okta.url}/api/v1/users/${admin?.id}` } } });
    expect(admin).not.toHaveProperty('_links.suspend');
  });
});
