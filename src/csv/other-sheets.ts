import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import { listOf, plural, quoted, quoteForShell } from '../text.js';

import { SheetError } from './errors.js';
import { hardlyNamesPeople, hasPeopleHeader, MAX_HEADER_ROWS } from './find-header.js';
import type { ParsedRow } from './plain-lines.js';
import type { OpenSheet } from './xlsx/workbook.js';

/** What decides which sheet and which row is read. */
interface SheetOptions {
  readonly sheet?: string | undefined;
  readonly headerRow?: number | undefined;
  readonly recognize?: ColumnRecognizer | undefined;
  readonly found?: object | undefined;
}

/**
 * Rejects the first sheet if it has no people, such as a page of instructions, and another sheet has. A sheet or a header that the user
 * chose is accepted.
 *
 * @param header - undefined if the sheet is empty.
 * @throws {SheetError}
 */
export async function rejectSheetWithoutPeople(
  sheet: Pick<OpenSheet, 'name' | 'sheetNames' | 'otherSheets'>,
  header: ParsedRow | undefined,
  { sheet: requested, headerRow, recognize, found }: SheetOptions,
): Promise<void> {
  const isChosen = requested !== undefined || headerRow !== undefined || found !== undefined;
  if (isChosen || recognize === undefined) return;
  if (header !== undefined && !hardlyNamesPeople(header.cells, recognize)) return;
  const visible: string[] = [];
  const hidden: string[] = [];
  for await (const { name, isHidden, rows } of sheet.otherSheets(MAX_HEADER_ROWS, { withHidden: true })) {
    const cells = rows.map((row) => row.cells);
    if (hasPeopleHeader(cells, recognize)) (isHidden ? hidden : visible).push(name);
  }
  const names = visible.length > 0 ? visible : hidden;
  if (names.length === 0) return;
  const all = sheet.sheetNames.map((name) => quoted(name)).join(', ');
  const which = visible.length > 0 ? '' : names.length === 1 ? ', which is hidden,' : ', which are hidden,';
  const flags = names.map((name) => `--sheet ${quoteForShell(name)}`);
  throw new SheetError(
    `The first sheet, ${quoted(sheet.name)}, does not look like a list of people, but ${listOf(names.map(quoted))}${which} ${names.length === 1 ? 'does' : 'do'}.`,
    {
      hint: `Use ${listOf(flags, 'or')}. The ${visible.length > 0 ? '' : 'visible '}sheets of the workbook are ${all}.`,
      sheetsOfPeople: visible,
    },
  );
}

/** How many sheets the message names. */
const MAX_NAMED = 5;

/** Notices that the workbook has other sheets than the one that is read, or only hidden ones. */
export function otherSheetsNotices({
  name,
  sheetNames,
  isHidden,
}: Pick<OpenSheet, 'name' | 'sheetNames' | 'isHidden'>): string[] {
  if (isHidden) return [`All sheets of the workbook are hidden. Reading sheet ${quoted(name)}.`];
  const others = sheetNames.filter((each) => each !== name);
  if (others.length === 0) return [];
  const named = others.slice(0, MAX_NAMED).map(quoted);
  const more = others.length - named.length;
  const list = listOf(more > 0 ? [...named, `${more} more`] : named);
  return [
    `The workbook has ${plural(others.length, 'other sheet')}: ${list}. Only sheet ${quoted(name)} is read; choose another with --sheet.`,
  ];
}
