import { InvalidDelimiterError } from './errors.js';
import { countLineBreaks, scanRow } from './quoting.js';

/** How a file separates its cells, and what stands before its header. */
export interface Dialect {
  readonly delimiter: string;
  /** What to skip before the header: Excel's `sep=` line, Entra's `version:` line. */
  readonly preamble: { readonly text: string; readonly lines: number };
}

/** In the order in which they win a tie: a header of one column has them all. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** `sep=;` tells Excel the delimiter and is no data; Excel reads it on the first line only. */
const SEP_LINE = /^"?sep=(.)"?[,;\t| ]*(?:\r\n|\r|\n|$)/iu;
/** First line of Microsoft Entra's bulk templates, with the delimiters that Excel adds on saving. */
const VERSION_LINE = /^"?version:v[\d.]+"?[,;\t| ]*(?:\r\n|\r|\n|$)/i;

/**
 * Tells the dialect from the beginning of a file.
 *
 * The delimiter is the one that cuts the header into most cells without breaking a quote. Only the header counts:
 * the cells of a semicolon file may well hold more commas than semicolons.
 *
 * @param head - the text of the file up to somewhere.
 * @param options - `isWhole`: no text follows; `delimiter`: as checked by `parseDelimiter`, goes before `sep=` and detection.
 * @returns `undefined` when the header does not end within `head` and more text could change the answer.
 */
export function detectDialect(
  head: string,
  { isWhole, delimiter: named }: { isWhole: boolean; delimiter?: string | undefined },
): Dialect | undefined {
  if (!isWhole && !/[\r\n]./su.test(head)) return undefined;
  const sep = SEP_LINE.exec(head);
  const preambleText = (sep ?? VERSION_LINE.exec(head))?.[0] ?? '';
  const preamble = { text: preambleText, lines: countLineBreaks(preambleText) };

  const told = named ?? sep?.[1];
  if (told !== undefined) return { delimiter: parseDelimiter(told), preamble };

  const rest = head.slice(preambleText.length);
  const scans = DELIMITERS.map((delimiter) => ({ delimiter, ...scanRow(rest, delimiter) }));
  const isUndecided = scans.some(({ end }) => end.kind === 'cut-off' || end.kind === 'open-quote');
  if (isUndecided && !isWhole) return undefined;

  // A delimiter that leaves a quote in the middle of a cell has cut at the wrong places, unless they all do.
  const fitting = scans.filter(({ end }) => end.kind !== 'text-after-quote');
  const best =
    withMostColumns(fitting.filter(({ hasStrayQuote }) => !hasStrayQuote)) ?? withMostColumns(fitting);
  return { delimiter: best?.delimiter ?? ',', preamble };
}

/** Whether the only cell of a sheet's first row is what stands before the header in Microsoft Entra's templates. */
export function isVersionLine(cells: readonly string[]): boolean {
  return cells.length === 1 && VERSION_LINE.test(cells[0]!);
}

/** The first of those that cut the header into most cells. */
function withMostColumns<T extends { readonly columns: number }>(scans: readonly T[]): T | undefined {
  return scans.reduce<T | undefined>(
    (best, scan) => (best && best.columns >= scan.columns ? best : scan),
    undefined,
  );
}

/**
 * Checks a delimiter that somebody wrote: one character, or `tab` or `\t` for those who cannot type one.
 *
 * @throws {InvalidDelimiterError} More than a character, none, a quote or a line break.
 */
export function parseDelimiter(text: string): string {
  if (text.toLowerCase() === 'tab' || text === '\\t') return '\t';
  if (!/^[^"\r\n\0]$/u.test(text)) throw new InvalidDelimiterError(text);
  return text;
}
