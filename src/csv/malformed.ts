import { lineText, type LineLabel } from '../rows/place.js';
import { capitalize } from '../text.js';

import { createDecoder } from './code-pages.js';

/** The first thing that is wrong with the text of a row. */
export interface MalformedText {
  /**
   * `malformed`: bytes that are not a character in the file's encoding. `replaced`: U+FFFD, which another program wrote in place of
   * a character that it could not read. `mixed`: a UTF-8 line in a file with another encoding; its cells are read as UTF-8.
   */
  readonly kind: 'malformed' | 'replaced' | 'mixed';
  /** The encoding in which the file is read. */
  readonly encoding: string;
  /** Physical line, from 1. */
  readonly line: number;
  /** Offset in the (decompressed) file, from 0, of the character; of its line for `replaced` and `mixed`. */
  readonly offsetBytes: number;
}

/** What is wrong, as a sentence. Shows no bytes, since the cell may be a secret. */
export function describeMalformed(
  { kind, encoding, line, offsetBytes }: MalformedText,
  lineLabel?: LineLabel,
): string {
  const where = capitalize(lineText(line, lineLabel));
  switch (kind) {
    case 'malformed':
      return `${where} is not valid ${encoding} at byte ${offsetBytes} of the file.`;
    case 'replaced':
      return `${where} contains "\uFFFD", which marks a character that was lost when the file was saved earlier.`;
    case 'mixed':
      return `${where} is utf-8, but the lines before it are ${encoding}.`;
    default:
      return kind satisfies never;
  }
}

/** What to do about one malformed row. */
export const MALFORMED_ADVICE: Readonly<Record<MalformedText['kind'], string>> = {
  malformed: 'Correct the character in the system that exported the file.',
  replaced: 'Enter the character again.',
  mixed: 'Check the letters of this row, which failed.csv contains as they were read.',
};

/**
 * Finds the first malformed character of a line that `TextDecoder` rejected, which does not report where.
 *
 * @param line - starts with a whole character, and contains a malformed or incomplete one.
 * @returns the offset of that character in the line.
 */
export function findMalformed(line: Uint8Array, encoding: string): number {
  const lengthOf = (bytes: number): number | undefined => {
    try {
      const decoder = createDecoder(encoding, { fatal: true, ignoreBOM: true });
      return decoder.decode(line.subarray(0, bytes), { stream: true }).length;
    } catch {
      // Malformed is one of the two possible results.
      return undefined;
    }
  };
  const rejected = firstWhere(line.length + 1, (bytes) => lengthOf(bytes) === undefined);
  const before = lengthOf(rejected - 1) ?? 0;
  // A decoder fails at the first byte that does not fit; the character starts where the text before it is complete.
  return firstWhere(rejected, (bytes) => (lengthOf(bytes) ?? 0) === before);
}

/** Binary search: the smallest number from 0 for which `test` is true, given that it is true for all larger ones; `end` if none. */
function firstWhere(end: number, test: (value: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
