import { createHash, createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';

import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { ServiceAppSeed } from '../../src/sandbox/service-apps.js';
import { oktaError, testOrg, type TestOrg } from './org.js';

/** What is undefined is left out. */
type Claims = Readonly<Record<string, string | number | undefined>>;

const TOKEN_PATH = '/oauth2/v1/token';
const ec = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' });
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

interface Bench extends TestOrg {
  readonly key: KeyObject;
  readonly tokenUrl: string;
  readonly assertion: (claims?: Claims, header?: object, key?: KeyObject) => Promise<string>;
  /** Posts to the token endpoint; what is undefined is left out. */
  readonly ask: (
    form?: Readonly<Record<string, string | undefined>>,
    headers?: Readonly<Record<string, string>>,
  ) => ReturnType<TestOrg['request']>;
}

async function bench(app: Partial<ServiceAppSeed> = {}, options: SandboxOptions = {}): Promise<Bench> {
  const key = ec();
  const seed = {
    clientId: '0oaApp',
    keys: [{ ...jwkOf(key), kid: 'one' }],
    scopes: ['okta.users.read'],
    ...app,
  };
  const org = await testOrg({ serviceApps: [seed], ...options });
  const tokenUrl = org.okta.url + TOKEN_PATH;
  const assertion: Bench['assertion'] = async (claims = {}, header = {}, signer = key) => {
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
    async ask(form = {}, headers = {}) {
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

const refusal = (error_description: string): object => ({ status: 401, body: { error_description } });

const challengeOf = async (
  { request }: Bench,
  authorization: string,
): Promise<[status: number, challenge: string | undefined]> => {
  const { status, headers } = await request('GET', '/api/v1/users', { headers: { authorization } });
  return [status, /error_description="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1]];
};
const bearer = async ({ ask }: Bench): Promise<string> =>
  `Bearer ${((await ask()).body as { access_token: string }).access_token}`;

describe('the token endpoint', () => {
  it('gives a token that opens what its scopes say, and nothing else', async () => {
    const { ask, request } = await bench();
    const { status, body } = await ask();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'okta.users.read' },
    });
    const authorization = `Bearer ${(body as { access_token: string }).access_token}`;

    expect((await request('GET', '/api/v1/users', { headers: { authorization } })).status).toBe(200);
    const refused = await request('GET', '/api/v1/groups', { headers: { authorization } });
    expect(refused).toMatchObject({ status: 403, text: '' });
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
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
    ['an expiry that is over', { exp: nowSeconds() - 1 }, {}, 'The client_assertion token is expired.'],
    [
      'an expiry in two hours',
      { exp: nowSeconds() + 7200 },
      {},
      'The client_assertion token has an expiration too far into the future.',
    ],
    [
      'a time to come',
      { iat: nowSeconds() + 120 },
      {},
      'The client_assertion token must be issued before the current time.',
    ],
    ['another key id', {}, { kid: 'two' }, 'The client_assertion JWT kid is invalid.'],
  ])('refuses an assertion with %s', async (_, claims, header, description) => {
    const { ask, assertion } = await bench();
    expect(await ask({ client_assertion: await assertion(claims, header) })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: description },
    });
  });

  it('refuses an assertion that another key signed, that is none, or that came before', async () => {
    const { ask, assertion } = await bench();
    const good = await assertion();

    expect(await ask({ client_assertion: await assertion({}, {}, ec()) })).toMatchObject(
      refusal('The client_assertion signature is invalid.'),
    );
    expect(await ask({ client_assertion: 'a.b.c' })).toMatchObject(
      refusal('The parsing of the client_assertion failed.'),
    );
    expect((await ask({ client_assertion: good })).status).toBe(200);
    expect(await ask({ client_assertion: good })).toMatchObject(
      refusal('The client_assertion token has already been used.'),
    );
  });

  it.each<[string, Record<string, string | undefined>, number, string]>([
    ['no assertion', { client_assertion: undefined }, 401, 'invalid_client'],
    ['another type of assertion', { client_assertion_type: 'jwt' }, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no scope', { scope: undefined }, 400, 'invalid_scope'],
    ['a scope that there is not', { scope: 'okta.people.read' }, 400, 'invalid_scope'],
    ['openid', { scope: 'openid' }, 400, 'invalid_scope'],
    ['scopes of which none is granted', { scope: 'okta.users.manage' }, 400, 'consent_required'],
  ])('refuses a request with %s', async (_, form, status, error) => {
    const { ask } = await bench();
    expect(await ask(form)).toMatchObject({ status, body: { error } });
  });

  it('leaves out scopes that are not granted, without a word', async () => {
    const { ask } = await bench();
    expect(await ask({ scope: 'okta.users.read okta.groups.read' })).toMatchObject({
      status: 200,
      body: { scope: 'okta.users.read' },
    });
  });

  it('takes no JSON', async () => {
    const { ask } = await bench();
    expect((await ask({}, { 'content-type': 'application/json' })).status).toBe(400);
  });
});

describe('an access token', () => {
  it('is refused when it is none, over, or revoked', async () => {
    let nowMs = Date.now();
    const org = await bench({}, { now: () => nowMs, accessTokenSeconds: 60 });
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

  it('of an app without an admin role opens nothing', async () => {
    const org = await bench({ hasAdminRole: false });
    const reply = await org.request('GET', '/api/v1/users', {
      headers: { authorization: await bearer(org) },
    });
    expect(reply).toMatchObject({
      status: 403,
      body: oktaError('E0000006', 'You do not have permission to perform the requested action'),
    });
  });
});

describe('a proof of possession', () => {
  interface Prover {
    readonly org: Bench;
    readonly proof: (claims?: Claims, header?: object, key?: KeyObject) => Promise<string>;
    /** Asks for a token with a proof of these claims. */
    readonly askWith: (claims?: Claims, header?: object) => ReturnType<Bench['ask']>;
    /** A bound token, and a proof for listing users with it. */
    readonly bound: () => Promise<{ token: string; proofFor: Prover['proof'] }>;
    readonly list: (authorization: string, dpop?: string) => ReturnType<Bench['request']>;
  }

  async function prover(options: SandboxOptions = {}): Promise<Prover> {
    const org = await bench({ dpop: true }, options);
    const own = ec();
    const proof: Prover['proof'] = async (claims = {}, header = {}, key = own) =>
      new SignJWT({ htm: 'POST', htu: org.tokenUrl, iat: nowSeconds() - 1, jti: randomUUID(), ...claims })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: jwkOf(key), ...header })
        .sign(key);
    const askWith: Prover['askWith'] = async (claims, header) =>
      org.ask({}, { dpop: await proof(claims, header) });
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

  it('is asked for, then its nonce, then a bound token is given', async () => {
    const { org, askWith } = await prover();
    expect(await org.ask()).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof', error_description: 'The DPoP proof JWT header is missing.' },
    });
    const challenge = await askWith();
    expect(challenge).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    const nonce = challenge.headers.get('dpop-nonce') ?? '';
    expect(await askWith({ nonce })).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    org.okta.changeNonce();
    expect(await askWith({ nonce })).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
  });

  it.each<[string, Claims, object, string]>([
    ['another method', { htm: 'post' }, {}, "'htm' claim in the DPoP proof JWT is invalid."],
    [
      'another address',
      { htu: 'http://127.0.0.1/oauth2/v1/token' },
      {},
      "'htu' claim in the DPoP proof JWT is invalid.",
    ],
    ['no id', { jti: undefined }, {}, "'jti' claim in the DPoP proof JWT is invalid."],
    ['no time', { iat: undefined }, {}, "'iat' claim in the DPoP proof JWT is invalid."],
    ['a time to come', { iat: nowSeconds() + 60 }, {}, 'The DPoP proof JWT is issued in the future.'],
    [
      'a time long ago',
      { iat: nowSeconds() - 400 },
      {},
      'The DPoP proof JWT is issued more than five minutes in the past.',
    ],
    ['another type', {}, { typ: 'JWT' }, "'typ' must be 'dpop+jwt' in the DPoP proof JWT."],
    ['a key that did not sign it', {}, { jwk: jwkOf(ec()) }, 'The DPoP proof JWT signature is invalid.'],
    ['a private key', {}, { jwk: ec().export({ format: 'jwk' }) }, 'The DPoP proof JWT header is invalid.'],
  ])('with %s is refused', async (_, claims, header, description) => {
    const { askWith } = await prover();
    expect(await askWith(claims, header)).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof', error_description: description },
    });
  });

  it('is good once, for one address, and twice in a request is refused', async () => {
    const { org, proof, bound, list } = await prover();
    const used = await proof();
    await org.ask({}, { dpop: used });
    expect(await org.ask({}, { dpop: used })).toMatchObject({
      body: { error_description: 'The DPoP proof JWT has already been used.' },
    });
    expect(await org.ask({}, { dpop: `${await proof()}, ${await proof()}` })).toMatchObject({
      body: { error_description: 'Multiple DPoP proof JWT headers are not allowed.' },
    });
    const { token, proofFor } = await bound();
    const sent = await proofFor();
    expect((await list(`DPoP ${token}`, sent)).status).toBe(200);
    const replayed = await list(`DPoP ${token}`, sent);
    expect(replayed.status).toBe(400);
    expect(replayed.headers.get('www-authenticate')).toContain('has already been used');
  });

  it('goes with its token: by hash, by key, and by scheme', async () => {
    const { bound, list, proof, org } = await prover();
    const { token, proofFor } = await bound();
    const refusals: [string, string | undefined, string][] = [
      [`Bearer ${token}`, await proofFor(), 'must use the DPoP authentication scheme'],
      [`DPoP ${token}`, undefined, 'requires a DPoP proof'],
      [`DPoP ${token}`, await proofFor({ ath: 'x' }), "'ath' claim"],
      [`DPoP ${token}`, await proofFor({ ath: undefined }), "'ath' claim"],
      [`DPoP ${token}`, await proofFor({}, {}, ec()), 'is not bound to the provided DPoP proof'],
      [`DPoP ${token}`, await proofFor({ htm: 'POST' }), "'htm' claim"],
      [`DPoP ${token}`, await proofFor({ htu: `${org.okta.url}/api/v1/users?limit=1` }), "'htu' claim"],
      [`DPoP ${token}`, await proof(), "'htm' claim"],
    ];
    for (const [authorization, dpop, words] of refusals) {
      const { status, headers } = await list(authorization, dpop);
      expect([status, headers.get('www-authenticate')]).toEqual([400, expect.stringContaining(words)]);
    }
    expect((await list(`DPoP ${token}`, await proofFor())).status).toBe(200);
  });

  it('carries a nonce to resources where they ask for one', async () => {
    const { bound, list } = await prover({ asksResourceNonce: true });
    const { token, proofFor } = await bound();
    const challenge = await list(`DPoP ${token}`, await proofFor());
    expect(challenge.status).toBe(401);
    const nonce = challenge.headers.get('dpop-nonce') ?? '';
    expect((await list(`DPoP ${token}`, await proofFor({ nonce }))).status).toBe(200);
  });
});
