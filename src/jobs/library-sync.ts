import type { OktaClient } from '../okta/client.js';

import type { CsvSource } from './input.js';
import { connectTo, outcomeWith, Records, rowsOf, type CsvRecord, type JobOptions } from './library-job.js';
import type { Job, JobContext } from './job.js';
import { SYNC_STATUSES, type SyncOutcome } from './outcomes.js';
import { syncJob } from './sync.js';
import type { SyncImportOptions, SyncOptions } from './sync-options.js';

/** The options of `syncUsers`. */
export interface SyncUsersOptions extends JobOptions, SyncImportOptions, SyncOptions {
  /** Owned by the caller, and not closed. */
  readonly client: OktaClient;
  /** Where run folders and the states of data sets are; default `reports`. Keep it from night to night. */
  readonly reports?: string | undefined;
  /** Name of the run folder; default: time and file name. */
  readonly runId?: string | undefined;
  /** Only plans: changes neither the org nor the data set. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Makes the org match a file for the people of a data set, as `sync` does every night: creates joiners, changes movers, and deals
 * with leavers. Yields one outcome per row, as the rows are completed, and then one per leaver.
 *
 * `leavers: 'deactivate'` is not asked about: deactivated users lose their passwords and factors.
 *
 * @throws {SyncStoppedError} The plan looks like a mistake; nothing was sent.
 * @throws {DatasetFileError} The state of the data set is damaged or missing; nothing was sent.
 * @throws {LockedError} Another run of the data set is in progress.
 * @throws what `importUsers` throws.
 */
export async function* syncUsers(
  source: CsvSource,
  options: SyncUsersOptions,
): AsyncGenerator<SyncOutcome<CsvRecord>, void, undefined> {
  const { client, reports = 'reports' } = options;
  const records = new Records<CsvRecord>(source);
  const start = (context: JobContext): Job =>
    syncJob({ ...options, reports, source, connect: connectTo(client) }, context);
  for await (const completed of rowsOf(start, options, records)) {
    yield { ...outcomeWith(completed, SYNC_STATUSES), record: records.take(completed) };
  }
}
