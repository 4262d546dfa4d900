import stringWidth from 'string-width';

import { printable } from './terminal.js';

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
    const cells = row.map((cell) => printable(cell));
    if (widths !== undefined) {
      yield line(cells, widths);
      continue;
    }
    waiting.push(cells);
    if (waiting.length < ahead) continue;
    widths = widthsOf(waiting);
    for (const cells of waiting) yield line(cells, widths);
    waiting = [];
  }
  widths ??= widthsOf(waiting);
  for (const cells of waiting) yield line(cells, widths);
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, Math.min(stringWidth(cell), MOST_COLUMNS));
    }
  }
  return widths;
}

function line(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) => padTo(cell, index === cells.length - 1 ? 0 : widths[index]));
  return `${padded.join('  ').trimEnd()}\n`;
}

/** In the terminal's columns, of which a Chinese character takes two. */
export function padTo(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
