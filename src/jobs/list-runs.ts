import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { stagedUsers } from '../engine/activate-user.js';
import { undoOperations } from '../engine/undo-operations.js';
import { OktaImportError } from '../errors.js';
import { sendsRows, type RunDescription, type RunEnd } from '../journal/journal-line.js';
import { outcomesOf, runStateOf, type RunState } from '../journal/journal-outcomes.js';
import { readEnd, readJournal } from '../journal/reader.js';
import { activationFolderOf, hasBegun, undoFolderOf } from '../journal/run-folder.js';
import { readSummary } from '../report/read-summary.js';
import { count, noCounts, type Counts } from '../rows/counts.js';

import { nextActions, type ImportSituation, type NextAction } from './next-actions.js';
import { dryRunCommand, foundRun, foundRuns, type FoundRun } from './run-folders.js';

/** A run of a reports folder. */
export interface ListedRun {
  /** Name of its folder. */
  readonly runId: string;
  readonly folder: string;
  /** As it is typed: `sync --dry-run`. */
  readonly command: string;
  readonly isDryRun: boolean;
  /** Name of the data set of a sync. */
  readonly dataset: string | undefined;
  /** `unfinished`: a dry run that is in progress or was interrupted, which leaves no trace. */
  readonly state: RunState | 'unfinished';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  readonly file: { readonly name: string; readonly sheet?: string | undefined } | undefined;
  /** URL; undefined for an offline dry run. */
  readonly org: string | undefined;
  /** So far; undefined while unknown. */
  readonly counts: Counts | undefined;
  readonly exitCode: number | undefined;
  /** Why it stopped early. */
  readonly stoppedBecause: string | undefined;
  readonly undo: ImportSituation['undo'];
  readonly next: readonly NextAction[];
  /** Undefined for a dry run. */
  readonly description: RunDescription | undefined;
}

/** A run whose journal cannot be read. */
export interface UnreadableRun {
  readonly runId: string;
  readonly folder: string;
  readonly problem: string;
}

/**
 * Lists the runs of a reports folder, newest first, with what can be done next. Looks without disturbing: takes no lock and
 * writes nothing.
 *
 * @param limit - how many of the newest runs; undefined for all.
 * @throws {RunFolderError} the folder cannot be read.
 */
export async function* listRuns(
  reports: string,
  limit: number | undefined,
): AsyncGenerator<ListedRun | UnreadableRun> {
  for (const run of (await foundRuns(reports)).slice(0, limit)) {
    yield await orProblem(run);
  }
}

/** One run of a reports folder; undefined if there is no run with exactly this ID. */
export async function listRun(
  reports: string,
  runId: string,
): Promise<ListedRun | UnreadableRun | undefined> {
  // Never out of the folder, and never through a link.
  if (['', '.', '..'].includes(runId) || basename(runId) !== runId) return undefined;
  const folder = join(reports, runId);
  if (!(await isFolder(folder))) return undefined;
  const run = await foundRun(folder);
  return run && (await orProblem(run));
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function orProblem(run: FoundRun): Promise<ListedRun | UnreadableRun> {
  try {
    return await listed(run);
  } catch (error) {
    if (!(error instanceof OktaImportError)) throw error;
    return { runId: run.runId, folder: run.folder, problem: error.message };
  }
}

async function listed(run: FoundRun): Promise<ListedRun | UnreadableRun> {
  const { runId, folder } = run;
  switch (run.kind) {
    case 'unreadable':
      return { runId, folder, problem: 'The first line of its journal is damaged.' };
    case 'dry-run':
      return listedDryRun(run);
    case 'import':
    case 'follow-up':
      return listedRun(run, run.description);
    default:
      return run satisfies never;
  }
}

function listedDryRun(run: Extract<FoundRun, { kind: 'dry-run' }>): ListedRun {
  const { runId, folder, startedAtMs, summary } = run;
  const command = dryRunCommand(run);
  const isComplete = summary !== undefined && summary.exitCode <= 1;
  return {
    runId,
    folder,
    command,
    isDryRun: true,
    dataset: summary?.dataset,
    state: summary === undefined ? 'unfinished' : 'ended',
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: summary?.finishedAt,
    file: summary?.file,
    org: summary?.org ?? undefined,
    counts: summary?.counts,
    exitCode: summary?.exitCode,
    stoppedBecause: summary?.stoppedBecause ?? undefined,
    undo: 'none',
    next: nextActions({ kind: 'dry-run', isSync: command !== 'validate', isComplete }),
    description: undefined,
  };
}

async function listedRun(
  { runId, folder, kind }: Extract<FoundRun, { kind: 'import' | 'follow-up' }>,
  description: RunDescription,
): Promise<ListedRun> {
  const { command, startedAt, file, org } = description;
  const end = await readEnd(folder);
  const state = end === undefined ? await runStateOf(folder, { description, end }) : 'ended';
  const facts = (await factsOfSummary(folder, description, end)) ?? (await factsOfJournal(folder, state));
  const { counts, exitCode, stoppedBecause } = facts;
  const isRunning = state === 'running';
  const undo = kind === 'import' ? await undoStateOf(folder) : 'none';
  const isFollowUp = command === 'undo' || command === 'activate' || command === 'remind';
  const next = isFollowUp
    ? nextActions({ kind: command, isRunning, isComplete: state === 'ended' && exitCode === 0 })
    : nextActions({
        ...facts,
        kind: command === 'sync' ? 'sync' : 'import',
        isRunning,
        isStopped: state === 'interrupted' || stoppedBecause !== undefined,
        badRows: counts.failed + counts.invalid,
        hasStaged: facts.hasStaged && !(await wasActivated(folder)),
        undo,
      });
  return {
    runId,
    folder,
    command,
    isDryRun: false,
    dataset: description.settings.sync?.dataset,
    state,
    startedAt,
    finishedAt: end?.at,
    file,
    org,
    counts,
    exitCode,
    stoppedBecause,
    undo,
    next,
    description,
  };
}

type Facts = Pick<ImportSituation, 'isDamaged' | 'inDoubt' | 'hasChanges' | 'hasStaged'> & {
  readonly counts: Counts;
  readonly exitCode: number | undefined;
  readonly stoppedBecause: string | undefined;
};

/**
 * Takes the word of `summary.json`, since reading a large journal takes a second.
 *
 * @returns undefined when the summary is not that of the last process of the run, or when only the journal knows whether the
 * outcome of a failed row is known.
 */
async function factsOfSummary(
  folder: string,
  { command, settings }: RunDescription,
  end: RunEnd | undefined,
): Promise<Facts | undefined> {
  const summary = end === undefined ? undefined : await readSummary(folder);
  if (summary === undefined || summary.finishedAt !== end?.at) return undefined;
  const { counts, exitCode, stoppedBecause } = summary;
  if (counts.failed > 0 && sendsRows({ command })) return undefined;
  return {
    counts,
    exitCode,
    stoppedBecause: stoppedBecause ?? undefined,
    isDamaged: false,
    inDoubt: 0,
    hasChanges: counts.created + counts.updated + counts.suspended + counts.deactivated > 0,
    hasStaged: !settings.activate && counts.created > 0,
  };
}

async function factsOfJournal(folder: string, state: RunState): Promise<Facts> {
  const past = await readJournal(folder);
  try {
    const counts = noCounts();
    for (const outcome of outcomesOf(past, state)) count(counts, outcome);
    return {
      counts,
      exitCode: past.end?.exitCode,
      stoppedBecause: past.end?.stoppedBecause ?? undefined,
      isDamaged: past.damage !== undefined,
      inDoubt: past.rowsInDoubt,
      hasChanges: hasAny(undoOperations(past)),
      hasStaged: !past.description.settings.activate && hasAny(stagedUsers(past)),
    };
  } finally {
    past.close();
  }
}

function hasAny(items: Iterable<unknown>): boolean {
  for (const _ of items) return true;
  return false;
}

async function undoStateOf(folder: string): Promise<ImportSituation['undo']> {
  const undoFolder = undoFolderOf(folder);
  if (!(await hasBegun(undoFolder))) return 'none';
  return (await readEnd(undoFolder))?.exitCode === 0 ? 'done' : 'begun';
}

async function wasActivated(folder: string): Promise<boolean> {
  return (await readEnd(activationFolderOf(folder)))?.exitCode === 0;
}
