import { describe, expect, it } from 'vitest';

import type { Group, User } from '../../src/okta/types.js';
import type { TestOrg } from './org.js';
import { oktaError, testOrg } from './org.js';

async function add({ request }: TestOrg, name: string, description?: string): Promise<Group> {
  return (await request<Group>('POST', '/api/v1/groups', { body: { profile: { name, description } } })).body;
}

describe('groups', () => {
  it("are created with 200 and Okta's body", async () => {
    const org = await testOrg({ now: () => Date.parse('2026-02-02T11:09:54.700Z') });
    const group = await add(org, 'Contractors', '');
    const href = `${org.okta.url}/api/v1/groups/${group.id}`;
    expect(group).toEqual({
      id: expect.stringMatching(/^00g\w{17}$/),
      created: '2026-02-02T11:09:54.000Z',
      lastUpdated: '2026-02-02T11:09:54.000Z',
      lastMembershipUpdated: '2026-02-02T11:09:54.000Z',
      objectClass: ['okta:user_group'],
      type: 'OKTA_GROUP',
      profile: { name: 'Contractors', description: '' },
      _links: {
        logo: expect.any(Array),
        users: { href: `${href}/users` },
        apps: { href: `${href}/apps` },
        owners: { href: `${href}/owners` },
      },
    });
  });

  it.each([
    ['no name', {}],
    ['a blank name', { name: ' ' }],
    ['a name of 256 characters', { name: 'x'.repeat(256) }],
    ['a description of 1025 characters', { name: 'x', description: 'x'.repeat(1025) }],
    ['a taken name', { name: 'Sales' }],
  ])('are rejected for %s', async (_name, profile) => {
    const org = await testOrg({ seed: { groups: [{ name: 'Sales' }] } });
    expect(await org.request('POST', '/api/v1/groups', { body: { profile } })).toMatchObject({
      status: 400,
      body: { errorCode: 'E0000001' },
    });
  });

  it('keep custom attributes; a replacement without them clears them', async () => {
    const org = await testOrg();
    const profile = {
      name: 'Sales',
      description: null,
      costCenter: 'EMEA-1',
      size: 7,
      isOpen: true,
      tags: ['a'],
    };
    const body = { profile: { ...profile, unset: null } };
    const made = await org.request<Group>('POST', '/api/v1/groups', { body });
    expect(made.body.profile).toEqual(profile);
    const path = `/api/v1/groups/${made.body.id}`;
    expect((await org.request<Group>('GET', path)).body.profile).toEqual(profile);
    const renamed = { name: 'Sales', description: null, size: 8 };
    expect((await org.request<Group>('PUT', path, { body: { profile: renamed } })).body.profile).toEqual(
      renamed,
    );
  });

  it.each([{ name: 'Team 🚀' }, { name: 'Team', description: '🚀' }])(
    'fail with 500 E0000009 for characters beyond U+FFFF: %j',
    async (profile) => {
      const { request } = await testOrg();
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const response = await request('POST', '/api/v1/groups', { body: { profile } });
        expect(response).toMatchObject({ status: 500, body: { errorCode: 'E0000009' } });
      }
      expect((await request<Group[]>('GET', '/api/v1/groups')).body).toHaveLength(1);
    },
  );

  it('can have the same name as an imported group', async () => {
    const org = await testOrg({ seed: { groups: [{ name: 'Payroll', type: 'APP_GROUP' }] } });
    expect((await add(org, 'Payroll')).type).toBe('OKTA_GROUP');
  });

  it.each([
    ['', 'Everyone Payroll Sales'],
    ['q=sa', 'Sales'],
    ['q=ale', ''],
    ['filter=type eq "OKTA_GROUP"', 'Sales'],
    ['filter=type eq "APP_GROUP"&q=pay', 'Payroll'],
    ['search=profile.name eq "SALES"', 'Sales'],
    ['search=profile.name sw "pay" or profile.description co "sell"', 'Payroll Sales'],
  ])('are listed with %j: %s', async (query, found) => {
    const { request } = await testOrg({
      seed: {
        groups: [
          { name: 'Sales', description: 'They sell' },
          { name: 'Payroll', type: 'APP_GROUP' },
        ],
      },
    });
    const { body } = await request<Group[]>('GET', `/api/v1/groups?${encodeURI(query)}`);
    const names = body.map((group) => group.profile.name);
    expect(names.sort().join(' ')).toBe(found);
  });

  it.each([
    ['filter=profile.name eq "Sales"', 'E0000031'],
    ['search=profile.name ew "s"', 'E0000031'],
    ['filter=id eq "x"&search=id eq "x"', 'E0000033'],
    ['after=nonsense', 'E0000029'],
  ])('cannot be listed with %s', async (query, errorCode) => {
    const { request } = await testOrg();
    expect((await request('GET', `/api/v1/groups?${encodeURI(query)}`)).body).toMatchObject({ errorCode });
  });

  it('are replaced and deleted, which removes their members', async () => {
    const org = await testOrg();
    const group = await add(org, 'Sales');
    const user = (await org.create({}, { groupIds: [group.id] })).body;
    const path = `/api/v1/groups/${group.id}`;
    const renamed = await org.request<Group>('PUT', path, { body: { profile: { name: 'Field sales' } } });
    expect(renamed.body.profile).toEqual({ name: 'Field sales', description: null });
    expect((await org.request('DELETE', path)).status).toBe(204);
    expect(org.okta.groupsOf(user.id)).toEqual([]);
    expect(await org.request('GET', path)).toMatchObject({
      status: 404,
      body: oktaError('E0000007', `Not found: Resource not found: ${group.id} (UserGroup)`),
    });
  });
});

describe('memberships', () => {
  it('are added and removed with 204, also when nothing changes', async () => {
    const org = await testOrg();
    const group = await add(org, 'Sales');
    const user = (await org.create()).body;
    const path = `/api/v1/groups/${group.id}/users/${user.id}`;
    for (let time = 0; time < 2; time += 1) expect((await org.request('PUT', path)).status).toBe(204);
    expect(org.okta.groupsOf(user.id)).toEqual(['Sales']);
    for (let time = 0; time < 2; time += 1) expect((await org.request('DELETE', path)).status).toBe(204);
    expect(org.okta.groupsOf(user.id)).toEqual([]);
  });

  it('of Everyone and imported groups cannot be changed: 501', async () => {
    const org = await testOrg({ seed: { groups: [{ name: 'Payroll', type: 'APP_GROUP' }] } });
    const user = (await org.create()).body;
    for (const group of (await org.request<Group[]>('GET', '/api/v1/groups')).body) {
      const path = `/api/v1/groups/${group.id}/users/${user.id}`;
      expect((await org.request('PUT', path)).body).toMatchObject({ errorCode: 'E0000060' });
      expect((await org.request('DELETE', path)).body).toMatchObject({ errorCode: 'E0000060' });
    }
  });

  it('are listed in pages that always have a self link', async () => {
    const org = await testOrg();
    const group = await add(org, 'Sales');
    for (const name of ['a', 'b', 'c']) {
      await org.create({ login: `${name}@example.com` }, { groupIds: [group.id] });
    }
    const path = `/api/v1/groups/${group.id}/users`;
    const first = await org.request<User[]>('GET', `${path}?limit=2`);
    const next = /<[^>]*(\/api[^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await org.request<User[]>('GET', next);
    const logins = [...first.body, ...second.body].map((user) => user.profile.login);
    expect(logins.sort()).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
    expect(second.headers.get('link')).not.toContain('rel="next"');
  });
});
