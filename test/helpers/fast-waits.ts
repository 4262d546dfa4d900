import { systemClock, type Clock } from '../../src/clock.js';

/** A wait takes this part of its time. */
export const FASTER = 20;

/** The system's clock, but a wait takes a twentieth of the time. */
export const fastWaits: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(ms / FASTER, signal),
};

/**
 * Arguments of Node with which the program waits a twentieth of the time: for tests that know what is under way, and do not need it to wait
 * for that.
 */
export const FAST_WAITS: readonly string[] = [
  `--import=data:text/javascript,${encodeURIComponent(`
import promises from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';

const { setTimeout } = promises;
promises.setTimeout = (ms, ...rest) => setTimeout(ms / ${FASTER}, ...rest);
syncBuiltinESMExports();
`)}`,
];
