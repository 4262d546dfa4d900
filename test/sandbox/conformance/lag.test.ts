import { describe, expect, it } from 'vitest';

import type { User } from '../../../src/okta/types.js';
import type { OrgOptions } from '../../../src/sandbox/org.js';
import { testOrg, type TestOrg } from '../org.js';

interface SlowOrg extends TestOrg {
  readonly wait: (ms: number) => void;
  /** The listed users, without their profiles and links. */
  readonly list: (query: string) => Promise<Record<string, unknown>[]>;
  readonly members: (groupId: string) => Promise<string[]>;
  readonly add: (name: string) => Promise<string>;
}

async function slowOrg(orgOptions: OrgOptions): Promise<SlowOrg> {
  let now = Date.parse('2026-03-02T11:40:50.000Z');
  const org = await testOrg({ orgOptions, now: () => now });
  const { request } = org;
  return {
    ...org,
    wait: (ms) => (now += ms),
    list: async (query) =>
      (await request<User[]>('GET', `/api/v1/users?${query}`)).body.map((user) =>
        Object.fromEntries(Object.entries(user).filter(([name]) => !['profile', '_links'].includes(name))),
      ),
    members: async (groupId) =>
      (await request<User[]>('GET', `/api/v1/groups/${groupId}/users`)).body.map(({ id }) => id),
    add: async (name) =>
      (await request<{ id: string }>('POST', '/api/v1/groups', { body: { profile: { name } } })).body.id,
  };
}

const ADA = 'search=profile.login+eq+"ada@example.com"';
const SEARCHES = [ADA, 'search=profile.lastName+eq+"Byron"', 'filter=profile.lastName+eq+"Byron"', 'q=Ada'];

describe('without a setting', () => {
  it('listings show every change at once', async () => {
    const org = await slowOrg({});
    const { body: ada } = await org.create();
    const sales = await org.add('Sales');
    await org.request('PUT', `/api/v1/groups/${sales}/users/${ada.id}`);
    expect(await org.members(sales)).toEqual([ada.id]);
    for (const query of SEARCHES) {
      expect(await org.list(query)).toMatchObject([{ id: ada.id, status: 'PROVISIONED' }]);
      expect((await org.list(query))[0]).not.toHaveProperty('transitioningToStatus');
    }
    for (let time = 0; time < 2; time += 1) await org.request('DELETE', `/api/v1/users/${ada.id}`);
    expect(await org.list(ADA)).toEqual([]);
    expect(await org.members(sales)).toEqual([]);
  });
});

describe('a search that lags', () => {
  it.each(SEARCHES)('misses a new user, then shows it in transition, then as it is: %s', async (query) => {
    const org = await slowOrg({ searchLagMs: 2000 });
    const { body: ada } = await org.create();
    expect(await org.list(query)).toEqual([]);
    org.wait(1000);
    const [early] = await org.list(query);
    expect(early).toMatchObject({
      id: ada.id,
      status: 'STAGED',
      transitioningToStatus: 'PROVISIONED',
      activated: null,
      statusChanged: ada.statusChanged,
      passwordChanged: null,
    });
    expect((await org.request<User>('GET', `/api/v1/users/${ada.id}`)).body.status).toBe('PROVISIONED');
    org.wait(1000);
    const [late] = await org.list(query);
    expect(late).toMatchObject({ id: ada.id, status: 'PROVISIONED', activated: ada.activated });
    expect(late).not.toHaveProperty('transitioningToStatus');
  });

  it.each(['search=id+pr', 'search=id+pr&sortBy=profile.firstName', ADA])(
    'shows a changed user as it was, then in transition: %s',
    async (query) => {
      const org = await slowOrg({ searchLagMs: 2000 });
      const { body: ada } = await org.create({}, {}, '?activate=false');
      org.wait(5000);
      await org.request('POST', `/api/v1/users/${ada.id}/lifecycle/activate?sendEmail=false`);
      const listed = async () => (await org.list(query)).find(({ id }) => id === ada.id);
      expect(await listed()).toMatchObject({ status: 'STAGED', activated: null });
      expect(await listed()).not.toHaveProperty('transitioningToStatus');
      org.wait(1000);
      expect(await listed()).toMatchObject({ status: 'STAGED', transitioningToStatus: 'PROVISIONED' });
      org.wait(1000);
      expect(await listed()).toMatchObject({ status: 'PROVISIONED', activated: expect.any(String) });
    },
  );

  it('finds a renamed user by the old login first, and then by the new one', async () => {
    const org = await slowOrg({ searchLagMs: 2000 });
    const { body: ada } = await org.create();
    org.wait(5000);
    await org.request('POST', `/api/v1/users/${ada.id}`, { body: { profile: { login: 'new@example.com' } } });
    const renamed = 'search=profile.login+eq+"new@example.com"';
    expect(await org.list(ADA)).toHaveLength(1);
    expect(await org.list(renamed)).toEqual([]);
    org.wait(2000);
    expect(await org.list(ADA)).toEqual([]);
    expect(await org.list(renamed)).toHaveLength(1);
  });

  it('leaves the listing without a query and reads up to date', async () => {
    const org = await slowOrg({ searchLagMs: 2000, memberLagMs: 2000, deletionLagMs: 2000 });
    const { body: ada } = await org.create();
    expect(await org.list('')).toMatchObject([{ id: ada.id, status: 'PROVISIONED' }, { status: 'ACTIVE' }]);
    await org.request('POST', `/api/v1/users/${ada.id}/lifecycle/deactivate`);
    expect(await org.list('')).toMatchObject([{ status: 'ACTIVE' }]);
    expect((await org.request('GET', `/api/v1/users/${ada.id}`)).body).toMatchObject({
      status: 'DEPROVISIONED',
    });
  });
});

it.each([ADA, `search=id+pr`])(
  'a deleted user is still found for the lag of deletions: %s',
  async (query) => {
    const org = await slowOrg({ deletionLagMs: 1000 });
    const { body: ada } = await org.create();
    for (let time = 0; time < 2; time += 1) await org.request('DELETE', `/api/v1/users/${ada.id}`);
    const isListed = async () => (await org.list(query)).some(({ id }) => id === ada.id);
    expect(await isListed()).toBe(true);
    expect((await org.request('GET', `/api/v1/users/${ada.id}`)).status).toBe(404);
    org.wait(1000);
    expect(await isListed()).toBe(false);
  },
);

it('the members of a group lag behind, while the groups of a user and the groups found by q do not', async () => {
  const org = await slowOrg({ memberLagMs: 3000 });
  const { body: ada } = await org.create();
  const { body: bob } = await org.create({ login: 'bob@example.com' });
  const sales = await org.add('Sales');
  const path = (user: User): string => `/api/v1/groups/${sales}/users/${user.id}`;
  const groupsOf = async (user: User): Promise<number> =>
    (await org.request<unknown[]>('GET', `/api/v1/users/${user.id}/groups`)).body.length;
  await org.request('PUT', path(ada));
  org.wait(2999);
  expect(await org.members(sales)).toEqual([]);
  expect(await groupsOf(ada)).toBe(2);
  expect((await org.request<unknown[]>('GET', '/api/v1/groups?q=Sales')).body).toHaveLength(1);
  org.wait(1);
  expect(await org.members(sales)).toEqual([ada.id]);

  await org.request('PUT', path(bob));
  await org.request('DELETE', path(ada));
  expect(await org.members(sales)).toEqual([ada.id]);
  expect(await groupsOf(ada)).toBe(1);
  org.wait(3000);
  expect(await org.members(sales)).toEqual([bob.id]);
});
