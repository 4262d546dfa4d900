import type { Writable } from 'node:stream';

import type { Clock } from '../clock.js';

/** A stream that people may be looking at. */
export interface TalkStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type InterruptSignal = 'SIGINT' | 'SIGTERM';

/** What a command needs of the process it runs in. */
export interface Surroundings {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Data. */
  readonly stdout: Writable;
  /** Talk. */
  readonly stderr: TalkStream;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Of the program. */
  readonly version: string;
  /** Whether a line may be drawn over: false under CI and NO_COLOR as well. */
  readonly isInteractive: boolean;
  /** Has the listener called at the first SIGINT or SIGTERM; a second one ends the process at once. */
  onInterrupt(listener: (signal: InterruptSignal) => void): void;
}
