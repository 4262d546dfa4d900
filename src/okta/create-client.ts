import { systemClock } from '../clock.js';
import { Secret } from '../secret.js';

import { apiToken as withApiToken } from './auth/static-token.js';
import type { SignInMethod } from './auth/authenticator.js';
import { OktaClient } from './client.js';
import type { TransportOptions } from './http/transport.js';

/** How a program reaches its org. All but the org and the sign-in has a default. */
export interface OktaClientSettings extends Optional<Omit<TransportOptions, 'orgUrl'>> {
  /** The org's origin, such as `https://acme.okta.com`; `http:` only for a loopback address, as of a sandbox. */
  readonly orgUrl: string;
  /** An API token (Admin Console, Security > API > Tokens), when there is no `signIn`. */
  readonly apiToken?: string | undefined;
}

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/**
 * A client with the command line's own defaults: ten requests in flight, nine tenths of each rate limit, 30 seconds for an
 * answer, and five minutes for an org that is away. Close it when nothing is to be asked any more.
 *
 * @throws {TypeError} A setting is missing or makes no sense.
 */
export function createOktaClient({ orgUrl, apiToken, ...settings }: OktaClientSettings): OktaClient {
  const origin = originOf(orgUrl);
  return new OktaClient({
    ...settings,
    orgUrl: origin,
    signIn: settings.signIn ?? signInWith(apiToken),
    userAgent: settings.userAgent ?? 'okta-csv-import',
    concurrency: settings.concurrency ?? 10,
    rateLimitShare: settings.rateLimitShare ?? 0.9,
    requestTimeoutMs: settings.requestTimeoutMs ?? 30_000,
    giveUpAfterMs: settings.giveUpAfterMs ?? 300_000,
    clock: settings.clock ?? systemClock,
    random: settings.random ?? Math.random,
  });
}

function originOf(orgUrl: string): string {
  const url = URL.canParse(orgUrl) ? new URL(orgUrl) : undefined;
  if (url === undefined) throw new TypeError(`orgUrl is no URL: ${orgUrl}`);
  // A credential that goes over the wire in the clear is everybody's.
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) return url.origin;
  throw new TypeError(`orgUrl begins with https:, and is not ${url.origin}.`);
}

function signInWith(apiToken: string | undefined): SignInMethod {
  if (apiToken === undefined || apiToken === '') throw new TypeError('apiToken is missing.');
  return withApiToken(new Secret(apiToken), 'apiToken');
}
