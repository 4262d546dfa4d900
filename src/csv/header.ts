import { HeaderError } from './errors.js';

/** Spaces of every kind, and what cannot be seen at all: zero-width characters, BOM, soft hyphen. */
const INVISIBLE_EDGES = /^[\s\u00AD\u200B-\u200F\u2060\uFEFF]+|[\s\u00AD\u200B-\u200F\u2060\uFEFF]+$/gu;

/** As many as a sheet of Excel has: what has more is no list of people. */
const MAX_COLUMNS = 16_384;

/**
 * The names of the columns, trimmed of what nobody sees.
 *
 * @throws {HeaderError} Columns without a name, or with the same name in any case: all of them at once; or too many to look at.
 */
export function parseHeader(cells: readonly string[], line: number): readonly string[] {
  if (cells.length > MAX_COLUMNS) {
    const finding = `it has ${cells.length} columns, more than ${MAX_COLUMNS}`;
    throw new HeaderError(
      line,
      [finding],
      'Check the delimiter (--delimiter), and whether this is the file you meant.',
    );
  }
  const header = cells.map((cell) => cell.replace(INVISIBLE_EDGES, ''));
  const unnamed = header.flatMap((name, index) => (name === '' ? [index + 1] : []));
  const findings = [
    ...(unnamed.length === 0 ? [] : [describeUnnamed(unnamed)]),
    ...describeDuplicates(header),
  ];
  if (findings.length === 0) return header;

  const isTrailing = unnamed.length > 0 && unnamed[0] === header.length - unnamed.length + 1;
  throw new HeaderError(
    line,
    findings,
    isTrailing
      ? 'Give every column a name of its own, or delete the unnamed columns at the end of the sheet and save it again.'
      : 'Give every column a name of its own.',
  );
}

function describeUnnamed(positions: readonly number[]): string {
  return positions.length === 1
    ? `column ${positions[0]} has no name`
    : `columns ${listOf(positions)} have no name`;
}

function describeDuplicates(header: readonly string[]): readonly string[] {
  const positionsByName = new Map<string, number[]>();
  for (const [index, name] of header.entries()) {
    if (name === '') continue;
    // `email` and `Email` would feed the same attribute.
    const key = name.normalize('NFC').toLowerCase();
    positionsByName.set(key, [...(positionsByName.get(key) ?? []), index + 1]);
  }
  return [...positionsByName.values()]
    .filter((positions) => positions.length > 1)
    .map(
      (positions) =>
        `columns ${listOf(positions)} are ${positions.length === 2 ? 'both' : 'all'} named "${header[positions[0]! - 1]}"`,
    );
}

/** `3`, `3 and 5`, `3, 5 and 7 to 16384`: a sheet may have thousands of empty columns. */
function listOf(positions: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const position of positions) {
    const range = ranges.at(-1);
    if (range && range[1] === position - 1) range[1] = position;
    else ranges.push([position, position]);
  }
  const words = ranges.flatMap(([first, last]) => {
    if (last - first < 2) return first === last ? [`${first}`] : [`${first}`, `${last}`];
    return [`${first} to ${last}`];
  });
  return words.length < 3 ? words.join(' and ') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
