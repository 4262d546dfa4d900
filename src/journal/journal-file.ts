import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

import { READ_NO_LINK } from '../private-file.js';

export const NEWLINE = 0x0a;

/**
 * Reads a file in blocks of complete lines, with their offsets in bytes.
 *
 * @param onTail - called at the end with what follows the last newline.
 */
export async function* completeLines(
  path: string,
  onTail: (tail: Buffer) => void = () => {},
): AsyncGenerator<{ readonly block: Buffer; readonly offset: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  const file = await open(path, READ_NO_LINK);
  // Closes the file.
  const chunks: AsyncIterable<Buffer> = file.createReadStream({ highWaterMark: 1 << 16 });
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = rest.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield { block: rest.subarray(0, end), offset };
    rest = rest.subarray(end);
    offset += end;
  }
  onTail(rest);
}

/** Whether a file has a complete line. A journal gets its first line before anything is sent. */
export async function hasCompleteLine(path: string): Promise<boolean> {
  for await (const _ of completeLines(path)) return true;
  return false;
}

/** Rows are requested in file order and were written in nearly that order, so one read serves many of them. */
const WINDOW_BYTES = 128 * 1024;
const BEFORE_BYTES = 32 * 1024;

/** Reads single lines of a file by their offset. */
export class LineFinder {
  readonly #file: number;
  #buffer: Buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  #window: Buffer = Buffer.alloc(0);
  #windowOffset = 0;

  constructor(path: string) {
    this.#file = openSync(path, READ_NO_LINK);
  }

  /** @returns '' when no complete line starts there. */
  lineAt(offset: number): string {
    // A line may be longer than the window.
    for (let bytes = WINDOW_BYTES; ; bytes *= 2) {
      const start = offset - this.#windowOffset;
      const end = start < 0 ? -1 : this.#window.indexOf(NEWLINE, start);
      if (end >= 0) return this.#window.toString('utf8', start, end);
      this.#windowOffset = Math.max(0, offset - BEFORE_BYTES);
      if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafe(bytes);
      const read = readSync(this.#file, this.#buffer, 0, bytes, this.#windowOffset);
      this.#window = this.#buffer.subarray(0, read);
      if (read < bytes && this.#window.indexOf(NEWLINE, offset - this.#windowOffset) < 0) return '';
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
