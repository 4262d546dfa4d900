import { describe, expect, it } from 'vitest';

import type { OktaClient } from '../../src/okta/client.js';
import type { UserType } from '../../src/okta/types.js';

import { create, sandboxAndClient } from './sandbox-client.js';
import { clientFor, errorBody, fakeOrg, sendJson, userBody } from './servers.js';

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

describe('a response about another user, as from a cache,', () => {
  const ID = '00u1aaaaaaaaaaaaaaaa';
  const OTHER = '00u2bbbbbbbbbbbbbbbb';

  it.each<[string, (client: OktaClient) => Promise<unknown>]>([
    ['a read by ID', (client) => client.getUser(ID)],
    ['an update', (client) => client.updateProfile(ID, { title: 'Lead' })],
    ['setting credentials', (client) => client.setCredentials(ID, {})],
    ['expiring a password', (client) => client.expirePassword(ID)],
  ])('is not accepted after %s', async (_, send) => {
    const org = await fakeOrg((response) => sendJson(response, 200, userBody('bob@example.com', OTHER)));

    await expect(send(clientFor(org.url))).rejects.toThrow(`about another user (${OTHER})`);
  });

  it('is accepted when the user has the ID as the login', async () => {
    const org = await fakeOrg((response) => sendJson(response, 200, userBody(ID, OTHER)));

    await expect(clientFor(org.url).getUser(ID)).resolves.toMatchObject({ id: OTHER });
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
