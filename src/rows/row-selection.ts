import { OktaImportError } from '../errors.js';
import { plural } from '../text.js';

/** `--only` cannot be read. */
export class SelectionError extends OktaImportError {
  override readonly code = 'ERR_SELECTION';

  constructor(part: string) {
    super(`--only does not understand "${part}".`, {
      hint: 'Give row numbers and ranges, such as 1-10,42 or 100-; the first record of the file is row 1.',
    });
  }
}

/** `--only` selects no row of the file. */
export class NothingSelectedError extends OktaImportError {
  override readonly code = 'ERR_NOTHING_SELECTED';

  constructor(text: string, records: number) {
    super(`--only ${text} selects nothing: the file has ${plural(records, 'record')}.`, {
      hint: 'Count rows from 1, which is the first record after the header.',
    });
  }
}

/** @throws {NothingSelectedError} none of the records is selected. */
export function assertSelectsSome(text: string, records: number): void {
  if (records > 0 && countSelected(text, records) === 0) throw new NothingSelectedError(text, records);
}

/** How many of a file's records are selected. */
export function countSelected(text: string, records: number): number {
  const isSelected = parseSelection(text);
  let count = 0;
  for (let row = 1; row <= records; row += 1) if (isSelected(row)) count += 1;
  return count;
}

/**
 * Reads `1-10,42,100-`: which rows to do.
 *
 * @throws {SelectionError}
 */
export function parseSelection(text: string): (row: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const [, first, dash, last] = /^\s*(\d+)\s*(?:(-)\s*(\d*)\s*)?$/.exec(part) ?? [];
    const from = Number(first);
    const to = dash === undefined ? from : last === '' ? Number.POSITIVE_INFINITY : Number(last);
    if (first === undefined || from < 1 || to < from) throw new SelectionError(part.trim());
    return { from, to };
  });
  return (row) => ranges.some(({ from, to }) => row >= from && row <= to);
}
