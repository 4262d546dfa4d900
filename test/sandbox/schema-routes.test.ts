import { expect, it } from 'vitest';

import type { UserSchema, UserType } from '../../src/okta/types.js';
import { testOrg } from './org.js';

const SEED = {
  attributes: {
    badgeNumber: { title: 'Badge', type: 'string', unique: true },
    shirtSize: { title: 'Shirt', type: 'string', required: true, enum: ['S', 'M'] },
  },
  userTypes: [{ name: 'student', displayName: 'Student', attributes: { term: { type: 'integer' } } }],
} as const;
const DEFAULT_SCHEMA = '/api/v1/meta/schemas/user/default';

it('lists the user types, each with a link to its schema; the default one is named user', async () => {
  const { request } = await testOrg({ seed: SEED });
  const types = (await request<UserType[]>('GET', '/api/v1/meta/types/user')).body;
  expect(types.map((type) => [type.name, type.default])).toEqual([
    ['user', true],
    ['student', false],
  ]);
  const href = new URL(types[1]?._links?.schema?.href ?? '');
  const schema = (await request<UserSchema>('GET', href.pathname)).body;
  expect(Object.keys(schema.definitions.custom?.properties ?? {})).toEqual(['term']);
});

it.each(['default', 'ID'])('reads one user type by %s', async (key) => {
  const { request } = await testOrg({ seed: SEED });
  const [type] = (await request<UserType[]>('GET', '/api/v1/meta/types/user')).body;
  const response = await request('GET', `/api/v1/meta/types/user/${key === 'default' ? key : type?.id}`);
  expect(response.body).toEqual(type);
});

it('does not accept the ID of a user type as the ID of its schema', async () => {
  const { request } = await testOrg({ seed: SEED });
  const [type] = (await request<UserType[]>('GET', '/api/v1/meta/types/user')).body;
  const guessed = type?.id.replace(/^oty/, 'osc');
  for (const id of [type?.id, guessed]) {
    expect((await request('GET', `/api/v1/meta/schemas/user/${id}`)).status).toBe(404);
  }
});

it('returns all 31 base attributes and the custom ones as a real org does', async () => {
  const { request } = await testOrg({ seed: SEED });
  const { definitions } = (await request<UserSchema>('GET', DEFAULT_SCHEMA)).body;
  expect(Object.keys(definitions)).toEqual(['custom', 'base']);
  expect(Object.keys(definitions.base.properties)).toHaveLength(31);
  expect(definitions.base.required).toEqual(['login', 'firstName', 'lastName', 'email']);
  expect(definitions.base.properties['login']).toEqual({
    title: 'Username',
    type: 'string',
    required: true,
    mutability: 'READ_WRITE',
    scope: 'NONE',
    minLength: 5,
    maxLength: 100,
    permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
    master: { type: 'PROFILE_MASTER' },
  });
  expect(definitions.base.properties['city']).not.toHaveProperty('maxLength');
  expect(definitions.custom?.required).toEqual(['shirtSize']);
  expect(definitions.custom?.properties['badgeNumber']).toMatchObject({ unique: 'UNIQUE_VALIDATED' });
});

it("returns the base attributes with the org's settings", async () => {
  const { request } = await testOrg({ orgOptions: { nullableLastName: true, loginPattern: '.+' } });
  const { base } = (await request<UserSchema>('GET', DEFAULT_SCHEMA)).body.definitions;
  expect(base.required).toEqual(['login', 'firstName', 'email']);
  expect(base.properties['lastName']).not.toHaveProperty('required');
  expect(base.properties['login']?.pattern).toBe('.+');
});

it('adds and removes custom attributes', async () => {
  const { request, create } = await testOrg();
  const post = (properties: object): Promise<{ status: number }> =>
    request('POST', DEFAULT_SCHEMA, {
      body: { definitions: { custom: { id: '#custom', type: 'object', properties } } },
    });
  expect((await post({ nickname2: { title: 'Other nickname', type: 'string' } })).status).toBe(200);
  expect((await create({ nickname2: 'Enchantress' })).status).toBe(200);
  expect((await post({ nickname2: null })).status).toBe(200);
  expect((await create({ login: 'b@example.com', nickname2: 'x' })).status).toBe(400);
});

it.each([
  ['the name of a base attribute', { Title: { title: 'T', type: 'string' } }],
  ['an unknown type', { x: { title: 'X', type: 'object' } }],
  ['no title', { x: { type: 'string' } }],
  ['an array without item type', { x: { title: 'X', type: 'array' } }],
  [
    'too many unique attributes',
    Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, { title: name, type: 'string', unique: true }]),
    ),
  ],
])('rejects a custom attribute with %s', async (_name, properties) => {
  const { request } = await testOrg();
  const response = await request('POST', DEFAULT_SCHEMA, {
    body: { definitions: { custom: { properties } } },
  });
  expect(response).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
});
