import { InvalidDelimiterError } from './errors.js';
import type { TextBlock } from './line-decoder.js';
import { MAX_ROW_BYTES } from './parse-rows.js';
import { prepend } from './prepend.js';
import { countLineBreaks, scanRow } from './quoting.js';

/** How a file separates its cells, and what precedes its header. */
export interface Dialect {
  readonly delimiter: string;
  /** What to skip before the header: Excel's `sep=` line, Entra's `version:` line. */
  readonly preamble: { readonly text: string; readonly lines: number };
}

/** In order of preference for a tie, as with a header of one column. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** `sep=;` sets the delimiter for Excel, which reads it on the first line only. */
const SEP_LINE = /^"?sep=(.)"?[,;\t| ]*(?:\r\n|\r|\n|$)/iu;
/** First line of Microsoft Entra bulk templates, with the delimiters that Excel adds when it saves them. */
const VERSION_LINE = /^"?version:v[\d.]+"?[,;\t| ]*(?:\r\n|\r|\n|$)/i;

/** Reads as much text as detection needs, and returns all of the text without what precedes the header. */
export async function readDialect(
  blocks: AsyncGenerator<TextBlock, void, undefined>,
  delimiter: string | undefined,
): Promise<{ dialect: Dialect; rest: AsyncGenerator<TextBlock, void, undefined> }> {
  let head: TextBlock = { utf8: Buffer.alloc(0), malformed: [] };
  let dialect: Dialect | undefined;
  while (dialect === undefined) {
    const { value: block } = await blocks.next();
    if (block) head = concat(head, block);
    // The parser rejects a header that is too large, whatever its dialect.
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

function concat(first: TextBlock, second: TextBlock): TextBlock {
  const shifted = second.malformed.map((line) => ({ ...line, at: line.at + first.utf8.length }));
  return { utf8: Buffer.concat([first.utf8, second.utf8]), malformed: [...first.malformed, ...shifted] };
}

/**
 * Detects the dialect from the start of a file.
 *
 * The delimiter is the one that splits the header into the most cells without breaking a quote. Only the header counts, since the
 * cells of a semicolon file may contain more commas than semicolons.
 *
 * @param head - the start of the text.
 * @param options - `isWhole`: no more text follows. `delimiter`: checked by `parseDelimiter`; overrides `sep=` and detection.
 * @returns `undefined` if the header does not end within `head`, so that more text is needed.
 */
function detectDialect(
  head: string,
  { isWhole, delimiter: requested }: { isWhole: boolean; delimiter?: string | undefined },
): Dialect | undefined {
  if (!isWhole && !/[\r\n]./su.test(head)) return undefined;
  const sep = SEP_LINE.exec(head);
  const preambleText = (sep ?? VERSION_LINE.exec(head))?.[0] ?? '';
  const preamble = { text: preambleText, lines: countLineBreaks(preambleText) };

  const given = requested ?? sep?.[1];
  if (given !== undefined) return { delimiter: parseDelimiter(given), preamble };

  const rest = head.slice(preambleText.length);
  const scans = DELIMITERS.map((delimiter) => ({ delimiter, ...scanRow(rest, delimiter) }));
  const isUndecided = scans.some(({ end }) => end.kind === 'cut-off' || end.kind === 'open-quote');
  if (isUndecided && !isWhole) return undefined;

  // A delimiter that leaves a quote in the middle of a cell is wrong, unless all of them do.
  const fitting = scans.filter(({ end }) => end.kind !== 'text-after-quote');
  const best =
    withMostColumns(fitting.filter(({ hasStrayQuote }) => !hasStrayQuote)) ?? withMostColumns(fitting);
  return { delimiter: best?.delimiter ?? ',', preamble };
}

/** Whether the first row of a sheet is the version line of a Microsoft Entra template. */
export function isVersionLine(cells: readonly string[]): boolean {
  return cells.length === 1 && VERSION_LINE.test(cells[0]!);
}

/** The first of those that split the header into the most cells. */
function withMostColumns<T extends { readonly columns: number }>(scans: readonly T[]): T | undefined {
  return scans.reduce<T | undefined>(
    (best, scan) => (best && best.columns >= scan.columns ? best : scan),
    undefined,
  );
}

/**
 * Checks a delimiter that the user gave: one character, or `tab` or `\t`, which are easier to type.
 *
 * @throws {InvalidDelimiterError} Not exactly one character, or a quote or a line break.
 */
export function parseDelimiter(text: string): string {
  if (text.toLowerCase() === 'tab' || text === '\\t') return '\t';
  if (!/^[^"\r\n\0]$/u.test(text)) throw new InvalidDelimiterError(text);
  return text;
}
