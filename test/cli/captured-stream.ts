import { Writable } from 'node:stream';

import { Talk } from '../../src/cli/console.js';

/** A standard error that keeps what is written on it. */
export class Recorded extends Writable {
  text = '';
  /** Of the terminal; a test may change it. */
  columns: number | undefined;

  constructor(columns?: number) {
    super({ decodeStrings: false });
    this.columns = columns;
  }

  override _write(chunk: string | Uint8Array, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export function recordedTalk(
  options: { isInteractive?: boolean; hasColours?: boolean; columns?: number } = {},
): {
  talk: Talk;
  stderr: Recorded;
} {
  const stderr = new Recorded(options.columns);
  const { isInteractive = false, hasColours = false } = options;
  // A stream's `columns` may be absent, never undefined.
  return { talk: new Talk({ stderr: stderr as never, isInteractive, hasColours }), stderr };
}
