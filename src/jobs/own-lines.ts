import { isEditedCsv, LINE_COLUMN } from '../mapping/generated-file.js';
import type { LineLabel } from '../rows/place.js';
import type { Row } from '../rows/row.js';

/**
 * Gives rows of an edited.csv the lines of the file that was edited, which is the file that people look at. Rows of any other file
 * are unchanged.
 *
 * @param lineLabel - what the lines of the file that was edited are called.
 */
export function withOwnLines<T extends Row>(
  header: readonly string[],
  batches: AsyncIterable<readonly T[]>,
  lineLabel: LineLabel,
): AsyncIterable<readonly T[]> {
  const column = isEditedCsv(header) ? header.indexOf(LINE_COLUMN) : -1;
  return column === -1 ? batches : replaceLines(batches, column, lineLabel);
}

async function* replaceLines<T extends Row>(
  batches: AsyncIterable<readonly T[]>,
  column: number,
  lineLabel: LineLabel,
): AsyncGenerator<readonly T[], void> {
  for await (const batch of batches) {
    yield batch.map((row) => ({ ...row, line: lineOf(row.cells[column]) ?? row.line, lineLabel }));
  }
}

/** The line in a cell of a generated file; undefined for anything but a line. */
export function lineOf(cell: string | undefined): number | undefined {
  const line = cell === undefined || !/^\d{1,9}$/.test(cell) ? 0 : Number(cell);
  return line > 0 ? line : undefined;
}
