import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import type { Row } from '../rows/row.js';

import { decode, type DetectedEncoding } from './decode.js';
import { decompress, type FileBytes } from './decompress.js';
import { isVersionLine, parseDelimiter } from './dialect.js';
import { EmptyCsvError, MalformedTextError, SheetError } from './errors.js';
import { withoutEndMark } from './end-mark.js';
import { skippedLinesNotices, takeHeader } from './find-header.js';
import { isZip, rejectOtherFormats } from './file-signature.js';
import { rejectForeignFiles, withEnoughToRecognize } from './foreign-files.js';
import { parseHeader } from './header.js';
import { numberRows } from './number-rows.js';
import { otherSheetsNotices, rejectSheetWithoutPeople } from './other-sheets.js';
import { parseRows } from './parse-rows.js';
import type { ParsedRow } from './plain-lines.js';
import { prepend } from './prepend.js';
import { readHead } from './read-head.js';

/** A file whose header has been read. */
export interface CsvTable {
  /** `,`, `;`, tab or `|` if detected; any one character if given; `,` for a workbook. */
  readonly delimiter: string;
  /** Column names, unique ignoring case, without spaces or invisible characters around them. */
  readonly header: readonly string[];
  /** The index of each column in the file, which may have others without a name and without a value. */
  readonly columns: readonly number[];
  /** Physical line on which the header starts; 1 unless other lines precede it. */
  readonly headerLine: number;
  /**
   * The rows after the header, in order, read on demand. Single use. Leaving early closes the source; a caller that never starts must
   * close it.
   */
  readonly rows: AsyncIterable<Row>;
  /** The same as `rows`, in batches, as a promise for each row costs more than parsing it. Use one or the other. */
  readonly batches: AsyncIterable<readonly Row[]>;
  /** The file's format, as far as it has been read; final when all rows have been. */
  readonly found: () => DetectedFormat;
}

/** The format of a file. A second reading that is given this does not guess again. */
export interface DetectedFormat {
  /** Name in the Encoding Standard, in lower case: `utf-8`, `windows-1252`. */
  readonly encoding: string;
  /** For a guessed encoding: the line from which it was guessed. */
  readonly guessedOnLine?: number | undefined;
  readonly delimiter: string;
  /** Physical line on which the header starts. Unknown to journals of earlier versions, whose header was the first line. */
  readonly headerLine?: number | undefined;
  /** Name of the sheet, for a workbook. */
  readonly sheet?: string | undefined;
  /** Assumptions that may be wrong, one or more sentences each. */
  readonly notices: readonly string[];
}

/** Overrides what is detected. */
export interface CsvOptions {
  /** A label of the Encoding Standard, such as `windows-1252`; detected by default. */
  readonly encoding?: string | undefined;
  /** One character, or `tab`; detected from the header by default. */
  readonly delimiter?: string | undefined;
  /** For a workbook: name of the sheet, or its number from 1; by default the first visible one. */
  readonly sheet?: string | undefined;
  /** Physical line of the header, or the number of its row in a sheet; by default it is found among the first twenty rows. */
  readonly headerRow?: number | undefined;
  /** Knows the names of columns, by which the header is found; without it, the header is the first line. */
  readonly recognize?: ColumnRecognizer | undefined;
  /** The result of an earlier reading of the same bytes; overrides the other options. */
  readonly found?: DetectedFormat | undefined;
}

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

async function readText(file: FileBytes, options: CsvOptions): Promise<CsvTable> {
  const { encoding: requested, found } = options;
  const isOldRun = isFoundByEarlierVersion(found);
  const { blocks: decoded, encoding } = decode(file, found ?? requested);
  const blocks = isOldRun ? decoded : withoutEndMark(decoded);
  try {
    const { head, rest } = await readHead(blocks, {
      ...headerOptions(options),
      delimiter: found?.delimiter ?? options.delimiter,
    });
    const { delimiter } = head;
    const batches = parseRows(rest, { delimiter, firstLine: head.preamble.lines + 1 });
    const { value: firstBatch } = await batches.next();
    const [headerRow, ...rows] = firstBatch ?? [];
    if (!headerRow) throw new EmptyCsvError();
    if (headerRow.malformed) throw new MalformedTextError(headerRow.malformed);
    const { line: headerLine } = headerRow;
    const columns = parseHeader(headerRow.cells, headerLine);
    const skipped = skippedLinesNotices(headerLine, head.formatLines);
    const { ignored, ...numbered } = numberRows(prepend(rows, batches), {
      headerLine,
      columns,
      keepsBlankRows: isOldRun,
    });
    return {
      delimiter,
      header: columns.header,
      columns: columns.indexes,
      headerLine,
      ...numbered,
      found: () => ({
        ...encoding(),
        delimiter,
        headerLine,
        notices: [...skipped, ...ignored(), ...encodingNotices(encoding())],
      }),
    };
  } catch (error) {
    await blocks.return();
    throw error;
  }
}

/** How to find the header: what an earlier reading found, or the user said, or else by its names. */
function headerOptions({ found, headerRow, recognize }: CsvOptions): {
  readonly headerLine: number | undefined;
  readonly recognize: ColumnRecognizer | undefined;
} {
  if (found !== undefined) return { headerLine: found.headerLine, recognize: undefined };
  return { headerLine: headerRow, recognize };
}

/** Whether the rows must be counted as an earlier version did, so that a run continues with the same rows. */
function isFoundByEarlierVersion(found: DetectedFormat | undefined): boolean {
  return found !== undefined && found.headerLine === undefined;
}

function encodingNotices({ encoding, guessedOnLine: line }: DetectedEncoding): string[] {
  if (line === undefined) return [];
  return [
    `The file is not UTF-8. It is read as ${encoding}, as detected from line ${line}. If names look wrong, set --encoding.`,
  ];
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
