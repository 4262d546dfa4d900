import { join } from 'node:path';

import type { CompletedRow } from '../rows/outcome.js';

import { CsvWriter } from './csv-writer.js';
import { RESULT_COLUMNS, resultFields } from './results-columns.js';
import type { ReportFiles } from './run-report.js';

/** Writes the `results.csv` of an undo or an activation: one line per user, in the order in which they are completed. */
export class ResultsFile implements ReportFiles {
  rowsWritten = 0;
  readonly #results: CsvWriter;

  private constructor(folder: string) {
    this.#results = new CsvWriter(join(folder, 'results.csv'), ',');
  }

  static async open(folder: string): Promise<ResultsFile> {
    const file = new ResultsFile(folder);
    await file.#results.write(RESULT_COLUMNS);
    return file;
  }

  /** @throws {ReportError} */
  async add({ outcome }: CompletedRow): Promise<void> {
    this.rowsWritten += 1;
    await this.#results.write(resultFields(outcome));
  }

  /** @throws {ReportError} */
  async close(): Promise<void> {
    await this.#results.close();
  }
}
