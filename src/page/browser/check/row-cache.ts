import type { GridRow, RowsQuery } from '../../api/check.js';

/** Rows and columns are read in blocks of this size. */
const BLOCK_ROWS = 100;
const BLOCK_COLUMNS = 50;
/** About as many as a few screens. */
const MAX_BLOCKS = 24;

export type ReadRows = (
  query: Pick<RowsQuery, 'offset' | 'limit' | 'firstColumn' | 'columns'>,
) => Promise<{ readonly total: number; readonly rows: readonly GridRow[] }>;

interface Block {
  readonly firstColumn: number;
  rows: readonly GridRow[];
}

/** The rows around those that are visible. The others stay with the program. */
export class RowCache {
  readonly #blocks = new Map<string, Block>();
  readonly #pending = new Set<string>();
  readonly #read: ReadRows;
  readonly #onChange: (total: number) => void;
  readonly #onError: (error: unknown) => void;
  /** Grows when everything that was read is out of date. */
  #generation = 0;

  constructor(read: ReadRows, onChange: (total: number) => void, onError: (error: unknown) => void) {
    this.#read = read;
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** The row at a position of the list, as far as it is known. */
  row(index: number): GridRow | undefined {
    const first = Math.floor(index / BLOCK_ROWS);
    for (const [key, { rows }] of this.#blocks) {
      if (key.startsWith(`${first}:`)) return rows[index % BLOCK_ROWS];
    }
    return undefined;
  }

  /** The text of a cell; undefined while it is read. */
  text(index: number, column: number): string | undefined {
    const block = this.#blocks.get(keyOf(index, column));
    return block?.rows[index % BLOCK_ROWS]?.cells[column - block.firstColumn];
  }

  /** Reads what is missing of some rows and columns. */
  request(rows: readonly number[], columns: readonly number[]): void {
    const keys = new Set<string>();
    for (const row of rows) for (const column of columns) keys.add(keyOf(row, column));
    for (const key of keys) {
      const block = this.#blocks.get(key);
      if (block === undefined) void this.#load(key);
      else {
        this.#blocks.delete(key);
        this.#blocks.set(key, block);
      }
    }
  }

  /** Takes over rows that have changed, with all of their cells. */
  update(changed: readonly GridRow[]): void {
    const byRow = new Map(changed.map((row) => [row.row, row]));
    for (const block of this.#blocks.values()) {
      if (!block.rows.some(({ row }) => byRow.has(row))) continue;
      block.rows = block.rows.map((row) => {
        const next = byRow.get(row.row);
        if (next === undefined) return row;
        return { ...next, cells: next.cells.slice(block.firstColumn, block.firstColumn + BLOCK_COLUMNS) };
      });
    }
  }

  /** What is known is shown until it was read again. */
  refresh(): void {
    this.#generation += 1;
    this.#pending.clear();
    for (const key of this.#blocks.keys()) void this.#load(key);
  }

  clear(): void {
    this.#generation += 1;
    this.#pending.clear();
    this.#blocks.clear();
  }

  async #load(key: string): Promise<void> {
    if (this.#pending.has(key)) return;
    this.#pending.add(key);
    const generation = this.#generation;
    const [row = 0, column = 0] = key.split(':').map(Number);
    const firstColumn = column * BLOCK_COLUMNS;
    try {
      const page = await this.#read({
        offset: row * BLOCK_ROWS,
        limit: BLOCK_ROWS,
        firstColumn,
        columns: BLOCK_COLUMNS,
      });
      if (generation !== this.#generation) return;
      this.#blocks.set(key, { firstColumn, rows: page.rows });
      const [oldest] = this.#blocks.keys();
      if (this.#blocks.size > MAX_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
      this.#onChange(page.total);
    } catch (error) {
      if (generation === this.#generation) this.#onError(error);
    } finally {
      if (generation === this.#generation) this.#pending.delete(key);
    }
  }
}

function keyOf(index: number, column: number): string {
  return `${Math.floor(index / BLOCK_ROWS)}:${Math.floor(column / BLOCK_COLUMNS)}`;
}
