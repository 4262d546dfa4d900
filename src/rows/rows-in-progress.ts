/** More than there are rows in progress, as a rule. */
const SLOTS = 8192;

/**
 * Values by row number, for the rows between two stages of a run.
 *
 * A `Map` whose entries come and go replaces its table again and again, and V8 keeps everything that a replaced table refers to
 * until its next full collection, so that every row would live long. Slots are reused in place.
 */
export class RowsInProgress<T extends object> {
  readonly #rows = new Int32Array(SLOTS);
  readonly #values: (T | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  /** Rows whose slot was taken. */
  readonly #others = new Map<number, T>();
  #size = 0;

  /** Number of values. */
  get size(): number {
    return this.#size;
  }

  /** @param row - from 1. */
  set(row: number, value: T): void {
    const slot = row % SLOTS;
    if (this.get(row) === undefined) this.#size += 1;
    const isTaken = this.#values[slot] !== undefined && this.#rows[slot] !== row;
    if (isTaken || (this.#others.size > 0 && this.#others.has(row))) {
      this.#others.set(row, value);
      return;
    }
    this.#rows[slot] = row;
    this.#values[slot] = value;
  }

  get(row: number): T | undefined {
    const slot = row % SLOTS;
    const value = this.#values[slot];
    return value !== undefined && this.#rows[slot] === row ? value : this.#others.get(row);
  }

  /** Removes and returns the value of a row. */
  take(row: number): T | undefined {
    const value = this.get(row);
    if (value === undefined) return undefined;
    this.#size -= 1;
    const slot = row % SLOTS;
    if (this.#rows[slot] === row && this.#values[slot] === value) this.#values[slot] = undefined;
    else this.#others.delete(row);
    return value;
  }

  /** The values that were not taken, in no order. */
  *values(): Generator<T, void, undefined> {
    for (const value of this.#values) if (value !== undefined) yield value;
    yield* this.#others.values();
  }
}
