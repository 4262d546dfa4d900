import { decode, type DetectedEncoding } from './decode.js';
import { detectDialect, isVersionLine, parseDelimiter, type Dialect } from './dialect.js';
import { EmptyCsvError, MalformedTextError, SheetError } from './errors.js';
import { parseHeader } from './header.js';
import type { MalformedRow, Row } from '../rows/row.js';
import type { TextBlock } from './line-decoder.js';
import { malformedTextMessage, type MalformedText } from './malformed.js';
import { MAX_ROW_BYTES, parseRows } from './parse-rows.js';
import type { ParsedRow } from './plain-lines.js';
import { prepend } from './prepend.js';
import { isZip, rejectOtherFormats } from './file-signature.js';
import { decompress, type FileBytes } from './decompress.js';

/** A file whose header has been read. */
export interface CsvTable {
  /** `,`, `;`, tab or `|` when detected; any one character when named; `,` for a workbook. */
  readonly delimiter: string;
  /** Names of the columns, all different in any case, without spaces or invisible characters around them. */
  readonly header: readonly string[];
  /** Physical line on which the header starts; 1 unless something stands before it. */
  readonly headerLine: number;
  /**
   * The records after the header, in order, read as they are asked for. Single use. Whoever leaves early closes the source;
   * whoever never begins has to close it.
   */
  readonly rows: AsyncIterable<Row>;
  /** The same, in place of `rows`, as many at once as come at once: a promise for each row costs more than parsing it. */
  readonly batches: AsyncIterable<readonly Row[]>;
  /** What the file turned out to be, as far as it has been read: final when its rows have been. */
  readonly found: () => DetectedFormat;
}

/** What a file turned out to be. Given to a second reading, that one guesses nothing anew. */
export interface DetectedFormat {
  /** Name of the encoding in the Encoding Standard, in lower case: `utf-8`, `windows-1252`. */
  readonly encoding: string;
  /** When the encoding is a guess: the line from which on the bytes told. */
  readonly guessedOnLine?: number | undefined;
  readonly delimiter: string;
  /** Name of the sheet of a workbook. */
  readonly sheet?: string | undefined;
  /** What was decided without being told, and may be wrong: one sentence each. */
  readonly notices: readonly string[];
}

/** What somebody knows about the file better than detection does. */
export interface CsvOptions {
  /** A label of the Encoding Standard, such as `windows-1252`; detected by default. */
  readonly encoding?: string | undefined;
  /** One character, or `tab`; by default told from the header. */
  readonly delimiter?: string | undefined;
  /** Of a workbook: name of the sheet, or its number from 1; by default the first that is not hidden. */
  readonly sheet?: string | undefined;
  /** What an earlier reading of the same bytes found; goes before the others. */
  readonly found?: DetectedFormat | undefined;
}

/**
 * Reads a file as far as its header, and gives the rest as rows: CSV, CSV compressed with gzip, or a sheet of an Excel workbook, told
 * by its bytes.
 *
 * Cells come exactly as in the file, those of a workbook as they show. What it refuses it refuses with an `OktaImportError` that names
 * the line: here when it stands at or before the header, while reading `rows` when it stands later, and then after all rows before it.
 *
 * A line that is not valid in the encoding is a matter of its row (see `Row.malformed`); of the file when it is the header's, or
 * when twenty of them follow one another with no valid line between them but plain ASCII.
 *
 * @throws {EmptyCsvError | HeaderError} There is no header, or its columns cannot be told apart.
 * @throws {UnclosedQuoteError | TextAfterQuoteError | RowTooLargeError} A record cannot be read.
 * @throws {MalformedTextError | NotCsvError} The bytes are not text in this encoding, or another kind of file.
 * @throws {DamagedFileError | WorkbookTooLargeError | SheetError} A packed file or workbook cannot be read; the sheet is not there.
 * @throws {UnknownEncodingError | InvalidDelimiterError} An option makes no sense.
 */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<CsvTable> {
  const delimiter = options.delimiter === undefined ? undefined : parseDelimiter(options.delimiter);
  const file = await decompress(bytes);
  try {
    if (isZip(file.first)) return await readWorkbook(file, options);
    rejectOtherFormats(file.first);
    if (options.sheet !== undefined) {
      throw new SheetError('The file is no workbook: it has no sheets.', { hint: 'Leave --sheet out.' });
    }
    return await readText(file, { ...options, delimiter });
  } catch (error) {
    await file.rest.return();
    throw error;
  }
}

async function readText(
  file: FileBytes,
  { encoding: named, delimiter, found }: CsvOptions,
): Promise<CsvTable> {
  const { blocks, encoding } = decode(file, found ?? named);
  try {
    const { dialect, rest } = await readDialect(blocks, found?.delimiter ?? delimiter);
    const batches = parseRows(rest, {
      delimiter: dialect.delimiter,
      firstLine: dialect.preamble.lines + 1,
    });
    const { value: firstBatch } = await batches.next();
    const [headerRow, ...records] = firstBatch ?? [];
    if (!headerRow) throw new EmptyCsvError();
    if (headerRow.malformed) throw new MalformedTextError(headerRow.malformed);
    return {
      delimiter: dialect.delimiter,
      header: parseHeader(headerRow.cells, headerRow.line),
      headerLine: headerRow.line,
      ...asRowsAndBatches(numberRows(records, batches)),
      found: () => ({ ...encoding(), delimiter: dialect.delimiter, notices: encodingNotices(encoding()) }),
    };
  } catch (error) {
    await blocks.return();
    throw error;
  }
}

function encodingNotices({ encoding, guessedOnLine: line }: DetectedEncoding): string[] {
  if (line === undefined) return [];
  return [
    `The file is not UTF-8: it is read as ${encoding}, by the letters from line ${line} on. If names look wrong, say --encoding.`,
  ];
}

async function readWorkbook(file: FileBytes, options: CsvOptions): Promise<CsvTable> {
  // Most files are text, and do without.
  const { openSheet } = await import('./xlsx/workbook.js');
  const sheet = await openSheet(file, options.found?.sheet ?? options.sheet);
  try {
    let records: readonly ParsedRow[] = (await sheet.records.next()).value ?? [];
    if (records[0] && isVersionLine(records[0].cells)) records = records.slice(1);
    if (records.length === 0) records = (await sheet.records.next()).value ?? [];
    const [headerRow, ...begun] = records;
    if (!headerRow) throw new EmptyCsvError();
    const header = parseHeader(headerRow.cells, headerRow.line);
    return {
      delimiter: ',',
      header,
      headerLine: headerRow.line,
      ...asRowsAndBatches(
        numberRows(padRows(begun, header.length), padBatches(sheet.records, header.length)),
      ),
      found: () => ({
        encoding: 'utf-8',
        delimiter: ',',
        sheet: sheet.name,
        notices: sheetNotices(sheet, options.sheet !== undefined),
      }),
    };
  } catch (error) {
    await sheet.records.return();
    throw error;
  }
}

function sheetNotices(
  sheet: { readonly name: string; readonly sheetNames: readonly string[]; mergedRanges(): number },
  isNamed: boolean,
): string[] {
  const others = sheet.sheetNames.filter((name) => name !== sheet.name).length;
  const merged = sheet.mergedRanges();
  return [
    ...(isNamed || others === 0
      ? []
      : [
          `The workbook has ${others === 1 ? 'another sheet' : `${others} other sheets`}: this reads "${sheet.name}". --sheet names one.`,
        ]),
    ...(merged === 0
      ? []
      : [
          `The sheet has merged cells (${merged === 1 ? 'one range' : `${merged} ranges`}): only the first cell of each has its value.`,
        ]),
  ];
}

async function* padBatches(
  batches: AsyncIterable<readonly ParsedRow[]>,
  width: number,
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  for await (const batch of batches) yield padRows(batch, width);
}

/** A sheet has no short rows: cells that it leaves out are empty. */
function padRows(records: readonly ParsedRow[], width: number): readonly ParsedRow[] {
  return records.map(({ line, cells }) => {
    const filled = cells.length < width ? [...cells, ...Array<string>(width - cells.length).fill('')] : cells;
    const isDamaged = cells.some((cell) => cell.includes('\uFFFD'));
    return isDamaged
      ? { line, cells: filled, malformed: { kind: 'replaced', encoding: 'utf-8', line, offsetBytes: 0 } }
      : { line, cells: filled };
  });
}

/** Takes as many blocks as the header needs, and gives them back, without what stands before the header, with the rest. */
async function readDialect(
  blocks: AsyncGenerator<TextBlock, void, undefined>,
  delimiter: string | undefined,
): Promise<{ dialect: Dialect; rest: AsyncGenerator<TextBlock, void, undefined> }> {
  let head: TextBlock = { utf8: Buffer.alloc(0), malformed: [] };
  let dialect: Dialect | undefined;
  while (dialect === undefined) {
    const { value: block } = await blocks.next();
    if (block) head = joined(head, block);
    // A header that is longer than a record may be is refused by the parser, whatever its dialect.
    const isWhole = block === undefined || head.utf8.length > MAX_ROW_BYTES;
    dialect = detectDialect(head.utf8.toString(), { isWhole, delimiter });
  }
  const preambleBytes = Buffer.byteLength(dialect.preamble.text);
  const afterPreamble = {
    utf8: head.utf8.subarray(preambleBytes),
    malformed: head.malformed.map((line) => ({ ...line, at: line.at - preambleBytes })),
  };
  return { dialect, rest: prepend(afterPreamble, blocks) };
}

function joined(first: TextBlock, second: TextBlock): TextBlock {
  const shifted = second.malformed.map((line) => ({ ...line, at: line.at + first.utf8.length }));
  return { utf8: Buffer.concat([first.utf8, second.utf8]), malformed: [...first.malformed, ...shifted] };
}

/** The records of a file whose first batch was begun, numbered. */
async function* numberRows(
  begun: readonly ParsedRow[],
  batches: AsyncGenerator<readonly ParsedRow[], void, undefined>,
): AsyncGenerator<readonly Row[], void, undefined> {
  let row = 0;
  for await (const batch of prepend(begun, batches)) {
    yield batch.map(({ line, cells, malformed }) => {
      row += 1;
      return malformed
        ? { row, line, cells, malformed: malformedRow(cells, malformed) }
        : { row, line, cells };
    });
  }
}

function asRowsAndBatches(
  batches: AsyncGenerator<readonly Row[], void, undefined>,
): Pick<CsvTable, 'rows' | 'batches'> {
  return { rows: flatten(batches), batches };
}

async function* flatten(
  batches: AsyncGenerator<readonly Row[], void, undefined>,
): AsyncGenerator<Row, void, undefined> {
  for await (const batch of batches) yield* batch;
}

function malformedRow(cells: readonly string[], malformed: MalformedText): MalformedRow {
  const isBad = malformed.kind === 'mixed' ? /[^\0-\x7f]/ : /\uFFFD/;
  const cell = cells.findIndex((cell) => isBad.test(cell));
  return { message: malformedTextMessage(malformed), cell: Math.max(cell, 0) };
}
