import { damagedPartError, RowTooLargeError, type DamagedFileError } from '../errors.js';
import { MAX_ROW_BYTES } from '../parse-rows.js';
import type { ParsedRow } from '../plain-lines.js';

import type { CellFormats } from './cell-formats.js';
import { TextItem, unescapeXstring, type SharedStrings } from './shared-strings.js';
import { readXml } from './xml.js';

/** The limits of an Excel sheet. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;

/** What the cells of a sheet refer to. */
export interface CellContext {
  readonly strings: SharedStrings;
  readonly formats: CellFormats;
}

/** The non-empty rows of a sheet. */
export interface SheetRows {
  /** Each row has its cells up to the last non-empty one; `line` is its row number in the sheet. */
  readonly batches: AsyncGenerator<readonly ParsedRow[], void, undefined>;
  /** Number of merged ranges; final at the end. */
  mergedRanges(): number;
}

/**
 * Reads a sheet as it is decompressed.
 *
 * @throws {DamagedFileError | RowTooLargeError} while reading `batches`.
 */
export function readSheet(bytes: AsyncIterable<Buffer>, part: string, context: CellContext): SheetRows {
  let mergedRanges = 0;
  return { batches: batches(), mergedRanges: () => mergedRanges };

  async function* batches(): AsyncGenerator<readonly ParsedRow[], void, undefined> {
    const rows = new RowCollector(part, context);
    const reading = readXml(bytes, part, {
      open(name, attributes) {
        if (name === 'mergeCell') mergedRanges += 1;
        rows.open(name, attributes);
      },
      text: (text) => rows.text(text),
      close: (name) => rows.close(name),
    });
    for await (const _ of reading) {
      const batch = rows.take();
      if (batch.length > 0) yield batch;
    }
  }
}

/** Builds rows from the elements of a sheet (ECMA-376 part 1, "sheetData"). */
class RowCollector {
  readonly #part: string;
  readonly #context: CellContext;
  readonly #inline = new TextItem();
  #rows: ParsedRow[] = [];
  #line = 0;
  #cells: string[] = [];
  #characters = 0;
  #column = -1;
  #type = '';
  #style = 0;
  #value = '';
  #isValue = false;
  #isInline = false;

  constructor(part: string, context: CellContext) {
    this.#part = part;
    this.#context = context;
  }

  /** The rows completed since the last call. */
  take(): readonly ParsedRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row': {
        // Positions are optional; without one, the row follows the previous one.
        const line = attributes['r'] === undefined ? this.#line + 1 : Number(attributes['r']);
        if (!(line > this.#line && line <= MAX_ROWS)) throw this.#damaged(`row ${attributes['r']}`);
        this.#line = line;
        this.#cells = [];
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
        this.#inline.start();
        return;
      }
      case 'v':
        this.#isValue = true;
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
        this.#addCell(this.#shown());
        return;
      case 'row':
        if (this.#cells.length > 0) this.#rows.push({ line: this.#line, cells: this.#cells });
        return;
      default:
        if (this.#isInline) this.#inline.close(name);
    }
  }

  #addCell(text: string): void {
    if (text === '') return;
    this.#characters += text.length;
    if (this.#characters > MAX_ROW_BYTES) throw new RowTooLargeError(this.#line, MAX_ROW_BYTES);
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells.push(text);
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
        return value.trim() === ''
          ? ''
          : Number.isFinite(number)
            ? this.#context.formats.show(number, this.#style)
            : value;
      }
      default:
        // The text of a formula, an error such as #N/A, or a date in ISO 8601.
        return unescapeXstring(value);
    }
  }

  #damaged(what: string): DamagedFileError {
    return damagedPartError(this.#part, `${what}, near row ${this.#line}`);
  }
}

/** Column index of a cell reference such as `AB12`; NaN if it is invalid. */
function columnOf(reference: string): number {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(reference)?.[1];
  if (letters === undefined) return Number.NaN;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
