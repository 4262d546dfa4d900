import { listOf, quoted } from '../../text.js';

import type { ParsedRow } from '../plain-lines.js';

import { parseCellReference } from './cell-reference.js';

/** Cells that a sheet shows as one. Only the first has a value. */
export interface MergedRange {
  /** As in the file: `B2:B4`. */
  readonly reference: string;
  /** Numbers of rows, from 1. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** Indexes of columns, from 0. */
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** No list of people has more; the others are ignored. */
const MAX_RANGES = 50_000;
/** Ranges that one row belongs to; a malicious sheet could have as many as it has ranges. */
const MAX_OPEN = 256;
/** Longer than any tag of a merged range. */
const MAX_TAG_CHARACTERS = 200;
const END_OF_ROWS = /<\/(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*\/>/;
const MERGE_CELL = /<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["'](\w{2,10}):(\w{2,10})["']/g;

/**
 * Finds the merged ranges of a sheet, in the order of their first rows.
 *
 * The sheet lists them after its rows, but they must be known before. Looking for their tags takes far less time than parsing the
 * sheet.
 */
export async function findMergedRanges(sheet: AsyncIterable<Buffer>): Promise<readonly MergedRange[]> {
  const ranges: MergedRange[] = [];
  let areRowsOver = false;
  let tail = '';
  for await (const chunk of sheet) {
    let text = tail + chunk.toString('latin1');
    if (!areRowsOver) {
      const end = text.includes('sheetData') ? text.search(END_OF_ROWS) : -1;
      areRowsOver = end >= 0;
      if (areRowsOver) text = text.slice(end);
    }
    let parsed = 0;
    if (areRowsOver) {
      for (const found of text.matchAll(MERGE_CELL)) {
        parsed = found.index + found[0].length;
        const range = toRange(found[1]!, found[2]!);
        if (range !== undefined && ranges.length < MAX_RANGES) ranges.push(range);
      }
    }
    tail = text.slice(Math.max(parsed, text.length - MAX_TAG_CHARACTERS));
  }
  return ranges.toSorted((a, b) => a.firstRow - b.firstRow);
}

function toRange(first: string, last: string): MergedRange | undefined {
  const [from, to] = [parseCellReference(first), parseCellReference(last)];
  if (from === undefined || to === undefined) return undefined;
  return {
    reference: `${first}:${last}`,
    firstRow: from.row,
    lastRow: to.row,
    firstColumn: from.column,
    lastColumn: to.column,
  };
}

/** Follows the rows of a sheet, and knows which of their cells are empty because they are merged with others. */
export class MergedCells {
  readonly #ranges: readonly MergedRange[];
  #next = 0;
  #open: MergedRange[] = [];

  /** @param ranges - in the order of their first rows. */
  constructor(ranges: readonly MergedRange[]) {
    this.#ranges = ranges;
  }

  /** The ranges that the cells of a row belong to. Rows must be asked for in order. */
  at(row: number): readonly MergedRange[] {
    if (this.#open.some(({ lastRow }) => lastRow < row)) {
      this.#open = this.#open.filter(({ lastRow }) => lastRow >= row);
    }
    for (let next = this.#ranges[this.#next]; next && next.firstRow <= row; next = this.#ranges[this.#next]) {
      if (next.lastRow >= row && this.#open.length < MAX_OPEN) this.#open.push(next);
      this.#next += 1;
    }
    return this.#open;
  }
}

/**
 * Rows with the names of columns that are merged downwards, as in a header of two rows: each row below the first gets the name as well.
 *
 * @param ranges - in the order of their first rows.
 */
export function withMergedNames(
  rows: readonly ParsedRow[],
  ranges: readonly MergedRange[],
): readonly ParsedRow[] {
  const merged = new MergedCells(ranges);
  return rows.map((row) => {
    let cells: string[] | undefined;
    for (const { firstRow, firstColumn } of merged.at(row.line)) {
      if (firstRow === row.line || (row.cells[firstColumn] ?? '') !== '') continue;
      const name = rows.find(({ line }) => line === firstRow)?.cells[firstColumn] ?? '';
      if (name === '') continue;
      cells ??= [...row.cells];
      while (cells.length < firstColumn) cells.push('');
      cells[firstColumn] = name;
    }
    return cells === undefined ? row : { ...row, cells };
  });
}

/** How many ranges the messages name. */
const MAX_NAMED = 5;

/** Names the ranges that leave cells of rows empty, and those rows; nothing for ranges above them or beside them. */
export function describeMergedRanges(
  ranges: readonly MergedRange[],
  { header, headerLine }: { readonly header: readonly string[]; readonly headerLine: number },
): readonly string[] {
  const inRows = ranges.filter(
    ({ lastRow, firstColumn, lastColumn }) =>
      lastRow > headerLine && header.slice(firstColumn, lastColumn + 1).some((name) => name !== ''),
  );
  const named = inRows.slice(0, MAX_NAMED).map((range) => describeRange(range, header, headerLine));
  const more = inRows.length - named.length;
  return more > 0 ? [...named, `${more} more ranges of cells are merged.`] : named;
}

function describeRange(range: MergedRange, header: readonly string[], headerLine: number): string {
  const firstRow = Math.max(range.firstRow, headerLine);
  const isDownwards = range.lastRow > firstRow;
  const names = header.slice(range.firstColumn, range.lastColumn + 1).filter((name) => name !== '');
  const rows = isDownwards ? rowsFrom(firstRow + 1, range.lastRow) : `sheet row ${range.lastRow}`;
  const columns = isDownwards ? names : names.slice(1);
  const empty = listOf((columns.length === 0 ? names : columns).map(quoted));
  return `Cells ${range.reference} are merged: only the first has a value, and ${empty} ${columns.length > 1 ? 'are' : 'is'} empty in ${rows}. Unmerge the cells, and fill in every row.`;
}

/** `sheet row 3`, `sheet rows 3 and 4`, `sheet rows 3 to 7`. */
function rowsFrom(first: number, last: number): string {
  if (first === last) return `sheet row ${first}`;
  return `sheet rows ${first} ${last === first + 1 ? 'and' : 'to'} ${last}`;
}
