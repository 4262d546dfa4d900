import { RESULT_COLUMNS } from '../../result-fields.js';
import { escaped, fromRowLine } from '../row-line.js';
import { isFailure } from '../../../rows/status-table.js';

/** What a row's line holds, in the order of `results.csv`. */
export type ShownRow = Readonly<Record<SortKey, string>>;

export type SortKey = (typeof RESULT_COLUMNS)[number];

export interface Wish {
  /** Words, all of which a row must have somewhere. */
  readonly query: string;
  /** Undefined for all. */
  readonly status: string | undefined;
  /** Only rows with this cause. */
  readonly cause: { readonly code: string; readonly fragment: string } | undefined;
  /** Undefined for bad rows first, then the order of the file. */
  readonly sort: { readonly key: SortKey; readonly isDescending: boolean } | undefined;
}

const NUMBERS: ReadonlySet<SortKey> = new Set(['row', 'line', 'attempts', 'durationMs']);

/** The rows of the page. A line stays a line until somebody looks at it, so that a hundred thousand cost little. */
export class RowList {
  readonly #lines: readonly string[];
  readonly #statuses: string[] = [];
  #lowerCase: string[] | undefined;

  constructor(text: string) {
    this.#lines = text === '' ? [] : text.split('\n');
    for (const line of this.#lines) this.#statuses.push(fieldOf(line, 3));
  }

  get length(): number {
    return this.#lines.length;
  }

  /** How many rows there are of each status. */
  countByStatus(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const status of this.#statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    return counts;
  }

  at(index: number): ShownRow {
    const fields = fromRowLine(this.#lines[index] ?? '');
    return Object.fromEntries(
      RESULT_COLUMNS.map((name, place) => [name, fields[place] ?? '']),
    ) as unknown as ShownRow;
  }

  /** The rows that are wished for, in the order that is wished for, as places in this list. */
  select({ query, status, cause, sort }: Wish): readonly number[] {
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(escaped);
    const fragment = cause === undefined ? '' : escaped(cause.fragment).toLowerCase();
    const lowerCase = words.length > 0 || fragment !== '' ? this.#inLowerCase() : [];
    const selected: number[] = [];
    for (const [index, own] of this.#statuses.entries()) {
      if (status !== undefined && own !== status) continue;
      const line = lowerCase[index] ?? '';
      if (
        cause !== undefined &&
        !(isFailure(own) && line.includes(fragment) && this.#hasCode(index, cause.code))
      ) {
        continue;
      }
      if (words.every((word) => line.includes(word))) selected.push(index);
    }
    return sort === undefined ? this.#badFirst(selected) : this.#sorted(selected, sort);
  }

  #hasCode(index: number, code: string): boolean {
    return this.at(index).errorCode.split(' ').includes(code);
  }

  #inLowerCase(): readonly string[] {
    this.#lowerCase ??= this.#lines.map((line) => line.toLowerCase());
    return this.#lowerCase;
  }

  #badFirst(selected: readonly number[]): readonly number[] {
    const isBadAt = (index: number): boolean => isFailure(this.#statuses[index] ?? '');
    return [...selected.filter(isBadAt), ...selected.filter((index) => !isBadAt(index))];
  }

  #sorted(
    selected: readonly number[],
    { key, isDescending }: { readonly key: SortKey; readonly isDescending: boolean },
  ): readonly number[] {
    const place = RESULT_COLUMNS.indexOf(key);
    const direction = isDescending ? -1 : 1;
    if (NUMBERS.has(key)) {
      const values = new Float64Array(this.#lines.length);
      for (const index of selected) values[index] = Number(fieldOf(this.#lines[index] ?? '', place));
      return [...selected].sort((one, other) => direction * (values[one]! - values[other]!) || one - other);
    }
    const values: string[] = [];
    for (const index of selected) values[index] = fieldOf(this.#lines[index] ?? '', place).toLowerCase();
    return [...selected].sort((one, other) => {
      const [a = '', b = ''] = [values[one], values[other]];
      // What is empty comes last, whatever the direction.
      if ((a === '') !== (b === '')) return a === '' ? 1 : -1;
      return a === b ? one - other : direction * (a < b ? -1 : 1);
    });
  }
}

/** One field of a line as it stands, without cutting up the others. */
function fieldOf(line: string, place: number): string {
  let start = 0;
  for (let left = place; left > 0; left -= 1) {
    const tab = line.indexOf('\t', start);
    if (tab < 0) return '';
    start = tab + 1;
  }
  const end = line.indexOf('\t', start);
  return end < 0 ? line.slice(start) : line.slice(start, end);
}
