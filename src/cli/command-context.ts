import type { Writable } from 'node:stream';

import type { Clock } from '../clock.js';
import type { StartedBy } from '../journal/journal-line.js';
import type { Environment } from '../settings/layers.js';
import type { Terminal } from './terminal.js';

import type { Monitor } from './run-monitor.js';

export type InterruptSignal = 'SIGINT' | 'SIGTERM';

/** What a command needs from the process that it runs in. */
export interface CommandContext {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Takes data only. */
  readonly stdout: Writable;
  /** Takes everything else: messages on stderr, and the log. */
  readonly terminal: Terminal;
  readonly env: Environment;
  /** The metrics file and the heartbeat; undefined when neither is wanted. */
  readonly monitor?: Monitor | undefined;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Of the program. */
  readonly version: string;
  /** Whether there is a terminal at which questions can be answered. */
  readonly canAsk: boolean;
  /** Who runs the program, and in which time zone at that time. */
  readonly startedBy: (nowMs: number) => StartedBy;
  /** A path as the command line has it, for output that programs read: see `withAbsolutePaths`. */
  readonly asTyped: (path: string) => string;
  /** The arguments of the command as they were typed, without its name. Flags never hold secrets. */
  readonly typedArgs?: readonly string[] | undefined;
  /** Calls the listener at the first SIGINT or SIGTERM; a second one ends the process immediately. */
  onInterrupt(listener: (signal: InterruptSignal) => void): void;
}
