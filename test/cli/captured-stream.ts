import { Writable } from 'node:stream';

import { Terminal } from '../../src/cli/terminal.js';

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

export function recordedTerminal(
  options: { isInteractive?: boolean; hasColors?: boolean; columns?: number } = {},
): {
  terminal: Terminal;
  stderr: Recorded;
} {
  const stderr = new Recorded(options.columns);
  const { isInteractive = false, hasColors = false } = options;
  // A stream's `columns` may be absent, never undefined.
  return { terminal: new Terminal({ stderr: stderr as never, isInteractive, hasColors }), stderr };
}
