import { describe, expect, it } from 'vitest';

import { serviceApp } from '../../../src/okta/auth/service-app.js';
import { clientFor, fakeOrg, sendJson } from '../servers.js';

import { IMPORT_SCOPES, testApp, type TestApp } from './apps.js';
import { errorOf, listOnce, signedIn, tokensIssued } from './signed-in.js';

/** An app that asks for read access with these scopes granted. */
const reading = (seed: Partial<TestApp['seed']>): TestApp => {
  const test = testApp(seed);
  const scopes = { required: ['okta.users.read'], optional: ['okta.groups.read'] };
  return { ...test, app: { ...test.app, scopes } };
};

describe('scopes', () => {
  it.each<[string, readonly string[], readonly string[], number]>([
    [
      'the least that is enough',
      [...IMPORT_SCOPES, 'okta.users.read'],
      ['okta.users.read', 'okta.groups.read'],
      1,
    ],
    ['manage if nothing else is granted', ['okta.users.manage'], ['okta.users.manage'], 2],
    [
      'manage for a scope that is not granted otherwise',
      ['okta.users.read', 'okta.users.manage', 'okta.groups.manage'],
      ['okta.users.read', 'okta.groups.manage'],
      2,
    ],
    ['what is granted, when an optional scope is not', ['okta.users.read'], ['okta.users.read'], 2],
    [
      'manage if only the optional scopes are granted',
      ['okta.users.manage', 'okta.groups.read'],
      ['okta.groups.read', 'okta.users.manage'],
      2,
    ],
  ])('are %s', async (_, granted, used, requests) => {
    const { okta, client } = await signedIn(reading({ scopes: granted }));
    await listOnce(client);
    okta.revokeAccessTokens();
    await listOnce(client);

    expect(client.grantedScopes).toEqual(used);
    // What was learned the first time is not requested again.
    expect(okta.ledger.requests({ operation: 'token' })).toBe(requests + 1);
  });
});

describe('DPoP proofs', () => {
  it('are signed once the org requires them, with its nonce, and again for every request', async () => {
    const { okta, client } = await signedIn(testApp({ dpop: true }));
    await Promise.all(Array.from({ length: 20 }, () => listOnce(client)));

    // Without a proof, without the nonce, with both.
    expect(okta.ledger.requests({ operation: 'token', status: 400 })).toBe(2);
    expect(tokensIssued(okta)).toBe(1);
    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(20);
  });

  it('use a changed nonce, with one more request', async () => {
    const { okta, client } = await signedIn(testApp({ dpop: true }));
    await listOnce(client);
    okta.revokeAccessTokens();
    okta.changeNonce();
    await Promise.all(Array.from({ length: 20 }, () => listOnce(client)));

    expect(okta.ledger.requests({ operation: 'token', status: 400 })).toBe(3);
    expect(tokensIssued(okta)).toBe(2);
  });

  it('contain the nonce of a resource server that requires one', async () => {
    const { okta, client } = await signedIn(testApp({ dpop: true }), { asksResourceNonce: true });
    await listOnce(client);
    await listOnce(client);
    okta.changeNonce();
    await listOnce(client);

    expect(okta.ledger.requests({ operation: 'listUsers', status: 401 })).toBe(2);
    expect(okta.ledger.requests({ operation: 'listUsers', status: 200 })).toBe(3);
    expect(tokensIssued(okta)).toBe(1);
  });

  it('get a nonce each when every nonce is valid for one request only', async () => {
    let nonces = 0;
    const org = await fakeOrg((response, { url, headers }) => {
      const proof = String(headers['dpop'] ?? '');
      const { nonce } = JSON.parse(
        Buffer.from(proof.split('.')[1] ?? 'e30', 'base64url').toString() || '{}',
      ) as {
        nonce?: string;
      };
      const isFresh = nonce === `nonce-${nonces}`;
      nonces += 1;
      const next = { 'dpop-nonce': `nonce-${nonces}` };
      if (url.startsWith('/oauth2')) {
        if (proof === '') return sendJson(response, 400, { error: 'invalid_dpop_proof' }, next);
        if (!isFresh) return sendJson(response, 400, { error: 'use_dpop_nonce' }, next);
        return sendJson(
          response,
          200,
          { token_type: 'DPoP', access_token: 'a-token', expires_in: 3600 },
          next,
        );
      }
      const challenge = { ...next, 'www-authenticate': 'DPoP error="use_dpop_nonce"' };
      return isFresh ? sendJson(response, 200, [], next) : sendJson(response, 401, {}, challenge);
    });
    const client = clientFor(org.url, { signIn: serviceApp(testApp().app), random: Math.random });

    await expect(Promise.all(Array.from({ length: 10 }, () => listOnce(client)))).resolves.toHaveLength(10);
  });

  it('cover the URL without its query, and percent-encoded names', async () => {
    const { client } = await signedIn(testApp({ dpop: true }));
    await expect(client.getUser('ada byron+1@example.com')).resolves.toBeUndefined();
    await expect(client.listUsers({ filter: 'status eq "ACTIVE"' }).next()).resolves.toMatchObject({
      done: false,
    });
  });
});

describe('a machine with a wrong clock', () => {
  it.each([
    ['ten minutes behind', 600_000, false],
    ['ten minutes ahead', -600_000, false],
    ['ten minutes behind', 600_000, true],
    ['ten minutes ahead', -600_000, true],
  ])('%s signs in by the server’s clock (%i ms, DPoP %s)', async (_, clockSkewMs, dpop) => {
    const { okta, client } = await signedIn(testApp({ dpop }), { clockSkewMs });
    await listOnce(client);

    expect(tokensIssued(okta)).toBe(1);
    okta.revokeAccessTokens();
    const rejected = okta.ledger.requests({ operation: 'token', status: 401 });
    await listOnce(client);
    expect(okta.ledger.requests({ operation: 'token', status: 401 })).toBe(rejected);
  });

  it('is mentioned when the sign-in is rejected', async () => {
    const org = await fakeOrg((response) =>
      sendJson(
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
