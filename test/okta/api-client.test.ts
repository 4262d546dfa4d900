import { describe, expect, it } from 'vitest';

import { create, sandboxAndClient } from './sandbox-client.js';
import { clientFor, errorBody, fakeOrg, sendJson, userBody } from './servers.js';

const HOST = 'https://acme.okta.com';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('listing users', () => {
  it('follows all pages, in order, with each user once', async () => {
    const { okta, client } = await sandboxAndClient();
    const logins = Array.from({ length: 7 }, (_, index) => `user${index}@example.com`);
    for (const login of logins) await create(client, login);
    const before = okta.ledger.requests({ operation: 'listUsers' });
    const users = await collect(client.listUsers({ search: 'profile.lastName eq "Byron"', pageSize: 3 }));

    expect(users.map(({ profile }) => profile.login).sort()).toEqual(logins);
    expect(users.map(({ id }) => id)).toEqual(users.map(({ id }) => id).sort());
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
      if (url.includes('after=')) sendJson(response, 200, [userBody('bob@example.com', '00u2')]);
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
      const user = userBody(`user${nth}@example.com`, `00u${nth}`);
      if (nth < 3) sendJson(response, 200, [user], pageHeaders(10 - nth, `after=00u${nth}`));
      else sendJson(response, 400, errorBody('E0000031'), pageHeaders(7, 'after=none'));
    });

    await expect(collect(clientFor(org.url).listUsers({ search: 'secret' }))).rejects.toMatchObject({
      operation: 'GET /api/v1/users',
      errorCode: 'E0000031',
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

function nextAt(host: string): string {
  return `<${host}/api/v1/users?after=00u1%2B&limit=1>; rel="next"`;
}

function selfAt(host: string): string {
  return `<${host}/api/v1/users?limit=1>; rel="self"`;
}

function pageHeaders(remaining: number, next: string): object {
  return {
    'x-rate-limit-limit': '10',
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 60),
    link: `<${HOST}/api/v1/users?${next}>; rel="next"`,
  };
}
