/** What messages call a line of the file: in a workbook, it is a row of the sheet. */
export type LineLabel = 'line' | 'sheet row';

/** The position of a row in its file. */
export interface Place {
  readonly row: number;
  /** 0 for leavers and for records, which have no line. */
  readonly line: number;
  readonly lineLabel?: LineLabel | undefined;
}

/** `row 3 (line 4)`, `row 3 (sheet row 4)`, or `row 3` without a line. */
export function placeOf({ row, line, lineLabel }: Place): string {
  return line === 0 ? `row ${row}` : `row ${row} (${lineText(line, lineLabel)})`;
}

/** `line 4`, `sheet row 4` */
export function lineText(line: number, lineLabel: LineLabel = 'line'): string {
  return `${lineLabel} ${line}`;
}

/** `on line 4`, `in sheet row 4` */
export function onLine(line: number, lineLabel: LineLabel = 'line'): string {
  return `${lineLabel === 'line' ? 'on' : 'in'} ${lineText(line, lineLabel)}`;
}

/** What to call the lines of a file that a run, a report or a journal describes. */
export function lineLabelOf({
  name = '',
  sheet,
  isEdited = false,
}: {
  readonly name?: string | undefined;
  /** Name of the sheet; undefined unless a workbook was read. */
  readonly sheet?: string | undefined;
  /** Whether a copy of the file with edits was read, which is a CSV but has the lines of the file. */
  readonly isEdited?: boolean | undefined;
}): LineLabel {
  const isCopy = isEdited && /\.xls[xm](?:\.gz)?$/i.test(name);
  return sheet !== undefined || isCopy ? 'sheet row' : 'line';
}
