import type { PastRun } from '../../journal/reader.js';
import type { RowOutcome } from '../../rows/outcome.js';
import type { RunState } from '../../journal/journal-outcomes.js';
import { resultFields } from '../result-fields.js';
import { count, noCounts, type Counts } from '../../rows/counts.js';
import type { Summary } from '../summary.js';
import { FailureGroups } from '../failure-groups.js';

import { requestsOf } from './timeline.js';
import { writePage } from './write-page.js';

export interface RunPageOptions {
  readonly folder: string;
  readonly past: PastRun;
  /** See `runStateOf`. */
  readonly state: RunState;
  /** The run's outcomes, from the first anew at every call: see `outcomesOf`. */
  readonly outcomes: () => Iterable<RowOutcome>;
  /** What `results.csv` holds, when it is whole; else rows are as the journal has them. */
  readonly results?: AsyncIterable<readonly string[]> | undefined;
  /** Of the program that makes the page. */
  readonly version: string;
  /** ISO 8601: now. */
  readonly madeAt: string;
}

/**
 * Makes `report.html` from a run's journal, also while the run is going on.
 *
 * @returns what the page says of the run.
 * @throws {ReportError}
 */
export async function writeRunPage(options: RunPageOptions): Promise<PastSummary> {
  const { folder, past, state, outcomes, results, version, madeAt } = options;
  const counts = noCounts();
  const failures = new FailureGroups();
  for (const outcome of outcomes()) {
    count(counts, outcome);
    failures.add(outcome);
  }
  const summary = summaryOf(past, counts, state === 'running' ? madeAt : undefined);
  await writePage({
    folder,
    run: {
      state,
      summary,
      records:
        past.description.command === 'import'
          ? Math.max(past.description.file.records, past.lastRow)
          : undefined,
    },
    version,
    madeAt,
    failures,
    sessions: past.sessions,
    rows: results ?? fieldsOf(outcomes()),
  });
  return summary;
}

/** The summary of a run as its journal has it; without an exit code where the run has come to no end. */
export type PastSummary = Omit<Summary, 'exitCode'> & { readonly exitCode: number | null };

/** @param nowAt - ISO 8601; for a run that is going on. */
function summaryOf(past: PastRun, counts: Counts, nowAt: string | undefined): PastSummary {
  const { description, end, sessions } = past;
  const { runId, command, org, startedAt } = description;
  const { name, sha256, encoding, delimiter } = description.file;
  const lastMs = sessions.flat().at(-1)?.atMs;
  const lastAt = lastMs === undefined ? startedAt : new Date(lastMs).toISOString();
  const finishedAt = nowAt ?? end?.at ?? lastAt;
  return {
    runId,
    command,
    file: { name, sha256, encoding, delimiter },
    org,
    startedAt,
    finishedAt,
    durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
    counts,
    requests: requestsOf(sessions),
    exitCode: end?.exitCode ?? null,
    stoppedBecause: end?.stoppedBecause ?? null,
  };
}

function* fieldsOf(outcomes: Iterable<RowOutcome>): Generator<readonly string[]> {
  for (const outcome of outcomes) yield resultFields(outcome);
}
