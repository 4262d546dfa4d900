import { addedColumns, ERROR_COLUMN, isFailedCsv } from '../../mapping/generated-file.js';
import type { CompletedRow } from '../../rows/outcome.js';
import { hasHiddenCells } from '../../report/failed-fields.js';
import type { CellProblem, GridRow } from '../api/check.js';
import { forPage } from '../for-page.js';
import { PageRequestError } from '../page-error.js';

import type { ProblemStore } from './problem-store.js';
import type { Sheet } from './sheet.js';

/** Stands for a secret. Its length says nothing. */
const MASK = '••••••';
/** Longer cells are cut. */
const MAX_SHOWN = 300;
const MAX_FAILURE = 1000;

/** What the browser gets of the rows: secrets never leave the program. */
export class GridRows {
  readonly #sheet: Sheet;
  readonly #store: ProblemStore;
  readonly #secretColumns: ReadonlySet<number>;
  /** Rows of which no cell may be shown. */
  readonly #hidden = new Set<number>();
  readonly #failureColumn: number;
  /** Indexes of columns that are not shown. */
  readonly addedColumns: ReadonlySet<number>;
  /** The first one that is shown. */
  readonly firstColumn: number;

  constructor(sheet: Sheet, store: ProblemStore, secretColumns: ReadonlySet<number>) {
    this.#sheet = sheet;
    this.#store = store;
    this.#secretColumns = secretColumns;
    this.addedColumns = new Set(addedColumns(sheet.header));
    this.firstColumn = Math.max(
      0,
      sheet.header.findIndex((_, index) => !this.addedColumns.has(index)),
    );
    this.#failureColumn = isFailedCsv(sheet.header) ? sheet.header.indexOf(ERROR_COLUMN) : -1;
  }

  /** Columns of the header, and those of longer rows. */
  get columns(): number {
    return this.#sheet.header.length + this.#sheet.extraColumns;
  }

  /** Decides whether the cells of a row may be shown: in one with its cells in the wrong columns, any of them may be a secret. */
  judge(completed: CompletedRow): void {
    const { header } = this.#sheet;
    const isHidden = hasHiddenCells(completed, { header, secretColumns: this.#secretColumns });
    if (isHidden) this.#hidden.add(completed.row.row);
    else this.#hidden.delete(completed.row.row);
  }

  isSecret(row: number, column: number): boolean {
    return this.#hidden.has(row) || this.#secretColumns.has(column);
  }

  isSecretColumn(column: number): boolean {
    return this.#secretColumns.has(column);
  }

  row(row: number, first = 0, count = this.columns): GridRow {
    const cells = this.#sheet.cells(row);
    const end = Math.min(this.columns, first + count);
    const shown: string[] = [];
    const cut: number[] = [];
    for (let column = first; column < end; column += 1) {
      const text = cells[column] ?? '';
      if (text !== '' && this.isSecret(row, column)) shown.push(MASK);
      else if (text.length > MAX_SHOWN) {
        shown.push(cutText(text, MAX_SHOWN));
        cut.push(column);
      } else shown.push(text);
    }
    return {
      row,
      line: this.#sheet.line(row),
      cells: shown,
      cut,
      edited: this.#sheet.editedColumns(row),
      problems: this.#store.of(row).map((problem) => this.#shown(row, problem)),
      isExcluded: this.#sheet.excludedRows.has(row),
      failure: this.#failureOf(row),
      isMasked: this.#hidden.has(row),
    };
  }

  /** @throws {PageRequestError} The cell is a secret. */
  text(row: number, column: number): string {
    if (this.isSecret(row, column)) {
      throw new PageRequestError('This cell is not shown, because it may contain a secret.', {
        status: 403,
        hint: 'Type it again to change it.',
      });
    }
    return this.#sheet.cells(row)[column] ?? '';
  }

  #failureOf(row: number): string | undefined {
    const text = this.#sheet.cells(row)[this.#failureColumn] ?? '';
    if (text === '' || this.isSecret(row, this.#failureColumn)) return undefined;
    return forPage(cutText(text, MAX_FAILURE));
  }

  #shown(row: number, { code, severity, columns, message, suggestion }: CellProblem): CellProblem {
    const isSecret = columns.some((column) => this.isSecret(row, column));
    return { code, severity, columns, message, suggestion: isSecret ? undefined : suggestion };
  }
}

/** Not in the middle of a character. */
function cutText(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
