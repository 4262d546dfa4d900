import { createPublicKey } from 'node:crypto';

import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';

import { OAuthRefusal } from './oauth-refusal.js';
import type { ServiceAppSeed } from './service-apps.js';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const LONGEST_SECONDS = 3600;

/** Checks client assertions as strictly as Okta does, with Okta's words (auth.md §3.1, errors.md §4). */
export class AssertionCheck {
  readonly #apps: ReadonlyMap<string, ServiceAppSeed>;
  readonly #usedIds = new Set<string>();

  constructor(apps: readonly ServiceAppSeed[]) {
    this.#apps = new Map(apps.map((app) => [app.clientId, app]));
  }

  /**
   * @param audience - the token URL as the client addressed it.
   * @returns the app that signed it.
   * @throws {OAuthRefusal} 401 `invalid_client`.
   */
  async appOf(assertion: string, audience: string, nowMs: number): Promise<ServiceAppSeed> {
    const { header, claims } = parse(assertion);
    const app = this.#apps.get(claims.iss ?? '');
    if (app === undefined) throw refused('The issuer claim for client_assertion is not a valid client_id.');
    if (claims.sub !== claims.iss) {
      throw refused('The subject claim for client_assertion is not a valid client_id.');
    }
    if (claims.aud !== audience) {
      throw refused('The audience claim for client_assertion must be the endpoint invoked for the request.');
    }
    checkTimes(claims, nowMs / 1000);
    await checkSignature(assertion, header, app);
    if (claims.jti !== undefined) {
      // Used up by the attempt, whatever becomes of the rest: a new one for every request.
      if (this.#usedIds.has(claims.jti)) throw refused('The client_assertion token has already been used.');
      this.#usedIds.add(claims.jti);
    }
    return app;
  }
}

function parse(assertion: string): { header: { alg?: string; kid?: string }; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) };
  } catch {
    throw refused('The parsing of the client_assertion failed.');
  }
}

function checkTimes({ exp, iat }: JWTPayload, nowSeconds: number): void {
  if (typeof exp !== 'number') {
    throw refused("The client_assertion must contain the 'exp' claim as seconds since epoch.");
  }
  if (exp <= nowSeconds) throw refused('The client_assertion token is expired.');
  if (exp > nowSeconds + LONGEST_SECONDS) {
    throw refused('The client_assertion token has an expiration too far into the future.');
  }
  if (iat !== undefined && iat > nowSeconds) {
    throw refused('The client_assertion token must be issued before the current time.');
  }
}

async function checkSignature(
  assertion: string,
  { alg, kid }: { alg?: string; kid?: string },
  { keys }: ServiceAppSeed,
): Promise<void> {
  if (keys.length === 0) {
    throw refused('The client does not have a JWKSet configured, but the client_assertion requires one.');
  }
  if (!ALGORITHMS.includes(alg ?? '')) {
    throw refused('The client_assertion JWT signature algorithm is invalid.');
  }
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === undefined || key.kid === kid);
  const [jwk] = named;
  if (jwk === undefined || (kid === undefined && keys.length > 1)) {
    throw refused('The client_assertion JWT kid is invalid.');
  }
  try {
    await compactVerify(assertion, createPublicKey({ key: jwk, format: 'jwk' }), { algorithms: ALGORITHMS });
  } catch {
    throw refused('The client_assertion signature is invalid.');
  }
}

function refused(description: string): OAuthRefusal {
  return new OAuthRefusal(401, 'invalid_client', description);
}
