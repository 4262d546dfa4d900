/** Long enough to recognize a value, short enough for one line of a report. */
const MAX_QUOTED = 60;

/** Replaces a secret in everything that is printed or written. */
export const REDACTED = '[redacted]';

/** Characters that would break the line, control the terminal or reverse the text. */
const CONTROL_CHARACTERS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

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

/** `line 4` → `Line 4` */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One word of a command line that can be pasted into a shell. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
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

/** Okta's own messages do not end with a period. */
export function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
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

/**
 * Where a spreadsheet may start to read a cell: at its beginning, and after a delimiter or line break in it, which another
 * locale takes for the end of the cell; quotes are then dropped.
 */
const CELL_START = String.raw`(?<=^|[;,\t\r\n]"*)`;
/** What makes a formula of a cell, in the full-width forms of Asian locales as well. */
const FORMULA_CHARACTERS = '=+\\-@＝＋－＠';
/** Within a cell, a number such as -2 is only a number. */
const IS_FORMULA = String.raw`(?=[${FORMULA_CHARACTERS}])(?![+-]\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?(?:$|[;,\t\r\n\]]))`;
const FORMULA = new RegExp(
  String.raw`(?<=^)'*(?=[${FORMULA_CHARACTERS}\t\r\n])|${CELL_START}'*${IS_FORMULA}`,
);
const ALL_FORMULAS = new RegExp(FORMULA, 'g');
const FORMULA_IN_JSON = new RegExp(`(?<=[;,]"*'*)[${FORMULA_CHARACTERS}]`, 'g');
const ESCAPED_FORMULAS = new RegExp(
  String.raw`(?<=^)'(?='*[${FORMULA_CHARACTERS}\t\r\n])|${CELL_START}'(?='*${IS_FORMULA})`,
  'g',
);

/** Whether a spreadsheet would run the cell as a formula, now or after its leading apostrophes are removed. */
export function isFormulaStart(cell: string): boolean {
  return /^'*[=+\-@＝＋－＠\t\r\n]/.test(cell);
}

/** Whether `escapeFormula` changes the cell. */
export function hasFormula(cell: string): boolean {
  return FORMULA.test(cell);
}

/**
 * Adds an apostrophe wherever a spreadsheet would run a part of the cell as a formula, and where apostrophes already stand
 * before a formula, so that `unescapeFormula` can remove exactly one (OWASP, "CSV Injection").
 */
export function escapeFormula(cell: string): string {
  return cell.replaceAll(ALL_FORMULAS, "'$&");
}

/** The cell as it was before `escapeFormula`. */
export function unescapeFormula(cell: string): string {
  return cell.includes("'") ? cell.replaceAll(ESCAPED_FORMULAS, '') : cell;
}

/** The same for JSON with texts, whose own escapes need no reader that knows of apostrophes: `\u003d` instead of `=`. */
export function escapeFormulaInJson(json: string): string {
  return json.replaceAll(FORMULA_IN_JSON, unicodeEscape);
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

/** Whether at most so many letters differ, in names of about the same length that begin alike. Cheap for most names. */
export function isNearlySame(one: string, other: string, edits: number): boolean {
  if (Math.abs(one.length - other.length) > edits) return false;
  const beginsAlike = one[0] === other[0] || (one[0] === other[1] && one[1] === other[0]);
  return beginsAlike && editDistance(one, other) <= edits;
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
