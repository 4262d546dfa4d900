import { join } from 'node:path';

import type { CompletedRow, RowOutcome } from '../rows/outcome.js';
import { RowsInProgress } from '../rows/rows-in-progress.js';

import { toPageLine } from './html/page-columns.js';
import { PageRows } from './html/page-rows.js';
import { CsvWriter } from './csv-writer.js';
import { failedCells, failedFields, failedHeader, type FailedFieldsOptions } from './failed-fields.js';
import { RESULT_COLUMNS, resultFields } from './results-columns.js';
import type { RowDescriber } from './row-describer.js';
import type { ReportFiles } from './run-report.js';
import { FailedWorkbook } from './xlsx/failed-workbook.js';

const NO_CAUSES: readonly number[] = Object.freeze([]);

export interface ResultFilesOptions extends FailedFieldsOptions {
  readonly folder: string;
  /** The file's own delimiter, for `failed.csv`. */
  readonly delimiter: string;
  /** Name of the file's sheet; undefined unless it is a workbook. */
  readonly sheet?: string | undefined;
  /** Names people in the report page. */
  readonly describer?: RowDescriber | undefined;
  /** Whether the report page shows the values of every row, as for a dry run. */
  readonly showsValues?: boolean | undefined;
}

interface HeldRow {
  readonly item: CompletedRow;
  readonly causes: readonly number[];
}

/**
 * Writes `results.csv`, one line per row in file order, and `failed.csv`, the rows to correct; for a workbook also `failed.xlsx`.
 *
 * Rows may arrive in any order; those ahead of the next row in the file are held back.
 */
export class ResultFiles implements ReportFiles {
  readonly #results: CsvWriter;
  readonly #failed: CsvWriter;
  readonly #failedHeader: readonly string[];
  readonly #workbook: FailedWorkbook | undefined;
  readonly #options: ResultFilesOptions;
  readonly #ahead = new RowsInProgress<HeldRow>();
  readonly #pageRows: PageRows;
  #nextRow = 1;

  private constructor(options: ResultFilesOptions) {
    this.#options = options;
    this.#results = new CsvWriter(join(options.folder, 'results.csv'), ',');
    this.#failed = new CsvWriter(join(options.folder, 'failed.csv'), options.delimiter);
    const { folder, sheet } = options;
    const header = failedHeader(options);
    this.#failedHeader = header;
    this.#workbook =
      sheet === undefined ? undefined : FailedWorkbook.open(join(folder, 'failed.xlsx'), { sheet, header });
    this.#pageRows = new PageRows(options.folder);
  }

  static async open(options: ResultFilesOptions): Promise<ResultFiles> {
    const files = new ResultFiles(options);
    await files.#results.write(RESULT_COLUMNS);
    await files.#failed.write(files.#failedHeader);
    return files;
  }

  /**
   * @returns a promise only when a block is written, because one promise per row would cost more than the row itself; it
   *   rejects with a `ReportError`.
   */
  add(item: CompletedRow, causes: readonly number[] = NO_CAUSES): Promise<void> | undefined {
    if (item.row.row !== this.#nextRow) {
      this.#ahead.set(item.row.row, { item, causes });
      return undefined;
    }
    this.#append(item, causes);
    for (let next = this.#ahead.take(this.#nextRow); next; next = this.#ahead.take(this.#nextRow)) {
      this.#append(next.item, next.causes);
    }
    const isFull = this.#results.isFull || this.#failed.isFull || this.#workbook?.isFull === true;
    return isFull ? this.#flush() : undefined;
  }

  /** Number of lines in `results.csv`, without the header. */
  get rowsWritten(): number {
    return this.#nextRow - 1;
  }

  /**
   * Closes both files.
   *
   * @param rows - number of rows in the file.
   * @param missing - makes the outcome of a row that was never added.
   * @throws {ReportError}
   */
  async close(rows: number, missing: (row: number) => RowOutcome): Promise<void> {
    while (this.#nextRow <= rows) {
      const row = this.#nextRow;
      await this.add({ row: { row, line: 0, cells: [] }, outcome: missing(row) });
    }
    await this.#results.close();
    await this.#failed.close();
    await this.#workbook?.close();
  }

  pageLines(): AsyncIterable<string> {
    return this.#pageRows.read();
  }

  release(): void {
    this.#pageRows.close();
  }

  #append(item: CompletedRow, causes: readonly number[]): void {
    this.#nextRow += 1;
    const { describer, showsValues } = this.#options;
    this.#pageRows.add(item.outcome.status, () =>
      toPageLine(item.outcome, {
        name: describer?.nameOf(item) ?? '',
        causes,
        values: showsValues ? describer?.valuesOf(item) : undefined,
      }),
    );
    this.#results.append(resultFields(item.outcome));
    const isFailed = item.outcome.status === 'invalid' || item.outcome.status === 'failed';
    // A row that could not be read has no cells to correct.
    if (!isFailed || item.row.cells.length === 0) return;
    const fields = failedFields(item, this.#options);
    this.#failed.append(fields);
    this.#workbook?.append(fields, failedCells(item, this.#failedHeader));
  }

  async #flush(): Promise<void> {
    await this.#results.flush();
    await this.#failed.flush();
    await this.#workbook?.flush();
  }
}
