/**
 * Finds the first malformed character of a block that `TextDecoder` refused without saying where.
 *
 * Only called once, before the run ends, so it may decode the block a few dozen times.
 *
 * @param block - begins with a character and holds a malformed or cut-off one.
 * @returns the text before that character, and the offset in the block where it begins.
 */
export function findMalformed(block: Uint8Array, encoding: string): { textBefore: string; offset: number } {
  const textOf = (bytes: number): string | undefined => {
    try {
      const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
      return decoder.decode(block.subarray(0, bytes), { stream: true });
    } catch {
      // Malformed is the answer that was asked for.
      return undefined;
    }
  };
  const refused = firstWhere(block.length + 1, (bytes) => textOf(bytes) === undefined);
  const textBefore = textOf(refused - 1) ?? '';
  // A decoder notices at the byte that does not fit; the character began where the text before it was complete.
  const offset = firstWhere(refused, (bytes) => (textOf(bytes) ?? '').length === textBefore.length);
  return { textBefore, offset };
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
