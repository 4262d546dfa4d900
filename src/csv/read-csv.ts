import { headerOptions, isFoundByEarlierVersion, type CsvOptions, type CsvTable } from './csv-table.js';
import { decompress, type FileBytes } from './decompress.js';
import { isVersionLine, parseDelimiter } from './dialect.js';
import { EmptyCsvError, SheetError } from './errors.js';
import { skippedLinesNotices, takeHeader } from './find-header.js';
import { isZip, rejectOtherFormats } from './file-signature.js';
import { rejectForeignFiles, withEnoughToRecognize } from './foreign-files.js';
import { parseHeader } from './header.js';
import { numberRows } from './number-rows.js';
import { otherSheetsNotices, rejectSheetWithoutPeople } from './other-sheets.js';
import type { ParsedRow } from './plain-lines.js';
import { prepend } from './prepend.js';
import { readText } from './read-text.js';

/**
 * Reads a file up to its header, and returns the rest as rows. The file is CSV, CSV compressed with gzip, or a sheet of an Excel
 * workbook, recognized by its bytes.
 *
 * Cells are returned unchanged; cells of a workbook as Excel shows them. Every rejected file throws an `OktaImportError` that names the
 * line: this function throws it for problems up to the header, `rows` for later ones, after all rows before the problem.
 *
 * A line that is not valid in the encoding makes its row malformed (see `Row.malformed`). It rejects the file if it is in the header,
 * or if there are twenty such lines with none but ASCII lines between them.
 *
 * @throws {EmptyCsvError | HeaderError} There is no header, or its names are not unique.
 * @throws {UnclosedQuoteError | TextAfterQuoteError | RowTooLargeError} A row cannot be read.
 * @throws {MalformedTextError | NotCsvError} The bytes are not text in this encoding, or the file has another format.
 * @throws {DamagedFileError | WorkbookTooLargeError | SheetError} A compressed file or workbook cannot be read, or has no such sheet.
 * @throws {UnknownEncodingError | InvalidDelimiterError} An option is invalid.
 */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<CsvTable> {
  const delimiter = options.delimiter === undefined ? undefined : parseDelimiter(options.delimiter);
  const file = await withEnoughToRecognize(await decompress(bytes));
  try {
    if (isZip(file.first)) return await readWorkbook(file, options);
    rejectOtherFormats(file.first);
    await rejectForeignFiles(file);
    if (options.sheet !== undefined) {
      throw new SheetError('The file is not a workbook, so it has no sheets.', {
        hint: 'Leave out --sheet.',
      });
    }
    return await readText(file, { ...options, delimiter });
  } catch (error) {
    await file.rest.return();
    throw error;
  }
}

async function readWorkbook(file: FileBytes, options: CsvOptions): Promise<CsvTable> {
  // Most files are text and do not need it.
  const [{ openSheet }, { describeMergedRanges, withMergedNames }] = await Promise.all([
    import('./xlsx/workbook.js'),
    import('./xlsx/merged-ranges.js'),
  ]);
  const sheet = await openSheet(file, options.found?.sheet ?? options.sheet);
  try {
    const { batches, formatLines } = await withoutVersionLine(sheet.batches);
    const { header: headerRow, rest } = await takeHeader(batches, {
      ...headerOptions(options),
      namesIn: (rows) => withMergedNames(rows, sheet.mergedRanges),
    });
    await rejectSheetWithoutPeople(sheet, headerRow, options);
    if (!headerRow) throw new EmptyCsvError();
    const { line: headerLine } = headerRow;
    const columns = parseHeader(headerRow.cells, headerLine);
    const { ignored, ...numbered } = numberRows(padRows(rest, headerRow.cells.length), {
      headerLine,
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
        sheet: sheet.name,
        notices: [
          ...skippedLinesNotices(headerLine, formatLines),
          ...ignored(),
          ...(options.sheet === undefined ? otherSheetsNotices(sheet) : []),
          ...describeMergedRanges(sheet.mergedRanges, { header: columns.names, headerLine }),
        ],
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
  const { value: batch = [] } = await batches.next();
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
