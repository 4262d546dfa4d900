import { expect, it } from 'vitest';

import type { UserSchema, UserType } from '../../src/okta/types.js';
import { oktaError, testOrg } from './org.js';

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

it('keeps the settings of base attributes for each user type', async () => {
  const { request } = await testOrg({ seed: SEED, orgOptions: { nullableLastName: true } });
  const [, student] = (await request<UserType[]>('GET', '/api/v1/meta/types/user')).body;
  const path = new URL(student?._links?.schema?.href ?? '').pathname;
  const baseOf = async (target: string): Promise<UserSchema['definitions']['base']> =>
    (await request<UserSchema>('GET', target)).body.definitions.base;
  const all = ['login', 'firstName', 'lastName', 'email'];
  expect((await baseOf(path)).required).toEqual(all);
  expect((await baseOf(path)).properties['login']).toMatchObject({
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
  });

  const body = { definitions: { base: { properties: { firstName: { required: false } } } } };
  await request('POST', path, { body });
  expect((await baseOf(path)).required).toEqual(['login', 'lastName', 'email']);
  expect((await baseOf(DEFAULT_SCHEMA)).required).toEqual(['login', 'firstName', 'email']);
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

it('has no list of required custom attributes while there are no custom attributes', async () => {
  const { request } = await testOrg();
  const schema = (await request<UserSchema>('GET', DEFAULT_SCHEMA)).body;
  expect(schema.definitions.custom).toEqual({ id: '#custom', type: 'object', properties: {} });
  const body = { definitions: { custom: { properties: { desk: { title: 'Desk', type: 'string' } } } } };
  const changed = (await request<UserSchema>('POST', DEFAULT_SCHEMA, { body })).body;
  expect(changed.definitions.custom?.required).toEqual([]);
});

it('removes an attribute from all profiles as well, and their ETags change', async () => {
  const { okta, request, create } = await testOrg({ seed: SEED });
  await create({ shirtSize: 'S', badgeNumber: 'B-1' });
  await create({ login: 'ben@example.com', shirtSize: 'M' });
  const etagOf = async (login: string): Promise<string | null> =>
    (await request('GET', `/api/v1/users/${login}`)).headers.get('etag');
  const before = [await etagOf('ada'), await etagOf('ben')];

  const body = { definitions: { custom: { properties: { badgeNumber: null } } } };
  await request('POST', DEFAULT_SCHEMA, { body });
  expect(okta.findUser('ada')?.profile).not.toHaveProperty('badgeNumber');
  expect(okta.findUser('ada')?.profile).toMatchObject({ shirtSize: 'S' });
  expect(await etagOf('ada')).not.toBe(before[0]);
  expect(await etagOf('ben')).toBe(before[1]);
});

it('changes base attributes: permissions, master, whether names are required, the pattern of logins', async () => {
  const { request, create } = await testOrg();
  const changeBase = async (properties: object): Promise<UserSchema['definitions']['base']> => {
    const body = { definitions: { base: { id: '#base', type: 'object', properties } } };
    return (await request<UserSchema>('POST', DEFAULT_SCHEMA, { body })).body.definitions.base;
  };
  expect((await create({ lastName: null })).status).toBe(400);

  const base = await changeBase({
    lastName: {
      title: 'Surname',
      required: false,
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    },
    city: { master: { type: 'OKTA' } },
    email: { required: false },
    login: { pattern: '[a-z]+' },
  });
  expect(base.required).toEqual(['login', 'firstName', 'email']);
  expect(base.properties).toMatchObject({
    lastName: {
      title: 'Last name',
      maxLength: 50,
      permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    },
    city: { master: { type: 'OKTA' } },
    login: { pattern: '[a-z]+', required: true },
  });
  expect((await create({ lastName: null, login: 'adabyron' })).status).toBe(200);
  expect((await create()).status).toBe(400);

  const restored = await changeBase({ lastName: { required: true }, login: { pattern: null } });
  expect(restored.required).toEqual(['login', 'firstName', 'lastName', 'email']);
  expect(restored.properties['login']).not.toHaveProperty('pattern');
  expect((await create()).status).toBe(200);
});

/** The names of the attributes with this value of `unique`. */
function uniqueOf(properties: Record<string, { unique?: unknown }>, value: string): string[] {
  return Object.keys(properties).filter((name) => properties[name]?.unique === value);
}

it('can call every attribute unique or not, without enforcing it for email addresses', async () => {
  const { request, create } = await testOrg({ seed: SEED, orgOptions: { declaresUniqueness: true } });
  const { base, custom } = (await request<UserSchema>('GET', DEFAULT_SCHEMA)).body.definitions;
  expect(uniqueOf(base.properties, 'UNIQUE_VALIDATED')).toEqual(['login', 'email', 'secondEmail']);
  expect(uniqueOf(base.properties, 'NOT_UNIQUE')).toHaveLength(28);
  expect(uniqueOf(custom?.properties ?? {}, 'NOT_UNIQUE')).toEqual(['shirtSize']);
  expect((await create({ shirtSize: 'S' })).status).toBe(200);
  expect((await create({ login: 'ben@example.com', shirtSize: 'S' })).status).toBe(200);
});

it('creates a user type, which users can have', async () => {
  const { okta, request, create } = await testOrg();
  const body = { name: 'contractor', displayName: 'Contractor', description: 'From agencies' };
  const made = await request<UserType>('POST', '/api/v1/meta/types/user', { body });
  expect(made).toMatchObject({ status: 200, body: { ...body, default: false } });
  expect((await request('GET', `/api/v1/meta/types/user/${made.body.id}`)).body).toEqual(made.body);
  await create({}, { type: { id: made.body.id } });
  expect(okta.findUser('ada')?.type.id).toBe(made.body.id);
});

it.each([
  ['no name', { displayName: 'X' }],
  ['a name that begins with a digit', { name: '1st', displayName: 'X' }],
  ['a name that exists', { name: 'user', displayName: 'X' }],
  ['no display name', { name: 'x' }],
])('rejects a user type with %s', async (_name, body) => {
  const { request } = await testOrg();
  const response = await request('POST', '/api/v1/meta/types/user', { body });
  expect(response).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
});

it('rejects an eleventh user type', async () => {
  const { request } = await testOrg();
  const statuses = [];
  for (let n = 2; n <= 11; n += 1) {
    const body = { name: `type${n}`, displayName: `Type ${n}` };
    statuses.push((await request('POST', '/api/v1/meta/types/user', { body })).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 9 }, () => 200), 400]);
});

it('names the kind CVDType in the 404 for an unknown user type', async () => {
  const { request } = await testOrg();
  const { status, body } = await request('GET', '/api/v1/meta/types/user/oty0');
  expect(status).toBe(404);
  expect(body).toMatchObject(oktaError('E0000007', 'Not found: Resource not found: oty0 (CVDType)'));
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
