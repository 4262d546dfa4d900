import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import { plural, quoted } from '../text.js';

import { NotCsvError, StructureError } from './errors.js';
import { trimInvisible } from './header.js';
import type { ParsedRow } from './plain-lines.js';
import { scanRow } from './quoting.js';

/** How many rows show how a file is built. */
export const SAMPLE_ROWS = 20;
/** What nearly every row has in common. */
const NEARLY_ALL = 0.8;

/** The start of a table. */
export interface Sample {
  readonly header: ParsedRow;
  /** The first rows, at most `SAMPLE_ROWS`. */
  readonly rows: readonly ParsedRow[];
  readonly delimiter: string;
  /** The first line of the header, with its quotes. */
  readonly headerText: string;
  readonly recognize: ColumnRecognizer;
}

/**
 * Finds why a whole file would be misread, which explains the problems of all its rows.
 *
 * @throws {StructureError | NotCsvError}
 */
export function checkStructure(sample: Sample): void {
  checkTextTable(sample);
  checkQuotedLines(sample);
  checkForeignQuotes(sample);
  checkHeaderDelimiter(sample);
  checkFixedWidth(sample);
  checkTransposed(sample);
  checkTrailingRuns(sample);
  checkRowDelimiter(sample);
}

/** A row of which all cells are in one, explained. @returns undefined if it just has one cell. */
export function describeOneCell(
  cell: string,
  { delimiter, columns }: { readonly delimiter: string; readonly columns: number },
): string | undefined {
  // A remark may contain the delimiter as well.
  if (splitCount(cell, delimiter) >= Math.max(2, columns / 2 + 1)) {
    return `The whole line is in quotes, so it is a single cell. Remove the quotes around the line, and write ${DOUBLED} inside it as one quote.`;
  }
  const other = mostFrequent(cell, delimiter);
  if (other === undefined) return undefined;
  return `The line is separated by ${nameOf(other)}, but the header by ${nameOf(delimiter)}. Separate both by the same character.`;
}

const DOUBLED = '""';

/** A table as Markdown, psql and PowerShell print it has a line of dashes below the header. */
function checkTextTable({ rows: [first] }: Sample): void {
  if (first === undefined) return;
  const isRule =
    first.cells.every((cell) => /^[\s|+:=-]*$/.test(cell)) && first.cells.join('').includes('--');
  if (!isRule) return;
  throw new NotCsvError(
    `This file is not a CSV: it is a table as a program prints it, with a line of dashes on line ${first.line}.`,
    {
      hint: 'Export it as CSV: with Export-Csv in PowerShell, \\copy … csv header in psql, or the CSV format of another program.',
    },
  );
}

/** `"login,""email"""`: another program has put each line in quotes as if it was a cell. */
function checkQuotedLines({ header, rows, delimiter, headerText, recognize }: Sample): void {
  const [name = ''] = header.cells;
  const isQuoted = header.cells.length === 1 && headerText.trimStart().startsWith('"');
  const isHeader =
    isQuoted &&
    USUAL_DELIMITERS.some((one) => {
      const { cells } = scanRow(name, one);
      return cells.length > 1 && cells.some((cell) => recognize(cell) !== undefined);
    });
  const isRow = ({ cells }: ParsedRow): boolean => cells.length === 1 && splitCount(cells[0]!, delimiter) > 1;
  const areRows = header.cells.length > 1 && isNearlyAll(rows, isRow);
  const first = isHeader ? header : areRows ? rows.find(isRow) : undefined;
  if (first === undefined) return;
  throw new StructureError(
    first.line,
    `Whole lines are in quotes, such as line ${first.line}, so each is a single cell.`,
    'Export the file again without quotes around the lines. Quotes around single cells are right.',
  );
}

/** Pairs of characters that other programs and word processors put around cells. */
const FOREIGN_QUOTES = [
  { pair: "''", name: 'single quotes' },
  { pair: '""', name: 'two pairs of quotes' },
  { pair: '“”', name: 'typographic quotes' },
  { pair: '„“', name: 'typographic quotes' },
  { pair: '””', name: 'typographic quotes' },
  { pair: '‘’', name: 'typographic quotes' },
  { pair: '«»', name: 'typographic quotes' },
  { pair: '＂＂', name: 'full-width quotes' },
  { pair: '``', name: 'backticks' },
] as const;

function checkForeignQuotes({ header, rows, headerText, recognize }: Sample): void {
  for (const { pair, name } of FOREIGN_QUOTES) {
    const isIn = (cell: string): boolean =>
      cell.length > 2 && cell.startsWith(pair[0]!) && cell.endsWith(pair[1]!);
    const isRow = ({ cells }: ParsedRow): boolean => {
      const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
      return filled.length > 1 && filled.filter(isIn).length * 2 > filled.length;
    };
    // The names alone may be in quotes, which do no harm there.
    const areValues =
      rows.length === 0 || isNearlyAll(rows, ({ cells }) => cells.some((cell) => isIn(cell.trim())));
    const example = areValues
      ? header.cells
          .map(trimInvisible)
          .find((cell) => isIn(cell) && recognize(cell.slice(1, -1)) !== undefined)
      : undefined;
    const first = example === undefined ? (isNearlyAll(rows, isRow) ? rows.find(isRow) : undefined) : header;
    if (first === undefined) continue;
    const shown = example === undefined ? '' : ` (${example})`;
    const hasSpace = name === 'two pairs of quotes' && /[,;\t|][ \u00a0]+"/.test(headerText);
    if (hasSpace) {
      throw new StructureError(
        first.line,
        `A space precedes the quotes on line ${first.line}, so they count as a part of the cell${shown}.`,
        'Export the file again without spaces between a delimiter and a quote.',
      );
    }
    throw new StructureError(
      first.line,
      `The cells on line ${first.line} are in ${name}${shown}, which CSV reads as a part of the cell.`,
      'Export the file again with one pair of double quotes (") around the cells that need it.',
    );
  }
}

/** Characters that separate cells besides the usual ones, or by accident. */
const DELIMITER_NAMES: ReadonlyMap<string, string> = new Map([
  [',', 'commas'],
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
  ['，', 'full-width commas (，)'],
  ['、', 'ideographic commas (、)'],
  ['；', 'full-width semicolons (；)'],
  ['،', 'Arabic commas (،)'],
  ['\u001f', 'unit separators (U+001F)'],
  ['\u0001', 'control characters (U+0001)'],
  ['^', '"^"'],
  ['~', '"~"'],
  ['¦', '"¦"'],
  [':', 'colons'],
]);
const USUAL_DELIMITERS = [',', ';', '\t', '|'] as const;

/** A header that only an unusual delimiter splits into known names. */
function checkHeaderDelimiter({ header, recognize }: Sample): void {
  const [name, ...others] = header.cells;
  if (name === undefined || others.length > 0) return;
  for (const [delimiter, plural] of DELIMITER_NAMES) {
    // Detected, unless another was set, which the mapping reports.
    if (USUAL_DELIMITERS.some((usual) => usual === delimiter)) continue;
    const names = scanRow(name, delimiter).cells;
    if (names.filter((one) => recognize(one) !== undefined).length < 2) continue;
    throw new StructureError(
      header.line,
      `The columns on line ${header.line} are separated by ${plural}.`,
      delimiter < ' '
        ? 'Export the file again with commas.'
        : `Set --delimiter "${delimiter}", or export the file again with commas.`,
    );
  }
}

/** `login       firstName   lastName`: columns that are only aligned. */
function checkFixedWidth({ header, recognize }: Sample): void {
  const [text, ...others] = header.cells;
  if (text === undefined || others.length > 0) return;
  const names = text.trim().split(/ {2,}/);
  if (names.length < 2 || names.filter((name) => recognize(name) !== undefined).length < 2) return;
  throw new StructureError(
    header.line,
    `The columns on line ${header.line} are separated by spaces, as in a printed table.`,
    'Export the table again as CSV.',
  );
}

/** Each person is a column, and the first column has the names of the attributes. */
function checkTransposed({ header, rows, recognize }: Sample): void {
  const [name = '', ...others] = header.cells;
  if (recognize(name) === undefined || others.some((other) => recognize(other) !== undefined)) return;
  const names = rows.map(({ cells }) => cells[0] ?? '').filter((cell) => recognize(cell) !== undefined);
  if (new Set(names).size < 2 || others.length === 0) return;
  throw new StructureError(
    header.line,
    `The first column has the names of the columns (${quoted(name)}, ${quoted(names[0]!)}), so each person is a column.`,
    'Transpose the table: copy it in a spreadsheet, and choose Paste Special > Transpose. Then export it again.',
  );
}

/** `Engineer;;;;`: a spreadsheet has padded every row with its own delimiter, and the last cell would end with it. */
function checkTrailingRuns({ header, rows, delimiter, recognize }: Sample): void {
  const lastName = header.cells.at(-1) ?? '';
  for (const other of USUAL_DELIMITERS) {
    if (other === delimiter) continue;
    const runOf = ({ cells }: Pick<ParsedRow, 'cells'>): number => trailingRun(cells.at(-1) ?? '', other);
    const headerRun = runOf(header);
    const isHeader = headerRun > 0 && recognize(lastName.slice(0, -headerRun)) !== undefined;
    const isPadded = (row: ParsedRow): boolean => row.cells.length === header.cells.length && runOf(row) > 1;
    // A single one may separate the items of a list, unless no cell has another.
    const isSingle = (row: ParsedRow): boolean =>
      runOf(row) === 1 && row.cells.join('').split(other).length === 2;
    const meaning = recognize(lastName);
    const isSingleRun =
      meaning !== undefined && meaning !== 'groups' && rows.length > 2 && rows.every(isSingle);
    const first = isHeader
      ? header
      : isSingleRun || isNearlyAll(rows, isPadded)
        ? rows.find((row) => runOf(row) > 0)
        : undefined;
    if (first === undefined) continue;
    const where =
      first === header
        ? `The header on line ${header.line} ends with`
        : `Nearly every row, such as that on line ${first.line}, ends with`;
    throw new StructureError(
      first.line,
      `${where} ${other === '\t' ? plural(runOf(first), 'tab') : quoted(other.repeat(runOf(first)))}, but its cells are separated by ${nameOf(delimiter)}.`,
      `The file was saved with two delimiters. Export it again with one, or remove the ${nameOf(other)} at the end of the lines.`,
    );
  }
}

function trailingRun(text: string, character: string): number {
  let length = 0;
  while (text.at(-1 - length) === character) length += 1;
  return length;
}

/** Rows with another delimiter than the header. */
function checkRowDelimiter({ header, rows, delimiter }: Sample): void {
  const width = header.cells.length;
  if (width < 2) return;
  for (const other of DELIMITER_NAMES.keys()) {
    if (other === delimiter || other === ':') continue;
    const isOther = ({ cells }: ParsedRow): boolean =>
      cells.length < width && splitCount(cells.join(delimiter), other) >= Math.max(2, width - 1);
    if (!isNearlyAll(rows, isOther)) continue;
    const first = rows.find(isOther)!;
    throw new StructureError(
      first.line,
      `The header is separated by ${nameOf(delimiter)}, but the rows by ${nameOf(other)}, such as line ${first.line}.`,
      'Export the file again, so that all lines have the same delimiter.',
    );
  }
}

function isNearlyAll(rows: readonly ParsedRow[], test: (row: ParsedRow) => boolean): boolean {
  return rows.length > 0 && rows.filter(test).length >= NEARLY_ALL * rows.length;
}

function splitCount(text: string, delimiter: string): number {
  return text.includes(delimiter) ? scanRow(text, delimiter).cells.length : 1;
}

/** The character that splits a cell into the most parts; undefined for none. */
function mostFrequent(cell: string, delimiter: string): string | undefined {
  const counts = [...DELIMITER_NAMES.keys()]
    .filter((other) => other !== delimiter && other !== ':')
    .map((other) => ({ other, count: splitCount(cell, other) }));
  const best = counts.reduce((most, one) => (one.count > most.count ? one : most));
  return best.count > 1 ? best.other : undefined;
}

function nameOf(delimiter: string): string {
  return DELIMITER_NAMES.get(delimiter) ?? quoted(delimiter);
}
