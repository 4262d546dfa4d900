import { CsvError, Parser, type Info } from 'csv-parse';

import { RowTooLargeError, TextAfterQuoteError, UnclosedQuoteError } from './errors.js';
import type { MalformedLine, TextBlock } from './line-decoder.js';
import type { MalformedText } from './malformed.js';
import { readPlainLines, type ParsedRow } from './plain-lines.js';
import { LineTracker } from './line-tracker.js';
import { prepend } from './prepend.js';
import { countLineBreaks, firstNonBlank, scanRow } from './quoting.js';

/** Maximum size of the cells of one row: a thousand times what a user needs. */
export const MAX_ROW_BYTES: number = 1024 * 1024;
/** Maximum size of a row in the file, including quotes and delimiters, which csv-parse's `max_record_size` does not count. */
const MAX_UNFINISHED_BYTES = 8 * MAX_ROW_BYTES;
/** A longer line, which may exceed the limit in UTF-8, is left to the parser to measure. */
const MAX_PLAIN_CHARACTERS = MAX_ROW_BYTES / 4;

/**
 * Parses text into rows, skipping blank lines.
 *
 * Yields one batch for each block of text, because a promise for every row would cost more than parsing it.
 *
 * @param firstLine - the physical line on which the text starts.
 * @throws {UnclosedQuoteError | TextAfterQuoteError | RowTooLargeError} after all rows before the error.
 */
export async function* parseRows(
  text: AsyncGenerator<TextBlock, void, undefined>,
  { delimiter, firstLine }: { delimiter: string; firstLine: number },
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  let line = firstLine;
  for await (const block of text) {
    const utf8 = block.utf8.toString();
    const { rows, nextLine, stoppedAt } =
      block.malformed.length > 0
        ? { rows: [], nextLine: line, stoppedAt: 0 }
        : readPlainLines(utf8, delimiter, { line, maxCharacters: MAX_PLAIN_CHARACTERS });
    if (rows.length > 0) yield rows;
    line = nextLine;
    if (stoppedAt === undefined) continue;
    // The rest goes to the parser, which keeps track of open quotes and detects quoting errors.
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
  /** The error that ended the text. A quote that is open then is only a consequence of it. */
  let sourceError: unknown;

  const parser = new RowParser(delimiter, (cells, info) => {
    if (failure) return;
    if (cells.some(startsWithQuote)) {
      failure = findTextAfterQuote(tracker.textUpTo(info.bytes), { delimiter, line: tracker.nextLine });
      if (failure) return;
    }
    const line = tracker.rowEnded(cells, info);
    batch.push(
      malformed.length === 0 ? { line, cells } : { line, cells, malformed: malformedUpTo(info.bytes) },
    );
  });
  /** The malformed lines that belong to no finished row yet; `at` counts from the start of the text. */
  const malformed: MalformedLine[] = [];
  let fedBytes = 0;

  /** Removes the lines of the row that ends at `endBytes`, and returns the first. */
  function malformedUpTo(endBytes: number): MalformedText | undefined {
    const end = malformed.findIndex(({ at }) => at >= endBytes);
    return malformed.splice(0, end === -1 ? malformed.length : end)[0];
  }

  for await (const block of withFlush(text, (error) => (sourceError = error))) {
    if (block) {
      tracker.feed(block.utf8);
      for (const line of block.malformed) malformed.push({ ...line, at: line.at + fedBytes });
      fedBytes += block.utf8.length;
    }
    const error = await parser.parseBlock(block?.utf8);
    if (error) {
      const at = { delimiter, text: tracker.textUpTo(), line: tracker.nextLine };
      failure ??= sourceError ?? toImportError(error, at);
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
 * csv-parse with a cheaper output. Its `on_record` and `info` options build an object of fourteen fields for each record, which
 * takes a quarter of the time of reading a file; this passes on the record and the running counts unchanged.
 */
class RowParser extends Parser {
  readonly #onRow: (cells: readonly string[], info: Info) => void;

  constructor(delimiter: string, onRow: (cells: readonly string[], info: Info) => void) {
    super({
      delimiter,
      // All three, since files are concatenated from others; by default csv-parse accepts only the first kind it sees.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // Accepts `5" pipe`, as it should, and also `"abc"def`, which `findTextAfterQuote` rejects.
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
    });
    this.#onRow = onRow;
    // `parseBlock` returns the same error; without a listener the event would end the process.
    this.on('error', () => undefined);
  }

  /** Parses a block, or without one the rest of the text, and passes on its rows. Resolves to the parser's error, if any. */
  parseBlock(block: Buffer | undefined): Promise<unknown> {
    return new Promise((resolve) => {
      if (block === undefined) this.end(resolve);
      else this.write(block, resolve);
    });
  }

  override push(cells: readonly string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.#onRow(cells, this.info);
    // Makes each record the first, which sets the expected length: csv-parse creates an error for every record of another length even
    // with `relax_column_count`, which takes six times as long as parsing the record.
    Object.assign(this.info, { records: 0 });
    return true;
  }
}

function startsWithQuote(cell: string): boolean {
  return cell.startsWith('"');
}

/** csv-parse turns both `"abc"def` and the valid `"""abc"` into a cell that starts with a quote: only the text tells them apart. */
function findTextAfterQuote(
  text: string,
  at: { delimiter: string; line: number },
): TextAfterQuoteError | undefined {
  const scan = scanRow(text, at.delimiter);
  if (scan.end.kind !== 'text-after-quote') return undefined;
  const line = at.line + countLineBreaks(text.slice(0, scan.end.at));
  return new TextAfterQuoteError(line, scan.columns, text[scan.end.at - 2] === '\\');
}

/** Converts an error of csv-parse; `text` starts on `line` and contains the record that failed. */
function toImportError(error: unknown, at: { text: string; line: number; delimiter: string }): unknown {
  if (!(error instanceof CsvError)) return error;
  const quoteError = findTextAfterQuote(at.text, at);
  if (quoteError) return quoteError;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const blank = at.text.slice(0, firstNonBlank(at.text));
    return new RowTooLargeError(at.line + countLineBreaks(blank), MAX_ROW_BYTES);
  }
  const scan = scanRow(at.text, at.delimiter);
  if (scan.end.kind !== 'open-quote') return error;
  return new UnclosedQuoteError(at.line + countLineBreaks(at.text.slice(0, scan.end.at)), scan.columns);
}

/** Yields the blocks, then `undefined`, which flushes the parser, and only then throws the error that ended the text, if any. */
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
