import stringWidth from 'string-width';
import { escapeControlCharacters } from '../text.js';

/** A wider cell runs over: one long value is no reason to push everybody's out of the window. */
const MOST_COLUMNS = 40;

/**
 * Lines of a table, its columns as wide as the first rows need.
 *
 * @param ahead - how many rows are looked at before the first line comes.
 */
export async function* tableLines(
  rows: AsyncIterable<readonly string[]>,
  ahead: number,
): AsyncGenerator<string> {
  let waiting: (readonly string[])[] = [];
  let widths: readonly number[] | undefined;
  for await (const row of rows) {
    const cells = row.map((cell) => escapeControlCharacters(cell));
    if (widths !== undefined) {
      yield lineOf(cells, widths);
      continue;
    }
    waiting.push(cells);
    if (waiting.length < ahead) continue;
    widths = widthsOf(waiting);
    for (const cells of waiting) yield lineOf(cells, widths);
    waiting = [];
  }
  widths ??= widthsOf(waiting);
  for (const cells of waiting) yield lineOf(cells, widths);
}

/** The same of rows that are all there. @returns lines without their ends. */
export function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map((cell) => escapeControlCharacters(cell)));
  const widths = widthsOf(shown);
  return shown.map((cells) => lineOf(cells, widths).trimEnd());
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  return widestOf(rows).map((width) => Math.min(width, MOST_COLUMNS));
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) => padTo(cell, index === cells.length - 1 ? 0 : widths[index]));
  return `${padded.join('  ').trimEnd()}\n`;
}

/** In the terminal's columns, of which a Chinese character takes two. */
export function padTo(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/**
 * A table that stays within a width: what does not fit its column goes on in the next line.
 *
 * @param options.width - in the terminal's columns.
 */
export function fittedTable(
  rows: readonly (readonly string[])[],
  { width }: { readonly width: number },
): string {
  const shown = rows.map((row) => row.map((cell) => escapeControlCharacters(cell)));
  const widths = fittedWidths(widestOf(shown), width);
  return shown
    .flatMap((row) => {
      const cells = row.map((cell, index) => wrapped(cell, widths[index] ?? 1));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, index) =>
        lineOf(
          cells.map((lines) => lines[index] ?? ''),
          widths,
        ),
      );
    })
    .join('');
}

const GAP = 2;

function widestOf(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 1, stringWidth(cell));
    }
  }
  return widths;
}

/** Takes from the widest column until all fit together. */
function fittedWidths(wanted: readonly number[], width: number): readonly number[] {
  const widths = [...wanted];
  const room = Math.max(widths.length, width - GAP * (widths.length - 1));
  const sum = (): number => widths.reduce((total, one) => total + one, 0);
  while (sum() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

/** Lines of at most `width`: broken at spaces, and a word that is longer, wherever it must be. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const { segment } of new Intl.Segmenter().segment(word)) {
      if (line !== '' && stringWidth(line + segment) > width) {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  }
  return [...lines, line];
}
