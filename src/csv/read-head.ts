import type { ColumnRecognizer } from '../rows/column-recognizer.js';

import { parseDelimiter, readPreamble, splitByBestDelimiter } from './dialect.js';
import { findHeader, MAX_HEADER_ROWS, missingHeaderLine } from './find-header.js';
import type { TextBlock } from './line-decoder.js';
import { MAX_ROW_BYTES } from './parse-rows.js';
import { prepend, throwing } from './prepend.js';
import { countLineBreaks } from './quoting.js';

/** How a text separates its cells, and where its header is. */
export interface Head {
  readonly delimiter: string;
  /** What precedes the header: lines that set a format, and those that were skipped. */
  readonly preamble: { readonly text: string; readonly lines: number };
  /** How many lines of the preamble set a format, such as `sep=;`. */
  readonly formatLines: number;
  /** The cells of the header, as far as the text could be read. */
  readonly names: readonly string[];
  /** The first line of the header, with its quotes. */
  readonly headerText: string;
  /** The text from the first line on. */
  readonly start: string;
}

export interface HeadOptions {
  /** Checked by `parseDelimiter`; overrides `sep=` and detection. */
  readonly delimiter: string | undefined;
  /** The physical line of the header, if it is known. */
  readonly headerLine: number | undefined;
  /** Finds a header that is not on the first line. Without it, the first line that is not blank is the header. */
  readonly recognize: ColumnRecognizer | undefined;
}

/**
 * Reads as much text as detection needs, and returns all of the text from the header on. An error of the source surfaces after the text
 * before it.
 *
 * @throws {HeaderError} The text has no line `headerLine`.
 */
export async function readHead(
  blocks: AsyncGenerator<TextBlock, void, undefined>,
  options: HeadOptions,
): Promise<{ head: Head; rest: AsyncGenerator<TextBlock, void, undefined> }> {
  let read: TextBlock = { utf8: Buffer.alloc(0), malformed: [] };
  let source = blocks;
  let head: Head | undefined;
  while (head === undefined) {
    let block: TextBlock | undefined;
    try {
      block = (await source.next()).value ?? undefined;
    } catch (error) {
      source = throwing(error);
    }
    if (block) read = concat(read, block);
    // The parser rejects a header that is too large, whatever its dialect.
    const isWhole = block === undefined || read.utf8.length > MAX_ROW_BYTES;
    head = detectHead(read.utf8.toString(), { ...options, isWhole });
  }
  const preambleBytes = Buffer.byteLength(head.preamble.text);
  const fromHeader = {
    utf8: read.utf8.subarray(preambleBytes),
    malformed: read.malformed
      .filter(({ at }) => at >= preambleBytes)
      .map((line) => ({ ...line, at: line.at - preambleBytes })),
  };
  return { head, rest: prepend(fromHeader, source) };
}

function concat(first: TextBlock, second: TextBlock): TextBlock {
  const shifted = second.malformed.map((line) => ({ ...line, at: line.at + first.utf8.length }));
  return { utf8: Buffer.concat([first.utf8, second.utf8]), malformed: [...first.malformed, ...shifted] };
}

/** @returns `undefined` if more text is needed. */
function detectHead(text: string, options: HeadOptions & { readonly isWhole: boolean }): Head | undefined {
  const { isWhole } = options;
  if (!isWhole && !/[\r\n]./su.test(text)) return undefined;
  const format = readPreamble(text);
  const given = options.delimiter ?? (format.delimiter && parseDelimiter(format.delimiter));
  const start = startOfHeader(text, { ...options, delimiter: given }, format.text.length);
  if (start === undefined) return undefined;
  const fromHeader = text.slice(start);
  const { delimiter, scan, isUndecided } = splitByBestDelimiter(fromHeader, given);
  if (given === undefined && isUndecided && !isWhole) return undefined;
  const preamble = text.slice(0, start);
  return {
    delimiter,
    preamble: { text: preamble, lines: countLineBreaks(preamble) },
    formatLines: Math.min(countLineBreaks(format.text), countLineBreaks(preamble)),
    names: scan.cells,
    headerText: /[^\r\n]+/.exec(fromHeader)?.[0] ?? '',
    start: text,
  };
}

/** Index of the line with the header, or of blank lines before it; `undefined` if more text is needed. */
function startOfHeader(
  text: string,
  { headerLine, recognize, delimiter, isWhole }: HeadOptions & { readonly isWhole: boolean },
  afterFormat: number,
): number | undefined {
  if (headerLine !== undefined) {
    const lines = [...lineStarts(text, 0, headerLine)];
    if (lines.length === headerLine) return lines.at(-1);
    if (isWhole) throw missingHeaderLine(headerLine, lines.length);
    return undefined;
  }
  if (recognize === undefined) return afterFormat;
  const starts: number[] = [];
  for (const at of lineStarts(text, afterFormat)) {
    if (/[^\r\n]/.test(text[at]!)) starts.push(at);
    if (starts.length > MAX_HEADER_ROWS) break;
  }
  if (starts.length <= MAX_HEADER_ROWS && !isWhole) return undefined;
  const rows = starts.map((at) => splitByBestDelimiter(text.slice(at), delimiter).scan.cells);
  return starts[findHeader(rows, recognize)] ?? afterFormat;
}

/** Indexes at which lines start, at most `limit` of them. */
function* lineStarts(text: string, from: number, limit = Infinity): Generator<number, void, undefined> {
  const lineBreak = /\r\n|\r|\n/g;
  lineBreak.lastIndex = from;
  let at = from;
  for (let count = 0; count < limit && at < text.length; count += 1) {
    yield at;
    if (lineBreak.exec(text) === null) return;
    at = lineBreak.lastIndex;
  }
}
