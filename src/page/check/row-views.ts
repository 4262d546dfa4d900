import type { CellProblem, EditResult, NextProblem, RowsFilter, RowsQuery } from '../api/check.js';

import type { GridRows } from './grid-rows.js';
import type { ProblemStore } from './problem-store.js';
import { placeInOrder } from './row-set.js';
import type { Sheet } from './sheet.js';

/** Lists that tabs may be looking at. */
const MAX_VIEWS = 8;

/** Lists of rows that stay the same while somebody works through them. */
export class RowViews {
  readonly #sheet: Sheet;
  readonly #store: ProblemStore;
  readonly #grid: GridRows;
  readonly #views = new Map<string, Uint32Array>();

  constructor(sheet: Sheet, store: ProblemStore, grid: GridRows) {
    this.#sheet = sheet;
    this.#store = store;
    this.#grid = grid;
  }

  /** Row numbers, in order. */
  rows(filter: RowsFilter): Uint32Array {
    const { view, show, group = '', search = '' } = filter;
    if (view === undefined) return this.#find(filter);
    const key = JSON.stringify([view, show, group, search]);
    const rows = this.#views.get(key) ?? this.#find(filter);
    this.#views.delete(key);
    this.#views.set(key, rows);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MAX_VIEWS && oldest !== undefined) this.#views.delete(oldest);
    return rows;
  }

  /**
   * The wrong cell after another one, in the order of the list; after the last comes the first. Problems come first: warnings only if
   * the list has no problem, or was asked for its warnings.
   */
  next(filter: RowsFilter, from: StartCell): NextProblem {
    const rows = this.rows(filter);
    const { show, group = '' } = filter;
    const wantsWarnings = show === 'warnings' || this.#store.group(group)?.severity === 'warning';
    const problem = wantsWarnings
      ? undefined
      : nextCell(rows, from, (row) => this.#columnsOf(row, ({ severity }) => severity === 'problem'));
    const found = problem ?? nextCell(rows, from, (row) => this.#columnsOf(row, () => true));
    return { found: found && { ...found, line: this.#sheet.line(found.row) } };
  }

  /** The position of a cell in a list; undefined if its row is not in it. */
  placeOf(
    list: RowsFilter,
    cell: { readonly row: number; readonly column?: number } | undefined,
  ): EditResult['cell'] {
    if (cell === undefined) return undefined;
    const rows = this.rows(list);
    const index = placeInOrder(rows, cell.row);
    return rows[index] === cell.row ? { index, column: cell.column } : undefined;
  }

  /** Columns with such problems or warnings, in order. A problem of the whole row is in the first visible column. */
  #columnsOf(row: number, isWanted: (problem: CellProblem) => boolean): readonly number[] {
    if (this.#sheet.excludedRows.has(row)) return [];
    const columns = this.#store
      .of(row)
      .filter(isWanted)
      .flatMap((problem) => (problem.columns.length === 0 ? [this.#grid.firstColumn] : problem.columns));
    return [...new Set(columns)].toSorted((one, other) => one - other);
  }

  #find({ show, group, search = '' }: RowsFilter): Uint32Array {
    const rows =
      group === undefined ? this.#shown(show) : (this.#store.group(group)?.rows ?? new Set<number>());
    const all = rows === undefined ? everyRow(this.#sheet.rowCount) : Uint32Array.from(rows).sort();
    if (search === '') return all;
    const isMatch = matcherOf(search);
    return all.filter((row) =>
      this.#sheet.cells(row).some((text, column) => isMatch(text) && !this.#grid.isSecret(row, column)),
    );
  }

  /** @returns undefined for all rows. */
  #shown(show: RowsQuery['show']): Iterable<number> | undefined {
    const { problemRows, warningRows } = this.#store;
    switch (show) {
      case 'attention':
        return new Set([...problemRows, ...warningRows]);
      case 'problems':
        return problemRows;
      case 'warnings':
        return warningRows;
      case 'edited':
        return this.#sheet.editedRows.keys();
      case 'excluded':
        return this.#sheet.excludedRows;
      case 'all':
        return undefined;
      default:
        return show satisfies never;
    }
  }
}

function everyRow(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index + 1);
}

/** In any case. */
function matcherOf(search: string): (text: string) => boolean {
  const pattern = new RegExp(search.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), 'iu');
  return (text) => pattern.test(text);
}

/** The cell from which the next one is sought. */
export interface StartCell {
  readonly row: number;
  readonly column: number;
  readonly direction: 1 | -1;
}

function nextCell(
  rows: Uint32Array,
  from: StartCell,
  columnsOf: (row: number) => readonly number[],
): Omit<NonNullable<NextProblem['found']>, 'line'> | undefined {
  const { direction } = from;
  const start = placeInOrder(rows, from.row);
  const isListed = rows[start] === from.row;
  if (isListed) {
    const columns = columnsOf(from.row).filter((column) =>
      direction === 1 ? column > from.column : column < from.column,
    );
    const column = direction === 1 ? columns[0] : columns.at(-1);
    if (column !== undefined) return { index: start, row: from.row, column };
  }
  const first = direction === 1 ? start + (isListed ? 1 : 0) : start - 1;
  for (let step = 0; step < rows.length; step += 1) {
    const index = (first + direction * step + 2 * rows.length) % rows.length;
    const row = rows[index]!;
    const columns = columnsOf(row);
    const column = direction === 1 ? columns[0] : columns.at(-1);
    if (column !== undefined) return { index, row, column };
  }
  return undefined;
}
