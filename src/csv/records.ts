/** One data record of a CSV file. */
export interface Row {
  /** Number of the record from 1, the header not counted. */
  readonly row: number;
  /** Physical line on which the record starts, from 1; line breaks inside quotes count. */
  readonly line: number;
  /** The cells as they stand, in the order of the header; a ragged record has fewer or more than the header. */
  readonly cells: readonly string[];
}
