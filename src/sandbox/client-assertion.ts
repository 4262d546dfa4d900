import { createPublicKey } from 'node:crypto';

import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';

import { OAuthError } from './oauth-error.js';
import type { ServiceAppSeed } from './service-apps.js';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
/** `exp` must be less far ahead than that. */
const MAX_LIFETIME_SECONDS = 3600;

/** Validates client assertions as strictly as Okta does, with Okta's messages. */
export class AssertionVerifier {
  readonly #apps: ReadonlyMap<string, ServiceAppSeed>;
  readonly #usedIds = new Set<string>();

  constructor(apps: readonly ServiceAppSeed[]) {
    this.#apps = new Map(apps.map((app) => [app.clientId, app]));
  }

  /**
   * @param audience - The token URL as the client addressed it.
   * @returns The app that signed the assertion.
   * @throws {OAuthError} 401 `invalid_client`.
   */
  async verify(assertion: string, audience: string, nowMs: number): Promise<ServiceAppSeed> {
    const { header, claims } = parse(assertion);
    const app = this.#apps.get(claims.iss ?? '');
    if (app === undefined) {
      throw invalidClient('The issuer claim for client_assertion is not a valid client_id.');
    }
    if (claims.sub !== claims.iss) {
      throw invalidClient('The subject claim for client_assertion is not a valid client_id.');
    }
    if (claims.aud !== audience) {
      throw invalidClient(
        'The audience claim for client_assertion must be the endpoint invoked for the request.',
      );
    }
    checkTimes(claims, nowMs / 1000);
    await checkSignature(assertion, header, app);
    if (claims.jti !== undefined) {
      // Each request needs a new one, even if the previous request failed.
      if (this.#usedIds.has(claims.jti)) {
        throw invalidClient('The client_assertion token has already been used.');
      }
      this.#usedIds.add(claims.jti);
    }
    return app;
  }
}

function parse(assertion: string): { header: { alg?: string; kid?: string }; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) };
  } catch {
    throw invalidClient('The parsing of the client_assertion failed.');
  }
}

function checkTimes({ exp, iat }: JWTPayload, nowSeconds: number): void {
  if (typeof exp !== 'number') {
    throw invalidClient("The client_assertion must contain the 'exp' claim as seconds since epoch.");
  }
  if (exp <= nowSeconds) throw invalidClient('The client_assertion token is expired.');
  if (exp >= nowSeconds + MAX_LIFETIME_SECONDS) {
    throw invalidClient('The client_assertion token has an expiration too far into the future.');
  }
  if (iat !== undefined && iat > nowSeconds) {
    throw invalidClient('The client_assertion token must be issued before the current time.');
  }
}

async function checkSignature(
  assertion: string,
  { alg, kid }: { alg?: string; kid?: string },
  { keys }: ServiceAppSeed,
): Promise<void> {
  if (keys.length === 0) {
    throw invalidClient(
      'The client does not have a JWKSet configured, but the client_assertion requires one.',
    );
  }
  if (!ALGORITHMS.includes(alg ?? '')) {
    throw invalidClient('The client_assertion JWT signature algorithm is invalid.');
  }
  const candidates =
    kid === undefined ? keys : keys.filter((key) => key.kid === undefined || key.kid === kid);
  const [jwk] = candidates;
  if (jwk === undefined || (kid === undefined && keys.length > 1)) {
    throw invalidClient('The client_assertion JWT kid is invalid.');
  }
  try {
    await compactVerify(assertion, createPublicKey({ key: jwk, format: 'jwk' }), { algorithms: ALGORITHMS });
  } catch {
    throw invalidClient('The client_assertion signature is invalid.');
  }
}

function invalidClient(description: string): OAuthError {
  return new OAuthError(401, 'invalid_client', description);
}
