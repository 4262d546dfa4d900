import { join } from 'node:path';

import type { CompletedRow } from '../rows/outcome.js';

import { CsvWriter } from './csv-writer.js';
import { toPageLine } from './html/page-columns.js';
import { PageRows } from './html/page-rows.js';
import { RESULT_COLUMNS, resultFields } from './results-columns.js';
import type { RowDescriber } from './row-describer.js';
import type { ReportFiles } from './run-report.js';

/** Writes the `results.csv` of an undo or an activation: one line per user, in the order in which they are completed. */
export class ResultsFile implements ReportFiles {
  rowsWritten = 0;
  readonly #results: CsvWriter;
  readonly #pageRows: PageRows;
  readonly #describer: Pick<RowDescriber, 'nameOf'> | undefined;

  private constructor(folder: string, describer: Pick<RowDescriber, 'nameOf'> | undefined) {
    this.#results = new CsvWriter(join(folder, 'results.csv'), ',');
    this.#pageRows = new PageRows(folder);
    this.#describer = describer;
  }

  /** @param describer - names people in the report page. */
  static async open(folder: string, describer?: Pick<RowDescriber, 'nameOf'>): Promise<ResultsFile> {
    const file = new ResultsFile(folder, describer);
    await file.#results.write(RESULT_COLUMNS);
    return file;
  }

  /** @throws {ReportError} */
  async add(completed: CompletedRow, causes: readonly number[] = []): Promise<void> {
    const { outcome } = completed;
    this.rowsWritten += 1;
    const name = this.#describer?.nameOf(completed) ?? '';
    this.#pageRows.add(outcome.status, () => toPageLine(outcome, { name, causes }));
    await this.#results.write(resultFields(outcome));
  }

  pageLines(): AsyncIterable<string> {
    return this.#pageRows.read();
  }

  release(): void {
    this.#pageRows.close();
  }

  /** @throws {ReportError} */
  async close(): Promise<void> {
    await this.#results.close();
  }
}
