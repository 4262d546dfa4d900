import { expect, it } from 'vitest';

import type { User } from '../../src/okta/types.js';
import { oktaError, testOrg } from './org.js';

it.each([
  ['its id', (user: User) => user.id],
  ['its login', () => 'gül+1@example.com'],
  ['its login in another case', () => 'GÜL+1@Example.com'],
  ['its short name', () => 'gül+1'],
])('finds a user by %s', async (_name, keyOf) => {
  const { request, create } = await testOrg();
  const created = await create({ login: 'gül+1@example.com' });
  const reply = await request<User>('GET', `/api/v1/users/${encodeURIComponent(keyOf(created.body))}`);
  expect(reply).toMatchObject({ status: 200, body: created.body });
});

it('answers `me` with the owner of the token', async () => {
  const { okta, request } = await testOrg();
  expect((await request<User>('GET', '/api/v1/users/me')).body.profile.login).toBe(
    'sandbox.admin@example.com',
  );
  expect(okta.users()).toEqual([]);
});

it.each(['ada', '00uNobody', 'ada@elsewhere.example'])(
  'answers 404 with what was asked for: %s',
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

it('cannot be asked for a login with a slash, only for its id', async () => {
  const { request, create } = await testOrg({ orgOptions: { loginPattern: '.+' } });
  const { id } = (await create({ login: 'ada/byron' })).body;
  expect((await request('GET', '/api/v1/users/ada/byron')).body).toMatchObject({ errorCode: 'E0000008' });
  expect((await request('GET', `/api/v1/users/${id}`)).status).toBe(200);
});

it('sends an ETag that follows the profile and not the status', async () => {
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

it('leaves out what okta-response in the Content-Type of the GET says', async () => {
  const { request, create } = await testOrg();
  const { id } = (await create({}, { credentials: { password: { value: 'Tr0ub4dor' } } })).body;
  const headers = { 'content-type': 'application/json; okta-response=omitCredentials,omitCredentialsLinks' };
  const { body } = await request<object>('GET', `/api/v1/users/${id}`, { headers });
  expect(body).not.toHaveProperty('credentials');
  expect(body).not.toHaveProperty('_links.changePassword');
  expect(body).toHaveProperty('_links.suspend');
});
