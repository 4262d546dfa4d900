import type { OktaErrorCode } from './okta-error.js';
import type { Operation } from './operations.js';
import { seededRandom } from './seeded-random.js';

/** When a fault occurs. Without `nth`, `every` and `probability` it occurs at every request that `on` matches. */
interface FaultTrigger {
  /** One operation, several, all that change something, or all requests that pass authentication and rate limits. */
  readonly on: Operation | readonly Operation[] | 'write' | 'any';
  /** Only requests whose body or path names this login (case-insensitive). */
  readonly login?: string;
  /** Which of the matching requests, counted from 1 since the fault was added. */
  readonly nth?: number | readonly number[];
  /** Every n-th of the matching requests. */
  readonly every?: number;
  /** 0 to 1, decided by the sandbox's seeded generator. */
  readonly probability?: number;
  /** How often the fault occurs at most; default no limit. */
  readonly times?: number;
  /** Once it has occurred, the fault continues at every matching request for this long: "read-only minutes". */
  readonly forMs?: number;
}

/** The request fails; nothing changes in the org. */
export type FaultBeforeCommit =
  /** `E0000009` */
  | { readonly then: 'status-500' }
  /** The HTML page of a gateway. */
  | { readonly then: 'status-502' | 'status-504' }
  /** `E0000181` */
  | { readonly then: 'status-503' }
  /** 503 `E0000010` */
  | { readonly then: 'read-only' }
  /** The connection is reset (RST) before the operation runs. */
  | { readonly then: 'reset-before-commit' }
  /** A 429 without the three headers, as behind a proxy that strips them. */
  | { readonly then: '429-no-headers' }
  /** A 429 whose window ended a while ago. */
  | { readonly then: '429-reset-in-past' }
  /** A 429 of the concurrency limit: zeros in the headers, which do not describe the bucket. */
  | { readonly then: '429-concurrency' }
  /** Other clients use up the bucket at this moment: real 429s until the window ends. */
  | { readonly then: '429-bucket-used-up' }
  /** An admin revokes the token: 401 `E0000011` from now on. */
  | { readonly then: 'revoke-token' }
  /** Any of Okta's errors, such as 409 `E0000112` or an `E0000001` that a retry does not get again. */
  | {
      readonly then: 'okta-error';
      readonly errorCode: OktaErrorCode;
      readonly insert?: string;
      readonly causes?: readonly string[];
    }
  /** The page of a proxy instead of the org's response. */
  | { readonly then: 'html-body'; readonly status: number };

/** The operation runs; then its response is lost, late or broken. */
export type FaultAfterCommit =
  | { readonly then: 'reset-after-commit' }
  /** `E0000009`, although the operation succeeded. */
  | { readonly then: '500-after-commit' }
  /** The HTML page of a gateway, although the operation succeeded. */
  | { readonly then: '502-after-commit' | '504-after-commit' }
  /** The operation runs `delayMs` later. */
  | { readonly then: 'slow-before-commit'; readonly delayMs: number }
  /** The operation runs at once; the response follows `delayMs` later. */
  | { readonly then: 'slow-after-commit'; readonly delayMs: number }
  /** The real status and headers; the connection ends in the middle of the body. */
  | { readonly then: 'truncated-body' }
  /** The real status, and a body that is complete for HTTP but ends in the middle of the JSON. */
  | { readonly then: 'half-json-body' }
  /** The real status without a body. */
  | { readonly then: 'empty-body' }
  /** The page of a proxy with the real status, or with another one. */
  | { readonly then: 'html-body-after-commit'; readonly status?: number }
  /** One of Okta's errors, although the operation succeeded. */
  | { readonly then: 'okta-error-after-commit'; readonly errorCode: OktaErrorCode }
  /** A proxy sends the request twice; the client gets the second response. */
  | { readonly then: 'sent-twice' }
  /** A gateway responds with 504; the operation runs `delayMs` later. */
  | { readonly then: 'commit-later'; readonly delayMs: number }
  /** Two `X-Rate-Limit-Reset` headers, a case that Okta's Node SDK is prepared for. */
  | { readonly then: 'duplicate-reset-header' };

export type FaultAction = FaultBeforeCommit | FaultAfterCommit;

/** A scripted failure. */
export type Fault = FaultTrigger & FaultAction;

const AFTER_COMMIT: ReadonlySet<string> = new Set([
  'slow-before-commit',
  'slow-after-commit',
  'reset-after-commit',
  '500-after-commit',
  '502-after-commit',
  '504-after-commit',
  'truncated-body',
  'half-json-body',
  'empty-body',
  'html-body-after-commit',
  'okta-error-after-commit',
  'sent-twice',
  'commit-later',
  'duplicate-reset-header',
] satisfies FaultAfterCommit['then'][]);

/** Whether the operation runs despite the fault. */
export function isAfterCommit(action: FaultAction): action is FaultAfterCommit {
  return AFTER_COMMIT.has(action.then);
}

/** What triggers need to know of a request. */
export interface FaultSubject {
  readonly operation: Operation;
  readonly isWrite: boolean;
  /** The key (`loginKey`) of the login in the request, if any; called only when a trigger has a login. */
  readonly loginKey: () => string | undefined;
}

interface PlannedFault {
  readonly fault: Fault;
  readonly loginKey: string | undefined;
  matches: number;
  occurrences: number;
  continuesUntilMs: number;
}

/** The faults in the order in which they were added. For each request, the first one that is due occurs. */
export class FaultPlan {
  #planned: PlannedFault[] = [];
  readonly #random: () => number;
  readonly #toLoginKey: (login: string) => string;

  constructor(seed: number, toLoginKey: (login: string) => string) {
    this.#random = seededRandom(seed);
    this.#toLoginKey = toLoginKey;
  }

  add(fault: Fault): void {
    const loginKey = fault.login === undefined ? undefined : this.#toLoginKey(fault.login);
    const continuesUntilMs = Number.NEGATIVE_INFINITY;
    this.#planned.push({ fault, loginKey, matches: 0, occurrences: 0, continuesUntilMs });
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault that occurs at this request, if any. Every matching fault counts the request, also after an earlier one. */
  next(subject: FaultSubject, nowMs: number): FaultAction | undefined {
    let due: PlannedFault | undefined;
    for (const planned of this.#planned) {
      if (!isMatch(planned, subject)) continue;
      planned.matches += 1;
      if (!due && this.#isDue(planned, nowMs)) due = planned;
    }
    if (!due) return undefined;
    due.occurrences += 1;
    const { forMs } = due.fault;
    if (forMs !== undefined && nowMs >= due.continuesUntilMs) due.continuesUntilMs = nowMs + forMs;
    return due.fault;
  }

  #isDue({ fault, matches, occurrences, continuesUntilMs }: PlannedFault, nowMs: number): boolean {
    if (nowMs < continuesUntilMs) return true;
    if (fault.times !== undefined && occurrences >= fault.times) return false;
    if (fault.nth !== undefined && ![fault.nth].flat().includes(matches)) return false;
    if (fault.every !== undefined && matches % fault.every !== 0) return false;
    return fault.probability === undefined || this.#random() < fault.probability;
  }
}

function isMatch({ fault, loginKey }: PlannedFault, subject: FaultSubject): boolean {
  const isOperation =
    fault.on === 'any' ||
    (fault.on === 'write' ? subject.isWrite : [fault.on].flat().includes(subject.operation));
  return isOperation && (loginKey === undefined || loginKey === subject.loginKey());
}
