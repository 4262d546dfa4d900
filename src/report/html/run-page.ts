import { sendsRows, type RunSettings } from '../../journal/journal-line.js';
import type { PastRun } from '../../journal/reader.js';
import { outcomesOf, type RunState } from '../../journal/journal-outcomes.js';
import { count, noCounts, type Counts } from '../../rows/counts.js';
import { OUTCOME_UNKNOWN, type RowOutcome } from '../../rows/outcome.js';
import { AccountCounter } from '../account-counts.js';
import { FailureGroups } from '../failure-groups.js';
import type { GroupCount } from '../group-counts.js';
import { summaryFile, type PastSummary, type RetryResult, type SyncCounts } from '../summary.js';

import { toPageLine } from './page-columns.js';
import { requestsOf } from './timeline.js';
import { writePage } from './write-page.js';

/** The rows of a run whose files were rebuilt. */
export interface RebuiltRows {
  /** See `PageRows`. */
  readonly lines: AsyncIterable<string>;
  readonly failures: FailureGroups;
  /** Undefined when the file of the run could not be read. */
  readonly groups: readonly GroupCount[] | undefined;
}

export interface RunPageOptions {
  readonly folder: string;
  readonly past: PastRun;
  /** See `runStateOf`. */
  readonly state: RunState;
  /** What the files of the run were rebuilt from; undefined for a run in progress, of which only the journal is known. */
  readonly rebuilt?: RebuiltRows | undefined;
  /** Names of people by row, as far as the file of the run could be read. */
  readonly names?: ReadonlyMap<number, string> | undefined;
  /** What became of the file in the end, with its retries. */
  readonly inTheEnd?: RetryResult | undefined;
  /** Only of a sync. */
  readonly sync?: SyncCounts | undefined;
  /** What can be done now, for people who read the page anywhere. */
  readonly nextSteps?: ((run: PastOutcome) => readonly string[]) | undefined;
  /** The flags of the run, as words of a command line. */
  readonly flags?: readonly string[] | undefined;
  /** Version of the program that creates the page. */
  readonly version: string;
  /** Now, ISO 8601. */
  readonly createdAt: string;
}

/** How a run stands by its journal. */
export interface PastOutcome {
  readonly summary: PastSummary;
  /** Rows with an unknown outcome. */
  readonly inDoubt: number;
  readonly settings: RunSettings;
}

/**
 * Creates `report.html` from a run's journal, even while the run is in progress.
 *
 * @returns the summary that the page shows.
 * @throws {ReportError}
 */
export async function writeRunPage(options: RunPageOptions): Promise<PastSummary> {
  const { folder, past, state, rebuilt, names, version, createdAt } = options;
  const counts = noCounts();
  const failures = new FailureGroups();
  const accounts = new AccountCounter();
  let inDoubt = 0;
  for (const outcome of outcomesOf(past, state)) {
    count(counts, outcome);
    failures.add(outcome, names?.get(outcome.row));
    accounts.add(outcome);
    if (outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN) inDoubt += 1;
  }
  const summary = {
    ...summaryOf(past, counts, state === 'running' ? createdAt : undefined),
    ...(options.inTheEnd && { inTheEnd: options.inTheEnd }),
    ...(options.sync && { sync: options.sync }),
  };
  const { command, file, startedBy, settings } = past.description;
  await writePage({
    folder,
    run: {
      state,
      summary,
      totalRows: sendsRows({ command }) ? Math.max(file.records, past.lastRow) : undefined,
      accounts: accounts.counts,
      groups: rebuilt?.groups,
      createdGroups: past.groups.map(({ name }) => name),
      nextSteps: state === 'running' ? [] : options.nextSteps?.({ summary, inDoubt, settings }),
      startedBy,
      flags: options.flags,
      sendsEmail: settings.links === undefined ? settings.sendEmail : false,
    },
    version,
    createdAt,
    failures: rebuilt?.failures ?? failures,
    sessions: past.sessions,
    lines: rebuilt?.lines ?? linesOf(outcomesOf(past, state), names),
  });
  return summary;
}

/** @param now - ISO 8601, for a run in progress. */
function summaryOf(past: PastRun, counts: Counts, now: string | undefined): PastSummary {
  const { description, end, sessions } = past;
  const { runId, command, org, startedAt } = description;
  const lastSampleAtMs = sessions.flat().at(-1)?.atMs;
  const lastSeenAt = lastSampleAtMs === undefined ? startedAt : new Date(lastSampleAtMs).toISOString();
  const finishedAt = now ?? end?.at ?? lastSeenAt;
  return {
    runId,
    command,
    file: summaryFile(description.file),
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

function* linesOf(
  outcomes: Iterable<RowOutcome>,
  names: ReadonlyMap<number, string> | undefined,
): Generator<string> {
  // Numbers the causes as the first pass over the same outcomes did.
  const failures = new FailureGroups();
  for (const outcome of outcomes) {
    const causes = failures.add(outcome);
    yield toPageLine(outcome, { name: names?.get(outcome.row) ?? '', causes });
  }
}
