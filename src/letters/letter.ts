import type { Secret } from '../secret.js';

/** What one person is given on the first day. */
export interface Letter {
  readonly oktaId: string;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** The person's language, such as `de` or `pt-BR`; undefined when the org does not know it. */
  readonly language: string | undefined;
  /** With which the person chooses a password, once. Undefined for a person who has a password. */
  readonly link: Secret | undefined;
  /** A password that was generated for the person. */
  readonly password: Secret | undefined;
  /** When the link ends, epoch milliseconds. */
  readonly expiresAtMs: number | undefined;
}
