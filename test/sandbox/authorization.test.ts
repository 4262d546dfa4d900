import { createHash, createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';

import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { ServiceAppSeed } from '../../src/sandbox/service-apps.js';
import { ADA, oktaError, testOrg, type TestOrg } from './org.js';

/** Undefined claims are omitted. */
type Claims = Readonly<Record<string, string | number | undefined>>;

const TOKEN_PATH = '/oauth2/v1/token';
const ec = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' });
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

interface OAuthOrg extends TestOrg {
  readonly key: KeyObject;
  readonly tokenUrl: string;
  readonly assertion: (claims?: Claims, header?: object, key?: KeyObject) => Promise<string>;
  /** Posts to the token endpoint; undefined fields are omitted. */
  readonly requestToken: (
    form?: Readonly<Record<string, string | undefined>>,
    headers?: Readonly<Record<string, string>>,
  ) => ReturnType<TestOrg['request']>;
}

async function oauthOrg(app: Partial<ServiceAppSeed> = {}, options: SandboxOptions = {}): Promise<OAuthOrg> {
  const key = ec();
  const seed = {
    clientId: '0oaApp',
    keys: [{ ...jwkOf(key), kid: 'one' }],
    scopes: ['okta.users.read'],
    ...app,
  };
  const org = await testOrg({ serviceApps: [seed], ...options });
  const tokenUrl = org.okta.url + TOKEN_PATH;
  const assertion: OAuthOrg['assertion'] = async (claims = {}, header = {}, signer = key) => {
    const usual = { iss: '0oaApp', sub: '0oaApp', aud: tokenUrl, exp: nowSeconds() + 300, jti: randomUUID() };
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
      .sign(signer);
  };
  return {
    ...org,
    key,
    tokenUrl,
    assertion,
    async requestToken(form = {}, headers = {}) {
      const fields = {
        grant_type: 'client_credentials',
        scope: 'okta.users.read',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: 'client_assertion' in form ? form['client_assertion'] : await assertion(),
        ...form,
      };
      const given = Object.entries(fields).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      );
      return org.request('POST', TOKEN_PATH, {
        text: new URLSearchParams(given as [string, string][]).toString(),
        headers: { authorization: '', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      });
    },
  };
}

const rejection = (error_description: string): object => ({ status: 401, body: { error_description } });

const challengeOf = async (
  { request }: OAuthOrg,
  authorization: string,
): Promise<[status: number, challenge: string | undefined]> => {
  const { status, headers } = await request('GET', '/api/v1/users', { headers: { authorization } });
  return [status, /error_description="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1]];
};
const bearer = async ({ requestToken }: OAuthOrg): Promise<string> =>
  `Bearer ${((await requestToken()).body as { access_token: string }).access_token}`;

describe('the token endpoint', () => {
  it('issues a token that allows what its scopes cover, and nothing else', async () => {
    const { requestToken, request } = await oauthOrg();
    const { status, body } = await requestToken();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'okta.users.read' },
    });
    const authorization = `Bearer ${(body as { access_token: string }).access_token}`;

    expect((await request('GET', '/api/v1/users', { headers: { authorization } })).status).toBe(200);
    const rejected = await request('GET', '/api/v1/groups', { headers: { authorization } });
    expect(rejected).toMatchObject({ status: 403, text: '' });
    expect(rejected.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    const me = await request('GET', '/api/v1/users/me', { headers: { authorization } });
    expect(me).toMatchObject({ status: 404, body: { errorCode: 'E0000007' } });
  });

  it.each<[string, Claims, object, string]>([
    [
      'another issuer',
      { iss: '0oaOther' },
      {},
      'The issuer claim for client_assertion is not a valid client_id.',
    ],
    [
      'another subject',
      { sub: '0oaOther' },
      {},
      'The subject claim for client_assertion is not a valid client_id.',
    ],
    [
      'another audience',
      { aud: 'https://acme.okta.com/oauth2/v1/token' },
      {},
      'The audience claim for client_assertion must be the endpoint invoked for the request.',
    ],
    [
      'no expiry',
      { exp: undefined },
      {},
      "The client_assertion must contain the 'exp' claim as seconds since epoch.",
    ],
    ['an expiry in the past', { exp: nowSeconds() - 1 }, {}, 'The client_assertion token is expired.'],
    [
      'an expiry in two hours',
      { exp: nowSeconds() + 7200 },
      {},
      'The client_assertion token has an expiration too far into the future.',
    ],
    [
      'a time in the future',
      { iat: nowSeconds() + 120 },
      {},
      'The client_assertion token must be issued before the current time.',
    ],
    ['another key id', {}, { kid: 'two' }, 'The client_assertion JWT kid is invalid.'],
  ])('rejects an assertion with %s', async (_, claims, header, description) => {
    const { requestToken, assertion } = await oauthOrg();
    expect(await requestToken({ client_assertion: await assertion(claims, header) })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: description },
    });
  });

  it('rejects an assertion with a foreign signature, one that is not a JWT, and a repeated one', async () => {
    const { requestToken, assertion } = await oauthOrg();
    const good = await assertion();

    expect(await requestToken({ client_assertion: await assertion({}, {}, ec()) })).toMatchObject(
      rejection('The client_assertion signature is invalid.'),
    );
    expect(await requestToken({ client_assertion: 'a.b.c' })).toMatchObject(
      rejection('The parsing of the client_assertion failed.'),
    );
    expect((await requestToken({ client_assertion: good })).status).toBe(200);
    expect(await requestToken({ client_assertion: good })).toMatchObject(
      rejection('The client_assertion token has already been used.'),
    );
  });

  it.each<[string, Record<string, string | undefined>, number, string]>([
    ['no assertion', { client_assertion: undefined }, 401, 'invalid_client'],
    ['another type of assertion', { client_assertion_type: 'jwt' }, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no scope', { scope: undefined }, 400, 'invalid_scope'],
    ['an unknown scope', { scope: 'okta.people.read' }, 400, 'invalid_scope'],
    ['openid', { scope: 'openid' }, 400, 'invalid_scope'],
    ['only scopes that the app does not have', { scope: 'okta.users.manage' }, 400, 'consent_required'],
  ])('rejects a request with %s', async (_, form, status, error) => {
    const { requestToken } = await oauthOrg();
    expect(await requestToken(form)).toMatchObject({ status, body: { error } });
  });

  it('omits scopes that the app does not have, without an error', async () => {
    const { requestToken } = await oauthOrg();
    expect(await requestToken({ scope: 'okta.users.read okta.groups.read' })).toMatchObject({
      status: 200,
      body: { scope: 'okta.users.read' },
    });
  });

  it('does not accept JSON', async () => {
    const { requestToken } = await oauthOrg();
    expect((await requestToken({}, { 'content-type': 'application/json' })).status).toBe(400);
  });
});

describe('an access token', () => {
  it('is rejected when it is invalid, expired or revoked', async () => {
    let nowMs = Date.now();
    const org = await oauthOrg({}, { now: () => nowMs, accessTokenSeconds: 60 });
    const first = await bearer(org);
    expect(await challengeOf(org, 'Bearer nonsense')).toEqual([401, 'The access token is invalid.']);
    nowMs += 59_000;
    expect(await challengeOf(org, first)).toEqual([200, undefined]);
    nowMs += 1000;
    expect(await challengeOf(org, first)).toEqual([401, 'The token has expired.']);
    nowMs = Date.now();
    const second = await bearer(org);
    org.okta.revokeAccessTokens();
    expect(await challengeOf(org, second)).toEqual([401, 'The access token has been revoked.']);
    expect(await challengeOf(org, await bearer(org))).toEqual([200, undefined]);
  });

  it('of an app without an admin role allows nothing', async () => {
    const org = await oauthOrg({ hasAdminRole: false });
    const response = await org.request('GET', '/api/v1/users', {
      headers: { authorization: await bearer(org) },
    });
    expect(response).toMatchObject({
      status: 403,
      body: oktaError('E0000006', 'You do not have permission to perform the requested action'),
    });
  });

  it('accepts an assertion only if it expires less than an hour from now', async () => {
    const now = Date.now();
    const { requestToken, assertion } = await oauthOrg({}, { now: () => now });
    const expiring = async (seconds: number): Promise<number> => {
      const exp = now / 1000 + seconds;
      return (await requestToken({ client_assertion: await assertion({ exp }) })).status;
    };
    expect([await expiring(3599), await expiring(3600)]).toEqual([200, 401]);
  });
});

describe('a DPoP proof', () => {
  interface Prover {
    readonly org: OAuthOrg;
    readonly proof: (claims?: Claims, header?: object, key?: KeyObject) => Promise<string>;
    /** Requests a token with a proof that has these claims. */
    readonly askWith: (claims?: Claims, header?: object) => ReturnType<OAuthOrg['requestToken']>;
    /** A token bound to a key, and a proof for listing users with it. */
    readonly bound: () => Promise<{ token: string; proofFor: Prover['proof'] }>;
    readonly list: (authorization: string, dpop?: string) => ReturnType<OAuthOrg['request']>;
  }

  async function prover(options: SandboxOptions = {}): Promise<Prover> {
    const org = await oauthOrg({ dpop: true }, options);
    const own = ec();
    const proof: Prover['proof'] = async (claims = {}, header = {}, key = own) =>
      new SignJWT({ htm: 'POST', htu: org.tokenUrl, iat: nowSeconds() - 1, jti: randomUUID(), ...claims })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: jwkOf(key), ...header })
        .sign(key);
    const askWith: Prover['askWith'] = async (claims, header) =>
      org.requestToken({}, { dpop: await proof(claims, header) });
    const bound: Prover['bound'] = async () => {
      const nonce = (await askWith()).headers.get('dpop-nonce') ?? '';
      const { access_token: token } = (await askWith({ nonce })).body as { access_token: string };
      const ath = createHash('sha256').update(token).digest('base64url');
      const usual = { htm: 'GET', htu: `${org.okta.url}/api/v1/users`, ath };
      return { token, proofFor: (claims, header, key) => proof({ ...usual, ...claims }, header, key) };
    };
    const list: Prover['list'] = (authorization, dpop) =>
      org.request('GET', '/api/v1/users?limit=1', {
        headers: { authorization, ...(dpop !== undefined && { dpop }) },
      });
    return { org, proof, askWith, bound, list };
  }

  it('is required, then its nonce; then a bound token is issued', async () => {
    const { org, askWith } = await prover();
    expect(await org.requestToken()).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof', error_description: 'The DPoP proof JWT header is missing.' },
    });
    const challenge = await askWith();
    expect(challenge).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    const nonce = challenge.headers.get('dpop-nonce') ?? '';
    const issued = await askWith({ nonce });
    expect(issued).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(issued.headers.get('dpop-nonce')).toBe(nonce);
    org.okta.changeNonce();
    expect(await askWith({ nonce })).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  });

  it.each<[string, Claims, object, string]>([
    ['another method', { htm: 'post' }, {}, "'htm' claim in the DPoP proof JWT is invalid."],
    [
      'another URL',
      { htu: 'http://127.0.0.1/oauth2/v1/token' },
      {},
      "'htu' claim in the DPoP proof JWT is invalid.",
    ],
    ['no jti', { jti: undefined }, {}, "'jti' claim in the DPoP proof JWT is invalid."],
    ['no iat', { iat: undefined }, {}, "'iat' claim in the DPoP proof JWT is invalid."],
    ['a time in the future', { iat: nowSeconds() + 60 }, {}, 'The DPoP proof JWT is issued in the future.'],
    [
      'a time too far in the past',
      { iat: nowSeconds() - 400 },
      {},
      'The DPoP proof JWT is issued more than five minutes in the past.',
    ],
    ['another type', {}, { typ: 'JWT' }, "'typ' must be 'dpop+jwt' in the DPoP proof JWT."],
    ['a key that did not sign it', {}, { jwk: jwkOf(ec()) }, 'The DPoP proof JWT signature is invalid.'],
    ['a private key', {}, { jwk: ec().export({ format: 'jwk' }) }, 'The DPoP proof JWT header is invalid.'],
  ])('with %s is rejected', async (_, claims, header, description) => {
    const { askWith } = await prover();
    expect(await askWith(claims, header)).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof', error_description: description },
    });
  });

  it('can be used once, for one URL; two proofs in one request are rejected', async () => {
    const { org, proof, bound, list } = await prover();
    const used = await proof();
    await org.requestToken({}, { dpop: used });
    expect(await org.requestToken({}, { dpop: used })).toMatchObject({
      body: { error_description: 'The DPoP proof JWT has already been used.' },
    });
    expect(await org.requestToken({}, { dpop: `${await proof()}, ${await proof()}` })).toMatchObject({
      body: { error_description: 'Multiple DPoP proof JWT headers are not allowed.' },
    });
    const { token, proofFor } = await bound();
    const sent = await proofFor();
    expect((await list(`DPoP ${token}`, sent)).status).toBe(200);
    const replayed = await list(`DPoP ${token}`, sent);
    expect(replayed.status).toBe(400);
    expect(replayed.headers.get('www-authenticate')).toContain('has already been used');
  });

  it('must match its token: hash, key and scheme', async () => {
    const { bound, list, proof, org } = await prover();
    const { token, proofFor } = await bound();
    const rejections: [string, string | undefined, string][] = [
      [`Bearer ${token}`, await proofFor(), 'must use the DPoP authentication scheme'],
      [`DPoP ${token}`, undefined, 'requires a DPoP proof'],
      [`DPoP ${token}`, await proofFor({ ath: 'x' }), "'ath' claim"],
      [`DPoP ${token}`, await proofFor({ ath: undefined }), "'ath' claim"],
      [`DPoP ${token}`, await proofFor({}, {}, ec()), 'is not bound to the provided DPoP proof'],
      [`DPoP ${token}`, await proofFor({ htm: 'POST' }), "'htm' claim"],
      [`DPoP ${token}`, await proofFor({ htu: `${org.okta.url}/api/v1/users?limit=1` }), "'htu' claim"],
      [`DPoP ${token}`, await proof(), "'htm' claim"],
    ];
    for (const [authorization, dpop, words] of rejections) {
      const { status, headers } = await list(authorization, dpop);
      expect([status, headers.get('www-authenticate')]).toEqual([400, expect.stringContaining(words)]);
    }
    expect((await list(`DPoP ${token}`, await proofFor())).status).toBe(200);
  });

  it.each<[sent: string, signed: string, status: number]>([
    ['ann%40example.com', 'ann%40example.com', 400],
    ['ann%40example.com', 'ann@example.com', 200],
    ['ann@example.com', 'ann@example.com', 200],
    ['ann@example.com', 'ann%40example.com', 400],
    ['zo%C3%AB@example.com', 'zo%C3%AB@example.com', 400],
    ['zo%C3%AB@example.com', 'zoë@example.com', 200],
  ])(
    'is compared with the decoded path: users/%s signed as users/%s gets %i',
    async (sent, signed, expected) => {
      const seed = {
        users: ['ann', 'zoë'].map((name) => ({ profile: { ...ADA, login: `${name}@example.com` } })),
      };
      const { org, bound } = await prover({ seed });
      const { token, proofFor } = await bound();
      const dpop = await proofFor({ htu: `${org.okta.url}/api/v1/users/${signed}` });
      const headers = { authorization: `DPoP ${token}`, dpop };
      const response = await org.request('GET', `/api/v1/users/${sent}`, { headers });
      expect(response.status).toBe(expected);
      if (expected === 200) return;
      expect(response.text).toBe('');
      expect(response.headers.get('www-authenticate')).toMatch(
        /^DPoP .*error="invalid_dpop_proof", error_description="'htu' claim in the DPoP proof JWT is invalid\."/,
      );
    },
  );

  it('needs a nonce for API requests where the org requires one', async () => {
    const { bound, list } = await prover({ asksResourceNonce: true });
    const { token, proofFor } = await bound();
    const challenge = await list(`DPoP ${token}`, await proofFor());
    expect(challenge.status).toBe(401);
    const nonce = challenge.headers.get('dpop-nonce') ?? '';
    expect((await list(`DPoP ${token}`, await proofFor({ nonce }))).status).toBe(200);
  });
});
