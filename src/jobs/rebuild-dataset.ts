import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { readDescription, readJournal } from '../journal/reader.js';
import { hasJournal } from '../journal/run-folder.js';
import { Dataset, type DatasetHeader } from '../sync/dataset.js';
import { recoverRun } from '../sync/recover.js';

import type { JobContext } from './job.js';
import type { DatasetRequest } from './open-dataset.js';

/** The runs of a data set in a reports folder, oldest first. */
export async function* datasetRuns(
  reports: string,
  dataset: string,
): AsyncGenerator<{ readonly runId: string; readonly folder: string; readonly startedAt: string }> {
  const names = await readdir(reports).catch(() => []);
  const runs: { readonly runId: string; readonly folder: string; readonly startedAt: string }[] = [];
  for (const name of names) {
    const folder = join(reports, name);
    if (!(await hasJournal(folder))) continue;
    const description = await readDescription(folder).catch(() => undefined);
    if (description?.command !== 'sync' || description.settings.sync?.dataset !== dataset) continue;
    runs.push({ runId: description.runId, folder, startedAt: description.startedAt });
  }
  runs.sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  yield* runs;
}

/**
 * Rebuilds the members of a data set from the journals of its runs. The digests of older runs were made with the key of the lost
 * state, so only the Okta IDs are taken from them: keys and values come from the org.
 */
export async function rebuildDataset(
  header: DatasetHeader,
  request: DatasetRequest,
  context: JobContext,
): Promise<Dataset> {
  void recoverRun;
  const { org, reports, settings } = request;
  const { signal } = context.cancellation;
  const dataset = new Dataset(header);
  const { memberOf } = await import('../sync/rebuild.js');
  for await (const { folder } of datasetRuns(reports, settings.dataset)) {
    const past = await readJournal(folder);
    try {
      for await (const member of memberOf(past, dataset, settings, org.client, signal)) dataset.set(member);
    } finally {
      past.close();
    }
  }
  return dataset;
}
