import type { UserRowReader } from '../mapping/user-rows.js';
import type { Row } from '../rows/row.js';
import { listOf, quoted } from '../text.js';

/** The rows of a user are usually close to each other. */
const MAX_REMEMBERED = 1000;
const MAX_LISTED = 5;

/** Explains why rows with the same login were not merged. */
export interface RepeatedLoginAdvice {
  /** Called with each row. */
  remember(row: Row): void;
  /** A sentence, with a space before it; '' for rows that differ in nothing. */
  readonly explain: (row: Row, firstLine: number) => string;
}

/** Knows the rows that were last checked. */
export class RepeatedLogins implements RepeatedLoginAdvice {
  readonly #userRows: UserRowReader;
  /** The last rows, in a ring: every row of a file passes here. */
  readonly #rows: Row[] = [];
  #next = 0;

  constructor(userRows: UserRowReader) {
    this.#userRows = userRows;
  }

  remember(row: Row): void {
    this.#rows[this.#next] = row;
    this.#next = this.#next === MAX_REMEMBERED - 1 ? 0 : this.#next + 1;
  }

  readonly explain = (row: Row, firstLine: number): string => {
    const first = this.#rows.find(({ line }) => line === firstLine);
    return explainRepeatedLogin(row, first, this.#userRows);
  };
}

/** @param first - the first row with the login; undefined if it is not known any more. */
export function explainRepeatedLogin(
  { cells }: Pick<Row, 'cells'>,
  first: Pick<Row, 'cells'> | undefined,
  userRows: UserRowReader,
): string {
  if (first === undefined) {
    return ` To add a user to several groups in several rows, make all other cells of these rows equal.`;
  }
  const columns = userRows.differences(first.cells, cells).map(quoted);
  if (columns.length === 0) return '';
  const more = columns.length - MAX_LISTED;
  const shown = more > 0 ? [...columns.slice(0, MAX_LISTED), `${more} more`] : columns;
  return ` Rows of one user are merged if they differ in their groups only, but these also differ in ${listOf(shown)}.`;
}
