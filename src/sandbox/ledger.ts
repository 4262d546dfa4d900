import type { Operation } from './operations.js';
import type { IssuedLink, OneTimeLinks } from './one-time-links.js';
import type { MailKind, Outbox, SentMail } from './outbox.js';
import type { RateWindow } from './rate-limits.js';
import { loginKey } from './user-store.js';

/** The status of a request that got no response: the connection was dropped. */
export const NO_RESPONSE = 0;

/** A create that succeeded, whatever the client received. */
export interface CommittedCreate {
  readonly login: string;
  readonly oktaId: string;
}

/** What the server received and did, for tests to count. */
export interface Ledger {
  /** The number of requests, or of those with this operation and status (`NO_RESPONSE` for a dropped connection). */
  requests(of?: { readonly operation?: Operation; readonly status?: number }): number;
  /** Users created by `POST /api/v1/users`, in order. */
  readonly created: readonly CommittedCreate[];
  /** Create requests for a login (case-insensitive) that passed authentication and rate limits, successful or not. */
  createsSent(login: string): number;
  /** Logins of create requests whose login already existed, one entry per request. */
  readonly createsOfTakenLogins: readonly string[];
  /** Requests that got a 429, by cause. */
  readonly rateLimited: { readonly rate: number; readonly concurrency: number; readonly scripted: number };
  /** Most requests in flight at the same time; without `latencyMs`, each ends before the next begins. */
  readonly maxInFlight: number;
  /** All windows of all buckets so far, with their counts. */
  readonly windows: readonly RateWindow[];
  /** How often each fault occurred. */
  readonly faults: ReadonlyMap<string, number>;
  /** Emails to users, in order. */
  readonly mails: readonly SentMail[];
  /** How many emails a login got (case-insensitive), or how many of one kind. */
  mailsTo(login: string, kind?: MailKind): number;
  /** Activation links in responses, in order. Of each user, only the last one can be used, and only once. */
  readonly links: readonly IssuedLink[];
}

/** What is recorded where it happens. */
interface LedgerSources {
  readonly windows: readonly RateWindow[];
  readonly outbox: Pick<Outbox, 'mails'>;
  readonly links: Pick<OneTimeLinks, 'issued'>;
}

/** The ledger as the server writes it. */
export class LedgerRecorder implements Ledger {
  readonly created: CommittedCreate[] = [];
  readonly createsOfTakenLogins: string[] = [];
  readonly rateLimited = { rate: 0, concurrency: 0, scripted: 0 };
  readonly windows: readonly RateWindow[];
  readonly faults = new Map<string, number>();
  readonly mails: readonly SentMail[];
  readonly links: readonly IssuedLink[];
  readonly #createsSent = new Map<string, number>();
  readonly #requests = new Map<Operation, Map<number, number>>();
  #inFlight = 0;
  #maxInFlight = 0;

  constructor({ windows, outbox, links }: LedgerSources) {
    this.windows = windows;
    this.mails = outbox.mails;
    this.links = links.issued;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  requests(of: { readonly operation?: Operation; readonly status?: number } = {}): number {
    let total = 0;
    for (const [operation, byStatus] of this.#requests) {
      if (of.operation !== undefined && of.operation !== operation) continue;
      for (const [status, count] of byStatus) {
        if (of.status === undefined || of.status === status) total += count;
      }
    }
    return total;
  }

  createsSent(login: string): number {
    return this.#createsSent.get(loginKey(login)) ?? 0;
  }

  mailsTo(login: string, kind?: MailKind): number {
    const key = loginKey(login);
    return this.mails.filter(
      (mail) => loginKey(mail.login) === key && (kind === undefined || mail.kind === kind),
    ).length;
  }

  requestOpened(): void {
    this.#inFlight += 1;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
  }

  requestClosed(): void {
    this.#inFlight -= 1;
  }

  requestCompleted(operation: Operation, status: number): void {
    const byStatus = this.#requests.get(operation) ?? new Map<number, number>();
    this.#requests.set(operation, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
  }

  createReceived(login: string, isTaken: boolean): void {
    const key = loginKey(login);
    this.#createsSent.set(key, (this.#createsSent.get(key) ?? 0) + 1);
    if (isTaken) this.createsOfTakenLogins.push(login);
  }

  faultOccurred(then: string): void {
    this.faults.set(then, (this.faults.get(then) ?? 0) + 1);
  }
}
