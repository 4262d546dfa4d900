import type { ColumnMeaning, ColumnRecognizer } from '../rows/column-recognizer.js';

import { onLine, type LineLabel } from '../rows/place.js';
import { plural } from '../text.js';

import { HeaderError } from './errors.js';
import { trimInvisible } from './header.js';
import type { ParsedRow } from './plain-lines.js';
import { prepend } from './prepend.js';

/** The header is among this many rows that are not blank. */
export const MAX_HEADER_ROWS = 20;

/**
 * Finds the header below a title, the head of a report, or a message that the exporting program printed: it is the row with the most
 * known names.
 *
 * @param rows - the first rows of a file, none of them blank.
 * @returns the index of the header; 0 unless another row is clearly better.
 */
export function findHeader(rows: readonly (readonly string[])[], recognize: ColumnRecognizer): number {
  const first = countNames(rows[0] ?? [], recognize);
  // The usual file, without looking up every cell of its first rows.
  if (first.known >= SURE_NAMES && first.known === first.cells) return 0;
  const counts = rows.slice(0, MAX_HEADER_ROWS).map((cells) => countNames(cells, recognize));
  const most = Math.max(0, ...counts.map(({ known }) => known));
  const best = counts.findIndex(({ known }) => known === most);
  const header = counts[best];
  if (header === undefined || !isHeader(header)) return 0;
  const isBelowData = counts
    .slice(0, best)
    .some(({ hasAddress, cells }) => hasAddress && cells > 1 && cells >= header.cells);
  return isBelowData ? 0 : best;
}

/**
 * Takes the header from the rows of a sheet, as `findHeader` finds it.
 *
 * @param headerLine - the number of its row in the sheet, if it is known.
 * @returns `header` is undefined if there are no rows. `rest` is to be read or closed.
 * @throws {HeaderError} There is no row `headerLine`.
 */
export async function takeHeader(
  batches: AsyncGenerator<readonly ParsedRow[], void, undefined>,
  {
    headerLine,
    recognize,
    namesIn = (rows) => rows,
  }: {
    readonly headerLine: number | undefined;
    readonly recognize: ColumnRecognizer | undefined;
    /** The first rows as they are read if one of them is the header. */
    readonly namesIn?: (rows: readonly ParsedRow[]) => readonly ParsedRow[];
  },
): Promise<{
  readonly header: ParsedRow | undefined;
  /** The rows next to the header that have a value. */
  readonly above: ParsedRow | undefined;
  readonly below: ParsedRow | undefined;
  readonly rest: AsyncGenerator<readonly ParsedRow[], void, undefined>;
}> {
  const rows: ParsedRow[] = [];
  const isEnough = (): boolean =>
    headerLine === undefined ? rows.length >= MAX_HEADER_ROWS : (rows.at(-1)?.line ?? 0) >= headerLine;
  while (!isEnough()) {
    const { value: batch } = await batches.next();
    if (batch === undefined) break;
    rows.push(...batch);
  }
  const candidates = namesIn(rows);
  const index = headerIndex(candidates, headerLine, recognize);
  return {
    header: candidates[index],
    above: rows[index - 1],
    below: rows[index + 1],
    rest: prepend(rows.slice(index + 1), batches),
  };
}

function headerIndex(
  rows: readonly ParsedRow[],
  headerLine: number | undefined,
  recognize: ColumnRecognizer | undefined,
): number {
  if (headerLine !== undefined) {
    const index = rows.findIndex(({ line }) => line >= headerLine);
    if (index === -1) throw missingHeaderLine(headerLine, rows.at(-1)?.line ?? 0, 'sheet row');
    return index;
  }
  if (recognize === undefined) return 0;
  return findHeader(
    rows.map(({ cells }) => cells),
    recognize,
  );
}

/** A title is never so many known names and nothing else. */
const SURE_NAMES = 4;

/** Whether a row can hardly be the header of a list of people: no column has the login, or only that one is known. */
export function hardlyNamesPeople(cells: readonly string[], recognize: ColumnRecognizer): boolean {
  const { known, cells: all, namesAddress } = countNames(cells, recognize);
  return !namesAddress || (known === 1 && all > 1);
}

/** Whether one of the first rows is clearly the header of a list of people. */
export function hasPeopleHeader(rows: readonly (readonly string[])[], recognize: ColumnRecognizer): boolean {
  const header = rows[findHeader(rows, recognize)];
  if (header === undefined) return false;
  const count = countNames(header, recognize);
  return count.known >= 2 && count.namesAddress && isHeader(count);
}

interface NameCount {
  /** Cells that are not empty. */
  readonly cells: number;
  /** Different known names among them. */
  readonly known: number;
  /** Whether a name means the login or the email address. */
  readonly namesAddress: boolean;
  /** Whether a cell contains an address, as only rows do. */
  readonly hasAddress: boolean;
}

function countNames(row: readonly string[], recognize: ColumnRecognizer): NameCount {
  const names = new Set(row.map(trimInvisible).filter((name) => name !== ''));
  const hasAddress = [...names].some((name) => ADDRESS.test(name));
  const meanings = [...names].map(recognize).filter((meaning) => meaning !== undefined);
  return {
    cells: names.size,
    known: hasAddress ? 0 : meanings.length,
    namesAddress: meanings.includes('address' satisfies ColumnMeaning),
    hasAddress,
  };
}

/** A cell that is an address; a header may contain one as an example. */
const ADDRESS = /^[^\s@]+@[^\s@]+$|<[^\s@]+@[^\s@]+>$/;

/** A row may contain one or two known names by chance, such as the title "Manager". */
function isHeader({ cells, known, namesAddress }: NameCount): boolean {
  if (known >= 3) return true;
  return namesAddress ? known * 3 >= cells : known >= 2 && known === cells;
}

/** The error for a line that was given as that of the header. */
export function missingHeaderLine(line: number, lastLine: number, lineLabel?: LineLabel): HeaderError {
  const problem =
    lineLabel === 'sheet row' ? `the sheet ends in row ${lastLine}` : `the file ends on line ${lastLine}`;
  return new HeaderError(
    { line, lineLabel },
    [problem],
    `Set --header-row to the ${lineLabel ?? 'line'} with the names of the columns.`,
  );
}

/** The notice about skipped lines above the header; blank lines count, those that set a format do not. */
export function skippedLinesNotices(
  headerLine: number,
  formatLines: number,
  lineLabel: LineLabel = 'line',
): readonly string[] {
  const skipped = headerLine - 1 - formatLines;
  if (skipped === 0) return [];
  const each = lineLabel === 'line' ? 'line' : 'row';
  return [
    `The first ${each} is not the header: header found ${onLine(headerLine, lineLabel)}; ${plural(skipped, each)} above it ${skipped === 1 ? 'was' : 'were'} skipped. To choose another ${each}, use --header-row.`,
  ];
}
