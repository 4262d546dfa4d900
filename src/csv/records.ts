import { decode } from './decode.js';
import { detectDialect, parseDelimiter, type Dialect } from './dialect.js';
import { EmptyCsvError } from './errors.js';
import { parseHeader } from './header.js';
import { MAX_RECORD_BYTES, parseRecords, type ParsedRecord } from './parse.js';
import { prepend } from './prepend.js';

/** One data record of a CSV file. */
export interface Row {
  /** Number of the record from 1, the header not counted. */
  readonly row: number;
  /** Physical line on which the record starts, from 1; line breaks inside quotes count. */
  readonly line: number;
  /** The cells as they stand, in the order of the header; a ragged record has fewer or more than the header. */
  readonly cells: readonly string[];
}

/** A CSV file whose header has been read. */
export interface CsvTable {
  /** As named or detected, in the spelling of the Encoding Standard: `utf-8`, `windows-1252`. */
  readonly encoding: string;
  /** `,`, `;`, tab or `|` when detected; any one character when named. */
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
}

/** What somebody knows about the file better than detection does. */
export interface CsvOptions {
  /** A label of the Encoding Standard, such as `windows-1252`; by default UTF-8, or UTF-16 when the file begins like it. */
  readonly encoding?: string | undefined;
  /** One character, or `tab`; by default told from the header. */
  readonly delimiter?: string | undefined;
}

/**
 * Reads a CSV file as far as its header, and gives the rest as rows.
 *
 * Cells come exactly as in the file. What it refuses it refuses with an `OktaImportError` that names the line: here when it stands
 * at or before the header, while reading `rows` when it stands later, and then after all rows before it.
 *
 * @throws {EmptyCsvError | HeaderError} There is no header, or its columns cannot be told apart.
 * @throws {UnclosedQuoteError | TextAfterQuoteError | RecordTooLargeError} A record cannot be read.
 * @throws {MalformedTextError | NotCsvError} The bytes are not text in this encoding, or another kind of file.
 * @throws {UnknownEncodingError | InvalidDelimiterError} An option makes no sense; nothing has been read.
 */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<CsvTable> {
  const delimiter = options.delimiter === undefined ? undefined : parseDelimiter(options.delimiter);
  const { encoding, utf8 } = await decode(bytes, options.encoding);
  try {
    const { dialect, rest } = await readDialect(utf8, delimiter);
    const batches = parseRecords(rest, {
      delimiter: dialect.delimiter,
      firstLine: dialect.preamble.lines + 1,
    });
    const { value: firstBatch } = await batches.next();
    const [headerRecord, ...records] = firstBatch ?? [];
    if (!headerRecord) throw new EmptyCsvError();
    const header = parseHeader(headerRecord.cells, headerRecord.line);
    const rows = numberRows(records, batches);
    return { encoding, delimiter: dialect.delimiter, header, headerLine: headerRecord.line, rows };
  } catch (error) {
    await utf8.return();
    throw error;
  }
}

/** Takes as many blocks as the header needs, and gives them back, without what stands before the header, with the rest. */
async function readDialect(
  utf8: AsyncGenerator<Buffer, void, undefined>,
  delimiter: string | undefined,
): Promise<{ dialect: Dialect; rest: AsyncIterable<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  let dialect: Dialect | undefined;
  while (dialect === undefined) {
    const { value: block } = await utf8.next();
    if (block) head = Buffer.concat([head, block]);
    // A header that is longer than a record may be is refused by the parser, whatever its dialect.
    const isWhole = block === undefined || head.length > MAX_RECORD_BYTES;
    dialect = detectDialect(head.toString(), { isWhole, delimiter });
  }
  const preambleBytes = Buffer.byteLength(dialect.preamble.text);
  return { dialect, rest: prepend(head.subarray(preambleBytes), utf8) };
}

/** The records of a file whose first batch was begun, numbered. */
async function* numberRows(
  begun: readonly ParsedRecord[],
  batches: AsyncGenerator<readonly ParsedRecord[], void, undefined>,
): AsyncGenerator<Row, void, undefined> {
  let row = 0;
  for await (const batch of prepend(begun, batches)) {
    for (const { line, cells } of batch) {
      row += 1;
      yield { row, line, cells };
    }
  }
}
