import { randomBytes } from 'node:crypto';

import type { UserRecord } from './user-store.js';

/** A link that the org returned for one user, who can choose a password with it once. */
export interface IssuedLink {
  readonly oktaId: string;
  /** When the link was issued. */
  readonly login: string;
  /** The part of the link that is secret. */
  readonly token: string;
  /** By the org's clock, epoch milliseconds. */
  readonly issuedAtMs: number;
}

/** Okta's default, which an admin can change. */
const DEFAULT_LIFETIME_MS = 7 * 86_400_000;
const TOKEN_BYTES = 15;

/** The activation links of an org. Of each user, only the last one can be used, once, and for a limited time. */
export class OneTimeLinks {
  /** In the order in which they were issued. */
  readonly issued: IssuedLink[] = [];
  readonly #lifetimeMs: number;
  readonly #byToken = new Map<string, IssuedLink>();
  /** The token of each user that was issued last and has not been used. */
  readonly #open = new Map<string, string>();

  constructor(lifetimeMs = DEFAULT_LIFETIME_MS) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** Issues a link, which ends the former one of the user. */
  issue({ oktaId, profile }: UserRecord, nowMs: number): IssuedLink {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const link = { oktaId, login: profile.login, token, issuedAtMs: nowMs };
    this.issued.push(link);
    this.#byToken.set(token, link);
    this.#open.set(oktaId, token);
    return link;
  }

  /** Ends the link of a user: it was used, or another one is on its way by email. */
  end({ oktaId }: Pick<UserRecord, 'oktaId'>): void {
    this.#open.delete(oktaId);
  }

  /** @returns undefined for a token that is unknown, used, replaced or expired. */
  findOpen(token: string, nowMs: number): IssuedLink | undefined {
    const link = this.#byToken.get(token);
    if (link === undefined || this.#open.get(link.oktaId) !== token) return undefined;
    return nowMs < link.issuedAtMs + this.#lifetimeMs ? link : undefined;
  }
}
