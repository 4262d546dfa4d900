import { lstat, readdir, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { foundRuns } from '../../jobs/run-folders.js';

/** Younger files may be in use by another page that is about to import them. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Removes the folders of plans whose process was killed, and those of runs that were deleted: they hold personal data. A run that can be
 * resumed keeps its files, and so does every run while the journal of any of them cannot be read.
 *
 * @param files - one folder for each plan, in the folder of the runs.
 */
export async function removeAbandonedFiles(reports: string, files: string, nowMs: number): Promise<void> {
  const old: string[] = [];
  for (const { name } of (await readdir(files, { withFileTypes: true })).filter((one) => one.isDirectory())) {
    const path = join(files, name);
    const { mtimeMs } = await lstat(path);
    if (nowMs - mtimeMs > ABANDONED_AFTER_MS) old.push(path);
  }
  if (old.length === 0) return;
  const used: string[] = [];
  for (const run of await foundRuns(reports)) {
    if (run.kind === 'unreadable') return;
    if (run.kind === 'dry-run') continue;
    const { file, settings } = run.description;
    used.push(file.path, settings.mapping ?? '');
  }
  for (const path of old) {
    if (!used.some((each) => each.startsWith(path + sep))) await rm(path, { recursive: true, force: true });
  }
}
