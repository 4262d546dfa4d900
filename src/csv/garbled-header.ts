import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import { repairDoubleUtf8 } from '../rows/double-utf8.js';
import { quoted } from '../text.js';

import { GarbledTextError } from './errors.js';
import type { ParsedRow } from './plain-lines.js';

const BOM = '\uFEFF';

/** The names of a header that may begin with a byte order mark as text, such as `ï»¿`. */
export interface UnmarkedHeader {
  readonly names: readonly string[];
  /** The mark; '' for none. */
  readonly mark: string;
}

/** Removes a byte order mark that was saved as text. */
export function removeMark(cells: readonly string[]): UnmarkedHeader {
  const [first = '', ...others] = cells;
  const repaired = repairDoubleUtf8(first);
  if (repaired?.startsWith(BOM) !== true) return { names: cells, mark: '' };
  const name = repaired.slice(BOM.length);
  return { names: [name, ...others], mark: first.slice(0, first.length - name.length) };
}

export function markNotices({ mark }: UnmarkedHeader): readonly string[] {
  if (mark === '') return [];
  return [
    `The file begins with ${quoted(mark)}, a byte order mark that was saved as text: it was saved as UTF-8 twice. The mark is ignored.`,
  ];
}

/**
 * Rejects a file that was saved as UTF-8 twice, if its header shows it: the names of people are garbled like those of the columns.
 *
 * @param rows - the first rows.
 * @throws {GarbledTextError}
 */
export function rejectGarbledText(
  line: number,
  { names, mark }: UnmarkedHeader,
  { rows, recognize }: { readonly rows: readonly ParsedRow[]; readonly recognize: ColumnRecognizer },
): void {
  for (const text of names) {
    const repaired = repairDoubleUtf8(text);
    if (repaired !== undefined) throw GarbledTextError.savedTwice({ line, text, repaired }, mark);
  }
  if (mark === '') return;
  // Only from columns with names of people: others may hold secrets.
  const shown = names.map((name) => recognize(name) === 'name');
  for (const row of rows) {
    for (const [index, text] of row.cells.entries()) {
      const repaired = shown[index] === true ? repairDoubleUtf8(text) : undefined;
      if (repaired !== undefined) throw GarbledTextError.savedTwice({ line: row.line, text, repaired }, mark);
    }
  }
}
