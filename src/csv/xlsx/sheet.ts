import { DIGITS_LOST, NOT_CALCULATED, type CellKind } from '../../rows/row.js';
import { damagedPartError, RowTooLargeError, type DamagedFileError } from '../errors.js';
import { MAX_ROW_BYTES } from '../parse-rows.js';
import type { ParsedRow } from '../plain-lines.js';

import type { CellFormats } from './cell-formats.js';
import { columnOf } from './cell-reference.js';
import { MergedCells, type MergedRange } from './merged-ranges.js';
import { TextItem, unescapeXstring, type SharedStrings } from './shared-strings.js';
import { readXml } from './xml.js';

/** The limits of an Excel sheet. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
/** The least number of 16 digits. */
const TOO_LONG = 1e15;

/** What the cells of a sheet refer to. */
export interface CellContext {
  readonly strings: SharedStrings;
  readonly formats: CellFormats;
  /** In the order of their first rows. */
  readonly mergedRanges: readonly MergedRange[];
  /** Whether the program that wrote the workbook left its formulas to be calculated. */
  readonly isUncalculated: boolean;
  /** Called before the first row for each range of hidden columns, with its first and last index. */
  readonly onHiddenColumns?: (first: number, last: number) => void;
}

/**
 * Reads the non-empty rows of a sheet as it is decompressed: each has its cells up to the last non-empty one, and `line` is its row
 * number in the sheet.
 *
 * @throws {DamagedFileError | RowTooLargeError}
 */
export async function* readSheet(
  bytes: AsyncIterable<Buffer>,
  part: string,
  context: CellContext,
): AsyncGenerator<readonly ParsedRow[], void, undefined> {
  const rows = new RowCollector(part, context);
  const reading = readXml(bytes, part, {
    open: (name, attributes) => rows.open(name, attributes),
    text: (text) => rows.text(text),
    close: (name) => rows.close(name),
  });
  for await (const _ of reading) {
    const batch = rows.take();
    if (batch.length > 0) yield batch;
  }
}

/** Builds rows from the elements of a sheet (ECMA-376 part 1, "sheetData"). */
class RowCollector {
  readonly #part: string;
  readonly #context: CellContext;
  readonly #inline = new TextItem();
  #rows: ParsedRow[] = [];
  #line = 0;
  #isHidden = false;
  /** Whether rows that the file does not list are hidden. */
  #hidesOthers = false;
  #isHiddenByDefault = false;
  #cells: string[] = [];
  #kinds: CellKind[] | undefined;
  #characters = 0;
  #column = -1;
  #type = '';
  #style = 0;
  #value = '';
  #isValue = false;
  #isInline = false;
  #hasFormula = false;
  #hasValue = false;
  readonly #merged: MergedCells;

  constructor(part: string, context: CellContext) {
    this.#part = part;
    this.#context = context;
    this.#merged = new MergedCells(context.mergedRanges);
  }

  /** The rows completed since the last call. */
  take(): readonly ParsedRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'sheetFormatPr':
        this.#hidesOthers = isTrue(attributes['zeroHeight']);
        return;
      case 'col':
        if (isTrue(attributes['hidden'])) {
          this.#context.onHiddenColumns?.(Number(attributes['min']) - 1, Number(attributes['max']) - 1);
        }
        return;
      case 'row': {
        // Positions are optional; without one, the row follows the previous one.
        const line = attributes['r'] === undefined ? this.#line + 1 : Number(attributes['r']);
        if (!(line > this.#line && line <= MAX_ROWS)) throw this.#damaged(`row ${attributes['r']}`);
        this.#line = line;
        this.#isHidden = this.#isRowHidden(attributes);
        this.#cells = [];
        this.#kinds = undefined;
        this.#characters = 0;
        this.#column = -1;
        return;
      }
      case 'c': {
        const column = attributes['r'] === undefined ? this.#column + 1 : columnOf(attributes['r']);
        if (!(column > this.#column && column < MAX_COLUMNS)) throw this.#damaged(`cell ${attributes['r']}`);
        this.#column = column;
        this.#type = attributes['t'] ?? 'n';
        this.#style = Number(attributes['s'] ?? 0);
        this.#value = '';
        this.#hasFormula = false;
        this.#hasValue = false;
        this.#inline.start();
        return;
      }
      case 'f':
        this.#hasFormula = true;
        return;
      case 'v':
        this.#isValue = true;
        this.#hasValue = true;
        return;
      case 'is':
        this.#isInline = true;
        return;
      default:
        if (this.#isInline) this.#inline.open(name);
    }
  }

  text(text: string): void {
    if (this.#isValue) {
      this.#value += text;
      if (this.#value.length > MAX_ROW_BYTES) throw new RowTooLargeError(this.#line, MAX_ROW_BYTES);
    } else if (this.#isInline) this.#inline.add(text);
  }

  close(name: string): void {
    switch (name) {
      case 'v':
        this.#isValue = false;
        return;
      case 'is':
        this.#isInline = false;
        return;
      case 'c':
        this.#addCell(this.#hasFormula && this.#lacksResult() ? this.#notCalculated() : this.#shown());
        return;
      case 'row':
        if (this.#cells.length > 0) this.#addRow();
        return;
      default:
        if (this.#isInline) this.#inline.close(name);
    }
  }

  /**
   * With `zeroHeight`, rows that the file does not list are hidden (MS-XLS, "DefaultRowHeight"). Excel writes no `hidden` for the rows that
   * it shows; if a program does, rows without it are hidden, too.
   */
  #isRowHidden({ hidden, ht }: Readonly<Record<string, string>>): boolean {
    if (hidden !== undefined) {
      const isHidden = isTrue(hidden);
      this.#isHiddenByDefault ||= this.#hidesOthers && !isHidden;
      return isHidden || Number(ht) === 0;
    }
    return ht === undefined ? this.#isHiddenByDefault : Number(ht) === 0;
  }

  #addCell(text: string): void {
    if (text === '') return;
    this.#characters += text.length;
    if (this.#characters > MAX_ROW_BYTES) throw new RowTooLargeError(this.#line, MAX_ROW_BYTES);
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells.push(text);
  }

  #addRow(): void {
    for (const { firstRow, firstColumn, lastColumn } of this.#merged.at(this.#line)) {
      const covered = this.#line === firstRow ? firstColumn + 1 : firstColumn;
      for (let column = covered; column <= lastColumn; column += 1) {
        if ((this.#cells[column] ?? '') === '') this.#setKind(column, 'merged');
      }
    }
    this.#rows.push({
      line: this.#line,
      cells: this.#cells,
      ...(this.#kinds && { cellKinds: this.#kinds }),
      ...(this.#isHidden && { isHidden: true }),
    });
  }

  #setKind(column: number, kind: CellKind): void {
    (this.#kinds ??= [])[column] = kind;
  }

  /**
   * Whether a formula was never calculated: programs that only write workbooks leave its result out, or set it to 0. An empty text is a
   * result.
   */
  #lacksResult(): boolean {
    if (this.#type === 'inlineStr') return false;
    if (this.#value.trim() === '') return this.#type !== 'str' || !this.#hasValue;
    return this.#context.isUncalculated && this.#value === '0';
  }

  #notCalculated(): string {
    this.#setKind(this.#column, 'uncalculated');
    return NOT_CALCULATED;
  }

  /** The cell as Excel shows it. */
  #shown(): string {
    const value = this.#value;
    switch (this.#type) {
      case 's': {
        const text = this.#context.strings.get(Number(value));
        if (text === undefined) throw this.#damaged(`text ${value}`);
        return text;
      }
      case 'inlineStr':
        return this.#inline.end();
      case 'b':
        return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : value;
      case 'n': {
        const number = Number(value);
        if (value.trim() === '') return '';
        return Number.isFinite(number) ? this.#shownNumber(number) : value;
      }
      case 'd':
        // In ISO 8601.
        this.#setKind(this.#column, 'date');
        return value;
      default:
        // The text of a formula, or an error such as #N/A.
        return unescapeXstring(value);
    }
  }

  #shownNumber(number: number): string {
    const { formats } = this.#context;
    const text = formats.show(number, this.#style);
    if (formats.isDate(this.#style)) this.#setKind(this.#column, 'date');
    else if (Math.abs(number) >= TOO_LONG) {
      this.#setKind(this.#column, 'overlong');
      return text + DIGITS_LOST;
    } else if (/^(?:0|[1-9]\d*)$/.test(text)) this.#setKind(this.#column, 'number');
    return text;
  }

  #damaged(what: string): DamagedFileError {
    return damagedPartError(this.#part, `${what}, near row ${this.#line}`);
  }
}

function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true';
}
