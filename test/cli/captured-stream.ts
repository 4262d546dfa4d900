import { Writable } from 'node:stream';

import { Terminal } from '../../src/cli/terminal.js';

/** A stderr that records what is written to it. */
export class Recorded extends Writable {
  text = '';
  /** Width of the terminal; a test may change it. */
  columns: number | undefined;
  readonly isTTY: boolean;

  constructor(columns?: number, isTTY = false) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Uint8Array, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export async function recordedTerminal(
  options: { isInteractive?: boolean; hasColors?: boolean; columns?: number } = {},
): Promise<{
  terminal: Terminal;
  stderr: Recorded;
}> {
  const { isInteractive = false, hasColors = false } = options;
  const stderr = new Recorded(options.columns, isInteractive);
  // A stream's `columns` may be absent, but not undefined.
  const terminal = new Terminal({ stderr: stderr as never, isInteractive, hasColors });
  await terminal.open({ quiet: false, verbose: false, format: 'text', logFile: undefined });
  return { terminal, stderr };
}
