import { rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { Sample } from '../../journal/progress-samples.js';
import { createPrivateFile } from '../../private-file.js';
import { isFailure } from '../../rows/status-table.js';
import type { FailureGroups } from '../failure-groups.js';
import { ReportError } from '../report-error.js';
import type { Summary } from '../summary.js';

import { readPageAssets } from './assets.js';
import { renderDocument } from './document.js';
import { PAGE_COLUMNS } from './page-columns.js';
import { MAX_PAGE_ROWS } from './page-rows.js';
import { fieldOf } from './row-line.js';
import { lineLabelOf, statusCounts, type RunView } from './run-text.js';
import { requestsOf, rowsPerMinuteLimit, toLatency, toTimeline, workedMs } from './timeline.js';
import { userLinkOf } from './user-link.js';

export interface PageOptions {
  readonly folder: string;
  readonly run: RunView;
  /** Version of the program that creates the page. */
  readonly version: string;
  /** ISO 8601: the page shows the run as of then. */
  readonly createdAt: string;
  readonly failures: FailureGroups;
  readonly warnings?: FailureGroups | undefined;
  /** Samples of every process of the run: see `PastRun.sessions`. */
  readonly sessions: readonly (readonly Sample[])[];
  /** The rows in file order: see `toPageLine`. */
  readonly lines: AsyncIterable<string> | Iterable<string>;
  /** Names of the values at the end of each line. */
  readonly fields?: readonly string[] | undefined;
  /** Limit of rows in the page; default `MAX_PAGE_ROWS`. Failures take precedence. `results.csv` has every row. */
  readonly maxRows?: number | undefined;
}

export const PAGE_FILE = 'report.html';
const BLOCK_CHARACTERS = 64 * 1024;

const STATUS = PAGE_COLUMNS.indexOf('status');

/**
 * Writes `report.html` atomically. Rows are streamed, so memory does not grow with the run.
 *
 * @throws {ReportError}
 */
export async function writePage(options: PageOptions): Promise<void> {
  const path = join(options.folder, PAGE_FILE);
  // `report` can create the page of a run at the moment when the run itself does.
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await createPrivateFile(draft);
    try {
      await writeTo(file, options);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {
      // The error that matters is the first one, and a leftover draft is recognizable by its name.
    });
    throw new ReportError(path, error);
  }
}

async function writeTo(file: FileHandle, options: PageOptions): Promise<void> {
  const { run, sessions, failures, warnings, version, createdAt } = options;
  const { counts } = run.summary;
  const { before, after } = renderDocument({
    run: { ...run, summary: { ...run.summary, requests: requestsOfAllSessions(options) } },
    version,
    createdAt,
    failures: failures.groups('line', run.summary.command),
    rowsBeyond: failures.rowsBeyond,
    warnings: warnings?.groups() ?? [],
    time: { workedMs: workedMs(sessions), rowsPerMinuteLimit: rowsPerMinuteLimit(sessions) },
    data: {
      userLink: userLinkOf(run.summary.org),
      rows: counts.total,
      statuses: Object.fromEntries(statusCounts(counts).map(({ status, rows }) => [status, rows])),
      lineLabel: lineLabelOf(run),
      fields: options.fields ?? [],
      timeline: toTimeline(sessions),
      latency: toLatency(sessions),
    },
    assets: readPageAssets(),
  });
  const maxRows = options.maxRows ?? MAX_PAGE_ROWS;
  const budget = { failures: Math.min(maxRows, counts.invalid + counts.failed), others: 0 };
  budget.others = Math.max(0, Math.min(maxRows, counts.total) - budget.failures);
  let block = before;
  let isFirst = true;
  for await (const line of options.lines) {
    if (budget.failures <= 0 && budget.others <= 0) break;
    const kind = isFailure(fieldOf(line, STATUS)) ? 'failures' : 'others';
    if (budget[kind] <= 0) continue;
    budget[kind] -= 1;
    block += `${isFirst ? '' : '\n'}${line}`;
    isFirst = false;
    if (block.length < BLOCK_CHARACTERS) continue;
    await file.write(block);
    block = '';
  }
  await file.write(block + after);
}

/** The summary counts the requests of the last process only; the samples cover all of them. */
function requestsOfAllSessions({ run, sessions }: PageOptions): Summary['requests'] {
  return sessions.length > 1 ? requestsOf(sessions) : run.summary.requests;
}
