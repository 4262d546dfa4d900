import { createHash, randomUUID } from 'node:crypto';

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

import { issuedAtSeconds } from './client-assertion.js';

export interface ProofClaims {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
  /** Lower bound of the server's time. */
  readonly serverNowMs: number;
  readonly nonce: string | undefined;
  /** `accessTokenHash` of the token that the proof goes with. */
  readonly ath?: string | undefined;
}

/** Signs DPoP proofs (RFC 9449, section 4) with a key pair that never leaves this process. */
export class DpopSigner {
  readonly #key: CryptoKey;
  readonly #publicJwk: JWK;

  private constructor(key: CryptoKey, publicJwk: JWK) {
    this.#key = key;
    this.#publicJwk = publicJwk;
  }

  static async create(): Promise<DpopSigner> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    return new DpopSigner(privateKey, await exportJWK(publicKey));
  }

  /** A proof is valid for one request. */
  async signProof({ method, url, serverNowMs, nonce, ath }: ProofClaims): Promise<string> {
    const claims = {
      htm: method,
      htu: decoded(url),
      ...(nonce !== undefined && { nonce }),
      ...(ath !== undefined && { ath }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#publicJwk })
      .setIssuedAt(issuedAtSeconds(serverNowMs))
      .setJti(randomUUID())
      .sign(this.#key);
  }
}

/** Okta decodes the path of a request before it compares it with the proof (okta-sdk-python#541). */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // A `%` that encodes nothing, in a link of a server that does not encode either.
    return url;
  }
}

/** The hash by which a proof identifies its access token (RFC 9449, section 4.2). */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken, 'ascii').digest('base64url');
}
