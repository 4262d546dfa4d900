import { addsUp, count, noCounts, type Counts } from '../rows/counts.js';
import { OUTCOME_UNKNOWN, type CompletedRow, type RowOutcome } from '../rows/outcome.js';
import { isFailure } from '../rows/status-table.js';

import { AccountCounter } from './account-counts.js';
import { FailureGroups } from './failure-groups.js';
import { GroupCounter } from './group-counts.js';
import type { RowDescriber } from './row-describer.js';

/** Where the rows of a run are written: `ResultFiles` or `ResultsFile`. */
export interface ReportFiles {
  /** Rows written so far. */
  readonly rowsWritten: number;
  /** @param causes - of a row that failed: see `FailureGroups.add`. */
  add(completed: CompletedRow, causes: readonly number[]): Promise<void> | undefined;
  /** The lines of the report page; see `PageRows`. */
  pageLines(): AsyncIterable<string>;
  /** Releases the lines of the report page. */
  release(): void;
  /** @param rows - the file's rows; those that were never added get the outcome that `missing` returns. */
  close(rows: number, missing: (row: number) => RowOutcome): Promise<void>;
}

type PeopleDescriber = Pick<RowDescriber, 'nameOf' | 'hasGroups' | 'groupsOf'>;

/**
 * Collects what is reported about a run while its rows complete: counts, failures by cause, and the CSV files, if any.
 *
 * After a write error, rows are still counted, but no longer written.
 */
export class RunReport {
  readonly counts: Counts = noCounts();
  /** Rows with an unknown outcome. */
  inDoubt = 0;
  readonly failures = new FailureGroups();
  readonly accounts = new AccountCounter();
  readonly groups = new GroupCounter();
  readonly #files: ReportFiles | undefined;
  readonly #describer: PeopleDescriber | undefined;
  #writeError: unknown;

  /** @param files - undefined when the run keeps no report. */
  constructor(files: ReportFiles | undefined, describer?: PeopleDescriber) {
    this.#files = files;
    this.#describer = describer;
  }

  get hasFiles(): boolean {
    return this.#files !== undefined;
  }

  /** The lines of the report page. */
  get pageLines(): AsyncIterable<string> | undefined {
    return this.#files?.pageLines();
  }

  /** Ends the use of `pageLines`. */
  release(): void {
    this.#files?.release();
  }

  /** @returns a promise only when a block is written; the first failed write rejects it with a `ReportError`. */
  add(completed: CompletedRow): Promise<void> | undefined {
    const { outcome } = completed;
    this.#count(outcome);
    const isFailed = isFailure(outcome.status);
    const name = isFailed ? (this.#describer?.nameOf(completed) ?? '') : '';
    const causes = this.failures.add(outcome, name);
    this.accounts.add(outcome);
    if (this.#describer?.hasGroups && !isFailed) {
      this.groups.add(outcome, this.#describer.groupsOf(completed));
    }
    const writing = this.#writeError === undefined ? this.#files?.add(completed, causes) : undefined;
    return writing && this.#rememberError(writing);
  }

  /**
   * Closes the files.
   *
   * @param rows - the file's rows; undefined when only the rows that were added are reported.
   * @param missing - the outcome of a row that was never added.
   * @throws {ReportError}
   */
  async close(rows: number | undefined, missing: (row: number) => RowOutcome): Promise<void> {
    if (this.#files === undefined || this.#writeError !== undefined) return;
    const closing = this.#files.close(rows ?? this.counts.total, (row) => {
      const outcome = missing(row);
      this.#count(outcome);
      return outcome;
    });
    await this.#rememberError(closing);
  }

  /** Describes a mismatch between the rows read, counted and written; undefined if every row has exactly one line. */
  contradiction(rows: number): string | undefined {
    const { total } = this.counts;
    const lines = this.#files?.rowsWritten ?? rows;
    if (total === rows && addsUp(this.counts) && (lines === rows || this.#writeError !== undefined)) {
      return undefined;
    }
    return `The counts do not add up: ${rows} rows read, ${total} counted, ${lines} lines in results.csv. This is a bug. Please report it with the run's journal.`;
  }

  #count(outcome: RowOutcome): void {
    count(this.counts, outcome);
    if (outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN) this.inDoubt += 1;
  }

  async #rememberError(writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      this.#writeError = error;
      throw error;
    }
  }
}
