import { join } from 'node:path';

import type { Sample } from '../journal/progress-samples.js';
import { writeSummary } from '../report/summary.js';

import type { FinishedRun } from './run-observer.js';

/** Writes `summary.json` and `report.html` of a run whose rows are in `results.csv`. */
export async function writeRunFiles(
  {
    finished,
    folder,
    records,
    sessions,
  }: {
    readonly finished: FinishedRun;
    readonly folder: string;
    /** Rows of the file; undefined when only the reported rows count. */
    readonly records: number | undefined;
    /** Of every process of the run, for the page's charts. */
    readonly sessions: readonly (readonly Sample[])[];
  },
  version: string,
  onError: (error: unknown) => void,
): Promise<void> {
  const { summary, failures, warnings } = finished;
  await writeSummary(folder, summary).catch(onError);
  // Loaded now: nothing before the end of a run needs it.
  const [{ writePage }, { readResults }] = await Promise.all([
    import('../report/html/write-page.js'),
    import('../report/results-reader.js'),
  ]);
  await writePage({
    folder,
    run: { state: 'ended', summary, totalRows: records },
    version,
    createdAt: summary.finishedAt,
    failures,
    warnings,
    sessions,
    rows: readResults(join(folder, 'results.csv')),
  }).catch(onError);
}
