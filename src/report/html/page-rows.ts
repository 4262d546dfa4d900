import { closeSync, createReadStream, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createPrivateFileSync } from '../../private-file.js';
import { isFailure } from '../../rows/status-table.js';
import { ReportError } from '../report-error.js';

/** Rows that fit into the page; `results.csv` has every row. */
export const MAX_PAGE_ROWS = 100_000;
/** More is kept in a file, so that memory does not grow with the run. */
const MAX_CHARACTERS_IN_MEMORY = 1024 * 1024;

/**
 * The lines of the report page, collected in file order while rows complete: the file that they come from may be gone when the
 * page is written. Nothing is left behind, however the process ends.
 */
export class PageRows {
  readonly #path: string;
  readonly #maxRows: number;
  #failures = 0;
  #others = 0;
  #lines: string[] = [];
  #characters = 0;
  /** Descriptor of the file with the lines before those in memory. */
  #file: number | undefined;
  #error: unknown;

  constructor(folder: string, maxRows = MAX_PAGE_ROWS) {
    this.#path = join(folder, 'report-rows.part');
    this.#maxRows = maxRows;
  }

  /** @param line - made only if the row may fit into the page. */
  add(status: string, line: () => string): void {
    if (isFailure(status) ? this.#failures >= this.#maxRows : this.#others >= this.#maxRows) return;
    if (isFailure(status)) this.#failures += 1;
    else this.#others += 1;
    const text = line();
    this.#lines.push(text);
    this.#characters += text.length + 1;
    if (this.#characters > MAX_CHARACTERS_IN_MEMORY) this.#spill();
  }

  /** The lines so far. @throws {ReportError} */
  async *read(): AsyncGenerator<string, void, undefined> {
    if (this.#error !== undefined) throw new ReportError(this.#path, this.#error);
    if (this.#file !== undefined) {
      let rest = '';
      const options = { fd: this.#file, start: 0, autoClose: false, encoding: 'utf8' } as const;
      for await (const chunk of createReadStream(this.#path, options) as AsyncIterable<string>) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    }
    yield* this.#lines;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#lines = [];
  }

  #spill(): void {
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#characters = 0;
    if (this.#error !== undefined) return;
    try {
      if (this.#file === undefined) {
        this.#file = createPrivateFileSync(this.#path);
        // Without a name, the system frees the file however the process ends.
        unlinkSync(this.#path);
      }
      writeFileSync(this.#file, text);
    } catch (error) {
      this.#error = error;
    }
  }
}
