import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, mkdir, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';

import { JOURNAL_FILE } from './journal.js';
import { messageOf } from '../text.js';

/** A run's folder cannot be made, or is not there. */
export class RunFolderError extends OktaImportError {
  override readonly code = 'ERR_RUN_FOLDER';
}

/** Letters, digits, `.`, `_` and `-`, so that a run id never leads out of the reports folder. */
const RUN_ID = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?$/;
/** Names of devices on Windows, whatever follows a dot: a folder of such a name could not be copied there. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

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
 * Makes `reports/<run-id>/`, for its owner only.
 *
 * @param runId - undefined for the default, which gets a number when there is one already.
 * @throws {RunFolderError}
 */
export async function createRunFolder(
  reports: string,
  runId: string | undefined,
  defaultId: string,
): Promise<{ runId: string; folder: string }> {
  if (runId !== undefined && (!RUN_ID.test(runId) || DEVICE.test(runId))) {
    throw new RunFolderError(`--run-id "${runId.slice(0, 200)}" cannot name a folder.`, {
      hint: 'Use letters, digits, ".", "_" and "-", at most 200, no "." at either end, and no name of a device such as con or nul.',
    });
  }
  try {
    await makeFolder(reports);
    for (let number = 1; ; number += 1) {
      const id = runId ?? (number === 1 ? defaultId : `${defaultId}-${number}`);
      const folder = join(reports, id);
      try {
        await mkdir(folder, { mode: 0o700 });
        return { runId: id, folder };
      } catch (error) {
        if (!hasErrorCode(error, 'EEXIST')) throw error;
        if (runId !== undefined) {
          throw new RunFolderError(`There is a run "${runId}" in ${reports} already.`, {
            hint: `Choose another --run-id, or go on with that run: okta-csv-import resume ${join(reports, runId)}`,
          });
        }
      }
    }
  } catch (error) {
    if (error instanceof OktaImportError) throw error;
    throw new RunFolderError(`The reports folder ${reports} cannot be used: ${messageOf(error)}.`, {
      hint: 'Choose another with --reports, or change its permissions.',
      cause: error,
    });
  }
}

/** Node's own recursive mkdir never comes back from a place such as /proc, where nothing can be made. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST') && (await stat(path)).isDirectory()) return;
    if (!hasErrorCode(error, 'ENOENT') || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      if (!hasErrorCode(again, 'EEXIST')) throw again;
    });
  }
}

/** Takes back a folder in which nothing was written. */
export async function removeEmptyFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {
    // Something stands in it after all: it stays.
  });
}

/**
 * The folder of a run that was. A run id leads to a folder of its own in `reports` and never through a link, since others
 * may be able to put one there; whoever means a folder elsewhere names it by its path.
 *
 * @param run - a run id, or the folder itself.
 * @throws {RunFolderError} there is none, or it holds no journal.
 */
export async function findRunFolder(reports: string, run: string): Promise<string> {
  if (run.trim() === '') throw new RunFolderError('There is no run without a name.', { hint: RUN_HINT });
  const isPath = run.includes(sep) || run.includes('/');
  const byId = isPath ? undefined : join(reports, run);
  if (byId !== undefined && (await isLink(byId))) {
    throw new RunFolderError(`${byId} is a link, and no run's folder.`, {
      hint: 'If you made it, give the path of the folder it leads to.',
    });
  }
  const candidates = [...(byId === undefined ? [] : [byId]), resolve(run)];
  for (const folder of candidates) {
    if (await hasJournal(folder)) return folder;
  }
  throw new RunFolderError(`There is no run "${run}": no ${JOURNAL_FILE} in ${candidates.join(' or ')}.`, {
    hint: RUN_HINT,
  });
}

const RUN_HINT = 'Give the run id, or its folder; --reports says where run folders are.';

async function isLink(path: string): Promise<boolean> {
  return statsOf(path).then((stats) => stats?.isSymbolicLink() === true);
}

/** Where the undo of a run keeps its own journal and report. */
export function undoFolderOf(runFolder: string): string {
  return `${runFolder}-undo`;
}

/** The same of the activation of the users that it created staged. */
export function activationFolderOf(runFolder: string): string {
  return `${runFolder}-activate`;
}

/** Whether a run was undone, or begun to be. */
export async function wasUndone(runFolder: string): Promise<boolean> {
  return hasJournal(undoFolderOf(runFolder));
}

/** Whether a run was begun in a folder: a journal is a file of its own, no link, and no pipe that would never end. */
export async function hasJournal(folder: string): Promise<boolean> {
  return statsOf(join(folder, JOURNAL_FILE)).then((stats) => stats?.isFile() === true);
}

/** Of what stands there itself, if it is a link; undefined for nothing, or a name that no file can have. */
async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

/**
 * Where the locks of one file for one org are: beside the runs, and in the system's temporary folder, so that neither two
 * reports folders nor two temporary folders (systemd's PrivateTmp) make two locks that do not know of each other.
 */
export async function importLockPaths(orgUrl: string, sha256: string, reports: string): Promise<string[]> {
  const temporary = join(tmpdir(), `okta-csv-import-${process.getuid?.() ?? 'locks'}`);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  const key = createHash('sha256').update(`${orgUrl}\n${sha256}`).digest('hex').slice(0, 32);
  return [join(reports, `.${key}.lock`), join(temporary, `${key}.lock`)];
}
