import { createHash, randomUUID } from 'node:crypto';

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

import type { ServiceApp } from './authenticator.js';

/** Hosts of an org differ by moments; a time that lies a little back is never in the future. */
const BACKDATED_SECONDS = 5;
/** Okta allows an hour. It must only outlive the request. */
const ASSERTION_SECONDS = 300;

/**
 * The JWT that proves who the app is: for one request, since one with a `jti` is good only once.
 *
 * @param tokenUrl - the very URL that it is sent to.
 * @param serverNowMs - the org's clock, not later than it really is.
 * @see auth.md, "Client assertion (JWT)"
 */
export async function signClientAssertion(
  { clientId, key, algorithm, keyId }: ServiceApp,
  tokenUrl: string,
  serverNowMs: number,
): Promise<string> {
  const nowSeconds = Math.floor(serverNowMs / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(nowSeconds - BACKDATED_SECONDS)
    .setExpirationTime(nowSeconds + ASSERTION_SECONDS)
    .setJti(randomUUID())
    .sign(key);
}

/** What a proof is about. */
export interface ProofClaims {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
  /** The org's clock, not later than it really is. */
  readonly serverNowMs: number;
  readonly nonce: string | undefined;
  /** `athOf` the access token that the proof goes with. */
  readonly ath?: string | undefined;
}

/** Makes DPoP proofs (RFC 9449, section 4) with a key pair of this process's own, which nobody else ever holds. */
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

  /** A proof is good for one request. */
  async signProof({ method, url, serverNowMs, nonce, ath }: ProofClaims): Promise<string> {
    const claims = {
      htm: method,
      htu: url,
      ...(nonce !== undefined && { nonce }),
      ...(ath !== undefined && { ath }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#publicJwk })
      .setIssuedAt(Math.floor(serverNowMs / 1000) - BACKDATED_SECONDS)
      .setJti(randomUUID())
      .sign(this.#key);
  }
}

/** The hash by which a proof names its access token (RFC 9449, section 4.2). */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken, 'ascii').digest('base64url');
}
