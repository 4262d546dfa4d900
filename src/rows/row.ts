/** One row of a file, below its header. */
export interface Row {
  /** Number of the row, from 1; the header does not count. */
  readonly row: number;
  /** Physical line on which the row starts, from 1; line breaks inside quotes count. In a workbook, the row number of the sheet. */
  readonly line: number;
  /** The cells, unchanged, in the order of the header; a row may have fewer or more cells than the header. */
  readonly cells: readonly string[];
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
