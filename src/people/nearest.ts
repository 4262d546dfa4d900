import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a reader most likely meant, or undefined when none is near enough to suggest.
 *
 * Near is: at most a third of the letters differ, case not counted. A wrong suggestion costs more than none.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let fewestEdits = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < fewestEdits) {
      fewestEdits = edits;
      best = candidate;
    }
  }
  return best;
}

/** `Did you mean "x"?` after a space, or nothing: the end of a sentence about an unknown name. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
