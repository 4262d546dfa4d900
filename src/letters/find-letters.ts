import type { FileHandle } from 'node:fs/promises';

import type { LetterFormat } from './letters-file.js';

/** The complete letters of a file. */
export interface FoundLetters {
  /** Okta IDs of the people in it. */
  readonly ids: Set<string>;
  /** Length of the complete letters in bytes; what follows was cut off. */
  readonly bytes: number;
}

const BLOCK_BYTES = 1024 * 1024;
const LF = 0x0a;

/**
 * Reads what an earlier process wrote, line by line: letters of 20,000 people are longer than a string can be.
 *
 * @returns undefined when the file is not of this format.
 */
export async function findLetters(file: FileHandle, format: LetterFormat): Promise<FoundLetters | undefined> {
  const start = Buffer.from(format.firstLine);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(start.length), 0, start.length, 0);
  if (!buffer.subarray(0, bytesRead).equals(start)) return undefined;
  const ids = new Set<string>();
  const readLine = format.createReader();
  let bytes: number | undefined;
  let at = 0;
  for await (const line of linesOf(file)) {
    at += line.length;
    const end = readLine(line.toString('utf8'));
    if (end === undefined) continue;
    bytes = at;
    if (end.oktaId !== undefined) ids.add(end.oktaId);
  }
  return bytes === undefined ? undefined : { ids, bytes };
}

/** Yields the lines with their line feeds, without a last one that has none. Each is valid until the next. */
async function* linesOf(file: FileHandle): AsyncGenerator<Buffer> {
  const block = Buffer.alloc(BLOCK_BYTES);
  let rest = Buffer.alloc(0);
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    let start = 0;
    for (let end = lineEnd(block, bytesRead, start); end > 0; end = lineEnd(block, bytesRead, start)) {
      yield Buffer.concat([rest, block.subarray(start, end)]);
      rest = Buffer.alloc(0);
      start = end;
    }
    rest = Buffer.concat([rest, block.subarray(start, bytesRead)]);
  }
}

/** @returns the index after the next line feed; 0 for none. */
function lineEnd(block: Buffer, length: number, start: number): number {
  const at = block.subarray(0, length).indexOf(LF, start);
  return at + 1;
}
