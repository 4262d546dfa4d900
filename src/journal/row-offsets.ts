const PAGE_ROWS = 4096;
const NONE = -1;

/** Where in the journal the outcome of each row is: eight bytes per row. One far row takes one page. */
export class RowOffsets {
  readonly #pages = new Map<number, Float64Array>();
  #size = 0;

  /** Number of rows. */
  get size(): number {
    return this.#size;
  }

  has(row: number): boolean {
    return this.get(row) !== undefined;
  }

  get(row: number): number | undefined {
    const offset = this.#pages.get(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS] ?? NONE;
    return offset === NONE ? undefined : offset;
  }

  set(row: number, offset: number): void {
    const number = Math.floor(row / PAGE_ROWS);
    let page = this.#pages.get(number);
    if (page === undefined) this.#pages.set(number, (page = new Float64Array(PAGE_ROWS).fill(NONE)));
    if (page[row % PAGE_ROWS] === NONE) this.#size += 1;
    page[row % PAGE_ROWS] = offset;
  }
}
