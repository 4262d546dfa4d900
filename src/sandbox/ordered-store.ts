/**
 * Items ordered by increasing ordinals. Cursors stay valid while others add and remove items.
 *
 * Adding is O(1), removing and starting a page are O(log n): a page of 200 costs the same in an org of 200,000.
 */
export class OrderedStore<T> {
  #ordinals: number[] = [];
  #items: (T | undefined)[] = [];
  #removed = 0;

  get size(): number {
    return this.#items.length - this.#removed;
  }

  /** `ordinal` must be greater than every one before it. */
  add(ordinal: number, item: T): void {
    this.#ordinals.push(ordinal);
    this.#items.push(item);
  }

  remove(ordinal: number): void {
    const position = this.#positionAfter(ordinal - 1);
    if (this.#ordinals[position] !== ordinal || this.#items[position] === undefined) return;
    this.#items[position] = undefined;
    this.#removed += 1;
    if (this.#removed > 64 && this.#removed > this.#items.length / 2) this.#compact();
  }

  /** Items whose ordinal is greater than `ordinal`, in order; without an argument, all items. */
  *after(ordinal = -1): Generator<T> {
    for (let position = this.#positionAfter(ordinal); position < this.#items.length; position += 1) {
      const item = this.#items[position];
      if (item !== undefined) yield item;
    }
  }

  #positionAfter(ordinal: number): number {
    let low = 0;
    let high = this.#ordinals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ordinals[middle] ?? 0) <= ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compact(): void {
    const ordinals = this.#ordinals.filter((_, position) => this.#items[position] !== undefined);
    this.#items = this.#items.filter((item) => item !== undefined);
    this.#ordinals = ordinals;
    this.#removed = 0;
  }
}
