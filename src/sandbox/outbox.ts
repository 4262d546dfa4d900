import type { UserRecord } from './user-store.js';

/** `activation`: the first email with a link. `reactivation`: the same again. */
export type MailKind = 'activation' | 'reactivation' | 'password-reset';

/** An email that Okta would have sent. */
export interface SentMail {
  readonly kind: MailKind;
  readonly oktaId: string;
  /** When the email was sent. */
  readonly login: string;
  /** By the org's clock, epoch milliseconds. */
  readonly sentAtMs: number;
}

/** The emails of an org, which nobody gets. */
export class Outbox {
  readonly #now: () => number;
  /** In the order in which they were sent. */
  readonly mails: SentMail[] = [];

  /** @param now - the org's clock, epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  send(kind: MailKind, { oktaId, profile }: UserRecord): void {
    this.mails.push({ kind, oktaId, login: profile.login, sentAtMs: this.#now() });
  }
}
