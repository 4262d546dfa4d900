import type { Writable } from 'node:stream';

import type { Clock } from '../clock.js';
import type { Terminal } from './terminal.js';

import type { Monitor } from './run-monitor.js';

export type InterruptSignal = 'SIGINT' | 'SIGTERM';

/** What a command needs of the process it runs in. */
export interface Surroundings {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Data. */
  readonly stdout: Writable;
  /** Everything else that is said: standard error, and the log. */
  readonly terminal: Terminal;
  /** Whoever else hears of the run; undefined when nobody does. */
  readonly monitor?: Monitor | undefined;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Of the program. */
  readonly version: string;
  /** Whether somebody sits at a terminal who can answer a question. */
  readonly canAsk: boolean;
  /** Has the listener called at the first SIGINT or SIGTERM; a second one ends the process at once. */
  onInterrupt(listener: (signal: InterruptSignal) => void): void;
}
