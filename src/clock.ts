import { setTimeout as delay } from 'node:timers/promises';

/** The clock of the program; tests use their own. */
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

/** setTimeout fires immediately for more than 2^31 - 1 ms. */
const MAX_TIMER_MS = 2_147_483_647;

const startedAtMs = performance.timeOrigin;

/**
 * The real clock. `now` counts from the start of the process with a monotonic counter, so that setting the machine's clock
 * during a run neither stalls the run nor floods the org.
 */
export const systemClock: Clock = {
  now: () => startedAtMs + performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(Math.min(Math.max(ms, 0), MAX_TIMER_MS), undefined, signal ? { signal } : {});
    } catch (error) {
      // timers/promises rejects with its own AbortError, but callers want the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
