import { expect, it } from 'vitest';

import type { Group, User } from '../../src/okta/types.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { testOrg } from './org.js';

it('contains fictional people with example.com addresses only', async () => {
  const { okta } = await testOrg({ seed: demoSeed });
  expect(okta.users().length).toBeGreaterThan(30);
  for (const user of okta.users()) expect(user.profile.login).toMatch(/@example\.com$/);
  expect(new Set(okta.users().map((user) => user.status)).size).toBeGreaterThan(4);
});

it('has groups of every type, user types, and enough users for several pages', async () => {
  const { request } = await testOrg({ seed: demoSeed });
  const groups = (await request<Group[]>('GET', '/api/v1/groups')).body;
  expect(new Set(groups.map((group) => group.type))).toEqual(
    new Set(['BUILT_IN', 'OKTA_GROUP', 'APP_GROUP']),
  );
  expect((await request<unknown[]>('GET', '/api/v1/meta/types/user')).body).toHaveLength(3);
  const found = await request<User[]>('GET', '/api/v1/users?search=profile.skills%20eq%20%22sql%22');
  expect(found.body.length).toBeGreaterThan(2);
});

it('is restored by a reset', async () => {
  const { okta, create } = await testOrg({ seed: demoSeed });
  const before = okta.users().map((user) => user.profile);
  await create();
  okta.reset();
  expect(okta.users().map((user) => user.profile)).toEqual(before);
  expect(okta.ledger.requests()).toBe(0);
});
