import { decode } from './decode.js';
import { decompress, type FileBytes } from './decompress.js';
import { splitByBestDelimiter } from './dialect.js';
import { isGzip, isZip } from './file-signature.js';
import { scanRow, countLineBreaks } from './quoting.js';
import type { OpenSheet } from './xlsx/workbook.js';

/** The beginning of a file, as it is written: to show, and to choose how to read it. */
export interface FilePreview {
  readonly kind: 'csv' | 'workbook';
  /** With gzip. */
  readonly isCompressed: boolean;
  /** Empty unless it is a workbook. */
  readonly sheets: readonly SheetPreview[];
  /** The first lines of the text or the sheet that are not blank. */
  readonly lines: readonly PreviewLine[];
  /** The usual delimiters, with the number of columns that each gives; empty for a workbook. */
  readonly delimiters: readonly { readonly delimiter: string; readonly columns: number }[];
}

export interface SheetPreview {
  readonly name: string;
  readonly isHidden: boolean;
  /** Rows with a value; undefined for more than a thousand. */
  readonly rows: number | undefined;
  readonly columns: number;
}

export interface PreviewLine {
  /** Physical line of the text, or row of the sheet. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface PreviewOptions {
  readonly sheet: string | undefined;
  readonly encoding: string | undefined;
  /** The best one by default. */
  readonly delimiter: string | undefined;
  readonly headerLine: number | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const MAX_COUNTED_ROWS = 1000;
/** A table with thousands of columns has long lines. */
const MAX_CHARACTERS = 1_000_000;
/** Around the header. */
const [LINES_ABOVE, LINES_BELOW, MIN_LINES] = [12, 8, 15];

/** Reads the beginning of a file without judging it. What cannot be read is left out. */
export async function previewFile(
  bytes: AsyncIterable<Uint8Array>,
  options: PreviewOptions,
): Promise<FilePreview> {
  let isCompressed = false;
  const file = await decompress(noting(bytes, (first) => (isCompressed = isGzip(first))));
  try {
    return isZip(file.first)
      ? { kind: 'workbook', isCompressed, delimiters: [], ...(await previewWorkbook(file, options)) }
      : { kind: 'csv', isCompressed, sheets: [], ...(await previewText(file, options)) };
  } finally {
    await file.rest.return();
  }
}

async function* noting(
  bytes: AsyncIterable<Uint8Array>,
  onFirst: (first: Buffer) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isFirst = true;
  for await (const chunk of bytes) {
    if (isFirst) onFirst(Buffer.from(chunk.subarray(0, 2)));
    isFirst = false;
    yield chunk;
  }
}

async function previewWorkbook(
  file: FileBytes,
  { sheet, headerLine }: PreviewOptions,
): Promise<Pick<FilePreview, 'sheets' | 'lines'>> {
  const { openSheet } = await import('./xlsx/workbook.js');
  const opened = await openSheet(file, sheet);
  const rows = await firstRows(opened.batches, MAX_COUNTED_ROWS + 1);
  const sizes = await otherSizes(opened);
  sizes.set(opened.name, sizeOf(rows));
  return {
    sheets: opened.allSheets.map(({ name, isHidden }) => ({
      name,
      isHidden,
      ...(sizes.get(name) ?? { rows: undefined, columns: 0 }),
    })),
    lines: around(rows, headerLine),
  };
}

async function otherSizes(sheet: OpenSheet): Promise<Map<string, Pick<SheetPreview, 'rows' | 'columns'>>> {
  const sizes = new Map<string, Pick<SheetPreview, 'rows' | 'columns'>>();
  try {
    for await (const { name, rows } of sheet.otherSheets(MAX_COUNTED_ROWS + 1, { withHidden: true })) {
      sizes.set(name, sizeOf(rows));
    }
  } catch {
    // A damaged sheet is reported when it is chosen.
  }
  return sizes;
}

function sizeOf(rows: readonly PreviewLine[]): Pick<SheetPreview, 'rows' | 'columns'> {
  return {
    rows: rows.length > MAX_COUNTED_ROWS ? undefined : rows.length,
    columns: rows.reduce((most, { cells }) => Math.max(most, cells.length), 0),
  };
}

async function firstRows(
  batches: AsyncGenerator<readonly PreviewLine[], void, undefined>,
  count: number,
): Promise<readonly PreviewLine[]> {
  const rows: PreviewLine[] = [];
  try {
    for await (const batch of batches) {
      rows.push(...batch.map(({ line, cells }) => ({ line, cells })));
      if (rows.length >= count) break;
    }
  } catch {
    // What precedes the damage is shown.
  }
  return rows.slice(0, count);
}

async function previewText(
  file: FileBytes,
  { encoding, delimiter, headerLine }: PreviewOptions,
): Promise<Pick<FilePreview, 'lines' | 'delimiters'>> {
  const text = await startOf(file, encoding, Math.max(MIN_LINES, (headerLine ?? 0) + LINES_BELOW));
  const starts = lineStarts(text);
  const header = text.slice(starts[(headerLine ?? 1) - 1] ?? 0);
  const used = delimiter ?? splitByBestDelimiter(header, undefined).delimiter;
  const shown = new Set<string>([...DELIMITERS, used]);
  return {
    lines: around(linesOf(text, starts, used), headerLine),
    delimiters: [...shown].map((each) => ({ delimiter: each, columns: cellsOf(header, each).length })),
  };
}

async function startOf(file: FileBytes, encoding: string | undefined, lines: number): Promise<string> {
  let text = '';
  try {
    for await (const { utf8 } of decode(file, encoding).blocks) {
      text += utf8.toString();
      if (text.length > MAX_CHARACTERS || countLineBreaks(text) > lines) break;
    }
  } catch {
    // What precedes the malformed text is shown.
  }
  return text.slice(0, MAX_CHARACTERS);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}

function linesOf(text: string, starts: readonly number[], delimiter: string): readonly PreviewLine[] {
  const lines: PreviewLine[] = [];
  for (let index = 0; index < starts.length;) {
    const from = text.slice(starts[index]);
    if (from === '' || /^[\r\n]/.test(from)) {
      index += 1;
      continue;
    }
    const cells = cellsOf(from, delimiter);
    lines.push({ line: index + 1, cells });
    // A quoted cell may go on in the next line.
    index += 1 + countLineBreaks(cells.join(''));
  }
  return lines;
}

/** The cells of the first line; with broken quotes, its parts. */
function cellsOf(text: string, delimiter: string): readonly string[] {
  const { cells, end } = scanRow(text, delimiter);
  if (end.kind === 'complete' || end.kind === 'cut-off') return cells;
  return (/^[^\r\n]*/.exec(text)?.[0] ?? '').split(delimiter);
}

function around(lines: readonly PreviewLine[], headerLine = 1): readonly PreviewLine[] {
  const header = lines.findIndex(({ line }) => line >= headerLine);
  const first = Math.max(0, header - LINES_ABOVE);
  return lines.slice(first, Math.max(first + MIN_LINES, header + LINES_BELOW));
}
