import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { RunDescription } from '../journal/journal-line.js';
import { readDescription } from '../journal/reader.js';
import { hasBegun } from '../journal/run-folder.js';
import { hasErrorCode } from '../errors.js';
import { messageOf } from '../text.js';
import { DatasetFileError } from '../sync/dataset-file.js';

export interface DatasetRun {
  readonly folder: string;
  readonly description: RunDescription;
}

export interface DatasetRuns {
  /** Oldest first. */
  readonly runs: readonly DatasetRun[];
  /** Folders whose journals do not say what they belong to. */
  readonly unreadable: readonly string[];
}

/** The runs of a data set for one org in a reports folder. @throws {DatasetFileError} the folder cannot be read. */
export async function findDatasetRuns(
  reports: string,
  { dataset, org }: { readonly dataset: string; readonly org: string },
): Promise<DatasetRuns> {
  const names = await readdir(reports).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw new DatasetFileError(`Cannot list the runs in ${reports}: ${messageOf(error)}.`, {
      hint: 'Check the permissions of the folder.',
      cause: error,
    });
  });
  const runs: DatasetRun[] = [];
  const unreadable: string[] = [];
  for (const name of names) {
    const folder = join(reports, name);
    if (!(await hasBegun(folder))) continue;
    const description = await readDescription(folder).catch(() => undefined);
    if (description === undefined) unreadable.push(folder);
    else if (
      description.command === 'sync' &&
      description.org === org &&
      description.settings.sync?.dataset === dataset
    ) {
      runs.push({ folder, description });
    }
  }
  runs.sort((one, other) => (one.description.startedAt < other.description.startedAt ? -1 : 1));
  return { runs, unreadable };
}
