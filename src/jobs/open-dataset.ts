import { join } from 'node:path';

import type { SyncSettings } from '../journal/journal-line.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { hasJournal } from '../journal/run-folder.js';
import type { Brake } from '../sync/brakes.js';
import { Dataset, type DatasetHeader } from '../sync/dataset.js';
import {
  createDatasetFolder,
  DatasetFileError,
  datasetPath,
  readDataset,
  REBUILD_HINT,
} from '../sync/dataset-file.js';
import { recoverRun } from '../sync/recover.js';
import { listOf, quoted } from '../text.js';

import type { JobContext, OpenOrg } from './job.js';
import type { RecoveredPeople } from './recovered-sign-ins.js';
import type { Resources } from './resources.js';
import { RunLocks } from './run-locks.js';
import { SyncOptionError } from './sync-options.js';

const MAX_COLUMNS_SHOWN = 8;

export interface DatasetRequest {
  readonly path: string;
  readonly reports: string;
  readonly settings: SyncSettings;
  /** Of the file. */
  readonly columns: readonly string[];
  readonly org: OpenOrg;
  readonly accept: ReadonlySet<Brake>;
}

/**
 * Takes the lock of a data set and reads its state, with what an unfinished run did.
 *
 * @returns `recovered`: people of that run who may not be in its file of links.
 * @throws {LockedError | DatasetFileError | SyncOptionError} another org, match key or file than the state's.
 */
export async function openDataset(
  request: DatasetRequest,
  context: JobContext & { readonly resources: Resources },
): Promise<{ readonly dataset: Dataset; readonly recovered?: RecoveredPeople | undefined }> {
  const { path, settings, org, columns } = request;
  const { cancellation } = context;
  await takeDataset({ reports: request.reports, dataset: settings.dataset }, context);
  const fresh = newDatasetHeader(settings, columns, org);
  if (settings.rebuildState) {
    const { rebuildDataset } = await import('./rebuild-dataset.js');
    return { dataset: await rebuildDataset(fresh, request, context) };
  }
  const dataset = await readDataset(path);
  if (dataset === undefined) {
    await assertNoFormerRuns(request);
    return { dataset: new Dataset(fresh) };
  }
  assertSameDataset(dataset.header, request);
  warnOfMissingColumns(dataset.header, request, context);
  assertNoOpenUndo(dataset.header, request.reports);
  const { openRun } = dataset.header;
  if (openRun !== undefined) {
    context.observer?.notice?.(
      `Run ${openRun} of the data set did not come to its end. What it did is taken over first.`,
    );
    const folder = join(request.reports, openRun);
    if (!(await hasJournal(folder))) throw lostRun(openRun, folder, 'is missing');
    const past = await readJournal(folder);
    if (past.damage !== undefined) {
      past.close();
      throw lostRun(openRun, folder, `is damaged: ${past.damage}`);
    }
    try {
      const { signal } = cancellation;
      const oktaIds = await recoverRun(dataset, past, { client: org.client, signal });
      if (past.description.settings.links !== undefined) {
        return { dataset, recovered: { runId: openRun, oktaIds } };
      }
    } finally {
      past.close();
    }
  }
  return { dataset };
}

/** Of a data set that has had no run. */
export function newDatasetHeader(
  { dataset, match }: Pick<SyncSettings, 'dataset' | 'match'>,
  columns: readonly string[],
  { client }: OpenOrg,
): DatasetHeader {
  return { name: dataset, org: client.orgUrl, match, columns, rows: 0, hasDeactivated: false };
}

/** The state of a data set for a run that is resumed. */
export interface DatasetToResume {
  readonly dataset: Dataset;
  /** Whether it shows already what the run did: the process was killed after it had saved the state. */
  readonly isSaved: boolean;
}

/**
 * Takes the lock of a data set and reads the state that it had when a run began, to resume the run.
 *
 * @param fresh - of a data set whose first run it is.
 * @throws {LockedError | DatasetFileError | SyncOptionError} a later run has gone on.
 */
export async function resumeDataset(
  { path, dataset: name, reports }: TakeRequest,
  past: PastRun,
  fresh: DatasetHeader,
  context: JobContext & { readonly resources: Resources },
): Promise<DatasetToResume> {
  await takeDataset({ reports, dataset: name }, context);
  const dataset = await readDataset(path);
  const { runId, startedAt } = past.description;
  if (dataset?.header.openRun === runId) return { dataset, isSaved: false };
  const { openRun, lastRun } = dataset?.header ?? fresh;
  if (openRun === undefined && lastRun?.runId === runId && dataset !== undefined) {
    return { dataset, isSaved: true };
  }
  // Killed before it told the data set that it had begun, and before anything was sent.
  const isLatest = openRun === undefined && (lastRun === undefined || lastRun.at <= startedAt);
  if (past.lastRow === 0 && isLatest) return { dataset: dataset ?? new Dataset(fresh), isSaved: false };
  if (dataset === undefined) throw missingState(path, name, runId);
  throw new SyncOptionError(
    `Run ${runId} cannot be resumed: data set ${quoted(name)} has had another run since.`,
    { hint: 'Leave it: the later run took over what this one did.' },
  );
}

interface TakeRequest {
  readonly path: string;
  readonly reports: string;
  readonly dataset: string;
}

/** Takes the lock of a data set. @throws {LockedError | LockFileError} */
export async function takeDataset(
  { reports, dataset }: Omit<TakeRequest, 'path'>,
  context: JobContext & { readonly resources: Resources },
): Promise<RunLocks> {
  const { resources, clock } = context;
  const startedAt = new Date(clock.now()).toISOString();
  const locks = resources.add(new RunLocks(context, { runId: `sync ${dataset}`, startedAt }));
  const path = datasetPath(reports, dataset);
  await createDatasetFolder(path);
  await locks.take(`${path}.lock`, `Data set ${dataset}`);
  return locks;
}

/** The state of a data set that has had runs was lost: its members would look like strangers. */
async function assertNoFormerRuns({ reports, settings, path, org }: DatasetRequest): Promise<void> {
  const { findDatasetRuns } = await import('./dataset-runs.js');
  const { dataset } = settings;
  const { runs } = await findDatasetRuns(reports, { dataset, org: org.client.orgUrl });
  for (const { folder, description } of runs) {
    // The first run writes the state before it sends anything, and may have been killed before that.
    if (await hasSentNothing(folder)) continue;
    throw missingState(path, dataset, description.runId);
  }
}

function missingState(path: string, dataset: string, runId: string): DatasetFileError {
  return new DatasetFileError(
    `The state of data set ${quoted(dataset)} is missing (${path}), but run ${runId} belongs to it.`,
    { hint: REBUILD_HINT },
  );
}

async function hasSentNothing(folder: string): Promise<boolean> {
  const past = await readJournal(folder);
  past.close();
  return past.lastRow === 0 && past.damage === undefined;
}

/** The members do not show yet what an interrupted undo has reverted. */
function assertNoOpenUndo({ name, openUndo }: DatasetHeader, reports: string): void {
  if (openUndo === undefined) return;
  throw new SyncOptionError(
    `The undo of run ${openUndo} of data set ${quoted(name)} did not come to its end.`,
    {
      hint: `Run it again first: okta-csv-import undo ${join(reports, openUndo)}`,
    },
  );
}

function assertSameDataset(header: DatasetHeader, { settings, columns, org, accept }: DatasetRequest): void {
  const { name } = header;
  const { orgUrl } = org.client;
  if (header.org !== orgUrl) {
    throw new SyncOptionError(
      `Data set ${quoted(name)} is for ${header.org}, but the settings select ${orgUrl}.`,
      {
        hint: 'Use another name for the data set of this org, or select its org.',
      },
    );
  }
  if (header.match !== settings.match) {
    throw new SyncOptionError(
      `Data set ${quoted(name)} matches people by ${header.match}, not by ${settings.match} (--match).`,
      { hint: `Use --match ${header.match}, or another name for the data set.` },
    );
  }
  const known = new Set(header.columns);
  const shared = columns.filter((column) => known.has(column));
  if (accept.has('columns') || header.columns.length === 0) return;
  if (shared.length * 2 >= Math.max(header.columns.length, columns.length)) return;
  const missing = header.columns.filter((column) => !columns.includes(column));
  const added = columns.filter((column) => !known.has(column));
  throw new SyncOptionError(
    `This does not look like the file of data set ${quoted(name)}: ${columnList('it lacks', missing)}${columnList(', and has', added)}.`,
    { hint: 'Check the file. If its columns really changed, run the same command with --accept columns' },
  );
}

/** Warns of columns that the last file had, because their values are no longer updated. Warns once: the next run compares its file with this one. */
function warnOfMissingColumns(
  header: DatasetHeader,
  { columns }: Pick<DatasetRequest, 'columns'>,
  { observer }: Pick<JobContext, 'observer'>,
): void {
  const missing = header.columns.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  const [noun, them, what] =
    missing.length === 1 ? ['column', 'it', 'its values stay'] : ['columns', 'them', 'their values stay'];
  observer?.warning?.({
    message: `The file lacks the ${noun} ${columnNames(missing)}, which the last file had. Unless another column replaces ${them}, ${what} as they are in Okta. If that is a mistake, correct the export.`,
  });
}

function columnList(verb: string, columns: readonly string[]): string {
  return columns.length === 0 ? '' : `${verb} ${columnNames(columns)}`;
}

function columnNames(columns: readonly string[]): string {
  const shown = columns.slice(0, MAX_COLUMNS_SHOWN).map(quoted);
  const more = columns.length - shown.length;
  return `${listOf(shown)}${more > 0 ? ` and ${more} more` : ''}`;
}

function lostRun(runId: string, folder: string, what: string): DatasetFileError {
  return new DatasetFileError(
    `Run ${runId} of the data set did not come to its end, and its journal in ${folder} ${what}.`,
    { hint: 'Restore the run folder from a backup, or run sync with --rebuild-state.' },
  );
}
