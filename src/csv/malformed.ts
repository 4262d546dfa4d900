/** What is wrong with the text of one record, and where it is first. */
export interface MalformedText {
  /**
   * `malformed`: bytes that are no character of the file's encoding. `replaced`: U+FFFD, which some program wrote earlier in the
   * place of a character that it could not read. `mixed`: a line in UTF-8 within a file that is in another encoding; its cells
   * are read as UTF-8.
   */
  readonly kind: 'malformed' | 'replaced' | 'mixed';
  /** The encoding that the file is read as. */
  readonly encoding: string;
  /** Physical line, from 1. */
  readonly line: number;
  /** Where the character begins in the (unpacked) file, from 0; of `replaced` and `mixed`, where its line begins. */
  readonly offsetBytes: number;
}

/** What is wrong, and what to do, in the words of a report. Gives no byte away: the cell may be a secret. */
export function malformedTextMessage({ kind, encoding, line, offsetBytes }: MalformedText): string {
  switch (kind) {
    case 'malformed':
      return `Line ${line} is not valid ${encoding} at byte ${offsetBytes} of the file. Correct that character where the file comes from.`;
    case 'replaced':
      return `Line ${line} holds "\uFFFD", the mark of a character that was lost when the file was saved earlier. Write the character again.`;
    case 'mixed':
      return `Line ${line} is in utf-8, the rest of the file in ${encoding}. Check its letters; failed.csv has them as read here.`;
    default:
      return kind satisfies never;
  }
}

/**
 * Finds the first malformed character of a line that `TextDecoder` refused without saying where.
 *
 * @param line - begins with a character and holds a malformed or cut-off one.
 * @returns the offset in the line where it begins.
 */
export function findMalformed(line: Uint8Array, encoding: string): number {
  const lengthOf = (bytes: number): number | undefined => {
    try {
      const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
      return decoder.decode(line.subarray(0, bytes), { stream: true }).length;
    } catch {
      // Malformed is the answer that was asked for.
      return undefined;
    }
  };
  const refused = firstWhere(line.length + 1, (bytes) => lengthOf(bytes) === undefined);
  const before = lengthOf(refused - 1) ?? 0;
  // A decoder notices at the byte that does not fit; the character began where the text before it was complete.
  return firstWhere(refused, (bytes) => (lengthOf(bytes) ?? 0) === before);
}

/** The smallest number from 0 for which `test` holds, given that it holds for all larger ones; `end` if for none below it. */
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
