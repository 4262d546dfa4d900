import type { Stats } from 'node:fs';
import { lstat, rmdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { createPrivateFolder, ensurePrivateFolder, isLink } from '../private-file.js';
import { messageOf } from '../text.js';

import { hasCompleteLine } from './journal-file.js';
import { JOURNAL_FILE } from './journal-line.js';

/** A run folder cannot be created or found. */
export class RunFolderError extends OktaImportError {
  override readonly code = 'ERR_RUN_FOLDER';
}

/** Letters, digits, `.`, `_` and `-`, so that a run ID never leads out of the reports folder. */
const RUN_ID = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?$/;
/** Windows reserves these names, with any extension: such a folder could not be copied there. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Time and file name: `2026-11-24T02-00-00Z-cohort`. */
export function defaultRunId(nowMs: number, fileName: string): string {
  const time = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const name = fileName
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 60);
  return `${time}-${name}`;
}

/**
 * Creates `reports/<run-id>/`, accessible to its owner only.
 *
 * @param runId - undefined for the default, which gets a number when that folder exists.
 * @throws {RunFolderError}
 */
export async function createRunFolder(
  reports: string,
  runId: string | undefined,
  defaultId: string,
): Promise<{ runId: string; folder: string }> {
  if (runId !== undefined && (!RUN_ID.test(runId) || DEVICE_NAME.test(runId))) {
    throw new RunFolderError(`--run-id "${runId.slice(0, 200)}" is not a valid folder name.`, {
      hint: 'Use at most 200 letters, digits, ".", "_" and "-". It may not start or end with "." or be a device name such as con or nul.',
    });
  }
  try {
    await ensurePrivateFolder(reports);
    for (let number = 1; ; number += 1) {
      const id = runId ?? (number === 1 ? defaultId : `${defaultId}-${number}`);
      const folder = join(reports, id);
      try {
        await createPrivateFolder(folder);
        return { runId: id, folder };
      } catch (error) {
        if (!hasErrorCode(error, 'EEXIST')) throw error;
        if (runId !== undefined) {
          throw new RunFolderError(`The run "${runId}" already exists in ${reports}.`, {
            hint: `Choose another --run-id, or ${await alternativeTo(join(reports, runId))}`,
          });
        }
      }
    }
  } catch (error) {
    if (error instanceof OktaImportError) throw error;
    throw new RunFolderError(`Cannot use the reports folder ${reports}: ${messageOf(error)}.`, {
      hint: 'Choose another folder with --reports, or change its permissions.',
      cause: error,
    });
  }
}

/** What can be done about a folder that stands in the way of a new run. */
async function alternativeTo(folder: string): Promise<string> {
  if (await hasBegun(folder)) return `continue that run: okta-csv-import resume ${folder}`;
  const isDryRun = !(await hasJournal(folder)) && (await statsOf(join(folder, 'results.csv'))) !== undefined;
  return `delete ${folder}${isDryRun ? ', the report of a dry run' : ': no run was recorded there'}.`;
}

/** Removes a new folder in which nothing was written. */
export async function removeEmptyFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {
    // It is not empty after all.
  });
}

/**
 * The places where the folder of an earlier run can be. A run ID leads to a folder in `reports` and never through a link, since
 * others may be able to create one there; a folder elsewhere is named by its path.
 *
 * @param run - a run ID, or the path of the folder.
 * @throws {RunFolderError}
 */
export async function runFolderCandidates(reports: string, run: string): Promise<readonly string[]> {
  if (run.trim() === '') throw new RunFolderError('The run ID is empty.', { hint: RUN_HINT });
  const byId = isPath(run) ? undefined : join(reports, run);
  if (byId !== undefined && (await isLink(byId))) {
    throw new RunFolderError(`${byId} is a link, not a run folder.`, {
      hint: 'If you created it, give the path of the folder that it points to.',
    });
  }
  return [...(byId === undefined ? [] : [byId]), resolve(run)];
}

/** Whether a run is named by the path of its folder. */
export function isPath(run: string): boolean {
  return run.includes(sep) || run.includes('/');
}

export const RUN_HINT =
  'Give the run ID, its beginning, or the path of its folder. "okta-csv-import runs" lists the runs of the folder that --reports names.';

/** Creates the folder of an undo or an activation, unless it exists. @throws {RunFolderError} its name is a link. */
export async function ensureFollowUpFolder(folder: string): Promise<void> {
  if (await isLink(folder)) {
    throw new RunFolderError(`${folder} is a link, not a folder.`, {
      hint: 'Delete the link or rename it, so that nothing is written to where it leads.',
    });
  }
  await ensurePrivateFolder(folder);
}

/** The folder of the undo of a run, with a journal and a report of its own. */
export function undoFolderOf(runFolder: string): string {
  return `${runFolder}-undo`;
}

/** The folder of the activation of the users that a run created as staged. */
export function activationFolderOf(runFolder: string): string {
  return `${runFolder}-activate`;
}

/** Whether an undo of a run was started. */
export async function wasUndone(runFolder: string): Promise<boolean> {
  return hasBegun(undoFolderOf(runFolder));
}

/** Whether anything can have been sent: the first line of a journal is written before. */
export async function hasBegun(folder: string): Promise<boolean> {
  return (await hasJournal(folder)) && hasCompleteLine(join(folder, JOURNAL_FILE));
}

/** Whether a folder has a journal, which is a regular file: not a link, and not a pipe that would never end. */
export async function hasJournal(folder: string): Promise<boolean> {
  return statsOf(join(folder, JOURNAL_FILE)).then((stats) => stats?.isFile() === true);
}

/** Does not follow links. @returns undefined when nothing is there, or the name is not valid. */
async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}
