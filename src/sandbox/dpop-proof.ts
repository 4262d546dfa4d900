import {
  calculateJwkThumbprint,
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose';

import { OAuthError } from './oauth-error.js';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
const MAX_AGE_SECONDS = 300;

/** The request that a proof must belong to. */
export interface ProvenRequest {
  readonly method: string;
  /** Without query and fragment, its path decoded; compared literally. */
  readonly url: string;
  readonly nowMs: number;
}

/** A proof whose format, signature, request and time are valid. The caller checks nonce and token. */
export interface Proof {
  /** Thumbprint of the key. */
  readonly jkt: string;
  readonly nonce: unknown;
  readonly ath: unknown;
}

/** Validates DPoP proofs (RFC 9449, section 4.3). Each `jti` can be used once, across all endpoints. */
export class DpopProofVerifier {
  readonly #usedIds = new Set<string>();

  /**
   * @param header - The `DPoP` header as received.
   * @throws {OAuthError} 400 `invalid_dpop_proof`.
   */
  async verify(header: string | undefined, { method, url, nowMs }: ProvenRequest): Promise<Proof> {
    if (header === undefined || header === '') throw invalidProof('The DPoP proof JWT header is missing.');
    // Node joins duplicate headers with a comma, which a JWT cannot contain.
    if (header.includes(',')) throw invalidProof('Multiple DPoP proof JWT headers are not allowed.');
    const { protectedHeader, claims } = parse(header);
    if (protectedHeader['typ'] !== 'dpop+jwt') {
      throw invalidProof("'typ' must be 'dpop+jwt' in the DPoP proof JWT.");
    }
    const jwk = protectedHeader['jwk'] as JWK | undefined;
    const isPublic = jwk !== undefined && PRIVATE_MEMBERS.every((member) => !(member in jwk));
    if (!isPublic || !ALGORITHMS.includes(String(protectedHeader['alg']))) {
      throw invalidProof('The DPoP proof JWT header is invalid.');
    }
    try {
      await compactVerify(header, await importJWK(jwk, String(protectedHeader['alg'])), {
        algorithms: ALGORITHMS,
      });
    } catch {
      throw invalidProof('The DPoP proof JWT signature is invalid.');
    }
    if (claims['htm'] !== method) throw invalidProof("'htm' claim in the DPoP proof JWT is invalid.");
    if (claims['htu'] !== url) throw invalidProof("'htu' claim in the DPoP proof JWT is invalid.");
    checkTime(claims['iat'], nowMs / 1000);
    this.#useUp(claims['jti']);
    return { jkt: await calculateJwkThumbprint(jwk), nonce: claims['nonce'], ath: claims['ath'] };
  }

  #useUp(jti: unknown): void {
    if (typeof jti !== 'string' || jti === '') {
      throw invalidProof("'jti' claim in the DPoP proof JWT is invalid.");
    }
    if (this.#usedIds.has(jti)) throw invalidProof('The DPoP proof JWT has already been used.');
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
    throw invalidProof('The DPoP proof JWT header is invalid.');
  }
}

function checkTime(iat: unknown, nowSeconds: number): void {
  if (typeof iat !== 'number') throw invalidProof("'iat' claim in the DPoP proof JWT is invalid.");
  if (iat > nowSeconds) throw invalidProof('The DPoP proof JWT is issued in the future.');
  if (iat < nowSeconds - MAX_AGE_SECONDS) {
    throw invalidProof('The DPoP proof JWT is issued more than five minutes in the past.');
  }
}

export function invalidProof(description: string): OAuthError {
  return new OAuthError(400, 'invalid_dpop_proof', description);
}
