import type { Operation } from './operations.js';
import type { SandboxErrorCode } from './refusal.js';
import { seededRandom } from './seeded-random.js';

/** When a fault strikes. A trigger without `nth`, `every` and `probability` strikes at every request of `on`. */
interface FaultTrigger {
  /** One operation, several, every one that changes something, or any request that was let in. */
  readonly on: Operation | readonly Operation[] | 'write' | 'any';
  /** Only requests whose body or path names this login, in any case. */
  readonly login?: string;
  /** Which of the matching requests, counted from 1 since the fault was added. */
  readonly nth?: number | readonly number[];
  /** Every so many-th of the matching requests. */
  readonly every?: number;
  /** 0 to 1, decided by the seeded generator of the sandbox. */
  readonly probability?: number;
  /** Most strikes; default no limit. */
  readonly times?: number;
  /** Once struck, goes on at every matching request for this long: "read-only minutes". */
  readonly forMs?: number;
}

/** The request is turned away; nothing is changed in the org. */
export type FaultBeforeCommit =
  /** `E0000009` */
  | { readonly then: 'status-500' }
  /** A gateway's HTML page. */
  | { readonly then: 'status-502' | 'status-504' }
  /** `E0000181` */
  | { readonly then: 'status-503' }
  /** 503 `E0000010` */
  | { readonly then: 'read-only' }
  /** The connection is reset (RST) before anything happened. */
  | { readonly then: 'reset-before-commit' }
  /** A 429 whose three headers are missing, as through a proxy that strips them. */
  | { readonly then: '429-no-headers' }
  /** A 429 whose window ended a while ago. */
  | { readonly then: '429-reset-in-past' }
  /** A 429 of the concurrency limit: 0/0 in the headers, which say nothing of the bucket (rate-limits.md §2.1). */
  | { readonly then: '429-concurrency' }
  /** Others use up the bucket at this moment: a true 429 until the window ends. */
  | { readonly then: '429-bucket-used-up' }
  /** The admin revokes the token: 401 `E0000011` now and from now on. */
  | { readonly then: 'revoke-token' }
  /** Any error of Okta's list, such as 409 `E0000112` or the `E0000001` that is not deterministic (errors.md §3). */
  | {
      readonly then: 'okta-error';
      readonly errorCode: SandboxErrorCode;
      readonly insert?: string;
      readonly causes?: readonly string[];
    }
  /** A proxy's page instead of the org's answer. */
  | { readonly then: 'html-body'; readonly status: number };

/** The operation runs first; then its answer gets lost, late or broken. */
export type FaultAfterCommit =
  | { readonly then: 'reset-after-commit' }
  /** `E0000009`, although the operation went through. */
  | { readonly then: '500-after-commit' }
  /** A gateway's HTML page, although the operation went through. */
  | { readonly then: '502-after-commit' | '504-after-commit' }
  /** Everything takes `delayMs` longer, the commit too. */
  | { readonly then: 'slow-before-commit'; readonly delayMs: number }
  /** The commit at once, the true answer `delayMs` later. */
  | { readonly then: 'slow-after-commit'; readonly delayMs: number }
  /** The true status and headers; the connection ends in the middle of the body. */
  | { readonly then: 'truncated-body' }
  /** The true status, and a body that is complete for HTTP but stops in the middle of the JSON. */
  | { readonly then: 'half-json-body' }
  /** The true status with no body at all. */
  | { readonly then: 'empty-body' }
  /** A proxy's page with the true status. */
  | { readonly then: 'html-body-after-commit' }
  /** Two `X-Rate-Limit-Reset` lines, seen by the authors of Okta's Node SDK (rate-limits.md §2). */
  | { readonly then: 'duplicate-reset-header' };

export type FaultAction = FaultBeforeCommit | FaultAfterCommit;

/** One scripted misfortune. */
export type Fault = FaultTrigger & FaultAction;

const RUNS_THE_OPERATION: ReadonlySet<string> = new Set([
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
  'duplicate-reset-header',
] satisfies FaultAfterCommit['then'][]);

/** Whether the operation runs all the same. */
export function runsTheOperation(action: FaultAction): action is FaultAfterCommit {
  return RUNS_THE_OPERATION.has(action.then);
}

/** What a request is, for the triggers. */
export interface FaultSubject {
  readonly operation: Operation;
  readonly isWrite: boolean;
  /** Key (`loginKey`) of the login that the request names, if any; asked only when a trigger wants to know. */
  readonly loginKey: () => string | undefined;
}

interface ArmedFault {
  readonly fault: Fault;
  readonly loginKey: string | undefined;
  seen: number;
  strikes: number;
  strikesUntilMs: number;
}

/** The faults in the order they were added, with their counts. The first that strikes a request acts. */
export class FaultPlan {
  #armed: ArmedFault[] = [];
  readonly #random: () => number;
  readonly #toLoginKey: (login: string) => string;

  constructor(seed: number, toLoginKey: (login: string) => string) {
    this.#random = seededRandom(seed);
    this.#toLoginKey = toLoginKey;
  }

  add(fault: Fault): void {
    const loginKey = fault.login === undefined ? undefined : this.#toLoginKey(fault.login);
    this.#armed.push({ fault, loginKey, seen: 0, strikes: 0, strikesUntilMs: Number.NEGATIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  /** What befalls this request, if anything. Every fault counts it, also those that another one anticipates. */
  strike(subject: FaultSubject, nowMs: number): FaultAction | undefined {
    let struck: ArmedFault | undefined;
    for (const armed of this.#armed) {
      if (!isSubject(armed, subject)) continue;
      armed.seen += 1;
      if (!struck && this.#isDue(armed, nowMs)) struck = armed;
    }
    if (!struck) return undefined;
    struck.strikes += 1;
    const { forMs } = struck.fault;
    if (forMs !== undefined && nowMs >= struck.strikesUntilMs) struck.strikesUntilMs = nowMs + forMs;
    return struck.fault;
  }

  #isDue({ fault, seen, strikes, strikesUntilMs }: ArmedFault, nowMs: number): boolean {
    if (nowMs < strikesUntilMs) return true;
    if (fault.times !== undefined && strikes >= fault.times) return false;
    if (fault.nth !== undefined && ![fault.nth].flat().includes(seen)) return false;
    if (fault.every !== undefined && seen % fault.every !== 0) return false;
    return fault.probability === undefined || this.#random() < fault.probability;
  }
}

function isSubject({ fault, loginKey }: ArmedFault, subject: FaultSubject): boolean {
  const isOfOperation =
    fault.on === 'any' ||
    (fault.on === 'write' ? subject.isWrite : [fault.on].flat().includes(subject.operation));
  return isOfOperation && (loginKey === undefined || loginKey === subject.loginKey());
}
