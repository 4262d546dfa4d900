import { addsUp, count, noCounts, type Counts } from '../rows/counts.js';
import { OUTCOME_UNKNOWN, type CompletedRow, type RowOutcome } from '../rows/outcome.js';

import { FailureGroups } from './failure-groups.js';

/** Where the rows of a run are written: `ResultFiles`, or `ResultsFile`. */
export interface ReportFiles {
  /** Rows written so far. */
  readonly rowsWritten: number;
  add(completed: CompletedRow): Promise<void> | undefined;
  /** @param rows - the file's rows; those that were never added get the outcome that `missing` returns. */
  close(rows: number, missing: (row: number) => RowOutcome): Promise<void>;
}

/**
 * What is reported of a run while its rows are completed: counts, failures by cause, and the CSV files if there are any.
 *
 * A report file that cannot be written ends the writing, not the counting.
 */
export class RunReport {
  readonly counts: Counts = noCounts();
  /** Rows with an unknown outcome. */
  inDoubt = 0;
  readonly failures = new FailureGroups();
  readonly #files: ReportFiles | undefined;
  #failure: unknown;

  /** @param files - undefined when the run keeps no report. */
  constructor(files: ReportFiles | undefined) {
    this.#files = files;
  }

  get hasFiles(): boolean {
    return this.#files !== undefined;
  }

  /** @returns something to await, now and then; it rejects with a `ReportError` the first time a file cannot be written. */
  add(completed: CompletedRow): Promise<void> | undefined {
    this.#count(completed.outcome);
    this.failures.add(completed.outcome);
    const writing = this.#failure === undefined ? this.#files?.add(completed) : undefined;
    return writing && this.#remembered(writing);
  }

  /**
   * Closes the files.
   *
   * @param rows - the file's rows; undefined when only the rows that were added are reported.
   * @param missing - the outcome of a row that was never added.
   * @throws {ReportError}
   */
  async close(rows: number | undefined, missing: (row: number) => RowOutcome): Promise<void> {
    if (this.#files === undefined || this.#failure !== undefined) return;
    const closing = this.#files.close(rows ?? this.counts.total, (row) => {
      const outcome = missing(row);
      this.#count(outcome);
      return outcome;
    });
    await this.#remembered(closing);
  }

  /** What does not add up; undefined when every row of the file is reported exactly once. */
  contradiction(rows: number): string | undefined {
    const { total } = this.counts;
    const lines = this.#files?.rowsWritten ?? rows;
    if (total === rows && addsUp(this.counts) && (lines === rows || this.#failure !== undefined)) {
      return undefined;
    }
    return `The counts do not add up: ${rows} records read, ${total} counted, ${lines} lines in results.csv. This is a bug: please report it, with the run's journal.`;
  }

  #count(outcome: RowOutcome): void {
    count(this.counts, outcome);
    if (outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN) this.inDoubt += 1;
  }

  async #remembered(writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}
