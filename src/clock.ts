import { setTimeout as delay } from 'node:timers/promises';

/** Time as the program sees it; tests pass another. */
export interface Clock {
  /** Epoch milliseconds. Never jumps backwards within a process. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds.
   *
   * @throws the signal's reason, as soon as the signal aborts.
   */
  sleep(ms: number, signal?: AbortSignal | undefined): Promise<void>;
}

/** setTimeout fires at once for more than 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The real clock. `now` counts from the process's start with the monotonic counter, so that a machine whose clock is set
 * while a run goes on neither stalls it nor floods the org.
 */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(Math.min(Math.max(ms, 0), LONGEST_TIMER_MS), undefined, signal ? { signal } : {});
    } catch (error) {
      // timers/promises rejects with an AbortError of its own; callers want the reason that was given.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
