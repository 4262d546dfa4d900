import { systemClock, type Clock } from '../../src/clock.js';

/** A clock that runs `factor` times as fast as the system's, for tests that wait out retries. */
export function fastClock(factor = 20): Clock {
  const startMs = systemClock.now();
  return {
    now: () => startMs + (systemClock.now() - startMs) * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
