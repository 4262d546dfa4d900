import { inspect } from 'node:util';

import { describe, expect, it, vi } from 'vitest';

import { SignInError } from '../../../src/okta/auth/errors.js';
import { serviceApp } from '../../../src/okta/auth/service-app.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { systemClock, type Clock } from '../../../src/clock.js';
import { clientFor, sendHtml, acceleratedClock, sendJson, fakeOrg } from '../servers.js';
import { IMPORT_SCOPES, testApp, type TestApp } from './apps.js';
import { errorOf, listOnce, signedIn, tokensIssued } from './signed-in.js';
import { until } from '../../helpers/until.js';

/** Real time, with short pauses. */
const briefPauses: Clock = {
  now: () => systemClock.now(),
  sleep: async (ms, signal) => systemClock.sleep(ms / 1000, signal),
};

describe('a service app', () => {
  it.each(['rsa', 'ec'] as const)('signs in with an %s key and creates a user', async (kind) => {
    const { okta, client } = await signedIn(testApp({}, kind));
    const profile = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'B' };
    await client.createUser(JSON.stringify({ profile }), { activate: false });

    expect(okta.users()).toMatchObject([{ profile }]);
    expect(client.grantedScopes).toEqual(['okta.users.manage']);
    expect(okta.ledger.requests({ operation: 'token' })).toBe(1);
  });

  it('requests one token when many requests start at once', async () => {
    const { okta, client } = await signedIn(testApp(), { latencyMs: 5 }, { concurrency: 20 });
    await Promise.all(Array.from({ length: 50 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(50);
    expect(okta.ledger.requests({ operation: 'token' })).toBe(1);
  });

  it('renews a revoked token once for all rejected requests, which then succeed', async () => {
    const { okta, client } = await signedIn(testApp(), { latencyMs: 5 }, { concurrency: 20 });
    await listOnce(client);
    okta.revokeAccessTokens();
    await Promise.all(Array.from({ length: 100 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(101);
    expect(tokensIssued(okta)).toBe(2);
  });

  it('never creates a user twice when an invalid token was the reason for a retry', async () => {
    const { okta, client } = await signedIn(testApp(), {}, { concurrency: 10 });
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
    expect(tokensIssued(okta)).toBe(2);
  });

  it('renews the token before it expires, so that no request is rejected', async () => {
    // The sandbox and the client share a clock that only the test advances.
    let nowMs = Date.UTC(2026, 2, 2, 12);
    const clock: Clock = { ...systemClock, now: () => nowMs };
    const { okta, client } = await signedIn(testApp(), { now: () => nowMs }, { clock });
    for (let minute = 0; minute < 180; minute += 1) {
      await Promise.all([listOnce(client), listOnce(client), listOnce(client)]);
      // A token is valid for an hour and renewed after nine tenths, 54 minutes; the clock stops while the next one is requested.
      await vi.waitFor(() => expect(tokensIssued(okta)).toBe(1 + Math.floor(minute / 54)), 120_000);
      nowMs += 60_000;
    }

    expect(okta.ledger.requests({ operation: 'listUsers', status: 401 })).toBe(0);
    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(540);
    expect(tokensIssued(okta)).toBe(4);
  });

  it('waits for a new token when the old one expired while nothing was sent', async () => {
    let nowMs = Date.UTC(2026, 2, 2, 12);
    const clock: Clock = { ...systemClock, now: () => nowMs };
    const { okta, client } = await signedIn(testApp(), { now: () => nowMs }, { clock });
    await listOnce(client);
    nowMs += 2 * 3_600_000;
    await Promise.all(Array.from({ length: 10 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'listUsers', status: 401 })).toBe(0);
    expect(tokensIssued(okta)).toBe(2);
  });

  it('retries once at most when the new token is rejected too', async () => {
    const org = await fakeOrg((response, { url }) => {
      if (url.startsWith('/oauth2')) sendJson(response, 200, { access_token: 'x', expires_in: 3600 });
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
    ['a lost connection', [{ on: 'token', nth: [1, 2], then: 'reset-before-commit' }], 3],
    ['a gateway’s page', [{ on: 'token', nth: 1, then: 'status-502' }], 2],
    ['a rate limit', [{ on: 'token', nth: 1, then: '429-no-headers' }], 2],
  ])('requests a token again after %s', async (_, faults, requests) => {
    const { okta, client } = await signedIn(testApp(), { faults }, { clock: briefPauses });
    await listOnce(client);

    expect(okta.ledger.requests({ operation: 'token' })).toBe(requests);
  });

  it('gives up when the token endpoint does not respond, and reports the org as unavailable', async () => {
    const org = await fakeOrg((response) => sendHtml(response, 503));
    const client = clientFor(org.url, { signIn: serviceApp(testApp().app), clock: acceleratedClock });

    expect(await errorOf(listOnce(client))).toMatchObject({ code: 'ERR_ORG_AWAY' });
  });

  it('stops waiting for a token when the run is interrupted, while others continue to wait', async () => {
    let respond: (() => void) | undefined;
    const org = await fakeOrg((response, { url }) => {
      if (url.startsWith('/api')) sendJson(response, 200, []);
      else respond = () => sendJson(response, 200, { access_token: 'x', expires_in: 3600 });
    });
    const client = clientFor(org.url, { signIn: serviceApp(testApp().app) });
    const controller = new AbortController();
    const stopped = client.listUsers({}, { signal: controller.signal }).next();
    await until(() => respond !== undefined);
    controller.abort(new Error('interrupted'));

    await expect(stopped).rejects.toThrow('interrupted');
    const patient = client.listUsers().next();
    respond?.();
    await expect(patient).resolves.toMatchObject({ done: true });
    expect(org.requests.filter(({ url }) => url.startsWith('/oauth2'))).toHaveLength(1);
  });

  it('never sends its assertion to the target of a redirect', async () => {
    const other = await fakeOrg((response) => sendJson(response, 200, { access_token: 'x' }));
    const org = await fakeOrg((response) =>
      response.writeHead(307, { location: `${other.url}/oauth2/v1/token` }).end(),
    );
    const error = await errorOf(listOnce(clientFor(org.url, { signIn: serviceApp(testApp().app) })));

    expect(error).toBeInstanceOf(SignInError);
    expect(error.message).toContain('redirect');
    expect(other.requests).toEqual([]);
  });
});

describe('a rejected sign-in', () => {
  const { seed, app } = testApp();
  it.each<[string, Partial<TestApp['seed']>, Partial<TestApp['app']>, string, string]>([
    ['an unknown app', {}, { clientId: '0oaOther' }, 'invalid_client', 'OKTA_CLIENT_CLIENTID'],
    ['an unknown key ID', {}, { keyId: 'two' }, 'invalid_client', 'OKTA_CLIENT_KEYID'],
    ['another key', {}, { key: testApp().key }, 'invalid_client', 'OKTA_CLIENT_PRIVATEKEY'],
    ['no scope granted', { scopes: ['okta.apps.read'] }, {}, 'consent_required', 'Okta API Scopes'],
    [
      'a scope that does not exist',
      {},
      { scopes: { required: ['okta.people.manage'], optional: [] } },
      'invalid_scope',
      'OKTA_CLIENT_SCOPES',
    ],
    [
      'one granted scope and one that is not',
      { scopes: ['okta.groups.read'] },
      { scopes: { required: ['okta.users.manage'], optional: ['okta.groups.read'] } },
      'insufficient_scope',
      'Okta API Scopes',
    ],
  ])('for %s has a hint, and nothing else is sent', async (_, seeded, settings, oauthError, hint) => {
    const { okta, client } = await signedIn({
      ...testApp(),
      seed: { ...seed, ...seeded },
      app: { ...app, ...settings },
    });
    const error = await errorOf(listOnce(client));

    expect(error).toMatchObject({ code: 'ERR_SIGN_IN', exitCode: 2, oauthError });
    expect(error).toHaveProperty('hint', expect.stringContaining(hint));
    expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(0);
  });

  it('without an admin role says that scopes are not enough', async () => {
    const { client } = await signedIn(testApp({ hasAdminRole: false }));
    const error = await errorOf(listOnce(client));

    expect(error).toMatchObject({ status: 403, errorCode: 'E0000006' });
    expect(error).toHaveProperty('hint', expect.stringContaining('admin role'));
  });

  it('without a scope names the error and where to grant it', async () => {
    const { client } = await signedIn(testApp({ scopes: IMPORT_SCOPES }));
    const error = await errorOf(client.listAdminRoles('00u1'));

    expect(error).toMatchObject({ status: 403, errorCode: 'insufficient_scope' });
    expect(error).toHaveProperty('hint', expect.stringContaining('Okta API Scopes'));
  });

  it('prints neither key nor token nor assertion', async () => {
    const wrong = testApp();
    const { client } = await signedIn({ ...testApp(), app: { ...wrong.app } });
    const error = await errorOf(listOnce(client));
    const shown =
      inspect(error, { depth: 10 }) + inspect(wrong.app, { depth: 10 }) + JSON.stringify(wrong.app);

    expect(shown).not.toContain('BEGIN');
    expect(shown).not.toMatch(/eyJ/);
    const { d = '-' } = wrong.key.export({ format: 'jwk' });
    expect(shown).not.toContain(d);
  });
});
