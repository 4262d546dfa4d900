import { Writable } from 'node:stream';

import { Terminal } from '../../src/cli/terminal.js';

/** A stderr that records what is written to it. */
export class Recorded extends Writable {
  text = '';
  /** Width of the terminal; a test may change it. */
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
  const { isInteractive = false, hasColors = false } = options;
  const stderr = new Recorded(options.columns);
  // A stream's `columns` may be absent, but not undefined.
  return { terminal: new Terminal({ stderr: stderr as never, isInteractive, hasColors }), stderr };
}
