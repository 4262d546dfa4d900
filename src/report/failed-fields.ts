import type { CompletedRow, RowOutcome } from '../rows/outcome.js';
import { REDACTED } from '../text.js';

import { outcomeMessage } from './results-columns.js';

/** Replaces a cell that the row does not have, so that a short row is still recognized as one. */
const MISSING = '[missing]';
/** Added to the file's own columns. */
const ADDED_COLUMNS = ['_line', '_error'];

export interface FailedFieldsOptions {
  /** The file's own columns. */
  readonly header: readonly string[];
  /** Indexes of columns whose cells are secrets. */
  readonly secretColumns: ReadonlySet<number>;
}

/** The header of `failed.csv`: the file's own columns, without those of an earlier `failed.csv`, then ours. */
export function failedHeader({ header }: FailedFieldsOptions): readonly string[] {
  return [...header.filter((name) => !ADDED_COLUMNS.includes(name)), ...ADDED_COLUMNS];
}

/** A row's fields in `failed.csv`. */
export function failedFields(
  { row, outcome }: CompletedRow,
  options: FailedFieldsOptions,
): readonly string[] {
  const cells = withoutSecrets(row.cells, options, hasHiddenCells({ row, outcome }, options));
  return [
    ...options.header.flatMap((name, index) =>
      ADDED_COLUMNS.includes(name) ? [] : [cells[index] ?? MISSING],
    ),
    String(outcome.line),
    outcomeMessage(outcome),
  ];
}

/** What is wrong with single cells of a failed row, by their index in `failedFields`. */
export function failedCells(
  { outcome }: CompletedRow,
  header: readonly string[],
): readonly { readonly column: number; readonly text: string }[] {
  const found =
    outcome.status === 'invalid'
      ? outcome.problems
      : outcome.status === 'failed'
        ? (outcome.error.columns ?? []).map((column) => ({ column, message: outcome.error.message }))
        : [];
  return found.flatMap(({ column, message }) => {
    const index = column === undefined ? -1 : header.indexOf(column);
    return index === -1 ? [] : [{ column: index, text: message }];
  });
}

/**
 * Whether none of a row's cells may be shown: in a row of a file with secrets whose cells may be in the wrong columns, a secret
 * may be in any of them, or the whole row in one.
 */
export function hasHiddenCells(
  { row: { cells }, outcome }: CompletedRow,
  { header, secretColumns }: FailedFieldsOptions,
): boolean {
  if (secretColumns.size === 0) return false;
  const hasSurplus = cells.slice(header.length).some((cell) => cell.trim() !== '');
  return isShifted(outcome) || hasSurplus || cells.length < header.length;
}

/** Whether the cells may be in the wrong columns, although their number is right. */
function isShifted(outcome: RowOutcome): boolean {
  if (outcome.status !== 'invalid') return false;
  // A row that cannot be decoded has no login if that may be more than a login.
  return outcome.problems.some(
    ({ code }) => code === 'row-shifted' || (code === 'malformed-text' && outcome.login === undefined),
  );
}

/** One cell per column. The extra cells of a row that is too long go into its last one, so that the row does not look corrected. */
function withoutSecrets(
  cells: readonly string[],
  { header, secretColumns }: FailedFieldsOptions,
  areAllHidden: boolean,
): readonly string[] {
  const surplus = cells.slice(header.length).filter((cell) => cell.trim() !== '');
  const redacted = cells
    .slice(0, header.length)
    .map((cell, index) => (cell !== '' && (areAllHidden || secretColumns.has(index)) ? REDACTED : cell));
  if (surplus.length === 0) return redacted;
  const extra = secretColumns.size > 0 ? surplus.map(() => REDACTED) : surplus;
  const last = redacted.length - 1;
  return redacted.map((cell, index) => (index === last ? `${cell} [surplus: ${extra.join(' | ')}]` : cell));
}
