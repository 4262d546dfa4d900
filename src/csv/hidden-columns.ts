import { listOf, quoted } from '../text.js';

import { columnLetters } from './xlsx/cell-reference.js';

/** How many columns the message names. */
const MAX_NAMED = 5;

/**
 * The notice that hidden columns of the workbook are read, which people do not expect.
 *
 * @param names - of all columns, some of them empty.
 * @param hidden - indexes.
 */
export function hiddenColumnsNotices(names: readonly string[], hidden: ReadonlySet<number>): string[] {
  const found = [...names.entries()].filter(([index, name]) => name !== '' && hidden.has(index));
  if (found.length === 0) return [];
  const named = found.slice(0, MAX_NAMED).map(([index, name]) => `${columnLetters(index)} (${quoted(name)})`);
  const more = found.length - named.length;
  const list = listOf(more > 0 ? [...named, `${more} more`] : named);
  return [
    found.length === 1
      ? `Column ${list} is hidden in the workbook. It is read like any other column.`
      : `Columns ${list} are hidden in the workbook. They are read like any other column.`,
  ];
}
