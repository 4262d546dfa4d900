import { resolve } from 'node:path';

import type { CsvOptions, CsvTable } from '../csv/csv-table.js';
import { readCsv as readCsvFile } from '../csv/read-csv.js';
import { runStateOf } from '../journal/journal-outcomes.js';
import { readJournal } from '../journal/reader.js';
import type { OktaClient } from '../okta/client.js';
import { writeRunPage } from '../report/html/run-page.js';
import { PAGE_FILE } from '../report/html/write-page.js';

import { activateJob } from './activate.js';
import { toCsvOptions } from './csv-options.js';
import { importJob } from './import.js';
import type { CsvSource, RecordsSource } from './input.js';
import {
  connectTo,
  inLibrary,
  outcomeWith,
  Records,
  rowsOf,
  type CsvRecord,
  type JobOptions,
} from './library-job.js';
import type { Job, JobContext, OpenOrg } from './job.js';
import { nameOptions } from './option-names.js';
import { flagsOf, type ImportOptions } from './options.js';
import { readNames } from './past-input.js';
import {
  ACTIVATE_STATUSES,
  IMPORT_STATUSES,
  RESUME_STATUSES,
  UNDO_STATUSES,
  VALIDATE_STATUSES,
  type ActivateOutcome,
  type ImportOutcome,
  type ResumeOutcome,
  type UndoOutcome,
  type ValidateOutcome,
} from './outcomes.js';
import { programVersion } from './program-version.js';
import { resumeJob } from './resume.js';
import { undoJob } from './undo.js';
import { validateJob } from './validate.js';
import { verifyJob, type Difference } from './verify.js';

/** The options of `validateUsers`. */
export interface ValidateUsersOptions extends JobOptions, ImportOptions {
  /** The org to check attributes, groups, user types and logins against; offline without one. */
  readonly client?: OktaClient | undefined;
  /**
   * The number of records, if known: decides whether existing users are looked up one by one (default) or listed.
   */
  readonly expectedRows?: number | undefined;
}

/** The options of `importUsers`. */
export interface ImportUsersOptions extends ValidateUsersOptions {
  /** Owned by the caller, and not closed. */
  readonly client: OktaClient;
  /**
   * A folder for the journal, created if needed. Attempts are written to it before they are sent, so that an interrupted import
   * can be continued with the same source, folder and options: rows with an outcome are yielded again but not sent again,
   * unknown outcomes are settled, and the other rows are sent. Without a journal, use `ifExists` to import again.
   */
  readonly journal?: string | undefined;
}

/** The options of functions that continue or change a past run. */
export interface PastRunOptions extends JobOptions {
  /** Owned by the caller, and not closed. */
  readonly client: OktaClient;
  /** Maximum number of users in progress; default 10. */
  readonly concurrency?: number | undefined;
}

/**
 * Creates or updates a user for every row, exactly once each.
 *
 * Yields one outcome per row, as the rows are completed. Records are read on demand, so that memory does not grow with
 * their number; a slow reader of outcomes slows the import down. When the loop is left early, no more rows are started, and
 * those in progress are finished. An error that ends the import (of the source, the org, the journal, or the signal's
 * reason) is thrown after the outcomes of the rows in progress; later rows have no outcome.
 *
 * Nothing is printed. Imports share no state: several can run concurrently, on one client or on several.
 *
 * @throws {ColumnsError} Columns are unknown or ambiguous; nothing was sent.
 * @throws {OrgUnavailableError} The org does not respond.
 * @throws {JournalError} The journal cannot be written; the outcomes of rows that were sent have been yielded.
 * @throws {OtherJournalError} The journal belongs to other input, or to another org.
 * @throws {LockedError} Another import uses the same journal.
 */
export function importUsers(
  source: CsvSource,
  options: ImportUsersOptions,
): AsyncGenerator<ImportOutcome<CsvRecord>, void, undefined>;
export function importUsers<T extends object>(
  source: RecordsSource<T>,
  options: ImportUsersOptions,
): AsyncGenerator<ImportOutcome<T>, void, undefined>;
export function importUsers<T extends object>(
  source: CsvSource | RecordsSource<T>,
  options: ImportUsersOptions,
): AsyncGenerator<ImportOutcome<T | CsvRecord>, void, undefined>;
export async function* importUsers<T extends object>(
  source: CsvSource | RecordsSource<T>,
  options: ImportUsersOptions,
): AsyncGenerator<ImportOutcome<T | CsvRecord>, void, undefined> {
  const { client, journal } = options;
  const records = new Records(source);
  const store =
    journal === undefined ? ({ kind: 'none' } as const) : ({ kind: 'journal', folder: journal } as const);
  const start = (context: JobContext): Job =>
    importJob({ ...options, source: records.source, store, connect: connectTo(client) }, context);
  for await (const completed of rowsOf(start, options, records)) {
    yield { ...outcomeWith(completed, IMPORT_STATUSES), record: records.take(completed) };
  }
}

/**
 * Checks what `importUsers` would do with every row, using the same code, without changing the org.
 *
 * Yields one outcome per row: offline `valid` or `invalid`, in the order of the source; with a client `would-create`,
 * `would-update`, `unchanged`, `exists` or `invalid`, as the org responds. An error of the source is thrown after the outcomes
 * of the rows before it.
 *
 * @throws {ColumnsError} Columns are unknown or ambiguous.
 * @throws what the client throws if the org cannot be read, what `readCsv` throws, and the signal's reason.
 */
export function validateUsers(
  source: CsvSource,
  options?: ValidateUsersOptions,
): AsyncGenerator<ValidateOutcome<CsvRecord>, void, undefined>;
export function validateUsers<T extends object>(
  source: RecordsSource<T>,
  options?: ValidateUsersOptions,
): AsyncGenerator<ValidateOutcome<T>, void, undefined>;
export function validateUsers<T extends object>(
  source: CsvSource | RecordsSource<T>,
  options?: ValidateUsersOptions,
): AsyncGenerator<ValidateOutcome<T | CsvRecord>, void, undefined>;
export async function* validateUsers<T extends object>(
  source: CsvSource | RecordsSource<T>,
  options: ValidateUsersOptions = {},
): AsyncGenerator<ValidateOutcome<T | CsvRecord>, void, undefined> {
  const { client } = options;
  const records = new Records(source);
  const connect = client && connectTo(client);
  const start = (context: JobContext): Job =>
    validateJob({ ...options, source: records.source, store: { kind: 'none' }, connect }, context);
  for await (const completed of rowsOf(start, options, records)) {
    yield { ...outcomeWith(completed, VALIDATE_STATUSES), record: records.take(completed) };
  }
}

/**
 * Continues an import or a sync with a run folder that stopped, as `resume` does.
 *
 * @param folder - The run folder.
 * @param options - `source` is the new location of the file, if it was moved.
 */
export async function* resumeRun(
  folder: string,
  options: PastRunOptions & { readonly source?: CsvSource | undefined },
): AsyncGenerator<ResumeOutcome<CsvRecord>, void, undefined> {
  const { concurrency, client } = options;
  const records = new Records<CsvRecord>();
  const start = (context: JobContext): Job =>
    resumeJob({ ...pastRun(folder, client), source: options.source, concurrency }, context);
  for await (const completed of rowsOf(start, options, records)) {
    yield { ...outcomeWith(completed, RESUME_STATUSES), record: records.take(completed) };
  }
}

/**
 * Deletes the users that a run created, and restores the former values of those it updated, newest first. Works for runs of
 * the command line and for imports with a journal. The undo has its own folder next to the run's; calling it again continues
 * an unfinished undo.
 *
 * @param folder - The folder with the journal.
 * @param options - `force` also reverts users whose profile was changed after the run; by default they are `kept`.
 */
export async function* undoRun(
  folder: string,
  options: PastRunOptions & { readonly force?: boolean | undefined },
): AsyncGenerator<UndoOutcome, void, undefined> {
  const { force = false, concurrency = 10, client } = options;
  const start = (context: JobContext): Job =>
    undoJob({ ...pastRun(folder, client), force, concurrency }, context);
  for await (const completed of rowsOf(start, options)) yield outcomeWith(completed, UNDO_STATUSES);
}

/**
 * Activates the users that a run created staged, in file order.
 *
 * @param options - With `sendEmail` (default true), Okta emails users a link to choose a password; `perMinute` limits the
 *   activations.
 */
export async function* activateRun(
  folder: string,
  options: PastRunOptions & {
    readonly sendEmail?: boolean | undefined;
    readonly perMinute?: number | undefined;
  },
): AsyncGenerator<ActivateOutcome, void, undefined> {
  const { sendEmail = true, perMinute, concurrency = 10, client } = options;
  const start = (context: JobContext): Job =>
    activateJob({ ...pastRun(folder, client), sendEmail, perMinute, concurrency }, context);
  for await (const completed of rowsOf(start, options)) yield outcomeWith(completed, ACTIVATE_STATUSES);
}

/** Reads every user that a run created or updated, and yields those that were changed since. */
export async function* verifyRun(
  folder: string,
  options: PastRunOptions,
): AsyncGenerator<Difference, void, undefined> {
  yield* inLibrary((context) => verifyJob(pastRun(folder, options.client), context), options);
}

/**
 * Writes `report.html` in a folder with a journal, of a run or of an import. The run may still be in progress: it is not
 * disturbed, and the page shows that.
 *
 * @returns The path of the page.
 * @throws {DamagedJournalError} There is no readable journal.
 * @throws {ReportError} The page cannot be written.
 */
export async function writeReportPage(folder: string): Promise<string> {
  const past = await readJournal(folder);
  try {
    const state = await runStateOf(folder, past);
    const createdAt = new Date().toISOString();
    const [version, names] = [programVersion(), await readNames(past)];
    await writeRunPage({ folder, past, state, names, flags: flagsOf(past.description), version, createdAt });
    return resolve(folder, PAGE_FILE);
  } finally {
    past.close();
  }
}

/** Reads a file: see `CsvTable`. Errors name options instead of flags. */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, options?: CsvOptions): Promise<CsvTable> {
  try {
    const table = await readCsvFile(bytes, { ...toCsvOptions({}), ...options });
    return { ...table, rows: namingOptions(table.rows), batches: namingOptions(table.batches) };
  } catch (error) {
    throw nameOptions(error);
  }
}

async function* namingOptions<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    throw nameOptions(error);
  }
}

function pastRun(
  folder: string,
  client: OktaClient,
): { run: string; reports: string; connect: () => Promise<OpenOrg> } {
  return { run: resolve(folder), reports: resolve(folder, '..'), connect: connectTo(client) };
}
