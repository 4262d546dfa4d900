import { describe, expect, it } from 'vitest';

import { listUsers } from '../../src/cli/list-users.js';
import { scopes } from '../../src/cli/scopes.js';
import type { OktaClient } from '../../src/okta/client.js';
import type { User } from '../../src/okta/types.js';
import { PagingGuard } from '../../src/okta/paging-guard.js';
import { loadOrg } from '../../src/settings/load.js';
import { loadRequestSettings } from '../../src/settings/requests.js';
import { orgSettings } from '../helpers/cli.js';
import { commandContext } from '../helpers/command-context.js';
import { sandboxAndClient } from './sandbox-client.js';
import { clientFor, fakeOrg, sendJson, userBody, type FakeOrg } from './servers.js';

/** A program that follows links without an end is stopped here. */
const MAX_PAGES = 40;

type Paging = (page: number) => { readonly ids: readonly string[]; readonly next: string | undefined };

const cursorsThatAlternate: Paging = (page) => ({ ids: [`00u${page}`], next: page % 2 === 0 ? 'A' : 'B' });
const samePageWithNewCursors: Paging = (page) => ({ ids: ['00u1', '00u2'], next: `cursor${page}` });
const emptyPagesWithNewCursors: Paging = (page) => ({ ids: [], next: `cursor${page}` });

function pagedOrg(paging: Paging): Promise<FakeOrg> {
  return fakeOrg((response, { url }, page) => {
    const { ids, next } = paging(page);
    const items = ids.map((id) => {
      const login = `${id}@example.com`;
      return { ...userBody(login, id), profile: { login, name: id }, type: 'OKTA_GROUP' };
    });
    const path = url.split('?', 1)[0];
    const link =
      next === undefined || page >= MAX_PAGES ? {} : { link: `<${path}?after=${next}>; rel="next"` };
    sendJson(response, 200, items, link);
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const listings: [string, (client: OktaClient) => Promise<unknown>][] = [
  ['users', (client) => collect(client.listUsers())],
  ['groups', (client) => collect(client.listGroups(200))],
  ['the members of a group', (client) => collect(client.listMembers('00g1'))],
  ['the groups of a user', (client) => client.listGroupIdsOf('00u1')],
  ['groups by name', (client) => client.findGroupsByName('Sales')],
];

describe.each(listings)('a listing of %s', (_, list) => {
  it.each<[string, Paging, number]>([
    ['links back to an earlier page', cursorsThatAlternate, 3],
    ['repeats its items under new links', samePageWithNewCursors, 2],
    ['has only empty pages', emptyPagesWithNewCursors, 11],
  ])('that %s fails instead of continuing forever', async (__, paging, pages) => {
    const org = await pagedOrg(paging);

    await expect(list(clientFor(org.url))).rejects.toThrow('the listing does not end');
    expect(org.requests.length).toBe(pages);
  });
});

const STAGED = Array.from({ length: 7 }, (_, index) => ({
  profile: {
    firstName: 'Ada',
    lastName: 'Byron',
    login: `n${index}@example.com`,
    email: `n${index}@example.com`,
  },
  status: 'STAGED' as const,
}));

describe('a listing of users', () => {
  it('continues after a few empty pages', async () => {
    const org = await pagedOrg((page) =>
      page === 3 ? { ids: ['00u1'], next: undefined } : { ids: [], next: `cursor${page}` },
    );

    await expect(collect(clientFor(org.url).listUsers())).resolves.toHaveLength(1);
  });

  it('yields the items of all pages before the one that repeats', async () => {
    const org = await pagedOrg((page) =>
      page < 4 ? { ids: [`00u${page}`], next: `cursor${page}` } : { ids: ['00u2'], next: 'more' },
    );
    const ids: string[] = [];
    const reading = (async () => {
      for await (const { id } of clientFor(org.url).listUsers()) ids.push(id);
    })();

    await expect(reading).rejects.toThrow('a page with only items of earlier pages');
    expect(ids).toEqual(['00u1', '00u2', '00u3']);
  });

  it('continues when a page has only users who were listed before in another status', async () => {
    const { okta, client } = await sandboxAndClient({ seed: { users: STAGED } });
    const ids: string[] = [];
    let activated = 0;
    for await (const { id, status } of client.listUsers({ pageSize: 2 })) {
      ids.push(id);
      if (status !== 'STAGED') continue;
      // Another admin activates each user who was listed: all of them are listed again, as PROVISIONED.
      await client.activateUser(id, false);
      activated += 1;
    }

    expect(activated).toBe(STAGED.length);
    expect(new Set(ids).size).toBe(STAGED.length + 1);
    expect(ids).toHaveLength(2 * STAGED.length + 1);
    expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
  });

  it('with a link that is not a URL fails', async () => {
    const org = await fakeOrg((response) =>
      sendJson(response, 200, [userBody('ada@example.com')], { link: '<http://[>; rel="next"' }),
    );

    await expect(collect(clientFor(org.url).listUsers())).rejects.toThrow(
      'whose link to the next is not a URL',
    );
  });

  it('with an item that has no ID fails', async () => {
    const org = await fakeOrg((response) => sendJson(response, 200, [null]));

    await expect(collect(clientFor(org.url).listUsers())).rejects.toThrow('an item that has no ID');
  });

  it('with an item that is not a user fails', async () => {
    const org = await fakeOrg((response) => {
      sendJson(response, 200, [{ id: '00u1', status: 'ACTIVE' }]);
    });

    await expect(collect(clientFor(org.url).listUsers())).rejects.toThrow(
      'a list with an item that is not a user',
    );
  });

  it.each([
    ['has a prefix is read without it', '/gateway/api/v1/users', '00u1 00u2'],
    ['leads to something else fails', '/oauth2/v1/authorize', 'whose next link leads elsewhere'],
  ])('whose link to the next page %s', async (_, path, expected) => {
    const org = await fakeOrg((response, { url }, nth) => {
      const link = url.includes('after')
        ? {}
        : { link: `<https://gateway.example.net${path}?after=1>; rel="next"` };
      sendJson(response, 200, [userBody(`p${nth}@example.com`, `00u${nth}`)], link);
    });

    const listed = await collect(clientFor(org.url).listUsers()).then(
      (users) => users.map(({ id }) => id).join(' '),
      String,
    );

    expect(listed).toContain(expected);
    expect(org.requests.every(({ url }) => url.startsWith('/api/v1/users'))).toBe(true);
  });

  it('of 500,000 users takes less than 30 MB to notice pages that repeat', () => {
    const guard = new PagingGuard();
    const before = process.memoryUsage().arrayBuffers;
    for (let page = 0; page < 2500; page += 1) {
      const items = Array.from({ length: 200 }, (_, index) => ({ id: `00u${page * 200 + index}` }));
      expect(guard.hasNewItems(items)).toBe(true);
      expect(guard.isNewLink(`/api/v1/users?after=00u${page}&limit=200`)).toBe(true);
    }

    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * 1024 * 1024);
    expect(guard.hasNewItems([{ id: '00u77' }])).toBe(false);
  });
});

describe('list', () => {
  it('reports after how many users a listing without an end is incomplete', async () => {
    const org = await pagedOrg(cursorsThatAlternate);
    const inTest = commandContext();

    await expect(printUsers(org, inTest)).rejects.toThrow('the listing does not end');
    expect(inTest.printed.stderr).toContain('The list is incomplete after 3 users.');
  });

  it('prints a user who is on two pages once', async () => {
    const org = await pagedOrg((page) => ({
      ids: [`00u${page}`, `00u${page + 1}`],
      next: page < 3 ? `cursor${page}` : undefined,
    }));
    const inTest = commandContext();
    await printUsers(org, inTest);

    const printed = inTest.printed.stdout.trimEnd().split('\n');
    expect(printed.map((line) => (JSON.parse(line) as User).id)).toEqual(['00u1', '00u2', '00u3', '00u4']);
  });
});

async function printUsers(org: FakeOrg, inTest: ReturnType<typeof commandContext>): Promise<void> {
  const requests = { concurrency: 2, rateLimitShare: 1, requestTimeout: 30, giveUpAfter: 30 };
  const flags = {
    q: undefined,
    search: undefined,
    filter: undefined,
    limit: undefined,
    format: 'ndjson' as const,
    columns: undefined,
    org: await loadOrg({}, orgSettings({ url: org.url, token: 's3cret' }), scopes.read),
    requests: loadRequestSettings(requests),
  };
  await listUsers(flags, inTest);
}
