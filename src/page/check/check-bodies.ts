import type {
  ColumnFix,
  Edit,
  ExcludedChange,
  FixId,
  FixRequest,
  RowsFilter,
  RowsQuery,
} from '../api/check.js';
import { PageRequestError } from '../page-error.js';

import type { StartCell } from './row-views.js';

const SHOWS = [
  'attention',
  'problems',
  'warnings',
  'edited',
  'excluded',
  'all',
] as const satisfies readonly RowsQuery['show'][];
const COLUMN_FIXES = [
  'trim',
  'lower-case',
  'upper-case',
  'title-case',
] as const satisfies readonly ColumnFix[];
const FIXES = [
  ...COLUMN_FIXES,
  'country-code',
  'date-format',
  'did-you-mean',
  'clean-text',
  'exclude',
] as const satisfies readonly FixId[];

const MAX_ROWS = 500;
/** As many as a cell of a spreadsheet can have. */
const MAX_TEXT = 32_767;

/** What the requests of the step Check carry, checked. All throw `PageRequestError`. */
export function readRowsQuery(query: URLSearchParams): RowsQuery {
  return {
    ...readFilter(query),
    offset: readCount(query, 'offset') ?? 0,
    limit: Math.min(readCount(query, 'limit') ?? MAX_ROWS, MAX_ROWS),
    firstColumn: readCount(query, 'firstColumn'),
    columns: readCount(query, 'columns'),
  };
}

export function readFilter(query: URLSearchParams): RowsFilter {
  return {
    show: oneOf(SHOWS, query.get('show') ?? 'all', 'show'),
    group: query.get('group') ?? undefined,
    search: query.get('search') ?? undefined,
    view: query.get('view') ?? undefined,
  };
}

/** A whole number from 0 on. */
export function readCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw wrong(`"${name}" must be a number.`);
  return Number(text);
}

export function readPosition(query: URLSearchParams): StartCell {
  const row = readCount(query, 'row') ?? 0;
  // -1 is before the first column.
  const column = query.get('column') === '-1' ? -1 : (readCount(query, 'column') ?? -1);
  return { row, column, direction: query.get('direction') === '-1' ? -1 : 1 };
}

/** @param limits - of the sheet. */
export function readEdits(
  body: unknown,
  limits: { readonly rows: number; readonly columns: number },
): readonly Edit[] {
  if (!Array.isArray(body)) throw wrong('The edits must be a list.');
  return body.map((item: unknown) => {
    const { row, column, value } = objectOf(item);
    if (!isBetween(row, 1, limits.rows)) throw wrong('There is no such row.');
    if (!isBetween(column, 0, limits.columns - 1)) throw wrong('There is no such column.');
    return { row, column, value: textOf(value, 'value') };
  });
}

export function readFix(body: unknown, limits: { readonly columns: number }): FixRequest {
  const { kind, group, fix, column, find, replaceWith, isWholeCell, isCaseSensitive } = objectOf(body);
  if (kind === 'group') return { kind, group: textOf(group, 'group'), fix: oneOf(FIXES, fix, 'fix') };
  if (kind !== 'column' && kind !== 'replace') throw wrong('There is no such fix.');
  if (!isBetween(column, 0, limits.columns - 1)) throw wrong('There is no such column.');
  if (kind === 'column') return { kind, column, fix: oneOf(COLUMN_FIXES, fix, 'fix') };
  const text = textOf(find, 'find');
  if (text === '' && isWholeCell !== true) {
    throw new PageRequestError('There is nothing to find.', {
      hint: 'Type what to find, or choose "Whole cell" to find empty cells.',
    });
  }
  return {
    kind,
    column,
    find: text,
    replaceWith: textOf(replaceWith, 'replaceWith'),
    isWholeCell: isWholeCell === true,
    isCaseSensitive: isCaseSensitive === true,
  };
}

export function readExcluded(body: unknown): ExcludedChange {
  const { rows, isExcluded } = objectOf(body);
  if (typeof isExcluded !== 'boolean') throw wrong('"isExcluded" must be true or false.');
  if (Array.isArray(rows)) {
    const numbers = rows.map((row: unknown) => {
      if (!isBetween(row, 1, Number.MAX_SAFE_INTEGER)) throw wrong('There is no such row.');
      return row;
    });
    return { rows: numbers, isExcluded };
  }
  return { rows: { group: textOf(objectOf(rows)['group'], 'group') }, isExcluded };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('The request is incomplete.');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** As it can be written to a file. */
function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrong(`"${name}" must be a text.`);
  if (value.length > MAX_TEXT) {
    throw new PageRequestError(
      `The text has ${value.length} characters, but a cell can have at most ${MAX_TEXT}.`,
      {
        hint: 'Shorten it.',
      },
    );
  }
  // A lone surrogate is not a character, and no file of text has a NUL.
  return Buffer.from(value, 'utf8').toString('utf8').replaceAll('\0', '');
}

function isBetween(value: unknown, first: number, last: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= first && value <= last;
}

function oneOf<const Values extends readonly string[]>(
  values: Values,
  value: unknown,
  name: string,
): Values[number] {
  const found = values.find((each) => each === value);
  if (found === undefined) throw wrong(`"${name}" must be one of ${values.join(', ')}.`);
  return found;
}

function wrong(message: string): PageRequestError {
  return new PageRequestError(message, { hint: 'Reload the page.' });
}
