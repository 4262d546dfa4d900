import { describe, expect, it, onTestFinished } from 'vitest';

import { apiToken } from '../../src/okta/auth/static-token.js';
import { Secret } from '../../src/secret.js';
import { isSameLogin } from '../../src/okta/login.js';
import type { OktaClient } from '../../src/okta/client.js';
import type { User, UserType } from '../../src/okta/types.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';

import { clientFor, sendJson, fakeOrg, errorBody, userBody } from './servers.js';

async function sandboxAndClient(
  options: SandboxOptions = {},
): Promise<{ okta: Sandbox; client: OktaClient }> {
  const okta = await startSandbox(options);
  onTestFinished(async () => okta.close());
  const client = clientFor(okta.url, { signIn: apiToken(new Secret(okta.token)) });
  return { okta, client };
}

async function create(client: OktaClient, login: string, profile = {}): Promise<User> {
  const body = JSON.stringify({
    profile: { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', login, ...profile },
  });
  const { user } = await client.createUser(body, { activate: false });
  return user;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const HOST = 'https://acme.okta.com';

describe('reading one user', () => {
  it.each([
    'ada+newsletter@example.com',
    '100%ada@example.com',
    'ada#1@example.com',
    'ada&x=y@example.com',
    "o'hara@example.com",
    'zoë.müller@example.com',
    '山田@example.com',
  ])('finds %s by login, ID and, if it is unique, short name', async (login) => {
    const { client } = await sandboxAndClient();
    const { id } = await create(client, login);

    await expect(client.getUser(login)).resolves.toMatchObject({ id });
    await expect(client.getUser(id)).resolves.toMatchObject({ profile: { login } });
    await expect(client.getUser(login.split('@', 1)[0]!)).resolves.toMatchObject({ id });
    await expect(client.findUserByLogin(login)).resolves.toMatchObject({ id });
  });

  it.each(['sales/ada@example.com', 'who?@example.com'])(
    'searches for %s, which cannot be part of a path',
    async (login) => {
      const { client } = await sandboxAndClient();
      const { id } = await create(client, login);
      await create(client, 'other@example.com');

      await expect(client.findUserByLogin(login)).resolves.toMatchObject({ id });
    },
  );

  it('searches for a name that cannot be part of a path: as a login, then as a short name', async () => {
    const { client } = await sandboxAndClient({
      orgOptions: { loginPattern: '.+' },
      seed: {
        users: ['a/b', 'a/c@example.com', 'a/d@example.com', 'a/d@example.org', '..'].map((login) => ({
          profile: { login, email: 'x@example.com', firstName: 'Ada', lastName: 'Odd' },
        })),
      },
    });

    await expect(client.findUser('a/b')).resolves.toMatchObject({ profile: { login: 'a/b' } });
    await expect(client.findUser('a/c')).resolves.toMatchObject({ profile: { login: 'a/c@example.com' } });
    await expect(client.findUser('..')).resolves.toMatchObject({ profile: { login: '..' } });
    await expect(client.findUserByLogin('..')).resolves.toMatchObject({ profile: { login: '..' } });
    await expect(client.findUser('a/d')).resolves.toBeUndefined();
    await expect(client.findUser('.')).resolves.toBeUndefined();
  });

  it('percent-encodes the login as one path segment', async () => {
    const org = await fakeOrg((response) => sendJson(response, 200, userBody('x')));
    await clientFor(org.url).getUser('a+b%c/d?e#f é@example.com');

    expect(org.requests[0]?.url).toBe('/api/v1/users/a%2Bb%25c%2Fd%3Fe%23f%20%C3%A9%40example.com');
  });

  it('returns the owner of the token for "me"', async () => {
    const { client } = await sandboxAndClient();

    await expect(client.getUser('me')).resolves.toMatchObject({ status: 'ACTIVE' });
  });

  it('returns undefined for a user that does not exist', async () => {
    const { client } = await sandboxAndClient();

    await expect(client.getUser('nobody@example.com')).resolves.toBeUndefined();
    await expect(client.findUserByLogin('nobody@example.com')).resolves.toBeUndefined();
  });

  it.each([
    ['E0000008', errorBody('E0000008')],
    ['no code', '<html>'],
  ])('fails when the address is wrong: a 404 with %s', async (_, body) => {
    const org = await fakeOrg((response) => sendJson(response, 404, body));

    await expect(clientFor(org.url).getUser('00u1')).rejects.toMatchObject({ status: 404 });
  });

  it('does not mistake a short name for a login', async () => {
    const { client } = await sandboxAndClient();
    await create(client, 'ada@example.com');

    await expect(client.getUser('ada')).resolves.toBeDefined();
    await expect(client.findUserByLogin('ada')).resolves.toBeUndefined();
  });

  it('searches for the owner of a login that is the short name of another user', async () => {
    const org = await fakeOrg((response, { url }) =>
      sendJson(
        response,
        200,
        url.includes('search=') ? [userBody('ada', '00u2')] : userBody('ada@example.com'),
      ),
    );

    await expect(clientFor(org.url).findUserByLogin('ada')).resolves.toMatchObject({ id: '00u2' });
  });

  it('does not mistake the owner of the token for a user with the login "me"', async () => {
    const org = await fakeOrg((response, { url }) =>
      sendJson(
        response,
        200,
        url.includes('search=') ? [userBody('me', '00u2')] : userBody('me', '00uOwner'),
      ),
    );

    await expect(clientFor(org.url).findUserByLogin('me')).resolves.toMatchObject({ id: '00u2' });
  });

  it('finds a login in any case', async () => {
    const { client } = await sandboxAndClient();
    const { id } = await create(client, 'Ada@Example.com');

    await expect(client.findUserByLogin('aDA@example.COM')).resolves.toMatchObject({ id });
  });
});

it.each([
  ['ada@example.com', 'ADA@EXAMPLE.COM', true],
  ['zoe@example.com', 'Zoë@example.com', true],
  ['Zoë@example.com', 'Zoe\u0308@example.com', true],
  ['ada@example.com', 'ada@example.org', false],
])('%s and %s are the same login: %s', (one, other, isSame) => {
  expect(isSameLogin(one, other)).toBe(isSame);
});

describe('listing users', () => {
  it('follows all pages, in order, with each user once', async () => {
    const { okta, client } = await sandboxAndClient();
    const logins = Array.from({ length: 7 }, (_, index) => `user${index}@example.com`);
    for (const login of logins) await create(client, login);
    const before = okta.ledger.requests({ operation: 'listUsers' });
    const users = await collect(client.listUsers({ search: 'profile.lastName eq "Byron"', pageSize: 3 }));

    expect(users.map(({ profile }) => profile.login)).toEqual(logins);
    expect(okta.ledger.requests({ operation: 'listUsers' }) - before).toBe(3);
  });

  it('requests the next page only when it is needed', async () => {
    const { okta, client } = await sandboxAndClient();
    for (let index = 0; index < 5; index += 1) await create(client, `user${index}@example.com`);
    for await (const _ of client.listUsers({ search: 'status eq "STAGED"', pageSize: 2 })) break;

    expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(1);
  });

  it('ends after one page for q, which has no next links', async () => {
    const { client } = await sandboxAndClient();
    for (let index = 0; index < 3; index += 1) await create(client, `user${index}@example.com`);

    await expect(collect(client.listUsers({ q: 'Ada', pageSize: 2 }))).resolves.toHaveLength(2);
  });

  it('finds values with quotes and backslashes by search', async () => {
    const { client } = await sandboxAndClient();
    await create(client, 'ada@example.com', { nickName: 'the "C:\\" & co' });
    await create(client, 'bob@example.com', { nickName: 'the' });
    const search = String.raw`profile.nickName eq "the \"C:\\\" & co"`;

    await expect(collect(client.listUsers({ search }))).resolves.toMatchObject([
      { profile: { login: 'ada@example.com' } },
    ]);
  });

  it.each<[what: string, link: string | string[]]>([
    ['two lines', [selfAt(HOST), nextAt(HOST)]],
    ['one joined line', `${selfAt(HOST)}, ${nextAt(HOST)}`],
    ['next before self', `${nextAt(HOST)}, ${selfAt(HOST)}`],
    ['a URL without a host', nextAt('')],
    ['other parameters first', nextAt(HOST).replace('; rel', '; title="more"; rel')],
    ['no quotes', nextAt(HOST).replaceAll('"', '')],
    ['several relations', nextAt(HOST).replace('"next"', '"next last"')],
  ])('reads the link to the next page from %s, and requests it from the configured org', async (_, link) => {
    const org = await fakeOrg((response, { url }) => {
      if (url.includes('after=')) sendJson(response, 200, [userBody('bob@example.com')]);
      else sendJson(response, 200, [userBody('ada@example.com')], { Link: link });
    });

    await expect(collect(clientFor(org.url).listUsers({ pageSize: 1 }))).resolves.toHaveLength(2);
    expect(org.requests.map(({ url }) => url)).toEqual([
      '/api/v1/users?limit=1',
      // Unchanged: the cursor is Okta's.
      '/api/v1/users?after=00u1%2B&limit=1',
    ]);
  });

  it('counts all pages against one bucket, and keeps the query out of errors', async () => {
    const org = await fakeOrg((response, _, nth) => {
      if (nth < 3) sendJson(response, 200, [userBody('ada@example.com')], pageHeaders(10 - nth));
      else sendJson(response, 400, errorBody('E0000031'), pageHeaders(7));
    });

    await expect(collect(clientFor(org.url).listUsers({ search: 'secret' }))).rejects.toMatchObject({
      operation: 'GET /api/v1/users',
    });
  });

  it.each([
    ['an object', {}],
    ['null', null],
  ])('fails when the list is %s', async (_, body) => {
    const org = await fakeOrg((response) => sendJson(response, 200, body));

    await expect(collect(clientFor(org.url).listUsers())).rejects.toMatchObject({
      code: 'ERR_OKTA_UNREADABLE_ANSWER',
    });
  });
});

describe('groups', () => {
  it.each(['Sales "North"', 'C:\\Team', 'R&D + QA 100%', 'Ünïté', "Ada's"])(
    'are found by name: %s',
    async (name) => {
      const { client } = await sandboxAndClient({ seed: { groups: [{ name }, { name: 'Other' }] } });

      const found = await client.findGroupsByName(name);
      expect(found).toMatchObject([{ profile: { name } }]);
      await expect(client.getGroup(found[0]!.id)).resolves.toMatchObject({ profile: { name } });
    },
  );

  it('are distinguished by case, and one that does not exist is undefined', async () => {
    const { client } = await sandboxAndClient({ seed: { groups: [{ name: 'Sales' }] } });

    await expect(client.findGroupsByName('sales')).resolves.toEqual([]);
    await expect(client.getGroup('00gnobody')).resolves.toBeUndefined();
  });
});

describe('schemas', () => {
  it('of the default type and of others are read by the link of the type', async () => {
    const { client } = await sandboxAndClient();
    const types = await client.listUserTypes();

    expect(types).toMatchObject([{ default: true }]);
    for (const type of [undefined, ...types]) {
      const schema = await client.getUserSchema(type);
      expect(Object.keys(schema.definitions.base.properties)).toContain('login');
    }
  });

  it('are requested from the configured org, wherever the link leads', async () => {
    const org = await fakeOrg((response) =>
      sendJson(response, 200, { definitions: { base: { properties: {} } } }),
    );
    const href = 'https://elsewhere.example.com/api/v1/meta/schemas/user/osc1';
    const type: UserType = {
      id: 'oty1',
      name: 'contractor',
      displayName: 'Contractor',
      default: false,
      _links: { schema: { href } },
    };
    await clientFor(org.url).getUserSchema(type);

    expect(org.requests.map(({ url }) => url)).toEqual(['/api/v1/meta/schemas/user/osc1']);
  });
});

function nextAt(host: string): string {
  return `<${host}/api/v1/users?after=00u1%2B&limit=1>; rel="next"`;
}

function selfAt(host: string): string {
  return `<${host}/api/v1/users?limit=1>; rel="self"`;
}

function pageHeaders(remaining: number): object {
  return {
    'x-rate-limit-limit': '10',
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 60),
    link: nextAt(HOST),
  };
}
