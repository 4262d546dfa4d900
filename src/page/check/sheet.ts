import { isFailedCsv } from '../../mapping/generated-file.js';
import type { LineLabel } from '../../rows/place.js';
import type { Row } from '../../rows/row.js';

/** What a row has besides its cells; nearly all have nothing. */
export type RowExtras = Pick<Row, 'cellKinds' | 'oneCell' | 'malformed' | 'isHidden'>;

/** The rows of a file, as they are in it. */
export interface SheetContent {
  readonly header: readonly string[];
  /** The cells of each row, in the order of the file. */
  readonly rows: readonly (readonly string[])[];
  /** Line of each row. */
  readonly lines: Uint32Array;
  /** What lines are called. */
  readonly lineLabel?: LineLabel | undefined;
  /** By row number. */
  readonly extras: ReadonlyMap<number, RowExtras>;
  /** Rows that the reading leaves out: the hidden ones of a workbook, if the person said so. */
  readonly leftOut: readonly number[];
}

/** New texts of cells, and rows that are left out or taken back. */
export interface SheetChange {
  readonly cells: readonly { readonly row: number; readonly column: number; readonly text: string }[];
  readonly excluded?: { readonly rows: readonly number[]; readonly isExcluded: boolean } | undefined;
}

/** One step of undo. Arrays of cells are never changed, so that steps can share them. */
interface Step {
  readonly rows: readonly {
    readonly row: number;
    readonly from: readonly string[];
    readonly to: readonly string[];
  }[];
  readonly excluded: readonly number[];
  readonly isExcluded: boolean;
}

/** Without a column if the row was left out or taken back. */
interface StepCell {
  readonly row: number;
  readonly column?: number;
}

/** Rows that the steps may remember together. The oldest steps are forgotten. */
const MAX_REMEMBERED_ROWS = 2_000_000;

/** The rows of a file with a layer of edits on top: the file itself is never changed. */
export class Sheet {
  readonly header: readonly string[];
  readonly rowCount: number;
  readonly #content: SheetContent;
  readonly #edited = new Map<number, readonly string[]>();
  readonly #excluded: Set<number>;
  #undo: Step[] = [];
  #redo: Step[] = [];
  #extraColumns: number | undefined;
  #cellVersion = 0;

  constructor(content: SheetContent) {
    this.#content = content;
    this.header = content.header;
    this.rowCount = content.rows.length;
    this.#excluded = new Set(content.leftOut);
  }

  /** How many cells the longest row has beyond the header. */
  get extraColumns(): number {
    this.#extraColumns ??= Math.max(
      0,
      this.#content.rows.reduce((longest, { length }) => Math.max(longest, length), 0) - this.header.length,
    );
    return this.#extraColumns;
  }

  /** By row. */
  get editedRows(): ReadonlyMap<number, unknown> {
    return this.#edited;
  }

  get lineLabel(): LineLabel | undefined {
    return this.#content.lineLabel;
  }

  get excludedRows(): ReadonlySet<number> {
    return this.#excluded;
  }

  /**
   * Whether importing the file itself would differ: a cell was changed, a row that reading leaves out was included, or rows have lines of
   * another file.
   */
  get differsFromFile(): boolean {
    if (isFailedCsv(this.header)) return true;
    return this.#edited.size > 0 || this.#content.leftOut.some((row) => !this.#excluded.has(row));
  }

  /** Grows with every change of a cell. */
  get cellVersion(): number {
    return this.#cellVersion;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** The first cell that `undo` changes; undefined if there is nothing to undo. */
  get undoCell(): StepCell | undefined {
    return firstCellOf(this.#undo.at(-1));
  }

  get redoCell(): StepCell | undefined {
    return firstCellOf(this.#redo.at(-1));
  }

  has(row: number): boolean {
    return Number.isInteger(row) && row >= 1 && row <= this.rowCount;
  }

  /** Its cells as edited; fewer than the header if the row is too short. */
  cells(row: number): readonly string[] {
    return this.#edited.get(row) ?? this.#content.rows[row - 1] ?? [];
  }

  originalCells(row: number): readonly string[] {
    return this.#content.rows[row - 1] ?? [];
  }

  line(row: number): number {
    return this.#content.lines[row - 1] ?? 0;
  }

  /** The number of the row that starts on a line. */
  rowOnLine(line: number): number | undefined {
    const { lines } = this.#content;
    let [low, high] = [0, this.rowCount - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = lines[middle]!;
      if (found === line) return middle + 1;
      if (found < line) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** Indexes of cells that are not as in the file. */
  editedColumns(row: number): readonly number[] {
    const edited = this.#edited.get(row);
    if (edited === undefined) return [];
    const original = this.originalCells(row);
    return [...edited.keys()].filter((index) => edited[index] !== (original[index] ?? ''));
  }

  /** The row for checks: what was true of a cell of the file is not true of one that was edited. */
  row(row: number): Row {
    const cells = this.cells(row);
    const plain = { row, line: this.line(row), lineLabel: this.lineLabel, cells };
    const extras = this.#content.extras.get(row);
    if (extras === undefined) return plain;
    const { cellKinds, oneCell, malformed } = extras;
    const original = this.originalCells(row);
    const isEdited = (index: number): boolean => cells[index] !== original[index];
    return {
      ...plain,
      ...(cellKinds && { cellKinds: cellKinds.map((kind, index) => (isEdited(index) ? undefined : kind)) }),
      ...(oneCell !== undefined && cells.length === 1 && { oneCell }),
      ...(malformed && !isEdited(malformed.cell) && { malformed }),
    };
  }

  /** Makes a change, as one step of undo. @returns the rows that it changed. */
  change(change: SheetChange): readonly number[] {
    const next = new Map<number, string[]>();
    for (const { row, column, text } of change.cells) {
      let cells = next.get(row);
      if (cells === undefined) {
        cells = [...this.cells(row)];
        // Whoever edits a row has seen all of its columns: it is no longer too short.
        while (cells.length < this.header.length) cells.push('');
        next.set(row, cells);
      }
      while (cells.length <= column) cells.push('');
      cells[column] = text;
    }
    const rows = [...next].flatMap(([row, cells]) => {
      while (cells.length > this.header.length && cells.at(-1) === '') cells.pop();
      const from = this.cells(row);
      return isEqual(from, cells) ? [] : [{ row, from, to: cells }];
    });
    const isExcluded = change.excluded?.isExcluded ?? false;
    const excluded = (change.excluded?.rows ?? []).filter((row) => this.#excluded.has(row) !== isExcluded);
    if (rows.length === 0 && excluded.length === 0) return [];
    const step = { rows, excluded, isExcluded };
    this.#undo.push(step);
    this.#redo = [];
    this.#forgetOldSteps();
    return this.#apply(step);
  }

  /** @returns the rows that changed. */
  undo(): readonly number[] {
    const step = this.#undo.pop();
    if (step === undefined) return [];
    this.#redo.push(step);
    const rows = step.rows.map(({ row, from, to }) => ({ row, from: to, to: from }));
    return this.#apply({ rows, excluded: step.excluded, isExcluded: !step.isExcluded });
  }

  /** @returns the rows that changed. */
  redo(): readonly number[] {
    const step = this.#redo.pop();
    if (step === undefined) return [];
    this.#undo.push(step);
    return this.#apply(step);
  }

  #apply({ rows, excluded, isExcluded }: Step): readonly number[] {
    if (rows.length > 0) this.#cellVersion += 1;
    for (const { row, to } of rows) {
      if (isEqual(to, this.originalCells(row))) this.#edited.delete(row);
      else this.#edited.set(row, to);
    }
    for (const row of excluded) {
      if (isExcluded) this.#excluded.add(row);
      else this.#excluded.delete(row);
    }
    return [...new Set([...rows.map(({ row }) => row), ...excluded])].toSorted((one, other) => one - other);
  }

  #forgetOldSteps(): void {
    let remembered = 0;
    const first = this.#undo.findLastIndex(({ rows }) => {
      remembered += rows.length;
      return remembered > MAX_REMEMBERED_ROWS;
    });
    if (first >= 0 && first < this.#undo.length - 1) this.#undo = this.#undo.slice(first + 1);
  }
}

function firstCellOf(step: Step | undefined): StepCell | undefined {
  const [changed] = step?.rows ?? [];
  if (changed !== undefined) {
    const { row, from, to } = changed;
    const [longer, other] = from.length > to.length ? [from, to] : [to, from];
    return {
      row,
      column: Math.max(
        0,
        longer.findIndex((text, index) => text !== (other[index] ?? '')),
      ),
    };
  }
  const row = step?.excluded[0];
  return row === undefined ? undefined : { row };
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
