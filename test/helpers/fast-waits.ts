/**
 * Arguments of Node with which the program waits a twentieth of the time: for tests that know what is under way, and do not need it to wait
 * for that.
 */
export const FAST_WAITS: readonly string[] = [
  `--import=data:text/javascript,${encodeURIComponent(`
import promises from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';

const { setTimeout } = promises;
promises.setTimeout = (ms, ...rest) => setTimeout(ms / 20, ...rest);
syncBuiltinESMExports();
`)}`,
];
