import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';

import type { Secret } from '../secret.js';

import { SettingsError } from './error.js';

/** A key that can sign a client assertion. A `KeyObject` reveals nothing when it is printed. */
export interface SigningKey {
  readonly key: KeyObject;
  /** One that Okta supports for client assertions. */
  readonly algorithm: 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512';
  /** `kid` of a JWK. */
  readonly keyId: string | undefined;
}

/**
 * Reads a private key: PEM (PKCS#1, PKCS#8 or SEC1; `\n` may stand for line breaks, as in one-line variables) or a JWK.
 *
 * @param from - the setting, for messages; the key itself is never quoted.
 * @throws {SettingsError} it is not a private key, or not one that Okta supports.
 */
export function readPrivateKey(secret: Secret, from: string): SigningKey {
  const text = secret.reveal().trim().replaceAll('\\n', '\n').replaceAll('\r', '');
  const jwk = text.startsWith('{') ? parseJwk(text, from) : undefined;
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw new SettingsError(`${from} is encrypted with a passphrase, which cannot be entered here.`, {
      hint: 'Decrypt it into a separate file (chmod 600): openssl pkey -in encrypted.pem -out key.pem',
    });
  }
  if (/-----BEGIN (RSA )?PUBLIC KEY|-----BEGIN CERTIFICATE/.test(text) || (jwk && jwk['d'] === undefined)) {
    throw new SettingsError(`${from} is a public key; the private key is required.`, {
      hint: 'Use the private key that was created together with it; Okta only has the public key.',
    });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(jwk === undefined ? { key: text } : { key: jwk, format: 'jwk' });
  } catch (error) {
    // No cause: OpenSSL's message is no help, and could contain the key.
    throw new SettingsError(`${from} is not a readable private key.`, {
      hint: `Use a complete PEM (-----BEGIN PRIVATE KEY-----) or JWK ({"kty": ...}), or the path of a file that contains one${codeOf(error)}.`,
    });
  }
  const stated = typeof jwk?.['alg'] === 'string' ? jwk['alg'] : undefined;
  const keyId = typeof jwk?.['kid'] === 'string' ? jwk['kid'] : undefined;
  return { key, algorithm: algorithmOf(key, stated, from), keyId };
}

const ALGORITHM_OF_CURVE = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' } as const;
const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512'] as const;
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2048;

function algorithmOf(key: KeyObject, stated: string | undefined, from: string): SigningKey['algorithm'] {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa') {
    const bits = details?.modulusLength ?? 0;
    if (bits < MIN_RSA_BITS) {
      throw new SettingsError(
        `${from} is an RSA key of ${bits} bits; at least ${MIN_RSA_BITS} are required.`,
        { hint: 'Create a new key: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048' },
      );
    }
    return RSA_ALGORITHMS.find((algorithm) => algorithm === stated) ?? 'RS256';
  }
  const curve = details?.namedCurve ?? '';
  if (key.asymmetricKeyType === 'ec' && curve in ALGORITHM_OF_CURVE) {
    return ALGORITHM_OF_CURVE[curve as keyof typeof ALGORITHM_OF_CURVE];
  }
  const kind = `${key.asymmetricKeyType} ${curve}`.trimEnd();
  throw new SettingsError(`${from} is a kind of key that Okta does not support (${kind}).`, {
    hint: 'Use an RSA key, or an EC key on P-256, P-384 or P-521.',
  });
}

function parseJwk(text: string, from: string): JsonWebKey {
  try {
    return JSON.parse(text) as JsonWebKey;
  } catch {
    // No cause: the parser would quote the key.
    throw new SettingsError(`${from} begins like a JWK, but is not valid JSON.`, {
      hint: 'Use the complete JWK, from its first brace to its last, or the path of a file that contains it.',
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}
