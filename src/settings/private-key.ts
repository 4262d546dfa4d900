import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';

import type { Secret } from '../secret.js';

import { SettingsError } from './error.js';

/** A key that can sign a client assertion. A `KeyObject` shows nothing of itself when it is printed. */
export interface SigningKey {
  readonly key: KeyObject;
  /** As Okta names them (auth.md, "Client assertion"). */
  readonly algorithm: 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512';
  /** `kid` of a JWK that says it. */
  readonly keyId: string | undefined;
}

/**
 * Reads a private key: PEM (PKCS#1, PKCS#8 or SEC1; `\n` may stand for line ends, as in one-line variables) or a JWK.
 *
 * @param from - the setting, for messages; the key itself is never quoted.
 * @throws {SettingsError} it is none, or none that Okta takes.
 */
export function readPrivateKey(secret: Secret, from: string): SigningKey {
  const text = secret.reveal().trim().replaceAll('\\n', '\n').replaceAll('\r', '');
  const jwk = text.startsWith('{') ? parseJwk(text, from) : undefined;
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw new SettingsError(
      `${from} is a key that is locked with a passphrase, and nobody is there to type it.`,
      {
        hint: 'Unlock it into a file of its own (chmod 600): openssl pkey -in locked.pem -out key.pem',
      },
    );
  }
  if (/-----BEGIN (RSA )?PUBLIC KEY|-----BEGIN CERTIFICATE/.test(text) || (jwk && jwk['d'] === undefined)) {
    throw new SettingsError(`${from} is a public key; signing in needs the private one.`, {
      hint: 'Give the half that was kept when the key was made; Okta holds the public one.',
    });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(jwk === undefined ? { key: text } : { key: jwk, format: 'jwk' });
  } catch (error) {
    // OpenSSL's words say nothing to anybody, and the cause would carry them along.
    throw new SettingsError(`${from} is no private key that can be read.`, {
      hint: `Give it as PEM (-----BEGIN PRIVATE KEY-----) or a JWK ({"kty": ...}), whole, or the path of a file that holds one${codeOf(error)}.`,
    });
  }
  const stated = typeof jwk?.['alg'] === 'string' ? jwk['alg'] : undefined;
  const keyId = typeof jwk?.['kid'] === 'string' ? jwk['kid'] : undefined;
  return { key, algorithm: algorithmOf(key, stated, from), keyId };
}

const OF_CURVE = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' } as const;
const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512'] as const;
/** RFC 7518, section 3.3. */
const LEAST_RSA_BITS = 2048;

function algorithmOf(key: KeyObject, stated: string | undefined, from: string): SigningKey['algorithm'] {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa') {
    const bits = details?.modulusLength ?? 0;
    if (bits < LEAST_RSA_BITS) {
      throw new SettingsError(`${from} is an RSA key of ${bits} bits; it takes at least ${LEAST_RSA_BITS}.`, {
        hint: 'Have a new key made: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048.',
      });
    }
    return RSA_ALGORITHMS.find((algorithm) => algorithm === stated) ?? 'RS256';
  }
  const curve = details?.namedCurve ?? '';
  if (key.asymmetricKeyType === 'ec' && curve in OF_CURVE) return OF_CURVE[curve as keyof typeof OF_CURVE];
  throw new SettingsError(
    `${from} is a key of a kind that Okta does not take (${key.asymmetricKeyType} ${curve}`.trimEnd() + ').',
    { hint: 'Give one that Okta takes: an RSA key, or an EC key on P-256, P-384 or P-521.' },
  );
}

function parseJwk(text: string, from: string): JsonWebKey {
  try {
    return JSON.parse(text) as JsonWebKey;
  } catch {
    // The parser would quote the key.
    throw new SettingsError(`${from} begins as a JWK does, and is no JSON.`, {
      hint: 'Give the JWK whole, from its first brace to its last, or the path of a file that holds it.',
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}
