import { isFailure } from '../../../rows/status-table.js';
import { RESULT_COLUMNS } from '../../results-columns.js';
import { escapeField, fromRowLine } from '../row-line.js';

export type SortKey = (typeof RESULT_COLUMNS)[number];

/** A row's fields, as in `results.csv`. */
export type RowFields = Readonly<Record<SortKey, string>>;

export interface RowQuery {
  /** Words that a row must all contain, in any field. */
  readonly text: string;
  /** Undefined for all. */
  readonly status: string | undefined;
  /** Only failed rows with this code and message. */
  readonly failure: { readonly code: string; readonly fragment: string } | undefined;
  /** Undefined for failures first, then file order. */
  readonly sort: RowSort | undefined;
}

export interface RowSort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

const STATUS = RESULT_COLUMNS.indexOf('status');
const NUMERIC: ReadonlySet<SortKey> = new Set(['row', 'line', 'attempts', 'durationMs']);

/** The rows of the page. Lines are split only when shown, so that 100,000 rows cost little. */
export class RowList {
  readonly #lines: readonly string[];
  readonly #statuses: string[] = [];
  #lowerCase: string[] | undefined;

  constructor(text: string) {
    this.#lines = text === '' ? [] : text.split('\n');
    for (const line of this.#lines) this.#statuses.push(fieldOf(line, STATUS));
  }

  get length(): number {
    return this.#lines.length;
  }

  /** Number of rows per status. */
  countByStatus(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const status of this.#statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    return counts;
  }

  at(index: number): RowFields {
    const fields = fromRowLine(this.#lines[index] ?? '');
    return Object.fromEntries(
      RESULT_COLUMNS.map((name, column) => [name, fields[column] ?? '']),
    ) as unknown as RowFields;
  }

  /** Indexes of the matching rows, in the requested order. */
  select({ text, status, failure, sort }: RowQuery): readonly number[] {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(escapeField);
    const fragment = failure === undefined ? '' : escapeField(failure.fragment).toLowerCase();
    const lowerCase = words.length > 0 || fragment !== '' ? this.#inLowerCase() : [];
    const selected: number[] = [];
    for (const [index, rowStatus] of this.#statuses.entries()) {
      if (status !== undefined && rowStatus !== status) continue;
      const line = lowerCase[index] ?? '';
      if (failure !== undefined) {
        const isMatch = isFailure(rowStatus) && line.includes(fragment) && this.#hasCode(index, failure.code);
        if (!isMatch) continue;
      }
      if (words.every((word) => line.includes(word))) selected.push(index);
    }
    return sort === undefined ? this.#failuresFirst(selected) : this.#sorted(selected, sort);
  }

  #hasCode(index: number, code: string): boolean {
    return this.at(index).errorCode.split(' ').includes(code);
  }

  #inLowerCase(): readonly string[] {
    this.#lowerCase ??= this.#lines.map((line) => line.toLowerCase());
    return this.#lowerCase;
  }

  #failuresFirst(selected: readonly number[]): readonly number[] {
    const isFailed = (index: number): boolean => isFailure(this.#statuses[index] ?? '');
    return [...selected.filter(isFailed), ...selected.filter((index) => !isFailed(index))];
  }

  #sorted(selected: readonly number[], { key, isDescending }: RowSort): readonly number[] {
    const column = RESULT_COLUMNS.indexOf(key);
    const direction = isDescending ? -1 : 1;
    if (NUMERIC.has(key)) {
      const values = new Float64Array(this.#lines.length);
      for (const index of selected) values[index] = Number(fieldOf(this.#lines[index] ?? '', column));
      return [...selected].sort((one, other) => direction * (values[one]! - values[other]!) || one - other);
    }
    const values: string[] = [];
    for (const index of selected) values[index] = fieldOf(this.#lines[index] ?? '', column).toLowerCase();
    return [...selected].sort((one, other) => {
      const [a = '', b = ''] = [values[one], values[other]];
      // Empty values come last in both directions.
      if ((a === '') !== (b === '')) return a === '' ? 1 : -1;
      return a === b ? one - other : direction * (a < b ? -1 : 1);
    });
  }
}

/** One field of a line, still escaped, without splitting the rest. */
function fieldOf(line: string, column: number): string {
  let start = 0;
  for (let skip = column; skip > 0; skip -= 1) {
    const tab = line.indexOf('\t', start);
    if (tab < 0) return '';
    start = tab + 1;
  }
  const end = line.indexOf('\t', start);
  return end < 0 ? line.slice(start) : line.slice(start, end);
}
