import { isAscii } from 'node:buffer';

import { createDecoder } from './code-pages.js';
import { decompress } from './decompress.js';
import { detectUnicodeEncoding } from './file-signature.js';
import { lineEndsOf } from './lines.js';
import { scanRow } from './quoting.js';

/** An encoding that a file may have, and how some of its cells read in it. */
export interface EncodingSample {
  /** Name in the Encoding Standard, in lower case. */
  readonly encoding: string;
  /** Empty if no cell may be shown. */
  readonly cells: readonly string[];
}

export interface EncodingSampleOptions {
  /** That the file is read in: it comes first. */
  readonly encoding: string;
  readonly delimiter: string;
  /** Number of columns; other lines are not trusted to have their cells in the right column. */
  readonly columns: number;
  /** Whether the cells of a column may be shown. Called only if the file is not ASCII. */
  readonly isShown: (index: number) => boolean;
}

const ENCODINGS =
  'utf-8 windows-1252 iso-8859-15 macintosh ibm850 windows-1250 ibm852 iso-8859-2 windows-1251 koi8-r windows-1253 x-mac-greek windows-1254 ibm857 x-mac-turkish x-mac-ce windows-1255 windows-1256 windows-1257 windows-1258 windows-874 shift_jis euc-jp gb18030 big5 euc-kr'.split(
    ' ',
  );
const MAX_CELLS = 3;
const MAX_CELL_BYTES = 200;
/** A file that has no cell to show so far has hardly any. */
const MAX_SEARCHED_BYTES = 256 * 1024 * 1024;
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** Control characters that are in no name. */
const CONTROL = /[\u0080-\u009f\ufffd]/;

/** The encodings that differ for a file, each with what it makes of some cells. @returns only the first for ASCII and UTF-16. */
export async function sampleEncodings(
  bytes: AsyncIterable<Uint8Array>,
  options: EncodingSampleOptions,
): Promise<readonly EncodingSample[]> {
  const { encoding } = options;
  const found = encoding.startsWith('utf-16') ? undefined : await findCells(bytes, options);
  if (found === undefined) return [{ encoding, cells: [] }];
  const current = found.map((cell) => decoded(cell, encoding) ?? '');
  const seen = new Set([current.join('\n')]);
  const samples: EncodingSample[] = [{ encoding, cells: current }];
  for (const other of ENCODINGS) {
    if (other === encoding) continue;
    const cells = found.map((cell) => decoded(cell, other));
    if (cells.some((cell) => cell === undefined || CONTROL.test(cell))) continue;
    const key = cells.join('\n');
    if (found.length > 0 && seen.has(key)) continue;
    seen.add(key);
    samples.push({ encoding: other, cells: cells.map(String) });
  }
  return samples;
}

/** Some cells that are not ASCII. @returns undefined if all of the file is ASCII, or UTF-16. */
async function findCells(
  bytes: AsyncIterable<Uint8Array>,
  { delimiter, columns, isShown }: EncodingSampleOptions,
): Promise<readonly Buffer[] | undefined> {
  const file = await decompress(bytes);
  const found = new Map<string, Buffer>();
  const lineEnds = lineEndsOf('utf-8');
  let isPlain = true;
  let searched = 0;
  let rest = file.first;
  try {
    if (detectUnicodeEncoding(file.first).detected?.encoding.startsWith('utf-16') === true) return undefined;
    for (;;) {
      const { value: chunk } = await file.rest.next();
      const block = chunk === undefined ? rest : Buffer.concat([rest, chunk]);
      const end = chunk === undefined ? block.length : lineEnds.lastIn(block);
      const lines = block.subarray(0, end);
      rest = block.subarray(end);
      searched += lines.length;
      if (!isAscii(lines)) {
        isPlain = false;
        for (const { content } of lineEnds.split(lines)) {
          for (const cell of cellsIn(content, delimiter, columns, isShown)) {
            found.set(cell.toString('latin1'), cell);
          }
          if (found.size >= MAX_CELLS) return [...found.values()].slice(0, MAX_CELLS);
        }
      }
      if (chunk === undefined || searched > MAX_SEARCHED_BYTES || rest.length > MAX_LINE_BYTES) break;
    }
  } finally {
    await file.rest.return();
  }
  return isPlain ? undefined : [...found.values()];
}

function cellsIn(
  line: Buffer,
  delimiter: string,
  columns: number,
  isShown: (index: number) => boolean,
): readonly Buffer[] {
  if (isAscii(line)) return [];
  // One character for each byte.
  const { cells, end } = scanRow(line.toString('latin1'), delimiter);
  if (cells.length !== columns || end.kind === 'open-quote' || end.kind === 'text-after-quote') return [];
  return cells
    .map((cell) => Buffer.from(cell.trim(), 'latin1'))
    .filter((cell, index) => !isAscii(cell) && cell.length <= MAX_CELL_BYTES && isShown(index));
}

function decoded(cell: Buffer, encoding: string): string | undefined {
  try {
    // As a stream, since Node 20 otherwise decodes windows-1252 as if it were Latin-1.
    return createDecoder(encoding, { fatal: true }).decode(cell, { stream: true });
  } catch {
    return undefined;
  }
}
