import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';

import type { ServiceApp } from '../../../src/okta/auth/authenticator.js';
import type { ServiceAppSeed } from '../../../src/sandbox/service-apps.js';

export const CLIENT_ID = '0oaSandboxApp';

export const IMPORT_SCOPES = [
  'okta.users.manage',
  'okta.groups.read',
  'okta.schemas.read',
  'okta.userTypes.read',
] as const;

/** An app with a new key, as the org and as the client see it. */
export interface TestApp {
  readonly seed: ServiceAppSeed;
  readonly app: ServiceApp;
  readonly key: KeyObject;
  readonly pem: string;
}

export function testApp(seed: Partial<ServiceAppSeed> = {}, kind: 'rsa' | 'ec' = 'ec'): TestApp {
  const { privateKey: key } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    seed: {
      clientId: CLIENT_ID,
      keys: [{ ...publicJwkOf(key), kid: 'one' }],
      scopes: IMPORT_SCOPES,
      ...seed,
    },
    app: {
      mode: 'PrivateKey',
      clientId: CLIENT_ID,
      key,
      algorithm: kind === 'ec' ? 'ES256' : 'RS256',
      keyId: 'one',
      scopes: { required: ['okta.users.manage'], optional: [] },
    },
    key,
    pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

export function publicJwkOf(key: KeyObject): JsonWebKey {
  return createPublicKey(key).export({ format: 'jwk' });
}
