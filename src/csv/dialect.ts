import { InvalidDelimiterError } from './errors.js';
import { scanRow, type RowScan } from './quoting.js';

/** In order of preference for a tie, as with a header of one column. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** `sep=;` sets the delimiter for Excel, which reads it on the first line only. */
const SEP_LINE = /^"?sep=(.)"?[,;\t| ]*(?:\r\n|\r|\n|$)/iu;
/** First line of Microsoft Entra bulk templates, with the delimiters that Excel adds when it saves them. */
const VERSION_LINE = /^"?version:v[\d.]+"?[,;\t| ]*(?:\r\n|\r|\n|$)/i;

/** What precedes the header by convention: Excel's `sep=` line, which sets the delimiter, or Entra's `version:` line. */
export function readPreamble(text: string): { readonly text: string; readonly delimiter?: string } {
  const [sepLine, delimiter] = SEP_LINE.exec(text) ?? [];
  if (sepLine !== undefined && delimiter !== undefined) return { text: sepLine, delimiter };
  return { text: VERSION_LINE.exec(text)?.[0] ?? '' };
}

/** Whether the first row of a sheet is the version line of a Microsoft Entra template. */
export function isVersionLine(cells: readonly string[]): boolean {
  return cells.length === 1 && VERSION_LINE.test(cells[0]!);
}

/** A row, and the delimiter that separates its cells best. */
export interface DelimitedRow {
  readonly delimiter: string;
  readonly scan: RowScan;
  /** Whether more text could change the result. */
  readonly isUndecided: boolean;
}

/**
 * Splits the first row of `text` by the delimiter that makes the most cells without breaking a quote.
 *
 * Only meant for the header, since the cells of a semicolon file may contain more commas than semicolons.
 *
 * @param given - the delimiter, if it is known.
 */
export function splitByBestDelimiter(text: string, given: string | undefined): DelimitedRow {
  const scans = (given === undefined ? DELIMITERS : [given]).map((delimiter) => ({
    delimiter,
    scan: scanRow(text, delimiter),
  }));
  const isUndecided = scans.some(({ scan: { end } }) => end.kind === 'cut-off' || end.kind === 'open-quote');
  // A delimiter that leaves a quote in the middle of a cell is wrong, unless all of them do.
  const fitting = scans.filter(({ scan }) => scan.end.kind !== 'text-after-quote');
  const best =
    withMostColumns(fitting.filter(({ scan }) => !scan.hasStrayQuote)) ??
    withMostColumns(fitting) ??
    scans[0]!;
  return { ...best, isUndecided };
}

/** Has more than delimiters. */
const NAME = /[^\s,;|]/;

/** The first of those that split the header into the most names. A delimiter that only ends the line makes none. */
function withMostColumns<T extends { readonly scan: RowScan }>(scans: readonly T[]): T | undefined {
  const named = scans.map((one) => ({
    one,
    names: one.scan.cells.filter((cell) => NAME.test(cell)).length,
  }));
  return named.reduce<(typeof named)[number] | undefined>(
    (best, split) => (best && best.names >= split.names ? best : split),
    undefined,
  )?.one;
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
