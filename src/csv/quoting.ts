/** The quoting of one row. `at` is an index in the text. */
export interface RowScan {
  /** Cells up to where the scan ended. */
  readonly columns: number;
  /** The cells before that. */
  readonly cells: readonly string[];
  /** Whether an unquoted cell contains a quote, as when `login;"a,b"` is split at the wrong delimiter. */
  readonly hasStrayQuote: boolean;
  readonly end:
    /** The row ends with a line break inside the text. */
    | { readonly kind: 'complete' }
    /** The text ends first; more text may continue the row. */
    | { readonly kind: 'cut-off' }
    /** The text ends inside a quoted cell, whose opening quote is at `at`. */
    | { readonly kind: 'open-quote'; readonly at: number }
    /** The last of the `columns` has text after its closing quote, at `at`. */
    | { readonly kind: 'text-after-quote'; readonly at: number };
}

/**
 * Scans the first row of `text`, after any blank lines, counts its cells and checks its quotes.
 *
 * csv-parse reads the cells; this finds what csv-parse does not report: where a quote was opened, and whether a delimiter fits a header.
 * A quote opens a cell only as its first character; elsewhere in an unquoted cell it is an ordinary character (`5" pipe`).
 */
export function scanRow(text: string, delimiter: string): RowScan {
  let at = firstNonBlank(text);
  let hasStrayQuote = false;
  const cells: string[] = [];
  const endsCell = () => at >= text.length || isLineBreak(text[at]) || text.startsWith(delimiter, at);

  for (let columns = 1; ; columns += 1) {
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1);
      if (close === -1) return { columns, cells, hasStrayQuote, end: { kind: 'open-quote', at } };
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
      if (!endsCell()) return { columns, cells, hasStrayQuote, end: { kind: 'text-after-quote', at } };
    } else {
      const start = at;
      for (; !endsCell(); at += 1) hasStrayQuote ||= text[at] === '"';
      cells.push(text.slice(start, at));
    }
    if (at === text.length) return { columns, cells, hasStrayQuote, end: { kind: 'cut-off' } };
    if (isLineBreak(text[at])) return { columns, cells, hasStrayQuote, end: { kind: 'complete' } };
    at += delimiter.length;
  }
}

/** Counts line breaks: CRLF, LF and a single CR count as one each. */
export function countLineBreaks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count += 1;
  }
  return count;
}

/** Index of the first character that is not a line break. */
export function firstNonBlank(text: string): number {
  let at = 0;
  while (isLineBreak(text[at])) at += 1;
  return at;
}

function isLineBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

/** Index of the quote that closes a cell, skipping doubled quotes; -1 if there is none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
