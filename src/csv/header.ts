import { listOf } from '../text.js';

import { HeaderError } from './errors.js';

/** Spaces of every kind, and invisible characters: zero-width characters, BOM, soft hyphen. */
const INVISIBLE_EDGES = /^[\s\u00AD\u200B-\u200F\u2060\uFEFF]+|[\s\u00AD\u200B-\u200F\u2060\uFEFF]+$/gu;

/** The limit of an Excel sheet. */
const MAX_COLUMNS = 16_384;

/** A column name without spaces and invisible characters around it. */
export function trimInvisible(name: string): string {
  return name.replace(INVISIBLE_EDGES, '');
}

/**
 * The column names, without spaces and invisible characters around them.
 *
 * @throws {HeaderError} Some columns have no name, or the same name ignoring case; or there are too many columns.
 */
export function parseHeader(cells: readonly string[], line: number): readonly string[] {
  if (cells.length > MAX_COLUMNS) {
    const problem = `it has ${cells.length} columns, but the limit is ${MAX_COLUMNS}`;
    throw new HeaderError(
      line,
      [problem],
      'Check the delimiter (--delimiter), and that this is the right file.',
    );
  }
  const header = cells.map(trimInvisible);
  const unnamed = header.flatMap((name, index) => (name === '' ? [index + 1] : []));
  const problems = [
    ...(unnamed.length === 0 ? [] : [describeUnnamed(unnamed)]),
    ...describeDuplicates(header),
  ];
  if (problems.length === 0) return header;

  const isTrailing = unnamed.length > 0 && unnamed[0] === header.length - unnamed.length + 1;
  throw new HeaderError(
    line,
    problems,
    isTrailing
      ? 'Give every column a unique name, or delete the unnamed columns at the end of the sheet and save it again.'
      : 'Give every column a unique name.',
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
    // `email` and `Email` mean the same attribute.
    const key = name.normalize('NFC').toLowerCase();
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
function listRanges(positions: readonly number[]): string {
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
