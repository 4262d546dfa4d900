import { inspect } from 'node:util';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { SignInError } from '../../../src/okta/auth/errors.js';
import { serviceApp } from '../../../src/okta/auth/service-app.js';
import type { OktaClient } from '../../../src/okta/client.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { systemClock, type Clock } from '../../../src/clock.js';
import { clientFor, html, hurriedClock, json, lyingOrg } from '../servers.js';
import { IMPORT_SCOPES, testApp, type TestApp } from './apps.js';

interface Signed {
  readonly okta: Sandbox;
  readonly client: OktaClient;
}

async function signed(
  { seed, app }: TestApp,
  options: SandboxOptions = {},
  overrides: Parameters<typeof clientFor>[1] = {},
): Promise<Signed> {
  const okta = await startSandbox({ serviceApps: [seed], rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  return { okta, client: clientFor(okta.url, { signIn: serviceApp(app), ...overrides }) };
}

async function listOnce(client: OktaClient): Promise<void> {
  for await (const _ of client.listUsers({ pageSize: 1 })) return;
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It succeeded.');
    },
    (error: unknown) => error as Error,
  );
}

/** True time, in which only the pauses are short. */
const briefPauses: Clock = {
  now: () => systemClock.now(),
  sleep: async (ms, signal) => systemClock.sleep(ms / 1000, signal),
};

const tokensAsked = ({ ledger }: Sandbox): number => ledger.requests({ operation: 'token', status: 200 });

describe('an app with a key of its own', () => {
  it.each(['rsa', 'ec'] as const)('signs in with an %s key and creates a user', async (kind) => {
    const { okta, client } = await signed(testApp({}, kind));
    const profile = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'B' };
    await client.createUser(JSON.stringify({ profile }), { activate: false });

    expect(okta.users()).toMatchObject([{ profile }]);
    expect(client.grantedScopes).toEqual(['okta.users.manage']);
    expect(okta.ledger.requests({ operation: 'token' })).toBe(1);
  });

  it('asks for one token when many requests begin at once', async () => {
    const { okta, client } = await signed(testApp(), { latencyMs: 5 }, { concurrency: 20 });
    await Promise.all(Array.from({ length: 50 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(50);
    expect(okta.ledger.requests({ operation: 'token' })).toBe(1);
  });

  it('renews a revoked token once for all who are turned away, and each request goes through', async () => {
    const { okta, client } = await signed(testApp(), { latencyMs: 5 }, { concurrency: 20 });
    await listOnce(client);
    okta.revokeAccessTokens();
    await Promise.all(Array.from({ length: 100 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(101);
    expect(tokensAsked(okta)).toBe(2);
  });

  it('never sends a create twice that a dead token only turned away', async () => {
    const { okta, client } = await signed(testApp(), {}, { concurrency: 10 });
    await listOnce(client);
    okta.revokeAccessTokens();
    const logins = Array.from({ length: 30 }, (_, n) => `user${n}@example.com`);
    await Promise.all(
      logins.map((login) =>
        client.createUser(
          JSON.stringify({ profile: { login, email: login, firstName: 'Noor', lastName: 'Test' } }),
          { activate: false },
        ),
      ),
    );

    expect(okta.users()).toHaveLength(30);
    expect(logins.map((login) => okta.ledger.createsSent(login))).toEqual(logins.map(() => 1));
    expect(tokensAsked(okta)).toBe(2);
  });

  it('has a new token before the old one ends, so that nobody is turned away', async () => {
    // The sandbox and the client share a clock that only the test moves.
    let nowMs = Date.UTC(2026, 2, 2, 12);
    const clock: Clock = { ...systemClock, now: () => nowMs };
    const { okta, client } = await signed(testApp(), { now: () => nowMs }, { clock });
    for (let minute = 0; minute < 180; minute += 1) {
      await Promise.all([listOnce(client), listOnce(client), listOnce(client)]);
      // A token lives for an hour, nine tenths of which are 54 minutes; the clock stands still while the next one is fetched.
      await vi.waitFor(() => expect(tokensAsked(okta)).toBe(1 + Math.floor(minute / 54)), 30_000);
      nowMs += 60_000;
    }

    expect(okta.ledger.requests({ operation: 'listUsers', status: 401 })).toBe(0);
    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(540);
    expect(tokensAsked(okta)).toBe(4);
  });

  it('waits for the new token when the old one has ended while nobody asked', async () => {
    let nowMs = Date.UTC(2026, 2, 2, 12);
    const clock: Clock = { ...systemClock, now: () => nowMs };
    const { okta, client } = await signed(testApp(), { now: () => nowMs }, { clock });
    await listOnce(client);
    nowMs += 2 * 3_600_000;
    await Promise.all(Array.from({ length: 10 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'listUsers', status: 401 })).toBe(0);
    expect(tokensAsked(okta)).toBe(2);
  });

  it('asks a second time at most when a new token is refused as well', async () => {
    const org = await lyingOrg((response, { url }) => {
      if (url.startsWith('/oauth2')) json(response, 200, { access_token: 'x', expires_in: 3600 });
      else {
        response.setHeader('www-authenticate', 'Bearer error="invalid_token", error_description="No."');
        response.writeHead(401).end();
      }
    });
    const error = await errorOf(listOnce(clientFor(org.url, { signIn: serviceApp(testApp().app) })));

    expect(error).toMatchObject({ status: 401, errorCode: 'invalid_token' });
    expect(org.requests.map(({ url }) => url.replace(/\?.*/, ''))).toEqual([
      '/oauth2/v1/token',
      '/api/v1/users',
      '/oauth2/v1/token',
      '/api/v1/users',
    ]);
  });

  it.each<[string, SandboxOptions['faults'], number]>([
    ['an error of the org', [{ on: 'token', nth: 1, then: 'status-503' }], 2],
    ['a connection that breaks off', [{ on: 'token', nth: [1, 2], then: 'reset-before-commit' }], 3],
    ['a gateway’s page', [{ on: 'token', nth: 1, then: 'status-502' }], 2],
    ['a rate limit', [{ on: 'token', nth: 1, then: '429-no-headers' }], 2],
  ])('asks again for a token after %s', async (_, faults, requests) => {
    const { okta, client } = await signed(testApp(), { faults }, { clock: briefPauses });
    await listOnce(client);

    expect(okta.ledger.requests({ operation: 'token' })).toBe(requests);
  });

  it('gives up when nobody answers, and says that the org is away', async () => {
    const org = await lyingOrg((response) => html(response, 503));
    const client = clientFor(org.url, { signIn: serviceApp(testApp().app), clock: hurriedClock });

    expect(await errorOf(listOnce(client))).toMatchObject({ code: 'ERR_ORG_AWAY' });
  });

  it('stops waiting for a token when the run is interrupted, and others go on waiting', async () => {
    let answer: (() => void) | undefined;
    const org = await lyingOrg((response, { url }) => {
      if (url.startsWith('/api')) json(response, 200, []);
      else answer = () => json(response, 200, { access_token: 'x', expires_in: 3600 });
    });
    const client = clientFor(org.url, { signIn: serviceApp(testApp().app) });
    const controller = new AbortController();
    const stopped = client.listUsers({}, { signal: controller.signal }).next();
    await expect.poll(() => answer).toBeDefined();
    controller.abort(new Error('interrupted'));

    await expect(stopped).rejects.toThrow('interrupted');
    const patient = client.listUsers().next();
    answer?.();
    await expect(patient).resolves.toMatchObject({ done: true });
    expect(org.requests.filter(({ url }) => url.startsWith('/oauth2'))).toHaveLength(1);
  });

  it('never follows a redirect with its assertion', async () => {
    const other = await lyingOrg((response) => json(response, 200, { access_token: 'x' }));
    const org = await lyingOrg((response) =>
      response.writeHead(307, { location: `${other.url}/oauth2/v1/token` }).end(),
    );
    const error = await errorOf(listOnce(clientFor(org.url, { signIn: serviceApp(testApp().app) })));

    expect(error).toBeInstanceOf(SignInError);
    expect(error.message).toContain('redirect');
    expect(other.requests).toEqual([]);
  });
});

const reading = (seed: Partial<TestApp['seed']>): TestApp => {
  const test = testApp(seed);
  const scopes = { required: ['okta.users.read'], optional: ['okta.groups.read'] };
  return { ...test, app: { ...test.app, scopes } };
};

describe('scopes', () => {
  it.each<[string, readonly string[], readonly string[], number]>([
    [
      'the least that will do',
      [...IMPORT_SCOPES, 'okta.users.read'],
      ['okta.users.read', 'okta.groups.read'],
      1,
    ],
    ['manage where nothing else is granted', ['okta.users.manage'], ['okta.users.manage'], 2],
    [
      'manage for the one that is granted no other way',
      ['okta.users.read', 'okta.users.manage', 'okta.groups.manage'],
      ['okta.users.read', 'okta.groups.manage'],
      2,
    ],
    [
      'what there is, when an optional one is not granted at all',
      ['okta.users.read'],
      ['okta.users.read'],
      2,
    ],
    [
      'manage where only the optional ones are granted',
      ['okta.users.manage', 'okta.groups.read'],
      ['okta.groups.read', 'okta.users.manage'],
      2,
    ],
  ])('are %s', async (_, granted, used, requests) => {
    const { okta, client } = await signed(reading({ scopes: granted }));
    await listOnce(client);
    okta.revokeAccessTokens();
    await listOnce(client);

    expect(client.grantedScopes).toEqual(used);
    // What was found out the first time is not asked again.
    expect(okta.ledger.requests({ operation: 'token' })).toBe(requests + 1);
  });
});

describe('proofs of possession', () => {
  it('are made once the org asks for them, with its nonce, and for every request anew', async () => {
    const { okta, client } = await signed(testApp({ dpop: true }));
    await Promise.all(Array.from({ length: 20 }, () => listOnce(client)));

    // Without a proof, without its nonce, with both.
    expect(okta.ledger.requests({ operation: 'token', status: 400 })).toBe(2);
    expect(tokensAsked(okta)).toBe(1);
    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(20);
  });

  it('follow the nonce when it changes, with one more request', async () => {
    const { okta, client } = await signed(testApp({ dpop: true }));
    await listOnce(client);
    okta.revokeAccessTokens();
    okta.changeNonce();
    await Promise.all(Array.from({ length: 20 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'token', status: 400 })).toBe(3);
    expect(tokensAsked(okta)).toBe(2);
  });

  it('carry a nonce to resources that ask for one', async () => {
    const { okta, client } = await signed(testApp({ dpop: true }), { asksResourceNonce: true });
    await listOnce(client);
    await listOnce(client);
    okta.changeNonce();
    await listOnce(client);

    expect(okta.ledger.requests({ operation: 'listUsers', status: 401 })).toBe(2);
    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(3);
    expect(tokensAsked(okta)).toBe(1);
  });

  it('are about the address without its query, and good for names that are escaped', async () => {
    const { client } = await signed(testApp({ dpop: true }));
    await expect(client.getUser('ada byron+1@example.com')).resolves.toBeUndefined();
    await expect(client.listUsers({ filter: 'status eq "ACTIVE"' }).next()).resolves.toMatchObject({
      done: false,
    });
  });
});

describe('a machine whose clock is wrong', () => {
  it.each([
    ['ten minutes behind', 600_000, false],
    ['ten minutes ahead', -600_000, false],
    ['ten minutes behind', 600_000, true],
    ['ten minutes ahead', -600_000, true],
  ])('%s signs in by the org’s clock (%i ms, DPoP %s)', async (_, clockSkewMs, dpop) => {
    const { okta, client } = await signed(testApp({ dpop }), { clockSkewMs });
    await listOnce(client);

    expect(tokensAsked(okta)).toBe(1);
    okta.revokeAccessTokens();
    const refusals = okta.ledger.requests({ operation: 'token', status: 401 });
    await listOnce(client);
    expect(okta.ledger.requests({ operation: 'token', status: 401 })).toBe(refusals);
  });

  it('is told so when it is not let in', async () => {
    const org = await lyingOrg((response) =>
      json(
        response,
        401,
        { error: 'invalid_client', error_description: 'The client_assertion token is expired.' },
        { date: new Date(Date.now() + 600_000).toUTCString() },
      ),
    );
    const error = await errorOf(listOnce(clientFor(org.url, { signIn: serviceApp(testApp().app) })));

    expect(error.message).toMatch(/clock is (599|600|601) s behind the org's/);
    expect(error).toMatchObject({ code: 'ERR_SIGN_IN', exitCode: 2, hint: expect.stringContaining('clock') });
  });
});

describe('a refusal', () => {
  const { seed, app } = testApp();
  it.each<[string, Partial<TestApp['seed']>, Partial<TestApp['app']>, string, string]>([
    ['an unknown app', {}, { clientId: '0oaOther' }, 'invalid_client', 'OKTA_CLIENT_CLIENTID'],
    ['a key id that is none', {}, { keyId: 'two' }, 'invalid_client', 'OKTA_CLIENT_KEYID'],
    ['another key', {}, { key: testApp().key }, 'invalid_client', 'OKTA_CLIENT_PRIVATEKEY'],
    ['no scope granted', { scopes: ['okta.apps.read'] }, {}, 'consent_required', 'Okta API Scopes'],
    [
      'a scope that there is not',
      {},
      { scopes: { required: ['okta.people.manage'], optional: [] } },
      'invalid_scope',
      'OKTA_CLIENT_SCOPES',
    ],
    [
      'a scope that is not granted beside one that is',
      { scopes: ['okta.groups.read'] },
      { scopes: { required: ['okta.users.manage'], optional: ['okta.groups.read'] } },
      'insufficient_scope',
      'Okta API Scopes',
    ],
  ])('of %s says what to do, and sends nothing else', async (_, seeded, settings, oauthError, hint) => {
    const { okta, client } = await signed({
      ...testApp(),
      seed: { ...seed, ...seeded },
      app: { ...app, ...settings },
    });
    const error = await errorOf(listOnce(client));

    expect(error).toMatchObject({ code: 'ERR_SIGN_IN', exitCode: 2, oauthError });
    expect(error).toHaveProperty('hint', expect.stringContaining(hint));
    expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(0);
  });

  it('for want of an admin role says that scopes are not enough', async () => {
    const { client } = await signed(testApp({ hasAdminRole: false }));
    const error = await errorOf(listOnce(client));

    expect(error).toMatchObject({ status: 403, errorCode: 'E0000006' });
    expect(error).toHaveProperty('hint', expect.stringContaining('admin role'));
  });

  it('for want of a scope names the error and where to grant it', async () => {
    const { client } = await signed(testApp({ scopes: IMPORT_SCOPES }));
    const error = await errorOf(client.listAdminRoles('00u1'));

    expect(error).toMatchObject({ status: 403, errorCode: 'insufficient_scope' });
    expect(error).toHaveProperty('hint', expect.stringContaining('Okta API Scopes'));
  });

  it('shows neither key nor token nor assertion, however it is printed', async () => {
    const wrong = testApp();
    const { client } = await signed({ ...testApp(), app: { ...wrong.app } });
    const error = await errorOf(listOnce(client));
    const shown =
      inspect(error, { depth: 10 }) + inspect(wrong.app, { depth: 10 }) + JSON.stringify(wrong.app);

    expect(shown).not.toContain('BEGIN');
    expect(shown).not.toMatch(/eyJ/);
    const { d = '-' } = wrong.key.export({ format: 'jwk' });
    expect(shown).not.toContain(d);
  });
});
