import { headerOptions, isFoundByEarlierVersion, type CsvOptions, type CsvTable } from './csv-table.js';
import type { FileBytes } from './decompress.js';
import { isVersionLine } from './dialect.js';
import { EmptyCsvError } from './errors.js';
import { skippedLinesNotices, takeHeader } from './find-header.js';
import { parseHeader } from './header.js';
import { numberRows } from './number-rows.js';
import { otherSheetsNotices, rejectSheetWithoutPeople } from './other-sheets.js';
import type { ParsedRow } from './plain-lines.js';
import { prepend } from './prepend.js';
import { below, joinedNotice, joinTwoLines } from './two-line-header.js';
import { hiddenColumnsNotices } from './hidden-columns.js';
import { describeMergedRanges, withMergedNames } from './xlsx/merged-ranges.js';
import { openSheet } from './xlsx/workbook.js';

/**
 * Reads a sheet of a workbook up to its header, and returns the rest as rows; see `readCsv`.
 *
 * @throws {DamagedFileError | WorkbookTooLargeError | SheetError | EmptyCsvError | HeaderError}
 */
export async function readWorkbook(file: FileBytes, options: CsvOptions): Promise<CsvTable> {
  const sheet = await openSheet(file, options.found?.sheet ?? options.sheet);
  try {
    const { batches, formatLines } = await withoutVersionLine(sheet.batches);
    const { header: headerRow, ...around } = await takeHeader(batches, {
      ...headerOptions(options),
      namesIn: (rows) => withMergedNames(rows, sheet.mergedRanges),
    });
    await rejectSheetWithoutPeople(sheet, headerRow, options);
    if (!headerRow) throw new EmptyCsvError(sheet.name);
    const { line: headerLine } = headerRow;
    const { recognize } = headerOptions(options);
    const joined =
      recognize !== undefined && options.headerRow === undefined
        ? joinTwoLines({ ...around, header: headerRow }, recognize)
        : options.found?.joinedHeader;
    const names = joined?.names ?? headerRow.cells;
    const columns = parseHeader(names, headerLine, 'sheet row');
    const rest = joined === undefined ? around.rest : below(joined.lastLine, around.rest);
    const { ignored, ...numbered } = numberRows(padRows(rest, names.length), {
      headerLine,
      lineLabel: 'sheet row',
      delimiter: undefined,
      columns,
      keepsBlankRows: isFoundByEarlierVersion(options.found),
    });
    return {
      delimiter: ',',
      header: columns.header,
      columns: columns.indexes,
      headerLine,
      ...numbered,
      found: () => ({
        encoding: 'utf-8',
        delimiter: ',',
        headerLine,
        joinedHeader: joined,
        sheet: sheet.name,
        notices: [
          ...(joined
            ? [joinedNotice(joined, headerLine, 'sheet row')]
            : skippedLinesNotices(headerLine, formatLines, 'sheet row')),
          ...ignored(),
          ...hiddenColumnsNotices(columns.names, sheet.hiddenColumns),
          ...(options.sheet === undefined ? otherSheetsNotices(sheet) : []),
        ],
        warnings: describeMergedRanges(sheet.mergedRanges, { header: columns.names, headerLine }),
      }),
    };
  } catch (error) {
    await sheet.batches.return();
    throw error;
  }
}

/** The rows of a sheet without the version line of a Microsoft Entra template. */
async function withoutVersionLine(
  batches: AsyncGenerator<readonly ParsedRow[], void, undefined>,
): Promise<{ batches: AsyncGenerator<readonly ParsedRow[], void, undefined>; formatLines: number }> {
  const first = await batches.next();
  const batch = first.done === true ? [] : first.value;
  const formatLines = batch[0] && isVersionLine(batch[0].cells) ? batch[0].line : 0;
  return { batches: prepend(formatLines === 0 ? batch : batch.slice(1), batches), formatLines };
}

/** Fills rows of a sheet up to the header: a sheet omits empty cells, so its rows are never too short. */
async function* padRows(
  batches: AsyncGenerator<readonly ParsedRow[], void, undefined>,
  width: number,
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  for await (const batch of batches) yield batch.map((row) => padRow(row, width));
}

function padRow(row: ParsedRow, width: number): ParsedRow {
  const { line, cells } = row;
  const padded = cells.length < width ? [...cells, ...Array<string>(width - cells.length).fill('')] : cells;
  return cells.some((cell) => cell.includes('\uFFFD'))
    ? { ...row, cells: padded, malformed: { kind: 'replaced', encoding: 'utf-8', line, offsetBytes: 0 } }
    : { ...row, cells: padded };
}
