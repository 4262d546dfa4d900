import { z } from 'zod';

import { OktaImportError } from '../errors.js';
import type { Network } from '../okta/dispatcher.js';

import { loadNetwork, type NetworkFlags } from './network.js';

/** Where the org is and how to sign in. */
export interface Connection {
  /** Origin, without a slash at the end. */
  readonly orgUrl: string;
  readonly token: string;
  readonly network: Network;
}

/** How requests are sent. */
export interface RequestSettings {
  readonly concurrency: number;
  readonly rateLimitShare: number;
  readonly requestTimeoutMs: number;
  readonly giveUpAfterMs: number;
}

/** The org that a command talks to: the sandbox inside the process, or a real one. */
export type Org = { readonly kind: 'sandbox' } | ({ readonly kind: 'org' } & Connection);

/** A setting is missing or makes no sense. The message names the setting. */
export class SettingsError extends OktaImportError {
  override readonly code = 'ERR_SETTINGS';
}

/** The flags that say where and how, as yargs gives them. */
export interface OrgFlags extends NetworkFlags {
  readonly sandbox?: boolean | undefined;
  readonly orgUrl?: string | undefined;
}

/** Environment variables, with the names of Okta's own SDKs. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The org of flags and environment.
 *
 * @throws {SettingsError} all that is missing or wrong, at once.
 */
export function loadOrg(flags: OrgFlags, env: Environment): Org {
  if (flags.sandbox) return { kind: 'sandbox' };
  const problems: string[] = [];
  const url = (flags.orgUrl ?? env['OKTA_CLIENT_ORGURL'] ?? '').trim();
  const token = (env['OKTA_CLIENT_TOKEN'] ?? '').trim();
  const orgUrl =
    url === '' ? undefined : originOf(url, flags.orgUrl ? '--org-url' : 'OKTA_CLIENT_ORGURL', problems);
  if (url === '') problems.push('The org URL is missing: set OKTA_CLIENT_ORGURL, or give --org-url.');
  if (token === '') {
    problems.push(
      'The API token is missing: set OKTA_CLIENT_TOKEN. There is no flag for it, since others can see the flags of a process.',
    );
  } else if (!/^[\x21-\x7e]+$/.test(token)) {
    problems.push(
      'OKTA_CLIENT_TOKEN holds characters that no token has: was it copied whole, and nothing else?',
    );
  }
  const network = orgUrl === undefined ? undefined : loadNetwork(orgUrl, flags, env, problems);
  if (problems.length > 0 || orgUrl === undefined || network === undefined) {
    throw new SettingsError(problems.join('\n'), {
      hint: 'To try the program without an org, add --sandbox.',
    });
  }
  return Object.freeze({ kind: 'org', orgUrl, token, network });
}

/** Hosts to which http may be spoken: nothing leaves the machine. */
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The origin that was meant (auth.md, "Org URL": the usual mistakes). */
function originOf(value: string, setting: string, problems: string[]): string | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`;
  if (!URL.canParse(text) || text.includes('{')) {
    problems.push(`${setting} is "${value}", which is not a URL: it looks like https://acme.okta.com.`);
    return undefined;
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    problems.push(`${setting} holds a user name or password, which Okta does not use: leave them out.`);
    return undefined;
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    problems.push(
      `${setting} is "${value}": the token may travel by https only (http only to this machine itself).`,
    );
    return undefined;
  }
  const consoleHost = /^(.+)-admin(\.(?:okta|oktapreview|okta-emea)\.com)$/.exec(url.hostname);
  if (consoleHost) {
    problems.push(
      `${setting} is the Admin Console's address: the API is at https://${consoleHost[1]}${consoleHost[2]}.`,
    );
    return undefined;
  }
  return url.origin;
}

const requestSchema = z.object({
  concurrency: z.int().min(1).max(200),
  rateLimitShare: z.number().gt(0).max(1),
  requestTimeout: z.number().gt(0).max(3600),
  giveUpAfter: z.number().min(0).max(86_400),
});

const FLAG_OF: Readonly<Record<string, string>> = {
  concurrency: '--concurrency takes a whole number from 1 to 200',
  rateLimitShare: '--rate-limit-share takes a number above 0 and at most 1',
  requestTimeout: '--request-timeout takes seconds, above 0 and at most 3600',
  giveUpAfter: '--give-up-after takes seconds, at most 86400',
};

/** @throws {SettingsError} a number that is out of range. */
export function loadRequestSettings(flags: {
  readonly concurrency: number;
  readonly rateLimitShare: number;
  readonly requestTimeout: number;
  readonly giveUpAfter: number;
}): RequestSettings {
  const parsed = requestSchema.safeParse(flags);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
    throw new SettingsError(names.map((name) => `${FLAG_OF[name] ?? name}.`).join('\n'));
  }
  const { concurrency, rateLimitShare, requestTimeout, giveUpAfter } = parsed.data;
  return Object.freeze({
    concurrency,
    rateLimitShare,
    requestTimeoutMs: requestTimeout * 1000,
    giveUpAfterMs: giveUpAfter * 1000,
  });
}
