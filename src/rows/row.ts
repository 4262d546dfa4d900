import type { LineLabel } from './place.js';

/** One row of a file, below its header. */
export interface Row {
  /** Number of the row, from 1; the header does not count. */
  readonly row: number;
  /** Physical line on which the row starts, from 1; line breaks inside quotes count. In a workbook, the row number of the sheet. */
  readonly line: number;
  /** What the line is called. Absent for `line`. */
  readonly lineLabel?: LineLabel | undefined;
  /** The cells, unchanged, in the order of the header; a row may have fewer or more cells than the header. */
  readonly cells: readonly string[];
  /** In a workbook: what its cells are besides their texts, by their indexes. Sparse; absent if no cell is anything special. */
  readonly cellKinds?: readonly (CellKind | undefined)[];
  /** Hidden in the workbook, by a filter or by hand. */
  readonly isHidden?: true;
  /** Why all of its cells are in one, and what to do about it. Contains nothing of the cell. */
  readonly oneCell?: string;
  /** Set when some of its text is damaged: such a row must not be sent. */
  readonly malformed?: MalformedRow;
}

/** What is wrong with the text of a row. */
export interface MalformedRow {
  /** What is wrong, where, and what to do. Contains nothing of the cells. */
  readonly message: string;
  /** Index of the first damaged cell. */
  readonly cell: number;
}

/** What a cell of a workbook is besides its text. */
export type CellKind =
  /** A number that is shown as nothing but digits: it has no leading zeros, and no plus. */
  | 'number'
  /** A number of 16 or more digits, of which a spreadsheet keeps 15; its text ends with `DIGITS_LOST`. */
  | 'overlong'
  /** A number that is shown as a date or a time. */
  | 'date'
  /** A formula without a result; its text is `NOT_CALCULATED`. */
  | 'uncalculated'
  /** Empty because it is merged with another cell. */
  | 'merged';

/** Stands for the result of a formula that was never calculated. Reports show it, so that the cell does not look empty there. */
export const NOT_CALCULATED = '[formula not calculated]';
/** Follows a number of which digits are lost. Reports show it, so that the number does not look right there. */
export const DIGITS_LOST = ' [digits lost]';
