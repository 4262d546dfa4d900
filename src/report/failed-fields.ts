import type { CompletedRow } from '../rows/outcome.js';
import { REDACTED } from '../text.js';

import { outcomeMessage } from './result-fields.js';

/** Stands for a cell that the row does not have, so that a short row is still recognized as one. */
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
  const cells = withoutSecrets(row.cells, options);
  return [
    ...options.header.flatMap((name, index) =>
      ADDED_COLUMNS.includes(name) ? [] : [cells[index] ?? MISSING],
    ),
    String(outcome.line),
    outcomeMessage(outcome),
  ];
}

/** One cell per column. The extra cells of a row that is too long go into its last one, so that the row does not look corrected. */
function withoutSecrets(
  cells: readonly string[],
  { header, secretColumns }: FailedFieldsOptions,
): readonly string[] {
  const surplus = cells.slice(header.length).filter((cell) => cell.trim() !== '');
  // In a row with too many or too few cells, a secret may have moved into a neighboring column.
  const shift = surplus.length > 0 ? cells.length - header.length : Math.max(0, header.length - cells.length);
  const firstSecret =
    secretColumns.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...secretColumns) - shift;
  const isSecret = (index: number): boolean =>
    shift === 0 ? secretColumns.has(index) : index >= firstSecret;
  const redacted = cells
    .slice(0, header.length)
    .map((cell, index) => (cell !== '' && isSecret(index) ? REDACTED : cell));
  if (surplus.length === 0) return redacted;
  const extra = secretColumns.size > 0 ? surplus.map(() => REDACTED) : surplus;
  const last = redacted.length - 1;
  return redacted.map((cell, index) => (index === last ? `${cell} [surplus: ${extra.join(' | ')}]` : cell));
}
