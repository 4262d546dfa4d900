import type { Clock } from '../clock.js';
import { OktaApiError } from '../okta/errors.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { RowOutcome } from '../rows/outcome.js';

import { ChangeSignal } from './change-signal.js';

/** So many refused rows make room for others; if all of those are refused too, the run stops. */
const MAX_REFUSED_ROWS = 10;
/** How long to wait for another row when all rows in progress were refused: there may be none. */
const IDLE_MS = 1000;

const SUCCESSES: ReadonlySet<string> = new Set([
  'created',
  'updated',
  'unchanged',
  'exists',
  'would-create',
  'would-update',
  'removed',
  'restored',
  'activated',
  'reminded',
  'suspended',
  'deactivated',
] satisfies RowOutcome['status'][]);

/** 403 `E0000006`: the admin who signs in may not do this, either for one user or group, or at all. */
export function isAccessRefusal(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.status === 403 && error.errorCode === 'E0000006';
}

export interface AccessRefusalsOptions {
  readonly clock: Clock;
  readonly cancellation: Cancellation;
  /** Repeats a request that worked when the run started: if it is refused now, the owner of the token was deactivated. */
  readonly probe?: (() => Promise<unknown>) | undefined;
}

/**
 * Decides whether a refusal concerns one row, as for a group admin whose file names another group, or the whole run.
 *
 * Once any row has succeeded, refusals concern their rows. Until then, refused rows wait for a success, without counting
 * toward the concurrency, so that a run whose first rows are refused still gets to the others.
 */
export class AccessRefusals {
  readonly #clock: Clock;
  readonly #cancellation: Cancellation;
  readonly #probe: AccessRefusalsOptions['probe'];
  readonly #decided = new ChangeSignal();
  /** Ends the wait for another row. */
  readonly #hasDecided = new AbortController();
  #onChange = (): void => {};
  #verdict: 'row' | 'run' | undefined;
  /** Refused rows since the last success. */
  #streak = 0;
  #probeAtStreak = MAX_REFUSED_ROWS;
  #inProgress = 0;
  #started = 0;
  #waiting = 0;

  constructor({ clock, cancellation, probe }: AccessRefusalsOptions) {
    this.#clock = clock;
    this.#cancellation = cancellation;
    this.#probe = probe;
  }

  /** Number of rows that wait for the decision and do not count toward the concurrency. */
  get parked(): number {
    return Math.min(this.#waiting, MAX_REFUSED_ROWS);
  }

  /** Calls `listener` when rows begin or end to wait. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Applies one row, and learns from its outcome. */
  async observe<Outcome extends Pick<RowOutcome, 'status'>>(apply: () => Promise<Outcome>): Promise<Outcome> {
    this.#started += 1;
    this.#inProgress += 1;
    try {
      const outcome = await apply();
      if (SUCCESSES.has(outcome.status)) this.#recordSuccess();
      return outcome;
    } finally {
      this.#inProgress -= 1;
      this.#decideIfAllWait();
    }
  }

  /**
   * Whether an error concerns only the row that got it; false for all errors but access refusals.
   *
   * @param isApplied - whether the row is applied by `observe`, not only planned.
   */
  async concernsOnlyRow(error: unknown, isApplied = true): Promise<boolean> {
    if (!isAccessRefusal(error)) return false;
    if (this.#verdict === 'row') return !(await this.#hasLostAccess());
    if (!isApplied) this.#inProgress += 1;
    this.#waiting += 1;
    this.#onChange();
    this.#decideIfAllWait();
    if (this.#waiting === 1) void this.#decideWhenIdle();
    const verdict = await this.#decision();
    this.#waiting -= 1;
    if (!isApplied) this.#inProgress -= 1;
    this.#onChange();
    return verdict === 'row';
  }

  #recordSuccess(): void {
    this.#streak = 0;
    this.#probeAtStreak = MAX_REFUSED_ROWS;
    this.#decide('row');
  }

  /** After several refusals in a row, what worked before is tried again. */
  async #hasLostAccess(): Promise<boolean> {
    this.#streak += 1;
    if (this.#streak < this.#probeAtStreak || this.#probe === undefined) return false;
    this.#probeAtStreak *= 4;
    try {
      await this.#probe();
      return false;
    } catch (error) {
      const isLost = isAccessRefusal(error) || (error instanceof OktaApiError && error.status === 401);
      if (isLost) this.#cancellation.fail(error);
      return isLost;
    }
  }

  async #decision(): Promise<'row' | 'run'> {
    for (;;) {
      if (this.#verdict !== undefined) return this.#verdict;
      await this.#decided.wait();
    }
  }

  #decide(verdict: 'row' | 'run'): void {
    // A row that was in progress may still succeed after the run was stopped.
    if (this.#verdict === 'row' || this.#verdict === verdict) return;
    this.#verdict = verdict;
    this.#hasDecided.abort();
    this.#decided.notify();
  }

  #decideIfAllWait(): void {
    if (this.#waiting >= MAX_REFUSED_ROWS && this.#waiting >= this.#inProgress) this.#decide('run');
  }

  async #decideWhenIdle(): Promise<void> {
    const signal = AbortSignal.any([this.#cancellation.signal, this.#hasDecided.signal]);
    for (;;) {
      const startedBefore = this.#started;
      try {
        await this.#clock.sleep(IDLE_MS, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        this.#decide('run');
      }
      if (this.#verdict !== undefined) return;
      if (this.#started === startedBefore && this.#waiting >= this.#inProgress) this.#decide('run');
    }
  }
}
