import { domainToUnicode } from 'node:url';

import type { Profile } from '../okta/types.js';

/** Which emails Okta is about to send. */
export interface MailPlan {
  readonly mails: number;
  /** How many to each domain, those with the most first. */
  readonly domains: readonly { readonly domain: string; readonly mails: number }[];
  /** Minutes from the first to the last; undefined when they go out as fast as the org allows. */
  readonly minutes: number | undefined;
}

/** Counts emails by the domains that they go to. */
export class MailPlanner {
  readonly #domains = new Map<string, number>();
  #mails = 0;

  /** Okta sends its emails to the primary email address. */
  add({ profile }: { readonly profile: Profile }): void {
    this.#mails += 1;
    const { email } = profile;
    const domain = typeof email === 'string' ? domainOf(email) : '';
    this.#domains.set(domain, (this.#domains.get(domain) ?? 0) + 1);
  }

  plan(perMinute?: number): MailPlan {
    return {
      mails: this.#mails,
      domains: [...this.#domains]
        .map(([domain, mails]) => ({ domain, mails }))
        .sort((one, other) => other.mails - one.mails || one.domain.localeCompare(other.domain)),
      minutes: perMinute === undefined ? undefined : Math.max(0, this.#mails - 1) / perMinute,
    };
  }
}

/** `xn--bcher-kva.example` and `Bücher.example` are one domain (RFC 5890, "A-label" and "U-label"). */
function domainOf(email: string): string {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  // In other domains, `domainToUnicode` could take numbers for an IPv4 address.
  const isInternational = /[^\0-\x7f]|(?:^|\.)xn--/.test(domain);
  // `domainToUnicode` returns an empty text for an invalid domain.
  return (isInternational && domainToUnicode(domain)) || domain;
}

/** Whether Okta sends a user an email with an activation link, once the user is activated (Users, "User creation details and outcomes"). */
export function getsActivationMail({
  credentials,
}: {
  readonly credentials?:
    | { readonly password?: object; readonly provider?: { readonly type: string } }
    | undefined;
}): boolean {
  const { password, provider } = credentials ?? {};
  return password === undefined && (provider === undefined || provider.type === 'OKTA');
}
