/** Long enough to recognize a value, short enough for one line of a report. */
const MAX_QUOTED = 60;

/** Replaces a secret in everything that is printed or written. */
export const REDACTED = '[redacted]';

/** Characters that would break the line, control the terminal or reverse the text. */
const CONTROL_CHARACTERS = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** A value as messages show it: in quotes, long ones cut, control characters escaped. Never pass a secret. */
export function quoted(value: string): string {
  const shown = value.length <= MAX_QUOTED ? value : `${value.slice(0, MAX_QUOTED)}…`;
  return `"${shown.replaceAll(CONTROL_CHARACTERS, unicodeEscape)}"`;
}

/** Text from a file or the org, safe to print on a terminal in one line: `\u001b` instead of the character. */
export function escapeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, (character) =>
    character === '\n' ? ' ' : unicodeEscape(character),
  );
}

/** `\u001b` */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `U+1F600` */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `1 row`, `3 rows`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** `a`, `a and b`, `a, b, and c`. */
export function listOf(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  const type = word === 'and' ? 'conjunction' : 'disjunction';
  return new Intl.ListFormat('en-US', { type }).format(items);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `4 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toPrecision(ms < 10_000 ? 2 : 3))} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** Whether a spreadsheet would run the cell as a formula, now or after its leading apostrophes are removed. */
export function isFormulaStart(cell: string): boolean {
  return /^'*[=+\-@\t\r]/.test(cell);
}

/**
 * Adds an apostrophe to a cell that a spreadsheet would run as a formula, and to one that already has apostrophes before a
 * formula, so that `unescapeFormula` can remove exactly one (OWASP, "CSV Injection").
 */
export function escapeFormula(cell: string): string {
  return isFormulaStart(cell) ? `'${cell}` : cell;
}

/** The cell as it was before `escapeFormula`. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && isFormulaStart(cell) ? cell.slice(1) : cell;
}

/** ` Did you mean "x"?`, to append to a sentence about an unknown name, or '' when no candidate is close enough. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  show: (candidate: string) => string = quoted,
): string {
  const [closest] = closeMatches(word, candidates);
  return closest === undefined ? '' : ` Did you mean ${show(closest)}?`;
}

/**
 * The candidates close enough to suggest, closest first: at most a third of the letters differ, ignoring case.
 * A wrong suggestion costs more than none.
 */
export function closeMatches(word: string, candidates: Iterable<string>): readonly string[] {
  const lowerCase = word.toLowerCase();
  const maxEdits = Math.max(1, Math.floor(word.length / 3));
  return [...candidates]
    .map((candidate) => ({ candidate, edits: editDistance(lowerCase, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= maxEdits)
    .sort((a, b) => a.edits - b.edits)
    .map(({ candidate }) => candidate);
}

/** Optimal string alignment: swapping two neighboring letters, the most common typo, is one edit, unlike in Levenshtein. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (isSame ? 0 : 1),
        isSwap ? beforePrevious[column - 2]! + 1 : Infinity,
      );
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length]!;
}
