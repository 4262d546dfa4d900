import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

import { READ_NO_LINK } from '../private-file.js';

import { unsealedText } from './line-seal.js';

export const NEWLINE = 0x0a;

const BLOCK_BYTES = 64 * 1024;

/**
 * Reads a file in blocks of complete lines, with their offsets in bytes. The next block overwrites the one before.
 *
 * @param onTail - called at the end with what follows the last newline.
 */
export async function* completeLines(
  path: string,
  onTail: (tail: Buffer) => void = () => {},
): AsyncGenerator<{ readonly block: Buffer; readonly offset: number }> {
  let buffer: Buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  let bytes = 0;
  let offset = 0;
  const file = await open(path, READ_NO_LINK);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, bytes, buffer.length - bytes, offset + bytes);
      if (bytesRead === 0) break;
      const end = buffer.subarray(0, bytes + bytesRead).lastIndexOf(NEWLINE) + 1;
      bytes += bytesRead;
      if (end > 0) yield { block: buffer.subarray(0, end), offset };
      buffer.copyWithin(0, end, bytes);
      bytes -= end;
      offset += end;
      if (bytes === buffer.length) buffer = Buffer.concat([buffer], bytes * 2);
    }
    onTail(buffer.subarray(0, bytes));
  } finally {
    await file.close();
  }
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
    const end = this.#endOf(offset);
    return this.#window.toString('utf8', offset - this.#windowOffset, end);
  }

  /** The line without its checksum; undefined if the checksum does not match. */
  contentAt(offset: number): string | undefined {
    const end = this.#endOf(offset);
    return unsealedText(this.#window, offset - this.#windowOffset, end);
  }

  /** Where a line ends in the window; its start, when no complete line starts there. */
  #endOf(offset: number): number {
    // A line may be longer than the window.
    for (let bytes = WINDOW_BYTES; ; bytes *= 2) {
      const start = offset - this.#windowOffset;
      const end = start < 0 ? -1 : this.#window.indexOf(NEWLINE, start);
      if (end >= 0) return end;
      this.#windowOffset = Math.max(0, offset - BEFORE_BYTES);
      if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafe(bytes);
      const read = readSync(this.#file, this.#buffer, 0, bytes, this.#windowOffset);
      this.#window = this.#buffer.subarray(0, read);
      const startRead = offset - this.#windowOffset;
      if (read < bytes && this.#window.indexOf(NEWLINE, startRead) < 0) return startRead;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
