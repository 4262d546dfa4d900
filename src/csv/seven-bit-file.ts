import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import { readSevenBitText } from '../rows/seven-bit-text.js';

import { GarbledTextError } from './errors.js';
import type { ParsedRow } from './plain-lines.js';

/**
 * Rejects a file in UTF-7 or HZ, if its header or the names of people in its first rows show it.
 *
 * @throws {GarbledTextError}
 */
export function rejectSevenBitText(
  header: Pick<ParsedRow, 'line' | 'cells'>,
  {
    rows,
    delimiter,
    recognize,
  }: {
    /** The first rows. */
    readonly rows: readonly ParsedRow[];
    readonly delimiter: string;
    readonly recognize: ColumnRecognizer;
  },
): void {
  rejectLine(header, header.cells, delimiter);
  // Other columns may hold secrets.
  const shown = header.cells.map((name) => recognize(name) === 'name');
  for (const row of rows) {
    rejectLine(
      row,
      row.cells.filter((_, index) => shown[index]),
      delimiter,
    );
  }
}

function rejectLine(
  { line, cells }: Pick<ParsedRow, 'line' | 'cells'>,
  shown: readonly string[],
  delimiter: string,
): void {
  for (const text of shown) {
    const read = readSevenBitText(text);
    if (read === undefined) continue;
    throw GarbledTextError.sevenBit({ line, text, repaired: read.text }, read.encoding);
  }
  // In HZ, a delimiter can be a part of a character.
  const whole = cells.length > 1 ? readSevenBitText(cells.join(delimiter)) : undefined;
  if (whole?.encoding !== 'HZ') return;
  throw GarbledTextError.sevenBit({ line, text: undefined, repaired: '' }, whole.encoding);
}
