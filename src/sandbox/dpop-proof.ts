import {
  calculateJwkThumbprint,
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose';

import { OAuthRefusal } from './oauth-refusal.js';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
const OLDEST_SECONDS = 300;

/** What a proof must be about. */
export interface Expected {
  readonly method: string;
  /** Without query and fragment; compared to the letter. */
  readonly url: string;
  readonly nowMs: number;
}

/** A proof whose form, signature, request and time are right; nonce and token are the caller's to compare. */
export interface Proof {
  /** Thumbprint of the key. */
  readonly jkt: string;
  readonly nonce: unknown;
  readonly ath: unknown;
}

/** Checks DPoP proofs (auth.md §4, RFC 9449 §4.3). A `jti` is good once, for whatever endpoint. */
export class ProofCheck {
  readonly #usedIds = new Set<string>();

  /**
   * @param header - the `DPoP` header as it arrived.
   * @throws {OAuthRefusal} 400 `invalid_dpop_proof`.
   */
  async verify(header: string | undefined, { method, url, nowMs }: Expected): Promise<Proof> {
    if (header === undefined || header === '') throw refused('The DPoP proof JWT header is missing.');
    // Node joins headers that are sent twice; a JWT has no comma.
    if (header.includes(',')) throw refused('Multiple DPoP proof JWT headers are not allowed.');
    const { protectedHeader, claims } = parse(header);
    if (protectedHeader['typ'] !== 'dpop+jwt') {
      throw refused("'typ' must be 'dpop+jwt' in the DPoP proof JWT.");
    }
    const jwk = protectedHeader['jwk'] as JWK | undefined;
    const isPublic = jwk !== undefined && PRIVATE_MEMBERS.every((member) => !(member in jwk));
    if (!isPublic || !ALGORITHMS.includes(String(protectedHeader['alg']))) {
      throw refused('The DPoP proof JWT header is invalid.');
    }
    try {
      await compactVerify(header, await importJWK(jwk, String(protectedHeader['alg'])), {
        algorithms: ALGORITHMS,
      });
    } catch {
      throw refused('The DPoP proof JWT signature is invalid.');
    }
    if (claims['htm'] !== method) throw refused("'htm' claim in the DPoP proof JWT is invalid.");
    if (claims['htu'] !== url) throw refused("'htu' claim in the DPoP proof JWT is invalid.");
    checkTime(claims['iat'], nowMs / 1000);
    this.#useUp(claims['jti']);
    return { jkt: await calculateJwkThumbprint(jwk), nonce: claims['nonce'], ath: claims['ath'] };
  }

  #useUp(jti: unknown): void {
    if (typeof jti !== 'string' || jti === '') throw refused("'jti' claim in the DPoP proof JWT is invalid.");
    if (this.#usedIds.has(jti)) throw refused('The DPoP proof JWT has already been used.');
    this.#usedIds.add(jti);
  }
}

function parse(header: string): {
  protectedHeader: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
} {
  try {
    return { protectedHeader: { ...decodeProtectedHeader(header) }, claims: decodeJwt(header) };
  } catch {
    throw refused('The DPoP proof JWT header is invalid.');
  }
}

function checkTime(iat: unknown, nowSeconds: number): void {
  if (typeof iat !== 'number') throw refused("'iat' claim in the DPoP proof JWT is invalid.");
  if (iat > nowSeconds) throw refused('The DPoP proof JWT is issued in the future.');
  if (iat < nowSeconds - OLDEST_SECONDS) {
    throw refused('The DPoP proof JWT is issued more than five minutes in the past.');
  }
}

function refused(description: string): OAuthRefusal {
  return new OAuthRefusal(400, 'invalid_dpop_proof', description);
}
