import { sendsRows } from '../../journal/journal-line.js';
import type { PastRun } from '../../journal/reader.js';
import { outcomesOf, type RunState } from '../../journal/journal-outcomes.js';
import { count, noCounts, type Counts } from '../../rows/counts.js';
import type { RowOutcome } from '../../rows/outcome.js';
import { FailureGroups } from '../failure-groups.js';
import { resultFields } from '../results-columns.js';
import type { PastSummary } from '../summary.js';

import { requestsOf } from './timeline.js';
import { writePage } from './write-page.js';

export interface RunPageOptions {
  readonly folder: string;
  readonly past: PastRun;
  /** See `runStateOf`. */
  readonly state: RunState;
  /** The lines of `results.csv`, if it is complete; otherwise rows are taken from the journal. */
  readonly results?: AsyncIterable<readonly string[]> | undefined;
  /** Version of the program that creates the page. */
  readonly version: string;
  /** Now, ISO 8601. */
  readonly createdAt: string;
}

/**
 * Creates `report.html` from a run's journal, even while the run is in progress.
 *
 * @returns the summary that the page shows.
 * @throws {ReportError}
 */
export async function writeRunPage(options: RunPageOptions): Promise<PastSummary> {
  const { folder, past, state, results, version, createdAt } = options;
  const counts = noCounts();
  const failures = new FailureGroups();
  for (const outcome of outcomesOf(past, state)) {
    count(counts, outcome);
    failures.add(outcome);
  }
  const summary = summaryOf(past, counts, state === 'running' ? createdAt : undefined);
  const { command, file } = past.description;
  await writePage({
    folder,
    run: {
      state,
      summary,
      totalRows: sendsRows({ command }) ? Math.max(file.records, past.lastRow) : undefined,
    },
    version,
    createdAt,
    failures,
    sessions: past.sessions,
    rows: results ?? fieldsOf(outcomesOf(past, state)),
  });
  return summary;
}

/** @param now - ISO 8601, for a run in progress. */
function summaryOf(past: PastRun, counts: Counts, now: string | undefined): PastSummary {
  const { description, end, sessions } = past;
  const { runId, command, org, startedAt } = description;
  const { name, sha256, encoding, delimiter, sheet } = description.file;
  const lastSampleAtMs = sessions.flat().at(-1)?.atMs;
  const lastSeenAt = lastSampleAtMs === undefined ? startedAt : new Date(lastSampleAtMs).toISOString();
  const finishedAt = now ?? end?.at ?? lastSeenAt;
  return {
    runId,
    command,
    file: { name, sha256, encoding, delimiter, ...(sheet !== undefined && { sheet }) },
    org,
    startedAt,
    finishedAt,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
    counts,
    requests: requestsOf(sessions),
    exitCode: past.damage === undefined ? (end?.exitCode ?? null) : Math.max(end?.exitCode ?? 1, 1),
    stoppedBecause:
      end?.stoppedBecause ?? (past.damage === undefined ? null : `its journal is damaged: ${past.damage}`),
  };
}

function* fieldsOf(outcomes: Iterable<RowOutcome>): Generator<readonly string[]> {
  for (const outcome of outcomes) yield resultFields(outcome);
}
