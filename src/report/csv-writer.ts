import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

import { createPrivateFileSync } from '../private-file.js';
import { escapeFormula, unicodeEscape } from '../text.js';

import { ReportError } from './report-error.js';

/** Text is buffered up to this size before it is written. */
const BLOCK_CHARACTERS = 64 * 1024;

/** First character of a CSV file for people: without it, Excel reads UTF-8 as the encoding of the system, and spoils accents. */
export const BYTE_ORDER_MARK = '\u{feff}';

/** One line of a CSV file for people: RFC 4180, with formulas escaped. */
export const csvLine: (fields: readonly string[]) => string = csvLineWith(',');

function csvLineWith(delimiter: string): (fields: readonly string[]) => string {
  const delimiterUnit = unicodeEscape(delimiter);
  // Most fields need no change; one test finds those.
  const suspect = new RegExp(`["\\r\\n\\t;,${delimiterUnit}]|^[\\s'=+\\-@＝＋－＠]|\\s$`);
  const isSpecial = (text: string): boolean => /["\r\n]|^\s|\s$/.test(text) || text.includes(delimiter);
  const field = (value: string): string => {
    if (!suspect.test(value)) return value;
    const text = escapeFormula(value);
    return isSpecial(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (fields) => `${fields.map(field).join(delimiter)}\r\n`;
}

/** Writes one CSV file in UTF-8, with a byte order mark. */
export class CsvWriter {
  readonly #path: string;
  /** Undefined when the file could not be created. */
  readonly #stream: WriteStream | undefined;
  readonly #line: (fields: readonly string[]) => string;
  #block = BYTE_ORDER_MARK;
  #error: unknown;

  constructor(path: string, delimiter: string) {
    this.#path = path;
    this.#line = csvLineWith(delimiter);
    try {
      this.#stream = createWriteStream(path, { fd: createPrivateFileSync(path) });
      this.#stream.on('error', (error) => (this.#error ??= error));
    } catch (error) {
      this.#error = error;
    }
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
    try {
      this.#stream?.end();
      if (this.#stream !== undefined) await finished(this.#stream);
    } catch (error) {
      throw new ReportError(this.#path, error);
    }
  }

  /** Writes the buffer. @throws {ReportError} */
  async flush(): Promise<void> {
    const block = this.#block;
    this.#block = '';
    if (this.#error !== undefined) throw new ReportError(this.#path, this.#error);
    if (this.#stream === undefined || this.#stream.write(block)) return;
    try {
      await once(this.#stream, 'drain');
    } catch (error) {
      throw new ReportError(this.#path, error);
    }
  }
}
