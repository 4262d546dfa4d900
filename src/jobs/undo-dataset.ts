import { basename, dirname } from 'node:path';

import { isReverted } from '../engine/undo-operations.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { hasBegun, undoFolderOf } from '../journal/run-folder.js';
import type { Dataset } from '../sync/dataset.js';
import { DatasetFileError, datasetPath, readDataset, writeDataset } from '../sync/dataset-file.js';
import { foldRun } from '../sync/fold.js';
import { revertDataset } from '../sync/revert-dataset.js';
import { quoted } from '../text.js';

import type { JobContext } from './job.js';
import { takeDataset } from './open-dataset.js';
import type { Resources } from './resources.js';

/**
 * Prepares the data set of a sync for its undo: no run may start until the undo has come to its end, even if the process is
 * killed, since the data set does not show yet what was reverted.
 *
 * @param openUndo - called when another undo of the data set did not come to its end; throws.
 * @returns a function that takes what was reverted out of the data set. Undefined for a run that has none.
 * @throws {LockedError}
 */
export async function beginUndo(
  past: PastRun,
  folder: string,
  context: JobContext & { readonly resources: Resources },
  openUndo: (runFolder: string) => never,
): Promise<(() => Promise<void>) | undefined> {
  const { sync } = past.description.settings;
  if (sync === undefined) return undefined;
  const reports = dirname(folder);
  await takeDataset({ reports, dataset: sync.dataset }, context);
  const path = datasetPath(reports, sync.dataset);
  const dataset = await readOrReport(path, context);
  if (dataset === undefined) return undefined;
  const runId = basename(folder);
  const former = dataset.header.openUndo;
  if (former !== undefined && former !== runId) openUndo(former);
  const undoFolder = undoFolderOf(folder);
  // Later runs may have changed the users again that an earlier undo has reverted.
  const revertedEarlier = former === undefined ? await revertedRows(undoFolder) : new Set<number>();
  dataset.header = { ...dataset.header, openUndo: runId };
  await writeDataset(path, dataset);
  return async () => {
    if (dataset.header.openRun === runId) {
      foldRun(dataset, past);
      const { openRun: _openRun, ...header } = dataset.header;
      dataset.header = header;
    }
    const reverted = await revertedRows(undoFolder);
    revertDataset(dataset, past, (row) => reverted.has(row) && !revertedEarlier.has(row));
    const { openUndo: _openUndo, fileBefore, ...header } = dataset.header;
    // The next file is compared with the one before the run.
    dataset.header =
      fileBefore?.runId === runId
        ? { ...header, columns: fileBefore.columns, rows: fileBefore.rows, dates: fileBefore.dates }
        : { ...header, ...(fileBefore && { fileBefore }) };
    await writeDataset(path, dataset);
  };
}

/** A damaged state does not keep anybody from an undo: it has to be rebuilt anyway. */
async function readOrReport(path: string, { observer }: JobContext): Promise<Dataset | undefined> {
  try {
    return await readDataset(path);
  } catch (error) {
    if (!(error instanceof DatasetFileError)) throw error;
    observer?.warning?.({ message: `${error.message} The undo leaves ${quoted(path)} as it is.` });
    return undefined;
  }
}

/** Rows that an undo has reverted. @param folder - of the undo. */
export async function revertedRows(folder: string): Promise<ReadonlySet<number>> {
  const rows = new Set<number>();
  if (!(await hasBegun(folder))) return rows;
  const undone = await readJournal(folder);
  try {
    for (let row = 1; row <= undone.lastRow; row += 1) {
      const outcome = undone.outcomeOf(row);
      if (outcome !== undefined && isReverted(outcome)) rows.add(row);
    }
    return rows;
  } finally {
    undone.close();
  }
}
