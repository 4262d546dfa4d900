import type { Fault, FaultAction } from './faults.js';
import { isMatch, type FaultSubject } from './fault-trigger.js';
import { seededRandom } from './seeded-random.js';

/** How many requests a trigger has matched, and how often the fault has occurred. */
interface Count {
  matches: number;
  occurrences: number;
}

interface PlannedFault {
  readonly fault: Fault;
  readonly loginKey: string | undefined;
  /** By login with `countedBy`, else under the one key `undefined`. */
  readonly counts: Map<string | undefined, Count>;
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
    this.#planned.push({ fault, loginKey, counts: new Map(), continuesUntilMs });
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault that occurs at this request, if any. Every matching fault counts the request, also after an earlier one. */
  next(subject: FaultSubject, nowMs: number): FaultAction | undefined {
    let due: { readonly planned: PlannedFault; readonly count: Count } | undefined;
    for (const planned of this.#planned) {
      if (!isMatch(planned.fault, planned.loginKey, subject)) continue;
      const count = countOf(planned, subject);
      count.matches += 1;
      if (!due && this.#isDue(planned, count, nowMs)) due = { planned, count };
    }
    if (!due) return undefined;
    const { planned, count } = due;
    count.occurrences += 1;
    const { forMs } = planned.fault;
    if (forMs !== undefined && nowMs >= planned.continuesUntilMs) planned.continuesUntilMs = nowMs + forMs;
    return planned.fault;
  }

  #isDue({ fault, continuesUntilMs }: PlannedFault, { matches, occurrences }: Count, nowMs: number): boolean {
    if (nowMs < continuesUntilMs) return true;
    if (fault.times !== undefined && occurrences >= fault.times) return false;
    if (fault.nth !== undefined && ![fault.nth].flat().includes(matches)) return false;
    if (fault.every !== undefined && matches % fault.every !== 0) return false;
    return fault.probability === undefined || this.#random() < fault.probability;
  }
}

function countOf({ fault, counts }: PlannedFault, subject: FaultSubject): Count {
  const key = fault.countedBy === 'login' ? subject.loginKey() : undefined;
  const count = counts.get(key) ?? { matches: 0, occurrences: 0 };
  counts.set(key, count);
  return count;
}
