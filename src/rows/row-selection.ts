import { OktaImportError } from '../errors.js';
import { plural } from '../text.js';

/** The value of `--only` is not valid. */
export class SelectionError extends OktaImportError {
  override readonly code = 'ERR_SELECTION';

  constructor(part: string) {
    super(`--only "${part}" is not a row number or a range.`, {
      hint: 'Use row numbers and ranges such as 1-10,42 or 100-. Row 1 is the first row after the header.',
    });
  }
}

/** `--only` selects no row of the file. */
export class NothingSelectedError extends OktaImportError {
  override readonly code = 'ERR_NOTHING_SELECTED';

  constructor(text: string, rows: number) {
    super(`--only ${text} selects no rows: the file has ${plural(rows, 'row')}.`, {
      hint: 'Count rows from 1, the first row after the header.',
    });
  }
}

/** Why a row is not attempted that `--only`, or the local page, left out. */
export const NOT_SELECTED = 'Not selected for this run.';

/**
 * @param rows - number of rows of the file; 0 selects nothing and is not an error.
 * @throws {NothingSelectedError}
 */
export function assertSelectsSome(text: string, rows: number): void {
  if (rows > 0 && countSelected(text, rows) === 0) throw new NothingSelectedError(text, rows);
}

/** How many of a file's rows are selected. @throws {SelectionError} */
export function countSelected(text: string, rows: number): number {
  const isSelected = parseSelection(text);
  let count = 0;
  for (let row = 1; row <= rows; row += 1) if (isSelected(row)) count += 1;
  return count;
}

/** Parses `1-10,42,100-`. @throws {SelectionError} */
export function parseSelection(text: string): (row: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const [, first, dash, last] = /^\s*(\d+)\s*(?:(-)\s*(\d*)\s*)?$/.exec(part) ?? [];
    const from = Number(first);
    const to = dash === undefined ? from : last === '' ? Number.POSITIVE_INFINITY : Number(last);
    if (first === undefined || from < 1 || to < from) throw new SelectionError(part.trim());
    return { from, to };
  });
  const merged = ranges.sort((one, other) => one.from - other.from);
  const ends: number[] = [];
  for (const { to } of merged) ends.push(Math.max(to, ends.at(-1) ?? 0));
  // The last range that begins before the row, and how far those up to it reach.
  return (row) => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (merged[middle]!.from <= row) low = middle + 1;
      else high = middle;
    }
    return low > 0 && ends[low - 1]! >= row;
  };
}

/** All rows but some, as `--only` takes them: `1-4,6-10`. Undefined for all rows; empty for none. */
export function selectionWithout(excluded: readonly number[], rows: number): string | undefined {
  if (excluded.length === 0) return undefined;
  const ranges: string[] = [];
  let from = 1;
  for (const row of [...new Set(excluded), rows + 1].sort((one, other) => one - other)) {
    if (row > from) ranges.push(row - 1 === from ? String(from) : `${from}-${row - 1}`);
    from = row + 1;
  }
  return ranges.join(',');
}
