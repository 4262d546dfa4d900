import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { Sample } from '../../journal/progress-samples.js';
import { ReportError } from '../report-error.js';
import type { FailureGroups } from '../failure-groups.js';

import { userLinkOf } from './user-link.js';
import { readPageAssets } from './assets.js';
import { renderDocument } from './document.js';
import { toRowLine } from './row-line.js';
import { isFailure } from '../../rows/status-table.js';
import { requestsOf, toLatency, toTimeline, workedMs } from './timeline.js';
import type { ShownRun } from './text.js';

export interface PageOptions {
  readonly folder: string;
  readonly run: ShownRun;
  /** Of the program that makes the page. */
  readonly version: string;
  /** ISO 8601: what the page shows is as of then. */
  readonly madeAt: string;
  readonly failures: FailureGroups;
  readonly warnings?: FailureGroups | undefined;
  /** Samples of every process of the run: see `PastRun.sessions`. */
  readonly sessions: readonly (readonly Sample[])[];
  /** The fields of `results.csv`, a row at a time. */
  readonly rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>;
  /** Most rows in the page; default 100,000. Bad ones come before others, and all of them stand in `results.csv`. */
  readonly mostRows?: number | undefined;
}

export const PAGE_FILE = 'report.html';
const MOST_ROWS = 100_000;
const BLOCK_CHARACTERS = 64 * 1024;

/** Which fields of `results.csv` a row's line has; the request id only where somebody may have to ask Okta about it. */
const STATUS = 3;
const REQUEST_ID = 10;

/**
 * Writes `report.html`, whole or not at all. Rows stream through it, so that memory does not follow the run.
 *
 * @throws {ReportError}
 */
export async function writePage(options: PageOptions): Promise<void> {
  const path = join(options.folder, PAGE_FILE);
  // A page of a run that is going on may be made while the run makes its own.
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await writeTo(file, options);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {
      // What is left of it says `.part`.
    });
    throw new ReportError(path, error);
  }
}

async function writeTo(file: FileHandle, options: PageOptions): Promise<void> {
  const { run, sessions, failures, warnings, version, madeAt } = options;
  const { counts } = run.summary;
  const { before, after } = renderDocument({
    run: { ...run, summary: { ...run.summary, requests: requestsOfAll(options) } },
    version,
    madeAt,
    failures: failures.groups(),
    rowsBeyond: failures.rowsBeyond,
    warnings: warnings?.groups() ?? [],
    workedMs: workedMs(sessions),
    facts: {
      userLink: userLinkOf(run.summary.org),
      rows: counts.total,
      timeline: toTimeline(sessions),
      latency: toLatency(sessions),
    },
    assets: await readPageAssets(),
  });
  const mostRows = options.mostRows ?? MOST_ROWS;
  const budget = { bad: Math.min(mostRows, counts.invalid + counts.failed), others: 0 };
  budget.others = Math.max(0, Math.min(mostRows, counts.total) - budget.bad);
  let block = before;
  let isFirst = true;
  for await (const fields of options.rows) {
    if (budget.bad <= 0 && budget.others <= 0) break;
    const isBadRow = isFailure(fields[STATUS] ?? '');
    const purse = isBadRow ? 'bad' : 'others';
    if (budget[purse] <= 0) continue;
    budget[purse] -= 1;
    const shown = isBadRow ? fields : fields.slice(0, REQUEST_ID);
    block += `${isFirst ? '' : '\n'}${toRowLine(shown)}`;
    isFirst = false;
    if (block.length < BLOCK_CHARACTERS) continue;
    await file.write(block);
    block = '';
  }
  await file.write(block + after);
}

/** The summary tells of the last process only, the samples of all. */
function requestsOfAll({ run, sessions }: PageOptions): ShownRun['summary']['requests'] {
  return sessions.length > 1 ? requestsOf(sessions) : run.summary.requests;
}
