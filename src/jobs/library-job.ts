import { systemClock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import { Cancellation } from '../rows/cancellation.js';
import type { CompletedRow, OutcomeStatus, RowOutcome } from '../rows/outcome.js';
import { RowsInProgress } from '../rows/rows-in-progress.js';

import type { CsvSource, InputSource, RecordsSource } from './input.js';
import type { Job, JobContext, OpenOrg } from './job.js';
import { nameOptions, withOptionNames } from './option-names.js';
import { assertStatus, type OutcomeWith } from './outcomes.js';
import { programVersion } from './program-version.js';
import { combineObservers, type RunObserver } from './run-observer.js';

/** The options of every job of the library. */
export interface JobOptions {
  /** Ends the job: no more rows are started, those in progress are finished, and then the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Receives progress and warnings. */
  readonly observer?: RunObserver | undefined;
}

/** A client that is owned by the caller, and not closed. */
export function connectTo(client: OktaClient): () => Promise<OpenOrg> {
  return async () => ({ client, close: () => Promise.resolve() });
}

/** The cells of a row, by column. */
export type CsvRecord = Readonly<Record<string, string>>;

/** The completed rows of a job, one at a time. */
export async function* rowsOf(
  start: (context: JobContext) => Job,
  options: JobOptions,
  records?: Pick<Records<object>, 'drop' | 'observer'>,
): AsyncGenerator<CompletedRow, void, undefined> {
  let cancellation: Cancellation | undefined;
  const job = inLibrary((context) => {
    cancellation = context.cancellation;
    return start({ ...context, observer: combineObservers(records?.observer, context.observer) });
  }, options);
  for await (const batch of job) {
    for (const completed of batch) {
      // Rows that an aborted job did not reach have no outcome, as the rows after them.
      const { row, status } = completed.outcome;
      if (status === 'not-attempted' && cancellation?.isAborted === true) records?.drop(row);
      else yield completed;
    }
  }
}

/** Runs a job for a program: errors are thrown, and name options instead of flags. */
export async function* inLibrary<T>(
  start: (context: JobContext) => AsyncGenerator<T, unknown, undefined>,
  { signal, observer }: JobOptions,
): AsyncGenerator<T, void, undefined> {
  const cancellation = new Cancellation(signal);
  const throwIfFailed = (): void => {
    const { reason } = cancellation;
    if (reason?.kind === 'failed') throw nameOptions(reason.error);
    if (reason !== undefined) throw nameOptions(cancellation.signal.reason);
  };
  try {
    throwIfFailed();
    const version = programVersion();
    yield* start({ clock: systemClock, random: Math.random, version, cancellation, observer });
    throwIfFailed();
  } catch (error) {
    // Throw why the job was aborted, not the abort itself.
    throwIfFailed();
    throw nameOptions(error);
  } finally {
    cancellation.dispose();
  }
}

/** An outcome of a job that has only these statuses; its messages name options. */
export function outcomeWith<S extends OutcomeStatus>(
  { outcome }: CompletedRow,
  statuses: readonly S[],
): OutcomeWith<S> {
  const named = namingOptionsIn(outcome);
  assertStatus(named, statuses);
  return named;
}

function namingOptionsIn(outcome: RowOutcome): RowOutcome {
  switch (outcome.status) {
    case 'invalid': {
      const problems = outcome.problems.map((problem) => ({
        ...problem,
        message: withOptionNames(problem.message),
      }));
      return { ...outcome, problems };
    }
    case 'failed':
      return { ...outcome, error: { ...outcome.error, message: withOptionNames(outcome.error.message) } };
    case 'not-attempted':
    case 'kept':
      return { ...outcome, reason: withOptionNames(outcome.reason) };
    default:
      return outcome;
  }
}

/** The records of a source, kept until their outcomes are known. */
export class Records<T extends object> {
  readonly source: InputSource;
  readonly #held = new RowsInProgress<T>();
  #header: readonly string[] = [];

  /** @param source - undefined when the run knows its file. */
  constructor(source: CsvSource | RecordsSource<T> = { csv: '' }) {
    this.source = 'csv' in source ? source : { records: this.#hold(source.records) };
  }

  /** Remembers the columns of a file. */
  readonly observer: RunObserver = {
    started: ({ header }) => {
      this.#header = header;
    },
  };

  take({ row, outcome }: CompletedRow): T | CsvRecord {
    const record = this.#held.take(outcome.row);
    if (record === undefined) {
      return Object.fromEntries(this.#header.map((column, index) => [column, row.cells[index] ?? '']));
    }
    return record;
  }

  drop(row: number): void {
    this.#held.take(row);
  }

  async *#hold(records: RecordsSource<T>['records']): AsyncGenerator<T, void> {
    let row = 0;
    for await (const record of records) {
      row += 1;
      this.#held.set(row, record);
      yield record;
    }
  }
}
