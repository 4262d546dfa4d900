import type { UserRowReader } from '../mapping/user-rows.js';
import type { Row } from '../rows/row.js';
import { listOf, quoted } from '../text.js';

/** The rows of a user are usually close to each other. */
const MAX_REMEMBERED = 1000;
const MAX_LISTED = 5;

/** Explains why rows with the same login were not merged. */
export class RepeatedLogins {
  readonly #userRows: UserRowReader;
  /** The lines and the cells of the last rows, in places that are reused; see `RowsInProgress`. */
  readonly #lines: number[] = [];
  readonly #cells: (readonly string[])[] = [];
  #next = 0;

  constructor(userRows: UserRowReader) {
    this.#userRows = userRows;
  }

  remember({ line, cells }: Row): void {
    this.#lines[this.#next] = line;
    this.#cells[this.#next] = cells;
    this.#next = (this.#next + 1) % MAX_REMEMBERED;
  }

  /** A sentence, with a space before it; '' for rows that differ in nothing. */
  explain({ cells }: Row, firstLine: number): string {
    const first = this.#cells[this.#lines.indexOf(firstLine)];
    if (first === undefined) {
      return ` To add a user to several groups in several rows, make all other cells of these rows equal.`;
    }
    const columns = this.#userRows.differences(first, cells).map(quoted);
    if (columns.length === 0) return '';
    const more = columns.length - MAX_LISTED;
    const shown = more > 0 ? [...columns.slice(0, MAX_LISTED), `${more} more`] : columns;
    return ` Rows of one user are merged if they differ in their groups only, but these also differ in ${listOf(shown)}.`;
  }
}
