import type { Operation } from './operations.js';
import type { RateWindow } from './rate-limits.js';
import { loginKey } from './user-store.js';

/** The status of a request whose connection was dropped instead of answered. */
export const NO_ANSWER = 0;

/** A create that went through, whatever the client came to know of it. */
export interface CommittedCreate {
  readonly login: string;
  readonly oktaId: string;
}

/** What the server itself saw and did: tests count with this, not with spies. */
export interface Ledger {
  /** Requests that arrived, or only those of an operation and status (`NO_ANSWER` for a dropped connection). */
  requests(of?: { readonly operation?: Operation; readonly status?: number }): number;
  /** Users that `POST /api/v1/users` made, in order. */
  readonly created: readonly CommittedCreate[];
  /** Creates that were let in for a login (any case), whether or not they went through. */
  createsSent(login: string): number;
  /** Logins of creates that were let in although the login existed, once each time. */
  readonly createsOfTakenLogins: readonly string[];
  /** Requests that got a 429, by why. */
  readonly rateLimited: { readonly rate: number; readonly concurrency: number; readonly scripted: number };
  /** Most requests that the org ever worked on at once; it needs `latencyMs`, or each is over before the next. */
  readonly maxInFlight: number;
  /** Every window of every bucket so far, with its counts. */
  readonly windows: readonly RateWindow[];
  /** Faults that struck, by what they did. */
  readonly faults: ReadonlyMap<string, number>;
}

/** The writing side of the ledger; the server's. */
export class LedgerBook implements Ledger {
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

  requestAnswered(operation: Operation, status: number): void {
    const byStatus = this.#requests.get(operation) ?? new Map<number, number>();
    this.#requests.set(operation, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
  }

  createArrived(login: string, isTaken: boolean): void {
    const key = loginKey(login);
    this.#createsSent.set(key, (this.#createsSent.get(key) ?? 0) + 1);
    if (isTaken) this.createsOfTakenLogins.push(login);
  }

  faultStruck(then: string): void {
    this.faults.set(then, (this.faults.get(then) ?? 0) + 1);
  }
}
