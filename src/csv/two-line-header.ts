import type { ColumnRecognizer } from '../rows/column-recognizer.js';

import type { LineLabel } from '../rows/place.js';

import { trimInvisible } from './header.js';
import type { ParsedRow } from './plain-lines.js';

/** A line of cells near the header. */
interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The names of a header that is spread over two lines. */
export interface TwoLineHeader {
  /** One for each column, some of them empty. */
  readonly names: readonly string[];
  /** The second of its lines; rows start below. */
  readonly lastLine: number;
}

/**
 * Joins a header that is spread over two lines: names broken in two (`First` above `name`), columns that only the upper line names because
 * its cells were merged downwards, or the same names in a second language.
 *
 * @param lines.header - the line with the most known names, see `findHeader`.
 * @returns undefined for a header of one line, as nearly all are.
 */
export function joinTwoLines(
  {
    above,
    header,
    below,
  }: { readonly above: Line | undefined; readonly header: Line; readonly below: Line | undefined },
  recognize: ColumnRecognizer,
): TwoLineHeader | undefined {
  const known = knownNames(header.cells, recognize);
  if (below !== undefined && hasOnlyNames(below.cells, recognize)) {
    const names = join(header.cells, below.cells, recognize);
    const isChanged = names.some((name, index) => name !== trimmed(header.cells, index));
    const isJoined = isChanged
      ? knownNames(names, recognize) >= known
      : isTranslation(header.cells, below.cells, recognize);
    if (isJoined) return { names, lastLine: below.line };
  }
  if (above === undefined) return undefined;
  const names = join(above.cells, header.cells, recognize);
  return knownNames(names, recognize) > known ? { names, lastLine: header.line } : undefined;
}

function join(
  upper: readonly string[],
  lower: readonly string[],
  recognize: ColumnRecognizer,
): readonly string[] {
  const isKnown = (name: string): boolean => recognize(name) !== undefined;
  return Array.from({ length: Math.max(upper.length, lower.length) }, (_, index) => {
    const [top, bottom] = [trimmed(upper, index), trimmed(lower, index)];
    if (top === '' || bottom === '') return top + bottom;
    // A cell above several columns is a title of theirs.
    if (trimmed(upper, index + 1) === '' && trimmed(lower, index + 1) !== '') return bottom;
    const both = `${top} ${bottom}`;
    if (isKnown(both)) return both;
    return isKnown(top) ? top : bottom;
  });
}

/** No row of a person consists of nothing but names of columns. */
function hasOnlyNames(cells: readonly string[], recognize: ColumnRecognizer): boolean {
  const names = cells.map(trimInvisible).filter((name) => name !== '');
  // Nearly every row has an address, and to recognize a name takes longer than to read a small file.
  if (names.some((name) => ADDRESS.test(name))) return false;
  return names.length >= 2 && names.every((name) => recognize(name) !== undefined);
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** Whether the lower line says the same as the upper one. A row that is taken for a header is lost, so this must be certain. */
function isTranslation(
  upper: readonly string[],
  lower: readonly string[],
  recognize: ColumnRecognizer,
): boolean {
  const columns = [...upper.keys()].filter((index) => trimmed(upper, index) !== '');
  return (
    columns.length >= 3 &&
    columns.every((index) => {
      const meaning = recognize(trimmed(upper, index));
      return meaning !== undefined && meaning === recognize(trimmed(lower, index));
    })
  );
}

function knownNames(cells: readonly string[], recognize: ColumnRecognizer): number {
  return new Set(cells.map(trimInvisible).filter((name) => name !== '' && recognize(name) !== undefined))
    .size;
}

function trimmed(cells: readonly string[], index: number): string {
  return trimInvisible(cells[index] ?? '');
}

/** The rows below a header of two lines. */
export async function* below(
  lastLine: number,
  batches: AsyncGenerator<readonly ParsedRow[], void, undefined>,
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  for await (const batch of batches) {
    const isBelow = (batch[0]?.line ?? 0) > lastLine;
    yield isBelow ? batch : batch.filter(({ line }) => line > lastLine);
  }
}

/** The notice about a header of two lines. */
export function joinedNotice(
  { lastLine }: TwoLineHeader,
  headerLine: number,
  lineLabel: LineLabel = 'line',
): string {
  const lines = lastLine > headerLine ? [headerLine, lastLine] : [headerLine - 1, headerLine];
  return `The header was read from ${lineLabel}s ${lines[0]} and ${lines[1]}. To read it from one ${lineLabel === 'line' ? 'line' : 'row'}, use --header-row.`;
}
