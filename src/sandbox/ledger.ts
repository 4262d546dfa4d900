import type { Operation } from './operations.js';
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
}

/** The ledger as the server writes it. */
export class LedgerRecorder implements Ledger {
  readonly created: CommittedCreate[] = [];
  readonly createsOfTakenLogins: string[] = [];
  readonly rateLimited = { rate: 0, concurrency: 0, scripted: 0 };
  readonly windows: readonly RateWindow[];
  readonly faults = new Map<string, number>();
  readonly #createsSent = new Map<string, number>();
  readonly #requests = new Map<Operation, Map<number, number>>();
  #inFlight = 0;
  #maxInFlight = 0;

  constructor(windows: readonly RateWindow[]) {
    this.windows = windows;
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
