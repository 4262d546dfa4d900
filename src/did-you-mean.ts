import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a reader most likely meant, or undefined when none is near enough to suggest.
 *
 * Near is: at most a third of the letters differ, case not counted. A wrong suggestion costs more than none.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  return allNear(word, candidates)[0];
}

/** All that are near enough to suggest, the nearest first. */
export function allNear(word: string, candidates: Iterable<string>): readonly string[] {
  const wanted = word.toLowerCase();
  const mostEdits = Math.max(1, Math.floor(wanted.length / 3));
  const near: { candidate: string; edits: number }[] = [];
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits <= mostEdits) near.push({ candidate, edits });
  }
  return near.sort((one, other) => one.edits - other.edits).map(({ candidate }) => candidate);
}

/** `Did you mean "x"?` after a space, or nothing: the end of a sentence about an unknown name. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
