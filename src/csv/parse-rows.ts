import { CsvError, Parser, type Info } from 'csv-parse';

import { RowTooLargeError, TextAfterQuoteError, UnclosedQuoteError } from './errors.js';
import type { MalformedLine, TextBlock } from './line-decoder.js';
import type { MalformedText } from './malformed.js';
import { readPlainLines, type ParsedRow } from './plain-lines.js';
import { LineTracker } from './line-tracker.js';
import { prepend } from './prepend.js';
import { countLineBreaks, firstNonBlank, scanRow } from './quoting.js';

/** What the cells of one record may hold: a thousand times what a person needs. */
export const MAX_ROW_BYTES: number = 1024 * 1024;
/** What a record may take in the file, its quotes and delimiters counted, of which `max_record_size` knows nothing. */
const MAX_UNFINISHED_BYTES = 8 * MAX_ROW_BYTES;
/** A line that may be larger than that as UTF-8 is left to the parser to measure. */
const MAX_PLAIN_CHARACTERS = MAX_ROW_BYTES / 4;

/**
 * Parses text into records; a line with nothing on it is none.
 *
 * Records come in batches, one for each block of text, because a promise for every record would cost more than parsing it.
 *
 * @param firstLine - the physical line on which the text begins.
 * @throws {UnclosedQuoteError | TextAfterQuoteError | RowTooLargeError} after the records before it.
 */
export async function* parseRows(
  text: AsyncGenerator<TextBlock, void, undefined>,
  { delimiter, firstLine }: { delimiter: string; firstLine: number },
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  let line = firstLine;
  for await (const block of text) {
    const utf8 = block.utf8.toString();
    const { records, nextLine, stoppedAt } =
      block.malformed.length > 0
        ? { records: [], nextLine: line, stoppedAt: 0 }
        : readPlainLines(utf8, delimiter, { line, maxCharacters: MAX_PLAIN_CHARACTERS });
    if (records.length > 0) yield records;
    line = nextLine;
    if (stoppedAt === undefined) continue;
    // From here on the parser has the text, which remembers quotes that are open, and finds what is wrong with them.
    const rest = block.utf8.subarray(Buffer.byteLength(utf8.slice(0, stoppedAt)));
    yield* parseQuotedRows(prepend({ ...block, utf8: rest }, text), { delimiter, firstLine: line });
    return;
  }
}

async function* parseQuotedRows(
  text: AsyncIterable<TextBlock>,
  { delimiter, firstLine }: { delimiter: string; firstLine: number },
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  const tracker = new LineTracker(firstLine);
  let batch: ParsedRow[] = [];
  let failure: unknown;
  /** Why there is no more text. A quote that is open by then is open for that reason. */
  let brokenOff: unknown;

  const parser = new RowParser(delimiter, (cells, info) => {
    if (failure) return;
    if (cells.some(beginsWithQuote)) {
      failure = textAfterQuote(tracker.textUpTo(info.bytes), { delimiter, line: tracker.nextLine });
      if (failure) return;
    }
    const line = tracker.rowEnded(cells, info);
    batch.push(
      malformed.length === 0 ? { line, cells } : { line, cells, malformed: malformedUpTo(info.bytes) },
    );
  });
  /** The lines of the text that are malformed and in no record yet; `at` counts from the beginning of the text. */
  const malformed: MalformedLine[] = [];
  let fedBytes = 0;

  /** Takes those out that are in the record that ends at `endBytes`. */
  function malformedUpTo(endBytes: number): MalformedText | undefined {
    const end = malformed.findIndex(({ at }) => at >= endBytes);
    return malformed.splice(0, end === -1 ? malformed.length : end)[0];
  }

  for await (const block of withFlush(text, (error) => (brokenOff = error))) {
    if (block) {
      tracker.feed(block.utf8);
      for (const line of block.malformed) malformed.push({ ...line, at: line.at + fedBytes });
      fedBytes += block.utf8.length;
    }
    const error = await parser.parseBlock(block?.utf8);
    if (error) {
      const at = { delimiter, text: tracker.textUpTo(), line: tracker.nextLine };
      failure ??= brokenOff ?? explain(error, at);
    }
    if (tracker.unfinishedBytes > MAX_UNFINISHED_BYTES) {
      failure ??= new RowTooLargeError(tracker.nextLine, MAX_ROW_BYTES);
    }
    if (batch.length > 0) yield batch;
    if (failure) throw failure;
    batch = [];
  }
}

/**
 * csv-parse with a shorter way out. Its `on_record` and `info` options build an object of fourteen fields for each record, which
 * takes a quarter of the time of reading a file; here a record and the running counts are passed on as they are.
 */
class RowParser extends Parser {
  readonly #onRecord: (cells: readonly string[], info: Info) => void;

  constructor(delimiter: string, onRecord: (cells: readonly string[], info: Info) => void) {
    super({
      delimiter,
      // All three, since files are pasted together from files; csv-parse by itself takes the first it sees for the only one.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // Takes `5" pipe` as it stands, which is wanted, and `"abc"def` too, which `textAfterQuote` finds.
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
    });
    this.#onRecord = onRecord;
    // `parseBlock` gives the same error back; without a listener the event would end the process.
    this.on('error', () => undefined);
  }

  /** Parses a block, or what is left when there is none, and passes its records on. Resolves to the parser's error, if any. */
  parseBlock(block: Buffer | undefined): Promise<unknown> {
    return new Promise((resolve) => {
      if (block === undefined) this.end(resolve);
      else this.write(block, resolve);
    });
  }

  override push(cells: readonly string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.#onRecord(cells, this.info);
    // Each record is the first, which sets the length for the others: csv-parse makes an error for every ragged record, even when
    // told to relax, and that takes six times as long as parsing it.
    Object.assign(this.info, { records: 0 });
    return true;
  }
}

function beginsWithQuote(cell: string): boolean {
  return cell.startsWith('"');
}

/** `"abc"def` comes out of csv-parse as a cell that begins with a quote, as `"""abc"` rightly does: only the text tells. */
function textAfterQuote(
  text: string,
  at: { delimiter: string; line: number },
): TextAfterQuoteError | undefined {
  const scan = scanRow(text, at.delimiter);
  if (scan.end.kind !== 'text-after-quote') return undefined;
  return new TextAfterQuoteError(at.line + countLineBreaks(text.slice(0, scan.end.at)), scan.columns);
}

/** Turns csv-parse's refusal of a record into ours; `text` begins on `line` and holds that record. */
function explain(error: unknown, at: { text: string; line: number; delimiter: string }): unknown {
  if (!(error instanceof CsvError)) return error;
  const misquoted = textAfterQuote(at.text, at);
  if (misquoted) return misquoted;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const blank = at.text.slice(0, firstNonBlank(at.text));
    return new RowTooLargeError(at.line + countLineBreaks(blank), MAX_ROW_BYTES);
  }
  const scan = scanRow(at.text, at.delimiter);
  if (scan.end.kind !== 'open-quote') return error;
  return new UnclosedQuoteError(at.line + countLineBreaks(at.text.slice(0, scan.end.at)), scan.columns);
}

/** The blocks, then `undefined`, on which the parser gives what it holds back, and only then the error that ended the text. */
async function* withFlush(
  text: AsyncIterable<TextBlock>,
  onError: (error: unknown) => void,
): AsyncGenerator<TextBlock | undefined, void, undefined> {
  try {
    yield* text;
  } catch (error) {
    onError(error);
    yield undefined;
    throw error;
  }
  yield undefined;
}
