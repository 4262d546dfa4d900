import type { Row } from '../rows/row.js';

import type { MalformedText } from './malformed.js';

/** A row of the file, and the physical line on which it starts. */
export interface ParsedRow extends Pick<Row, 'cellKinds' | 'isHidden'> {
  readonly line: number;
  readonly cells: readonly string[];
  /** Its first malformed line. */
  readonly malformed?: MalformedText | undefined;
}

/** The rows that the fast path read, and where it stopped. */
export interface PlainRows {
  readonly rows: readonly ParsedRow[];
  /** Physical line after the lines that were read. */
  readonly nextLine: number;
  /** Index of the first line that was not read; `undefined` if all were. */
  readonly stoppedAt: number | undefined;
}

/**
 * Fast path: reads rows of one line each, as nearly all are, in a quarter of the time that a full CSV parser takes. Stops at the first
 * line that needs the parser, because a quoted cell continues on the next line or text follows a closing quote.
 *
 * @param text - starts at the start of a line, and ends with a line break or the end of the file.
 * @param from.line - physical line on which it starts.
 * @param from.maxCharacters - stops at a longer line.
 */
export function readPlainLines(
  text: string,
  delimiter: string,
  { line: firstLine, maxCharacters }: { line: number; maxCharacters: number },
): PlainRows {
  const rows: ParsedRow[] = [];
  const hasQuotes = text.includes('"');
  const hasCr = text.includes('\r');
  let line = firstLine;
  for (let at = 0; at < text.length; line += 1) {
    const end = hasCr ? endOfLine(text, at) : endBefore(text.indexOf('\n', at), text);
    const content = text.slice(at, end);
    if (content.length > maxCharacters) return { rows, nextLine: line, stoppedAt: at };
    if (content !== '') {
      const cells =
        hasQuotes && content.includes('"') ? splitQuoted(content, delimiter) : content.split(delimiter);
      if (cells === undefined) return { rows, nextLine: line, stoppedAt: at };
      rows.push({ line, cells });
    }
    at = end + (hasCr && text.startsWith('\r\n', end) ? 2 : 1);
  }
  return { rows, nextLine: line, stoppedAt: undefined };
}

function endOfLine(text: string, at: number): number {
  const lf = endBefore(text.indexOf('\n', at), text);
  const cr = text.slice(at, lf).indexOf('\r');
  return cr === -1 ? lf : at + cr;
}

function endBefore(found: number, text: string): number {
  return found === -1 ? text.length : found;
}

/** The cells of a line; `undefined` if a quote is not closed in it, or not followed by a delimiter. */
function splitQuoted(line: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ;) {
    if (line[at] !== '"') {
      const end = endBefore(line.indexOf(delimiter, at), line);
      cells.push(line.slice(at, end));
      at = end;
    } else {
      let close = line.indexOf('"', at + 1);
      let hasDoubled = false;
      while (close !== -1 && line[close + 1] === '"') {
        hasDoubled = true;
        close = line.indexOf('"', close + 2);
      }
      if (close === -1) return undefined;
      const content = line.slice(at + 1, close);
      cells.push(hasDoubled ? content.replaceAll('""', '"') : content);
      at = close + 1;
    }
    if (at === line.length) return cells;
    if (!line.startsWith(delimiter, at)) return undefined;
    at += delimiter.length;
  }
}
