/** Numbers of rows, nearly always one. */
export class RowSet {
  #only = 0;
  #rows: Set<number> | undefined;
  #first = 0;

  /** The lowest; 0 for none. */
  get first(): number {
    if (this.#rows === undefined) return this.#only;
    if (this.#first === 0) for (const row of this.#rows) this.#first = lower(this.#first, row);
    return this.#first;
  }

  add(row: number): void {
    if (this.#rows !== undefined) {
      this.#rows.add(row);
      if (this.#first !== 0) this.#first = Math.min(this.#first, row);
    } else if (this.#only === 0 || this.#only === row) {
      this.#only = row;
    } else {
      this.#rows = new Set([this.#only, row]);
      this.#first = 0;
    }
  }

  delete(row: number): void {
    if (this.#rows === undefined) {
      if (this.#only === row) this.#only = 0;
      return;
    }
    this.#rows.delete(row);
    if (this.#first === row) this.#first = 0;
  }

  /** In order. */
  rows(): readonly number[] {
    if (this.#rows !== undefined) return [...this.#rows].toSorted((one, other) => one - other);
    return this.#only === 0 ? [] : [this.#only];
  }
}

function lower(one: number, other: number): number {
  return one === 0 ? other : Math.min(one, other);
}

/** The index of a row among rows in order, or where it would be. */
export function placeInOrder(rows: ArrayLike<number>, row: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
