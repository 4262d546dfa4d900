import { escapeFormula, unicodeEscape } from '../text.js';

import { FileWriter } from './file-writer.js';

/** Text is buffered up to this size before it is written. */
const BLOCK_CHARACTERS = 64 * 1024;

/** First character of a CSV file for people: without it, Excel reads UTF-8 as the encoding of the system, and spoils accents. */
export const BYTE_ORDER_MARK = '\u{feff}';

/** A field that is written without an apostrophe, because people type it in, such as a password. */
export interface VerbatimField {
  readonly verbatim: string;
}

/** One line of a CSV file for people: RFC 4180, with formulas escaped. */
export const csvLine: (fields: readonly (string | VerbatimField)[]) => string = csvLineWith(',');

function csvLineWith(delimiter: string): (fields: readonly (string | VerbatimField)[]) => string {
  const delimiterUnit = unicodeEscape(delimiter);
  // Most fields need no change; one test finds those.
  const suspect = new RegExp(`["\\r\\n\\t;,${delimiterUnit}]|^[\\s'=+\\-@＝＋－＠]|\\s$`);
  const isSpecial = (text: string): boolean => /["\r\n]|^\s|\s$/.test(text) || text.includes(delimiter);
  const quote = (text: string): string => (isSpecial(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const field = (value: string | VerbatimField): string => {
    if (typeof value !== 'string') return quote(value.verbatim);
    return suspect.test(value) ? quote(escapeFormula(value)) : value;
  };
  return (fields) => `${fields.map(field).join(delimiter)}\r\n`;
}

/** Writes one CSV file in UTF-8, with a byte order mark. */
export class CsvWriter {
  readonly #file: FileWriter;
  readonly #line: (fields: readonly string[]) => string;
  #block = BYTE_ORDER_MARK;

  constructor(path: string, delimiter: string) {
    this.#line = csvLineWith(delimiter);
    this.#file = new FileWriter(path);
  }

  /** Buffers a line. The caller flushes when `isFull`. */
  append(fields: readonly string[]): void {
    this.#block += this.#line(fields);
  }

  get isFull(): boolean {
    return this.#block.length >= BLOCK_CHARACTERS;
  }

  async write(fields: readonly string[]): Promise<void> {
    this.append(fields);
    if (this.isFull) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  /** Writes the buffer. @throws {ReportError} */
  async flush(): Promise<void> {
    const block = this.#block;
    this.#block = '';
    await this.#file.write(block);
  }
}
