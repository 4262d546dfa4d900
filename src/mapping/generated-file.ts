import { unescapeFormula } from '../text.js';

/** Whether this program wrote a file with this header: a failed.csv, an edited.csv, or the output of `list`. */
export function isGeneratedFile(header: readonly string[]): boolean {
  return isFailedCsv(header) || isEditedCsv(header) || (header.includes('_id') && header.includes('_status'));
}

/** The columns of an edited.csv: the number of the row, and what is wrong with it that a CSV cannot show, such as damaged text. */
export const [ROW_COLUMN, PROBLEM_COLUMN] = ['_row', '_problem'] as const;

/** Whether the local page wrote the file, with the edits of a person. */
export function isEditedCsv(header: readonly string[]): boolean {
  return header.includes(ROW_COLUMN) && header.includes(PROBLEM_COLUMN);
}

/** Of a failed.csv: the line of the row in the file that was imported. Of an edited.csv: its line in the file that was edited. */
export const LINE_COLUMN = '_line';
/** Of a failed.csv: why the row failed. */
export const ERROR_COLUMN = '_error';

export function isFailedCsv(header: readonly string[]): boolean {
  return header.includes(LINE_COLUMN) && header.includes(ERROR_COLUMN);
}

/** Columns that begin with `_`, such as `_error` of failed.csv, are not part of a user. */
export function isGeneratedColumn(column: string): boolean {
  return column.trim().startsWith('_');
}

/** Indexes of the columns that this program added to a file; none of any other file. */
export function addedColumns(header: readonly string[]): readonly number[] {
  if (!isGeneratedFile(header)) return [];
  return [...header.keys()].filter((index) => isGeneratedColumn(header[index] ?? ''));
}

/** The header of a generated file before its formulas were escaped; any other header unchanged. */
export function unescapeHeader(header: readonly string[]): readonly string[] {
  return isGeneratedFile(header) ? header.map(unescapeFormula) : header;
}
