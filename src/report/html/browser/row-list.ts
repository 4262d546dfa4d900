import { isFailure } from '../../../rows/status-table.js';
import { PAGE_COLUMNS } from '../page-columns.js';
import { escapeField, fieldOf, fromRowLine } from '../row-line.js';

/** A column of the page's lines, or one of the values after them: `value-0`, `value-1`, … */
export type SortKey = (typeof PAGE_COLUMNS)[number] | `value-${number}`;

/** A row's fields, and its values in a dry run. */
export type RowFields = Readonly<Record<(typeof PAGE_COLUMNS)[number], string>> & {
  readonly values: readonly string[];
};

export interface RowQuery {
  /** Words that a row must all contain, in any field. */
  readonly text: string;
  /** Undefined for all. */
  readonly status: string | undefined;
  /** Only rows that failed for this cause; undefined for all. */
  readonly cause: number | undefined;
  /** Undefined for failures first, then file order. */
  readonly sort: RowSort | undefined;
}

export interface RowSort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** The rows that match a query. */
export interface Selection {
  /** Indexes, in the requested order. */
  readonly indexes: readonly number[];
  /** Number of rows per status that match everything but the status. */
  readonly statuses: ReadonlyMap<string, number>;
}

const STATUS = PAGE_COLUMNS.indexOf('status');
const CAUSES = PAGE_COLUMNS.indexOf('causes');
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

  at(index: number): RowFields {
    const fields = fromRowLine(this.#lines[index] ?? '');
    const named = Object.fromEntries(PAGE_COLUMNS.map((name, column) => [name, fields[column] ?? '']));
    return { ...named, values: fields.slice(PAGE_COLUMNS.length) } as unknown as RowFields;
  }

  /** The matching rows, in the requested order. */
  select({ text, status, cause, sort }: RowQuery): Selection {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(escapeField);
    const lowerCase = words.length > 0 ? this.#inLowerCase() : [];
    const selected: number[] = [];
    const statuses = new Map<string, number>();
    for (const [index, rowStatus] of this.#statuses.entries()) {
      if (cause !== undefined && !(isFailure(rowStatus) && this.#hasCause(index, cause))) continue;
      const line = lowerCase[index] ?? '';
      if (!words.every((word) => line.includes(word))) continue;
      statuses.set(rowStatus, (statuses.get(rowStatus) ?? 0) + 1);
      if (status === undefined || rowStatus === status) selected.push(index);
    }
    return {
      indexes: sort === undefined ? this.#failuresFirst(selected) : this.#sorted(selected, sort),
      statuses,
    };
  }

  #hasCause(index: number, cause: number): boolean {
    return fieldOf(this.#lines[index] ?? '', CAUSES)
      .split(' ')
      .includes(String(cause));
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
    const column = columnOf(key);
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

function columnOf(key: SortKey): number {
  const [, value] = /^value-(\d+)$/.exec(key) ?? [];
  return value === undefined
    ? PAGE_COLUMNS.findIndex((name) => name === key)
    : PAGE_COLUMNS.length + Number(value);
}
