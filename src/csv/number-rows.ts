import { lineText, onLine, type LineLabel } from '../rows/place.js';
import type { MalformedRow, Row } from '../rows/row.js';
import { listOf, plural, quoted } from '../text.js';

import { StructureError, type HeaderError, type HeaderPlace } from './errors.js';
import { listRanges, trimInvisible, unnamedColumnError, type NamedColumns } from './header.js';
import { describeMalformed, MALFORMED_ADVICE, type MalformedText } from './malformed.js';
import type { ParsedRow } from './plain-lines.js';
import { describeOneCell } from './structure.js';

/** The rows below a header. Iterate either one by one or in batches. */
export interface NumberedRows {
  readonly rows: AsyncIterable<Row>;
  readonly batches: AsyncIterable<readonly Row[]>;
  /** What was left out so far, as one sentence for rows and one for columns. */
  readonly ignored: () => readonly string[];
}

export interface NumberOptions {
  readonly headerLine: number;
  /** What lines are called. */
  readonly lineLabel?: LineLabel | undefined;
  /** Undefined for a sheet. */
  readonly delimiter: string | undefined;
  readonly columns: NamedColumns;
  /** Whether rows without a value count as rows, as they did when older journals were written. */
  readonly keepsBlankRows: boolean;
}

/**
 * Numbers the rows from 1, leaving out those without a value, and the columns without a name.
 *
 * @throws {HeaderError} while reading: a column without a name, with others to its right, has a value.
 * @throws {StructureError} while reading: two versions of the file were not merged.
 */
export function numberRows(
  parsed: AsyncGenerator<readonly ParsedRow[], void, undefined>,
  { headerLine, lineLabel, delimiter, columns, keepsBlankRows }: NumberOptions,
): NumberedRows {
  const gaps = unnamedColumns(columns, { line: headerLine, lineLabel });
  const isOneColumn = delimiter === undefined || columns.header.length < 2;
  const blank = { rows: 0, firstLine: 0 };
  const batches = numberBatches();
  return { rows: flatten(batches), batches, ignored };

  async function* numberBatches(): AsyncGenerator<readonly Row[], void, undefined> {
    let row = 0;
    for await (const batch of parsed) {
      const rows: Row[] = [];
      let failure: HeaderError | StructureError | undefined;
      for (const one of batch) {
        const isEmpty = isBlank(one.cells) || (!isOneColumn && hasOnlyDelimiters(one.cells));
        if (isEmpty && !keepsBlankRows) {
          if (blank.rows === 0) blank.firstLine = one.line;
          blank.rows += 1;
          continue;
        }
        failure = (isOneColumn ? undefined : findConflict(one)) ?? gaps?.check(one);
        if (failure !== undefined) break;
        row += 1;
        const numbered = toRow(row, gaps === undefined ? one : gaps.select(one), lineLabel);
        rows.push(
          one.cells.length > 1 || isOneColumn
            ? numbered
            : withOneCell(numbered, delimiter, columns.header.length),
        );
      }
      if (rows.length > 0) yield rows;
      if (failure !== undefined) throw failure;
    }
  }

  function ignored(): readonly string[] {
    const sentences: string[] = [];
    if (blank.rows > 0) {
      const where =
        blank.rows === 1
          ? lineText(blank.firstLine, lineLabel)
          : `the first ${onLine(blank.firstLine, lineLabel)}`;
      sentences.push(describeIgnored(plural(blank.rows, 'row'), 'without a value', where, blank.rows));
    }
    const empty = gaps?.empty() ?? [];
    if (empty.length > 0) {
      const count = plural(empty.length, 'column');
      sentences.push(
        describeIgnored(
          count,
          'without a name and without a value',
          `${empty.length === 1 ? 'column' : 'columns'} ${listRanges(empty)}`,
          empty.length,
        ),
      );
      const beyond = namesBeyondGap(columns, empty);
      if (beyond.length > 0) {
        const names = beyond.length > MAX_NAMED ? beyond.slice(0, MAX_NAMED) : beyond;
        const more = beyond.length - names.length;
        const list = listOf([...names.map(quoted), ...(more > 0 ? [`${more} more`] : [])]);
        const which = beyond.length === 1 ? 'The column to the right,' : 'The columns to the right,';
        sentences.push(`${which} ${list}, may belong to another table.`);
      }
    }
    return sentences.length === 0 ? [] : [sentences.join(' ')];
  }
}

/** How many names a message lists. */
const MAX_NAMED = 5;

/** The names to the right of the last empty column that has names on both sides. */
function namesBeyondGap({ names, indexes }: NamedColumns, empty: readonly number[]): readonly string[] {
  if ((empty.at(-1) ?? 0) - 1 < (indexes[0] ?? 0)) return [];
  return names.slice(empty.at(-1)).filter((name) => name !== '');
}

function describeIgnored(count: string, which: string, where: string, number: number): string {
  return `${count} ${which} (${where}) ${number === 1 ? 'was' : 'were'} ignored.`;
}

function toRow(row: number, parsed: ParsedRow, lineLabel: LineLabel | undefined): Row {
  const { line, cells, malformed, cellKinds, isHidden } = parsed;
  // Copying all properties of nearly every row, which has no others, would take longer.
  if (malformed === undefined && cellKinds === undefined && isHidden === undefined) {
    return lineLabel === undefined ? { row, line, cells } : { row, line, lineLabel, cells };
  }
  return {
    row,
    line,
    ...(lineLabel && { lineLabel }),
    cells,
    ...(malformed && { malformed: malformedRow(cells, malformed, lineLabel) }),
    ...(cellKinds && { cellKinds }),
    ...(isHidden && { isHidden }),
  };
}

const SPACE = ' '.charCodeAt(0);
const LAST_ASCII = 0x7e;

/** Whether no cell has a visible character. Nearly every row has one at its very start. */
export function isBlank(cells: readonly string[]): boolean {
  const first = cells[0]?.charCodeAt(0) ?? 0;
  if (first > SPACE && first <= LAST_ASCII) return false;
  return cells.every((cell) => cell === '' || trimInvisible(cell) === '');
}

/** The error for a Git conflict marker: the rows around it are from two versions of the file. */
function findConflict({ cells, line }: ParsedRow): StructureError | undefined {
  const [mark = ''] = cells;
  if (cells.length > 1 || !/^(?:<{7}|>{7}|={7})(?: |$)/.test(mark)) return undefined;
  return new StructureError(
    line,
    `Line ${line} is a Git conflict marker (${mark.slice(0, 7)}), so the file contains two versions of the rows around it.`,
    'Resolve the conflict: keep one version of each row, and delete the markers.',
  );
}

/** Whether a row is an empty one that was saved with another delimiter: `;;;;`. */
function hasOnlyDelimiters(cells: readonly string[]): boolean {
  return cells.length === 1 && /^[\s,;|]+$/.test(cells[0]!);
}

/** Explains a row that has only one cell although there are several columns. */
function withOneCell(row: Row, delimiter: string | undefined, columns: number): Row {
  const oneCell = describeOneCell(row.cells[0] ?? '', { delimiter: delimiter ?? '', columns });
  return oneCell === undefined ? row : { ...row, oneCell };
}

/** The columns without a name, which must have no value either. */
interface UnnamedColumns {
  /** The error for a value in a column with others to its right. Further right, a value makes the row too long. */
  check(row: ParsedRow): HeaderError | undefined;
  /** The row with the cells of the named columns, and those to the right of the last. */
  select(row: ParsedRow): ParsedRow;
  /** Positions, from 1, of the columns that had no value so far. */
  empty(): readonly number[];
}

/** @returns undefined if every column has a name. */
function unnamedColumns({ indexes, unnamed }: NamedColumns, header: HeaderPlace): UnnamedColumns | undefined {
  if (unnamed.length === 0) return undefined;
  const afterLast = (indexes.at(-1) ?? -1) + 1;
  const between = unnamed.filter((position) => position < afterLast);
  const withValues = new Set<number>();
  return {
    check({ cells, line }) {
      for (const position of unnamed) {
        if (isBlank([cells[position - 1] ?? ''])) continue;
        withValues.add(position);
        if (position < afterLast) return unnamedColumnError(header, position, line);
      }
      return undefined;
    },
    select(row) {
      if (between.length === 0) return row;
      const { cells, cellKinds } = row;
      return {
        ...row,
        cells: pickNamed(cells, indexes),
        ...(cellKinds && { cellKinds: pickNamed(cellKinds, indexes) }),
      };
    },
    empty: () => unnamed.filter((position) => !withValues.has(position)),
  };
}

/** Those at the indexes, in order, and those after the last. */
function pickNamed<T>(all: readonly T[], indexes: readonly number[]): T[] {
  const picked = indexes.filter((index) => index < all.length).map((index) => all[index]!);
  return [...picked, ...all.slice((indexes.at(-1) ?? -1) + 1)];
}

async function* flatten(
  batches: AsyncGenerator<readonly Row[], void, undefined>,
): AsyncGenerator<Row, void, undefined> {
  for await (const batch of batches) yield* batch;
}

function malformedRow(
  cells: readonly string[],
  malformed: MalformedText,
  lineLabel: LineLabel | undefined,
): MalformedRow {
  const isMalformed = malformed.kind === 'mixed' ? /[^\0-\x7f]/ : /\uFFFD/;
  const cell = cells.findIndex((text) => isMalformed.test(text));
  const message = `${describeMalformed(malformed, lineLabel)} ${MALFORMED_ADVICE[malformed.kind]}`;
  return { message, cell: Math.max(cell, 0) };
}
