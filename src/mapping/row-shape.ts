import type { Profile, ProfileValue } from '../okta/types.js';
import { DIGITS_LOST, NOT_CALCULATED, type Row } from '../rows/row.js';
import type { Problem } from '../rows/problem.js';
import { listOf, plural, quoted, REDACTED } from '../text.js';
import type { Mapping } from './mapping.js';

/** Why the cells of a row cannot be read as values at all; undefined for nearly every row. */
export function findShapeProblem(row: Row, mapping: Mapping): Problem | undefined {
  const { header, generatedColumns } = mapping;
  const { cells, malformed } = row;
  if (malformed !== undefined) {
    return { code: 'malformed-text', column: header[malformed.cell], message: malformed.message };
  }
  if (isHeader(cells, header, generatedColumns)) return HEADER_REPEATED;
  return (
    findLengthProblem(row, mapping) ??
    (mapping.isFailedCsv ? findMarker(cells, mapping) : undefined) ??
    (mapping.problemColumn === undefined ? undefined : findNoted(cells, mapping.problemColumn))
  );
}

/** What the page found wrong with a row, and nobody has corrected. */
function findNoted(cells: readonly string[], problemColumn: number): Problem | undefined {
  const message = (cells[problemColumn] ?? '').trim();
  return message === '' ? undefined : { code: 'row-unmended', column: undefined, message };
}

/** The header again, as at the top of each printed page. */
function isHeader(
  cells: readonly string[],
  header: readonly string[],
  generatedColumns: ReadonlySet<number>,
): boolean {
  // Nearly every row differs in its first cell.
  return (
    cells.length >= header.length &&
    header.every((name, index) => isSameName(name, cells[index]!) || generatedColumns.has(index))
  );
}

function isSameName(name: string, cell: string): boolean {
  return name === cell || name.trim().toLowerCase() === cell.trim().toLowerCase();
}

const HEADER_REPEATED: Problem = {
  code: 'header-repeated',
  column: undefined,
  message: 'The row repeats the header. Delete it.',
};

/**
 * When the cells of a row must not be shown, because a secret may have moved into any of them:
 *
 * - `wrong-columns`: if the cells turn out to be in the wrong columns; so it is for every row of a file with secrets.
 * - `no-address`: also if login or email is no address at all; the row has none of the file's secrets where they belong.
 * - `any-problem`: if anything is wrong with the row; login or email is not one value.
 */
export type HiddenIf = 'wrong-columns' | 'no-address' | 'any-problem';

/** @returns undefined for a file without secrets, which shows all of its cells. */
export function hiddenIf(
  cells: readonly string[],
  { login, email }: Profile,
  { secretColumns }: Mapping,
): HiddenIf | undefined {
  if (secretColumns.size === 0) return undefined;
  if (!isOneValue(login) || !isOneValue(email)) return 'any-problem';
  for (const index of secretColumns) if ((cells[index] ?? '').trim() !== '') return 'wrong-columns';
  return 'no-address';
}

/** A whole row in its first cell: the only values are login or email, and they contain a delimiter or a quote. */
export function findUnsplitRow(
  cells: readonly string[],
  { login, email }: Profile,
  { secretColumns }: Mapping,
): Problem | undefined {
  const isDelimited = [login, email].some((value) => typeof value === 'string' && /[",;|\t]/.test(value));
  const hasSecret = [...secretColumns].some((index) => (cells[index] ?? '').trim() !== '');
  const hasOneAddress = [login, email].some((value) => typeof value === 'string' && isOneValue(value));
  return isDelimited && !hasSecret && !hasOneAddress ? UNSPLIT_ROW : undefined;
}

const UNSPLIT_ROW: Problem = {
  code: 'row-shifted',
  column: undefined,
  message:
    'The row seems to be in a single cell: login or email contains a delimiter or a quote. Its cells are not shown, because the file contains secrets. Look for quotes around the whole line, or another delimiter.',
};

/** Longest login that Okta accepts. */
const MAX_ADDRESS = 100;

/** Whether a login or an email has the form of one value, which can be shown although the row may be damaged. */
export function isOneValue(value: ProfileValue | undefined): boolean {
  return typeof value !== 'string' || (value.length <= MAX_ADDRESS && !/[\s",;|\p{Cc}]/u.test(value));
}

/** Whether the row has too few cells, or too many that are not empty. */
export function hasWrongLength(cells: readonly string[], header: readonly string[]): boolean {
  return cells.length < header.length || cells.slice(header.length).some((cell) => cell.trim() !== '');
}

/** Empty cells beyond the header are harmless: exports leave them. */
function findLengthProblem(
  { cells, oneCell, lineLabel }: Row,
  { header, generatedColumns }: Mapping,
): Problem | undefined {
  if (cells.every((cell, index) => cell.trim() === '' || generatedColumns.has(index))) {
    const message = 'The row is empty. Delete it or fill it in.';
    return { code: 'empty-row', column: undefined, message };
  }
  if (cells.length < header.length) {
    if (oneCell !== undefined) return { code: 'row-too-short', column: undefined, message: oneCell };
    const noPerson =
      cells.length === 1 ? ' If the row is not a person, such as a heading or a remark, delete it.' : '';
    const message = `${lengthsOf(cells, header)}: ${listMissing(header.slice(cells.length))} missing. Look for a missing delimiter.${noPerson}`;
    return { code: 'row-too-short', column: undefined, message };
  }
  if (cells.length > header.length && cells.slice(header.length).some((cell) => cell.trim() !== '')) {
    const ofCsv =
      lineLabel === 'sheet row' ? '' : ' If a cell of a CSV contains the delimiter, put quotes around it.';
    const message = `${lengthsOf(cells, header)}. Give the column of the last cell a name, or clear the cell.${ofCsv}`;
    return { code: 'row-too-long', column: undefined, message };
  }
  return undefined;
}

function lengthsOf(cells: readonly string[], header: readonly string[]): string {
  return `The row has ${plural(cells.length, 'cell')}, but the header has ${plural(header.length, 'column')}`;
}

const MAX_LISTED = 5;

function listMissing(columns: readonly string[]): string {
  const shown = columns.length > MAX_LISTED ? columns.slice(0, MAX_LISTED - 1) : columns;
  const names = shown.map(quoted);
  if (shown.length < columns.length) names.push(`${columns.length - shown.length} more`);
  return `${listOf(names)} ${columns.length === 1 ? 'is' : 'are'}`;
}

/** A row of failed.csv that still has the markers for what was wrong with its cells; see `failedFields`. */
function findMarker(
  cells: readonly string[],
  { header, secretColumns, columnUses }: Pick<Mapping, 'header' | 'secretColumns' | 'columnUses'>,
): Problem | undefined {
  const index = cells.findIndex(
    (cell, at) =>
      cell === '[missing]' ||
      / \[surplus: .*\]$/s.test(cell) ||
      ((cell === NOT_CALCULATED || cell.endsWith(DIGITS_LOST)) && columnUses.has(at)) ||
      // In a column of secrets, it is a problem of its own.
      (cell === REDACTED && !secretColumns.has(at)),
  );
  if (index < 0) return undefined;
  return { code: 'row-unmended', column: header[index], message: messageOfMarker(cells, index) };
}

function messageOfMarker(cells: readonly string[], index: number): string {
  const [marked] = cells.slice(index);
  if (marked === NOT_CALCULATED) {
    return `The formula in this cell of the workbook was never calculated. Replace ${NOT_CALCULATED} with its value.`;
  }
  if (marked?.endsWith(DIGITS_LOST) === true) {
    return `A spreadsheet has kept only the first 15 digits of this number. Replace it and "${DIGITS_LOST.trim()}" with the original number.`;
  }
  if (cells.some((cell) => cell.startsWith(REDACTED))) {
    return 'Reports do not contain the cells of this row, because one may be a secret in the wrong column. Copy the row from the original file, and correct it.';
  }
  return marked === '[missing]'
    ? 'The row was too short. Replace each [missing] with its value, or with nothing.'
    : 'The row was too long. Move each value to its column, and delete "[surplus: …]".';
}
