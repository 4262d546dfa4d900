import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import { quoted } from '../text.js';

import { createDecoder } from './code-pages.js';
import type { CloseGuess, DetectedEncoding } from './decode.js';
import { lineEndsOf } from './lines.js';
import { scanRow } from './quoting.js';

/** What to say about the encoding of a file. */
export interface EncodingNotices {
  readonly notices: readonly string[];
  /** Names may be wrong. */
  readonly warnings: readonly string[];
}

/** Where the names of people are in a file. */
export interface NameColumns {
  readonly headerLine: number;
  /** The names of all columns, some of them empty. */
  readonly names: readonly string[];
  readonly delimiter: string;
  readonly recognize: ColumnRecognizer | undefined;
}

/** Says that an encoding is a guess, and shows a name in both readings if another one is nearly as probable. */
export function encodingNotices(
  { encoding, guessedOnLine: line }: DetectedEncoding,
  close: CloseGuess | undefined,
  columns: NameColumns,
): EncodingNotices {
  if (line === undefined) return { notices: [], warnings: [] };
  if (close === undefined) {
    const notice = `The file is not UTF-8. It is read as ${encoding}, as detected from line ${line}. If names look wrong, set --encoding.`;
    return { notices: [notice], warnings: [] };
  }
  const { rival } = close;
  const example = findExample(close, { encoding, line, ...columns });
  const shown =
    example === undefined
      ? ''
      : ` The name on line ${example.line} is ${quoted(example.read)} in ${encoding}, and ${quoted(example.rival)} in ${rival}.`;
  const warning = `The file is not UTF-8, and it is not certain which encoding it has.${shown} It is read as ${encoding}, as detected from line ${line}. If ${rival} is right, set --encoding ${rival}; if neither is, save the file as UTF-8 or set its encoding.`;
  return { notices: [], warnings: [warning] };
}

/** The first name of a person that differs. Other columns are not shown, as they may hold secrets. */
function findExample(
  { rival, sample }: CloseGuess,
  {
    encoding,
    line: firstLine,
    headerLine,
    names,
    delimiter,
    recognize,
  }: NameColumns & {
    readonly encoding: string;
    readonly line: number;
  },
): { readonly line: number; readonly read: string; readonly rival: string } | undefined {
  const shown = names.map((name) => recognize?.(name) === 'name');
  let line = firstLine - 1;
  for (const { content } of lineEndsOf(encoding).split(sample)) {
    line += 1;
    if (line <= headerLine) continue;
    const read = cellsOf(content, encoding, delimiter);
    const other = cellsOf(content, rival, delimiter);
    const index = read.findIndex((cell, at) => shown[at] === true && cell !== other[at]);
    if (index !== -1) return { line, read: read[index]!, rival: other[index] ?? '' };
  }
  return undefined;
}

function cellsOf(content: Buffer, encoding: string, delimiter: string): readonly string[] {
  // As a stream, since Node 20 otherwise decodes windows-1252 as if it were Latin-1.
  return scanRow(createDecoder(encoding).decode(content, { stream: true }), delimiter).cells;
}
