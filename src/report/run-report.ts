import type { CompletedRow, RowOutcome } from '../rows/outcome.js';

import { FailureGroups } from './failure-groups.js';
import { ResultFiles, type ResultFilesOptions } from './result-files.js';
import { addsUp, count, noCounts, type Counts } from '../rows/counts.js';

/**
 * Everything that is reported of a run while its rows finish: counts, causes, `results.csv` and `failed.csv`.
 *
 * A report file that cannot be written ends the writing, not the counting.
 */
export class RunReport {
  readonly counts: Counts = noCounts();
  /** Rows whose create may or may not have happened. */
  inDoubt = 0;
  readonly failures = new FailureGroups();
  readonly #files: ResultFiles;
  #failure: unknown;

  private constructor(files: ResultFiles) {
    this.#files = files;
  }

  static async open(options: ResultFilesOptions): Promise<RunReport> {
    const files = new ResultFiles(options);
    await files.open();
    return new RunReport(files);
  }

  /** @returns something to wait for now and then; it rejects with a `ReportError` the first time that a file cannot be written. */
  add(finished: CompletedRow): Promise<void> | undefined {
    count(this.counts, finished.outcome);
    this.failures.add(finished.outcome);
    if (isInDoubt(finished.outcome)) this.inDoubt += 1;
    const isWritten = this.#failure === undefined ? this.#files.add(finished) : undefined;
    return isWritten && this.#heeded(isWritten);
  }

  /**
   * Ends the files; records that never came get the outcome that `missing` gives.
   *
   * @throws {ReportError}
   */
  async close(records: number, missing: (row: number) => RowOutcome): Promise<void> {
    if (this.#failure !== undefined) return;
    await this.#heeded(
      this.#files.close(records, (row) => {
        const outcome = missing(row);
        count(this.counts, outcome);
        if (isInDoubt(outcome)) this.inDoubt += 1;
        return outcome;
      }),
    );
  }

  /** What does not add up, in words; undefined when every record has its one line. */
  contradiction(records: number): string | undefined {
    const { total } = this.counts;
    const lines = this.#files.rowsWritten;
    if (total === records && addsUp(this.counts) && (lines === records || this.#failure !== undefined)) {
      return undefined;
    }
    return `The counts do not add up: ${records} records read, ${total} counted, ${lines} lines in results.csv. This is a bug: please report it, with the run's journal.`;
  }

  async #heeded(isWritten: Promise<void>): Promise<void> {
    try {
      await isWritten;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}

function isInDoubt(outcome: RowOutcome): boolean {
  return outcome.status === 'failed' && outcome.error.errorCode === 'ERR_OUTCOME_UNKNOWN';
}
