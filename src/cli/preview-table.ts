import type { RowPreview } from '../jobs/row-preview.js';
import { escapeControlCharacters, plural } from '../text.js';

import { fitTable } from './table.js';
import { textWidth } from './text-width.js';

/**
 * The values of the first rows: a line per row if the window is wide enough, else a line per value, with as many rows as fit.
 *
 * @param width - in terminal columns; undefined without a terminal.
 */
export function previewText(preview: RowPreview, width = Infinity): string {
  const { fields, rows } = preview;
  const shown = [...fields.keys()].filter((index) => rows.some(({ values }) => values[index] !== ''));
  const empty = fields.filter((_, index) => !shown.includes(index)).map(({ name }) => name);
  const columns: Column[] = [
    [preview.lineLabel, '', ...rows.map(({ line }) => String(line))],
    ['status', '', ...rows.map(({ status }) => status)],
    ...shown.map((index): Column => {
      const { name, column = '' } = fields[index] ?? { name: '' };
      // The name of the column is worth a line only where it says something else.
      const from = column.toLowerCase() === name.toLowerCase() ? '' : column;
      return [name, from, ...rows.map(({ values }) => values[index] ?? '')];
    }),
  ];
  const lines = [
    `Preview of ${plural(rows.length, 'row')}, with the values that would be sent:\n`,
    tableOf(columns, width),
    ...(empty.length === 0 ? [] : [`Empty in these rows: ${escapeControlCharacters(empty.join(', '))}\n`]),
  ];
  return lines.join('');
}

/** Name of the value, the column that it is read from, and the value of each row. */
type Column = readonly [name: string, from: string, ...values: string[]];

const GAP = 2;

function tableOf(columns: readonly Column[], width: number): string {
  const hasFrom = columns.some(([, from]) => from !== '');
  const byRow = columns[0]!.map((_, line) => columns.map((column) => column[line] ?? ''));
  const wide = hasFrom ? byRow : byRow.filter((_, line) => line !== 1);
  if (widthOf(wide) <= width) return fitTable(wide, { width });
  let narrow = columns.map((column) => (hasFrom ? [...column] : column.filter((_, index) => index !== 1)));
  const leading = hasFrom ? 2 : 1;
  while (widthOf(narrow) > width && (narrow[0]?.length ?? 0) > leading + 1) {
    narrow = narrow.map((cells) => cells.slice(0, -1));
  }
  return fitTable(narrow, { width });
}

function widthOf(rows: readonly (readonly string[])[]): number {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, textWidth(escapeControlCharacters(cell)));
    }
  }
  return widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
}
