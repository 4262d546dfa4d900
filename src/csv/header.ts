import { onLine, type LineLabel } from '../rows/place.js';
import { listOf, quoted } from '../text.js';

import { HeaderError, type HeaderPlace } from './errors.js';

/** Spaces of every kind, and invisible characters: zero-width characters, BOM, soft hyphen. */
const INVISIBLE_EDGES = /^[\s\u00AD\u200B-\u200F\u2060\uFEFF]+|[\s\u00AD\u200B-\u200F\u2060\uFEFF]+$/gu;

/** The limit of an Excel sheet. */
const MAX_COLUMNS = 16_384;

/** A column name without spaces and invisible characters around it. */
export function trimInvisible(name: string): string {
  return name.replace(INVISIBLE_EDGES, '');
}

/** The columns of a table that have a name. */
export interface NamedColumns {
  /** The names of all columns, some of them empty. */
  readonly names: readonly string[];
  /** Those that are not empty, without spaces and invisible characters around them. */
  readonly header: readonly string[];
  /** The index of each of them in the rows of the file. */
  readonly indexes: readonly number[];
  /** Positions, from 1, of the columns without a name, which must not have values either. */
  readonly unnamed: readonly number[];
}

/** @throws {HeaderError} No column has a name, some have the same name ignoring case, or there are too many columns. */
export function parseHeader(cells: readonly string[], line: number, lineLabel?: LineLabel): NamedColumns {
  if (cells.length > MAX_COLUMNS) {
    const problem = `it has ${cells.length} columns, but the limit is ${MAX_COLUMNS}`;
    const hint = 'Check the delimiter (--delimiter), and that this is the right file.';
    throw new HeaderError({ line, lineLabel }, [problem], hint);
  }
  const names = cells.map(trimInvisible);
  const indexes = [...names.keys()].filter((index) => names[index] !== '');
  const unnamed = [...names.keys()].filter((index) => names[index] === '').map((index) => index + 1);
  const problems = indexes.length === 0 ? [describeUnnamed(unnamed)] : describeDuplicates(names);
  if (problems.length > 0) throw describeWrongHeader(names, problems, { line, lineLabel });
  return { names, header: indexes.map((index) => names[index]!), indexes, unnamed };
}

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The error for names that are not unique, with the cause if it is known: the line is a data row, or two tables are side by side. */
function describeWrongHeader(
  names: readonly string[],
  problems: readonly string[],
  at: HeaderPlace,
): HeaderError {
  const address = names.find((name) => ADDRESS.test(name));
  if (address !== undefined) {
    return new HeaderError(
      at,
      [`it contains the email address ${quoted(address)}, so it is a data row, and the file has no header`],
      `Add a header ${at.lineLabel === 'sheet row' ? 'row' : 'line'} above it, such as login,email,firstName,lastName.`,
    );
  }
  const gap = names.indexOf('');
  const [left, right] = [keysOf(names.slice(0, gap)), keysOf(names.slice(gap))];
  const shared = [...right].filter((key) => left.has(key));
  if (gap > 0 && shared.length > 1) {
    return new HeaderError(
      at,
      [
        `the columns before and after column ${gap + 1} have the same names, so there are two tables side by side`,
      ],
      'Move the rows of the second table below the first, or delete them, and save the file again.',
    );
  }
  return new HeaderError(at, problems, 'Give every column a unique name.');
}

function keysOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.filter((name) => name !== '').map(keyOf));
}

/** `email` and `Email` mean the same attribute. */
function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The error for a column that has values but no name. */
export function unnamedColumnError(header: HeaderPlace, position: number, line: number): HeaderError {
  return new HeaderError(
    header,
    [`column ${position} has no name, but a value ${onLine(line, header.lineLabel)}`],
    'Name the column, or delete it and save the file again.',
  );
}

function describeUnnamed(positions: readonly number[]): string {
  return positions.length === 1
    ? `column ${positions[0]} has no name`
    : `columns ${listRanges(positions)} have no name`;
}

function describeDuplicates(header: readonly string[]): readonly string[] {
  const positionsByName = new Map<string, number[]>();
  for (const [index, name] of header.entries()) {
    if (name === '') continue;
    const key = keyOf(name);
    positionsByName.set(key, [...(positionsByName.get(key) ?? []), index + 1]);
  }
  return [...positionsByName.values()]
    .filter((positions) => positions.length > 1)
    .map(
      (positions) =>
        `columns ${listRanges(positions)} are ${positions.length === 2 ? 'both' : 'all'} named "${header[positions[0]! - 1]}"`,
    );
}

/** `3`, `3 and 5`, `3, 5, and 7 to 16384`: a sheet may have thousands of empty columns. */
export function listRanges(positions: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const position of positions) {
    const range = ranges.at(-1);
    if (range && range[1] === position - 1) range[1] = position;
    else ranges.push([position, position]);
  }
  return listOf(
    ranges.flatMap(([first, last]) => {
      if (first === last) return [`${first}`];
      return last - first === 1 ? [`${first}`, `${last}`] : [`${first} to ${last}`];
    }),
  );
}
