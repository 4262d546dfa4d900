import { join } from 'node:path';

import type { RowOutcome } from '../rows/outcome.js';

import { FailureGroups } from './failure-groups.js';
import { CsvWriter } from './csv-writer.js';
import { RESULT_COLUMNS, resultFields } from './result-fields.js';
import { count, noCounts, type Counts } from '../rows/counts.js';

/** What is reported of an undo or an activation: `results.csv` with a line for every user, in the order in which they were done. */
export class FollowUpReport {
  readonly counts: Counts = noCounts();
  readonly failures: FailureGroups = new FailureGroups();
  readonly #results: CsvWriter;

  private constructor(folder: string) {
    this.#results = new CsvWriter(join(folder, 'results.csv'), ',');
  }

  static async open(folder: string): Promise<FollowUpReport> {
    const report = new FollowUpReport(folder);
    await report.#results.write(RESULT_COLUMNS);
    return report;
  }

  /** @throws {ReportError} */
  async add(outcome: RowOutcome): Promise<void> {
    count(this.counts, outcome);
    this.failures.add(outcome);
    await this.#results.write(resultFields(outcome));
  }

  /** @throws {ReportError} */
  async close(): Promise<void> {
    await this.#results.close();
  }
}
