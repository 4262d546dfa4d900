import { generateKeyPairSync } from 'node:crypto';

import { Client, DefaultRequestExecutor } from '@okta/okta-sdk-nodejs';
import { describe, expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import type { ServiceAppSeed } from '../../src/sandbox/service-apps.js';
import { ADA, testOrg } from './org.js';

interface Driven {
  readonly okta: Sandbox;
  readonly client: Client;
}

/** Okta's own client with the sandbox: whatever fails here is a mistake of the sandbox. It accepts http URLs without a setting. */
async function driven(options: SandboxOptions = {}): Promise<Driven> {
  const { okta } = await testOrg(options);
  return { okta, client: new Client({ orgUrl: okta.url, token: okta.token }) };
}

const PROFILE = { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', login: 'ada@example.com' };

it('creates, gets, updates, deactivates and deletes a user', async () => {
  const { okta, client } = await driven();

  const created = await client.userApi.createUser({
    body: { profile: PROFILE, credentials: { password: { value: 'Tr0ub4dor' } } },
    activate: false,
  });
  expect(created).toMatchObject({
    status: 'STAGED',
    profile: ADA,
    credentials: { provider: { type: 'OKTA' } },
  });
  expect(created.created).toBeInstanceOf(Date);
  const userId = created.id ?? '';

  for (const key of [userId, 'ada@example.com', 'ada']) {
    expect(await client.userApi.getUser({ userId: key })).toMatchObject({ id: userId, profile: ADA });
  }
  expect(await client.userApi.getUser({ userId: 'me' })).toMatchObject({ profile: { firstName: 'Sandbox' } });

  await client.userApi.activateUser({ userId, sendEmail: false });
  expect(okta.findUser(userId)?.status).toBe('ACTIVE');
  const updated = await client.userApi.updateUser({ userId, user: { profile: { title: 'Countess' } } });
  expect(updated.profile).toMatchObject({ ...ADA, title: 'Countess' });
  const replaced = await client.userApi.replaceUser({ userId, user: { profile: PROFILE } });
  expect(replaced.profile?.title).toBeUndefined();

  await client.userApi.suspendUser({ userId });
  await client.userApi.unsuspendUser({ userId });
  await client.userApi.deactivateUser({ userId });
  expect(okta.findUser(userId)?.status).toBe('DEPROVISIONED');
  await client.userApi.deleteUser({ userId });
  expect(okta.findUser(userId)).toBeUndefined();
});

it('lists users page by page with its own collection, with q, filter and search', async () => {
  const { client, okta } = await driven();
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await client.userApi.createUser({ body: { profile: { ...PROFILE, login: `${name}@example.com` } } });
  }

  const logins = async (query: Parameters<typeof client.userApi.listUsers>[0]): Promise<string[]> => {
    const found: string[] = [];
    const users = await client.userApi.listUsers(query);
    await users.each((user) => {
      found.push(String(user?.profile?.login));
    });
    return found.sort();
  };
  const everyone = ['a', 'b', 'c', 'd', 'e', 'sandbox.admin'].map((name) => `${name}@example.com`);
  expect(await logins({ limit: 2 })).toEqual(everyone);
  expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(3);
  expect(
    await logins({ search: 'profile.login sw "b" or profile.login eq "C@example.com"', limit: 1 }),
  ).toEqual(['b@example.com', 'c@example.com']);
  expect(await logins({ filter: 'profile.login eq "d@example.com"' })).toEqual(['d@example.com']);
  expect(await logins({ q: 'Ada', limit: 3 })).toHaveLength(3);
});

it('creates a group, adds a user, lists its members and deletes it', async () => {
  const { okta, client } = await driven();
  const group = await client.groupApi.createGroup({
    group: { profile: { name: 'Analysts', description: 'They compute' } },
  });
  const groupId = group.id ?? '';
  const user = await client.userApi.createUser({ body: { profile: PROFILE, groupIds: [groupId] } });
  const userId = user.id ?? '';
  expect(okta.groupsOf(userId)).toEqual(['Analysts']);

  const members: unknown[] = [];
  await (
    await client.groupApi.listGroupUsers({ groupId })
  ).each((member) => {
    members.push(member?.id);
  });
  expect(members).toEqual([userId]);

  await client.groupApi.unassignUserFromGroup({ groupId, userId });
  expect(okta.groupsOf(userId)).toEqual([]);
  await client.groupApi.assignUserToGroup({ groupId, userId });
  expect(okta.groupsOf(userId)).toEqual(['Analysts']);
  await client.groupApi.deleteGroup({ groupId });
  await expect(client.groupApi.getGroup({ groupId })).rejects.toMatchObject({
    status: 404,
    errorCode: 'E0000007',
  });
});

it('reads user types and schemas, and creates a user of another type', async () => {
  const { client } = await driven({
    seed: {
      userTypes: [{ name: 'student', displayName: 'Student', attributes: { term: { type: 'integer' } } }],
    },
  });
  const types: { id?: string; name?: string }[] = [];
  await (
    await client.userTypeApi.listUserTypes()
  ).each((type) => {
    if (type) types.push(type);
  });
  expect(types.map((type) => type.name)).toEqual(['user', 'student']);

  const schema = await client.schemaApi.getUserSchema({ schemaId: 'default' });
  expect(schema.definitions?.base?.required).toContain('login');
  const user = await client.userApi.createUser({
    body: { profile: { ...PROFILE, term: 3 }, type: { id: types[1]?.id ?? '' } },
  });
  expect(user).toMatchObject({ type: { id: types[1]?.id }, profile: { term: 3 } });
});

it('throws its own error class with status, code, causes and headers', async () => {
  const { client } = await driven();
  await client.userApi.createUser({ body: { profile: PROFILE } });
  const again = client.userApi.createUser({ body: { profile: PROFILE } });
  await expect(again).rejects.toMatchObject({
    name: 'OktaApiError',
    status: 400,
    errorCode: 'E0000001',
    errorSummary: 'Api validation failed: login',
    errorCauses: [
      { errorSummary: 'login: An object with this field already exists in the current organization' },
    ],
  });
});

it.each([
  ['another token', 'other', { status: 401, errorCode: 'E0000011' }],
  ['a revoked token', undefined, { status: 401, errorCode: 'E0000011' }],
])('is rejected with %s', async (_name, token, error) => {
  const { okta } = await driven();
  if (token === undefined) okta.revokeToken();
  const client = new Client({ orgUrl: okta.url, token: token ?? okta.token });
  await expect(client.userApi.getUser({ userId: 'me' })).rejects.toMatchObject(error);
});

it('waits for the next window and retries after a 429', async () => {
  const { okta } = await driven({ rateLimits: { windowMs: 1000, limits: { '/api/v1/users': 1 } } });
  const requestExecutor = new DefaultRequestExecutor({ maxRetries: 3, requestTimeout: 0 });
  const client = new Client({ orgUrl: okta.url, token: okta.token, requestExecutor });
  await client.userApi.createUser({ body: { profile: PROFILE } });
  await client.userApi.createUser({ body: { profile: { ...PROFILE, login: 'grace@example.com' } } });
  expect(okta.users()).toHaveLength(2);
  expect(okta.ledger.windows.every((window) => window.served <= 1)).toBe(true);
});

describe('signing in with OAuth', () => {
  const SCOPES = ['okta.users.manage', 'okta.users.read'];
  const app = (dpop: boolean): { seed: ServiceAppSeed; privateKey: string } => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'sdk' }];
    return {
      seed: { clientId: '0oaSdk', keys, scopes: SCOPES, dpop },
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    };
  };
  const clientOf = (orgUrl: string, privateKey: string): Client =>
    new Client({
      orgUrl,
      authorizationMode: 'PrivateKey',
      clientId: '0oaSdk',
      scopes: SCOPES,
      privateKey,
      keyId: 'sdk',
    });

  it('works with a private key, and again after the token is revoked', async () => {
    const { seed, privateKey } = app(false);
    const { okta } = await testOrg({ serviceApps: [seed] });
    const client = clientOf(okta.url, privateKey);
    await client.userApi.createUser({ body: { profile: PROFILE } });
    okta.revokeAccessTokens();
    await expect(client.userApi.getUser({ userId: 'ada' })).resolves.toMatchObject({ profile: ADA });

    expect(okta.users()).toHaveLength(1);
    expect(okta.ledger.requests({ operation: 'token', status: 200 })).toBe(2);
    await expect(client.groupApi.getGroup({ groupId: '00g1' })).rejects.toMatchObject({ status: 403 });
  });

  it('works with an existing access token, for which it has no setting', async () => {
    const { seed, privateKey } = app(false);
    const { okta } = await testOrg({ serviceApps: [seed] });
    const { access_token: accessToken } = await clientOf(okta.url, privateKey).oauth.getAccessToken();
    const client = new Client({ orgUrl: okta.url, token: 'none' });
    client.http.defaultHeaders['Authorization'] = `Bearer ${accessToken}`;

    const created = await client.userApi.createUser({ body: { profile: PROFILE } });
    expect(created).toMatchObject({ profile: ADA });
  });

  it('works with DPoP, including the required nonce', async () => {
    const { seed, privateKey } = app(true);
    const { okta } = await testOrg({ serviceApps: [seed] });
    const client = clientOf(okta.url, privateKey);
    await client.userApi.createUser({ body: { profile: PROFILE } });

    await expect(client.userApi.getUser({ userId: 'ada' })).resolves.toMatchObject({ profile: ADA });
    expect(okta.ledger.requests({ operation: 'token', status: 400 })).toBe(1);
    expect(okta.ledger.requests({ operation: 'token', status: 200 })).toBe(1);
  });
});
