import { dirname } from 'node:path';

import { Journal } from '../journal/journal.js';
import type { SyncSettings } from '../journal/journal-line.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import { datasetPath } from '../sync/dataset-file.js';

import type { Input, InputScan } from './input.js';
import type { Job, JobContext, OpenOrg } from './job.js';
import { openRunLinks } from './links.js';
import { findMergedRows } from './merge-rows.js';
import { newDatasetHeader, resumeDataset } from './open-dataset.js';
import type { ResolvedOptions } from './options.js';
import type { OpenPastRun } from './past-run.js';
import { prepareRows } from './prepare-rows.js';
import type { Resources } from './resources.js';
import { resolveSyncOptions } from './sync-options.js';
import { applySync } from './sync-apply.js';
import { planSync } from './sync-prepare.js';

export interface SyncToResume {
  readonly opened: OpenPastRun;
  readonly sync: SyncSettings;
  readonly options: ResolvedOptions;
  readonly mappingFile: MappingFile | undefined;
  readonly input: Input;
  readonly scan: InputScan;
  readonly org: OpenOrg;
  readonly maxFailures: string | undefined;
}

/** Continues a sync that stopped, by the state that its data set had when it began. */
export async function* resumeSync(
  { opened, sync, options, mappingFile, input, scan, org, maxFailures }: SyncToResume,
  context: JobContext,
  resources: Resources,
): Job {
  const { folder, past, locks, startedAtMs } = opened;
  const { runId } = past.description;
  const reports = dirname(folder);
  const path = datasetPath(reports, sync.dataset);
  const { header, samples, found } = scan;
  const { dataset, isSaved } = await resumeDataset(
    { path, dataset: sync.dataset, reports },
    past,
    newDatasetHeader(sync, header, org),
    { ...context, resources },
  );
  const { client } = org;
  const prepare = { header, samples, found, usesDates: true, input, options, mappingFile, client };
  const first = await prepareRows(prepare, { ...context, observer: undefined });
  const ready = {
    request: { maxFailures, canary: options.canary, reports, runId },
    sync: resolveSyncOptions({ dataset: sync.dataset }),
    options,
    input,
    scan,
    org,
    dataset,
    path,
    settings: sync,
    // Runs of earlier versions rejected all but the first row of a person.
    merging:
      past.description.settings.mergesRows === true
        ? await findMergedRows(input, found, {
            checks: first.checks,
            options,
            signal: context.cancellation.signal,
          })
        : undefined,
    past,
  };
  const planned = await planSync(ready, first, context, resources);
  const startedAt = new Date(startedAtMs).toISOString();
  const journal = resources.add(
    await Journal.reopen(folder, past, { at: startedAt, version: context.version }, locks.assertHeld),
  );
  const links = await openRunLinks(
    options,
    { client, runId, mappingFile, hasCreated: past.rowsSettled > 0 },
    context,
    resources,
  );
  const store = { runId, folder, journal, past, locks, hasReport: true, close: () => Promise.resolve() };
  const prepared = await prepareRows(prepare, context);
  // The leavers of a saved state have left: what the run did with them is in its journal.
  const plan = isSaved ? { ...planned.plan, leavers: [] } : planned.plan;
  return yield* applySync({ ...ready, ...planned, plan, prepared, store, links }, context);
}
