import { escapeControlCharacters } from '../text.js';

import { textWidth } from './text-width.js';

/** Wider cells overflow, so that one long value does not push all others out of the window. */
const MAX_COLUMN_WIDTH = 40;

/**
 * Formats rows as the lines of a table, with columns as wide as the first rows need.
 *
 * @param ahead - number of rows to measure before the first line.
 */
export async function* tableLines(
  rows: AsyncIterable<readonly string[]>,
  ahead: number,
): AsyncGenerator<string> {
  let measured: (readonly string[])[] = [];
  let widths: readonly number[] | undefined;
  for await (const row of rows) {
    const cells = row.map((cell) => escapeControlCharacters(cell));
    if (widths !== undefined) {
      yield lineOf(cells, widths);
      continue;
    }
    measured.push(cells);
    if (measured.length < ahead) continue;
    widths = widthsOf(measured);
    for (const cells of measured) yield lineOf(cells, widths);
    measured = [];
  }
  widths ??= widthsOf(measured);
  for (const cells of measured) yield lineOf(cells, widths);
}

/** Formats rows as lines with aligned columns. @returns lines without line breaks. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  { maxWidth = MAX_COLUMN_WIDTH }: { readonly maxWidth?: number } = {},
): string[] {
  const shown = rows.map((row) => row.map((cell) => escapeControlCharacters(cell)));
  const widths = widthsOf(shown, maxWidth);
  return shown.map((cells) => lineOf(cells, widths).trimEnd());
}

function widthsOf(
  rows: readonly (readonly string[])[],
  maxWidth: number = MAX_COLUMN_WIDTH,
): readonly number[] {
  return widestOf(rows).map((width) => Math.min(width, maxWidth));
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) => padTo(cell, index === cells.length - 1 ? 0 : widths[index]));
  return `${padded.join('  ').trimEnd()}\n`;
}

/** Pads to a width in terminal columns; a Chinese character takes two. */
export function padTo(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/**
 * Formats rows as a table that fits into a width, wrapping cells that do not fit.
 *
 * @param options.width - in terminal columns.
 */
export function fitTable(
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
      widths[index] = Math.max(widths[index] ?? 1, textWidth(cell));
    }
  }
  return widths;
}

/** Narrows the widest column until the table fits. */
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

/** Lines of at most `width`, broken at spaces; a longer word is broken anywhere. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const { segment } of new Intl.Segmenter().segment(word)) {
      if (line !== '' && textWidth(line + segment) > width) {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  }
  return [...lines, line];
}
