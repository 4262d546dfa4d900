import { basename, resolve } from 'node:path';

import { isReverted, undoOperations } from '../engine/undo-operations.js';
import { JOURNAL_FILE } from '../journal/journal-line.js';
import { runStateOf } from '../journal/journal-outcomes.js';
import { readJournal } from '../journal/reader.js';
import {
  hasBegun,
  hasJournal,
  isPath,
  RUN_HINT,
  RunFolderError,
  runFolderCandidates,
  undoFolderOf,
} from '../journal/run-folder.js';
import { didYouMean } from '../text.js';

import { followedRunId, foundRun, foundRuns, type FoundRun, type RunPurpose } from './run-folders.js';

/** Names the newest run. */
export const LAST = 'last';

type Import = FoundRun & { readonly kind: 'import' };

/**
 * Finds the folder of an earlier run.
 *
 * @param run - a run ID, the unique beginning of one, the path of the folder, or `last`: the newest run; to be undone, the newest
 * one that can be.
 * @throws {RunFolderError} there is no such folder, there are several, or it is that of a dry run.
 */
export async function findRunFolder(reports: string, run: string, purpose: RunPurpose): Promise<string> {
  const candidates = await runFolderCandidates(reports, run);
  for (const folder of candidates) {
    if (await hasJournal(folder)) return folder;
  }
  for (const folder of candidates) {
    const found = await foundRun(folder).catch(() => undefined);
    if (found !== undefined) return folderOf(found, reports, purpose);
  }
  const runs = isPath(run) ? [] : await foundRuns(reports);
  const found = run === LAST ? await lastRun(runs, reports, purpose) : runBeginningWith(run, runs, purpose);
  if (found !== undefined) return folderOf(found, reports, purpose);
  const nearest = didYouMean(
    run,
    runs.map(({ runId }) => runId),
  );
  throw new RunFolderError(
    `The run "${run}" does not exist: no ${JOURNAL_FILE} in ${candidates.join(' or ')}.${nearest}`,
    { hint: RUN_HINT },
  );
}

/**
 * The name of a run that is found as it is: its ID, or its path.
 *
 * @param run - as for `findRunFolder`.
 */
export async function fullRunName(reports: string, run: string, purpose: RunPurpose): Promise<string> {
  const folder = await findRunFolder(reports, run, purpose);
  return isPath(run) || folder === resolve(run) ? run : basename(folder);
}

/** @throws {RunFolderError} it was a dry run. */
async function folderOf(found: FoundRun, reports: string, purpose: RunPurpose): Promise<string> {
  if (found.kind === 'dry-run') {
    const { aboutDryRun } = await import('./about-dry-run.js');
    throw await aboutDryRun(found, { reports, purpose });
  }
  return found.folder;
}

/** @throws {RunFolderError} several runs begin like this. */
function runBeginningWith(
  beginning: string,
  runs: readonly FoundRun[],
  purpose: RunPurpose,
): FoundRun | undefined {
  const matches = runs.filter(({ runId }) => runId.startsWith(beginning));
  const ids = new Set(matches.map(({ runId }) => runId));
  // The ID of a follow-up begins with that of its run.
  const distinct = matches.filter((match) => match.kind !== 'follow-up' || !ids.has(followedRunId(match)));
  const imports = distinct.filter(({ kind }) => kind === 'import');
  const wanted = purpose === 'report' || imports.length === 0 ? distinct : imports;
  const [found] = wanted;
  if (wanted.length <= 1) return found;
  throw new RunFolderError(`"${beginning}" is the beginning of ${wanted.length} run IDs: ${shown(wanted)}.`, {
    hint: 'Give more of the run ID.',
  });
}

const MAX_SHOWN = 8;

function shown(runs: readonly FoundRun[]): string {
  const more = runs.length - MAX_SHOWN;
  const ids = runs.slice(0, MAX_SHOWN).map(({ runId }) => runId);
  return ids.join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** @throws {RunFolderError} there is none. */
async function lastRun(runs: readonly FoundRun[], reports: string, purpose: RunPurpose): Promise<FoundRun> {
  const [newest] = runs;
  if (newest === undefined) {
    throw new RunFolderError(`There is no run in ${reports}.`, {
      hint: 'Give the path of the run folder, or the folder of the runs with --reports.',
    });
  }
  if (purpose === 'report') return newest;
  const imports = runs.filter((run): run is Import => run.kind === 'import');
  for (const run of imports) {
    if (purpose !== 'undo' || (await canBeUndone(run))) return run;
  }
  // Of a dry run, say what it was.
  if (imports.length === 0) return newest;
  throw new RunFolderError(`No run in ${reports} can be undone: all were undone, or changed nothing.`, {
    hint: 'See the runs and their states with: okta-csv-import runs',
  });
}

/** Whether an undo of a run has something to do, or has to say why it cannot do it now. */
async function canBeUndone({ folder }: Import): Promise<boolean> {
  const past = await readJournal(folder).catch(() => undefined);
  if (past === undefined) return false;
  const undoFolder = undoFolderOf(folder);
  const undone = (await hasBegun(undoFolder))
    ? await readJournal(undoFolder).catch(() => undefined)
    : undefined;
  try {
    if (past.rowsInDoubt > 0 || (await runStateOf(folder, past)) === 'running') return true;
    for (const { row } of undoOperations(past)) {
      const outcome = undone?.outcomeOf(row.row);
      if (outcome === undefined || !isReverted(outcome)) return true;
    }
    return false;
  } finally {
    past.close();
    undone?.close();
  }
}
