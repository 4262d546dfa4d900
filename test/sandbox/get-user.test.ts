import { expect, it } from 'vitest';

import type { User } from '../../src/okta/types.js';
import { oktaError, testOrg } from './org.js';

it.each([
  ['ID', (user: User) => user.id],
  ['login', () => 'gül+1@example.com'],
  ['login in another case', () => 'GÜL+1@Example.com'],
  ['short name', () => 'gül+1'],
])('finds a user by %s', async (_name, keyOf) => {
  const { request, create } = await testOrg();
  const created = await create({ login: 'gül+1@example.com' });
  const response = await request<User>('GET', `/api/v1/users/${encodeURIComponent(keyOf(created.body))}`);
  expect(response).toMatchObject({ status: 200, body: created.body });
});

it('returns the owner of the token for `me`', async () => {
  const { okta, request } = await testOrg();
  expect((await request<User>('GET', '/api/v1/users/me')).body.profile.login).toBe(
    'sandbox.admin@example.com',
  );
  expect(okta.users()).toEqual([]);
});

it.each(['ada', '00uNobody', 'ada@elsewhere.example'])(
  'returns 404 and names what was not found: %s',
  async (key) => {
    const { request, create } = await testOrg();
    await create();
    await create({ login: 'ada@example.org' });
    expect(await request('GET', `/api/v1/users/${encodeURIComponent(key)}`)).toMatchObject({
      status: 404,
      body: oktaError('E0000007', `Not found: Resource not found: ${key} (User)`),
    });
  },
);

it('finds a user with a slash in the login only by ID', async () => {
  const { request, create } = await testOrg({ orgOptions: { loginPattern: '.+' } });
  const { id } = (await create({ login: 'ada/byron' })).body;
  expect((await request('GET', '/api/v1/users/ada/byron')).body).toMatchObject({ errorCode: 'E0000008' });
  expect((await request('GET', `/api/v1/users/${id}`)).status).toBe(200);
});

it('returns an ETag that depends on the profile but not on the status', async () => {
  const { request, create } = await testOrg();
  const path = `/api/v1/users/${(await create({}, {}, '?activate=false')).body.id}`;
  const etag = async (): Promise<string | null> => (await request('GET', path)).headers.get('etag');
  const first = await etag();

  expect(first).toMatch(/^W\/"[0-9a-f]{64}"$/);
  await request('POST', `${path}/lifecycle/activate`);
  expect(await etag()).toBe(first);
  await request('POST', path, { body: { profile: { title: 'Countess' } } });
  expect(await etag()).not.toBe(first);
  await request('POST', path, { body: { profile: { title: null } } });
  expect(await etag()).toBe(first);
});

it('omits what okta-response in the Content-Type of the GET names', async () => {
  const { request, create } = await testOrg();
  const { id } = (await create({}, { credentials: { password: { value: 'Tr0ub4dor' } } })).body;
  const headers = { 'content-type': 'application/json; okta-response=omitCredentials,omitCredentialsLinks' };
  const { body } = await request<object>('GET', `/api/v1/users/${id}`, { headers });
  expect(body).not.toHaveProperty('credentials');
  expect(body).not.toHaveProperty('_links.changePassword');
  expect(body).toHaveProperty('_links.suspend');
});
