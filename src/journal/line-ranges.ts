const MAX_RANGES = 20;

/** Line numbers, in ascending order, for a message. */
export class LineRanges {
  #size = 0;
  readonly #ranges: { readonly first: number; last: number }[] = [];
  #isCut = false;

  get size(): number {
    return this.#size;
  }

  add(line: number): void {
    this.#size += 1;
    const range = this.#ranges.at(-1);
    if (range !== undefined && line === range.last + 1) range.last = line;
    else if (this.#ranges.length < MAX_RANGES) this.#ranges.push({ first: line, last: line });
    else this.#isCut = true;
  }

  /** Such as `lines 17-20 and 31`. */
  get text(): string {
    const ranges = this.#ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
    if (this.#isCut) ranges.push('more');
    const last = ranges.pop() ?? '';
    const list = ranges.length === 0 ? last : `${ranges.join(', ')} and ${last}`;
    return `${this.#size === 1 ? 'line' : 'lines'} ${list}`;
  }
}
