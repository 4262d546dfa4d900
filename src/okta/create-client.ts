import { systemClock } from '../clock.js';
import { Secret } from '../secret.js';

import { apiToken as withApiToken } from './auth/static-token.js';
import type { SignInMethod } from './auth/authenticator.js';
import { OktaClient } from './client.js';
import type { TransportOptions } from './http/transport.js';

/** Settings of a client. Everything but the org and the credentials has a default. */
export interface OktaClientSettings extends Optional<Omit<TransportOptions, 'orgUrl'>> {
  /** The org's origin, such as `https://acme.okta.com`; `http:` only for a loopback address, such as a sandbox. */
  readonly orgUrl: string;
  /** An API token (Admin Console, Security > API > Tokens), when there is no `signIn`. */
  readonly apiToken?: string | undefined;
}

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/**
 * Creates a client with the defaults of the command line: ten requests in flight, 90% of each rate limit, 30 seconds for
 * a response, and five minutes for an org that is unavailable. Close it after use.
 *
 * @throws {TypeError} a setting is missing or invalid.
 */
export function createOktaClient({ orgUrl, apiToken, ...settings }: OktaClientSettings): OktaClient {
  const origin = toOrigin(orgUrl);
  return new OktaClient({
    ...settings,
    orgUrl: origin,
    signIn: settings.signIn ?? toSignInMethod(apiToken),
    userAgent: settings.userAgent ?? 'okta-csv-import',
    concurrency: settings.concurrency ?? 10,
    rateLimitShare: settings.rateLimitShare ?? 0.9,
    requestTimeoutMs: settings.requestTimeoutMs ?? 30_000,
    giveUpAfterMs: settings.giveUpAfterMs ?? 300_000,
    clock: settings.clock ?? systemClock,
    random: settings.random ?? Math.random,
  });
}

function toOrigin(orgUrl: string): string {
  const url = URL.canParse(orgUrl) ? new URL(orgUrl) : undefined;
  if (url === undefined) throw new TypeError(`orgUrl is not a URL: ${orgUrl}`);
  // Credentials must not be sent unencrypted.
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) return url.origin;
  throw new TypeError(`orgUrl must begin with https:, but is ${url.origin}.`);
}

function toSignInMethod(apiToken: string | undefined): SignInMethod {
  if (apiToken === undefined || apiToken === '') throw new TypeError('apiToken is missing.');
  return withApiToken(new Secret(apiToken), 'apiToken');
}
