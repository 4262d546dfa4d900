import { randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';

import type { ServiceApp } from './authenticator.js';

/** The hosts of an org differ slightly in time; a time a little in the past is never in their future. */
const BACKDATED_SECONDS = 5;
/** Okta allows an hour. It only has to outlive the request. */
const LIFETIME_SECONDS = 300;

/**
 * Signs the JWT that authenticates the app (RFC 7523); valid for one request because of its `jti`.
 *
 * @param tokenUrl - the exact URL that it is sent to.
 * @param serverNowMs - lower bound of the server's time.
 */
export async function signClientAssertion(
  { clientId, key, algorithm, keyId }: ServiceApp,
  tokenUrl: string,
  serverNowMs: number,
): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(issuedAtSeconds(serverNowMs))
    .setExpirationTime(Math.floor(serverNowMs / 1000) + LIFETIME_SECONDS)
    .setJti(randomUUID())
    .sign(key);
}

/** @param serverNowMs - lower bound of the server's time. */
export function issuedAtSeconds(serverNowMs: number): number {
  return Math.floor(serverNowMs / 1000) - BACKDATED_SECONDS;
}
