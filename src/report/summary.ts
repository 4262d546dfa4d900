import { join } from 'node:path';

import type { PlanEstimate } from '../engine/plan-estimate.js';
import { replacePrivateFile } from '../private-file.js';
import type { Counts } from '../rows/counts.js';
import type { CountName } from '../rows/status-table.js';

import { ReportError } from './report-error.js';

/** How many people a sync concerns, in `summary.json`. */
export interface SyncCounts {
  readonly dataset: string;
  /** People who get a user. */
  joiners: number;
  /** Existing users who are changed, without leavers and returners. */
  movers: number;
  /** Users with a new login or email address. */
  renames: number;
  /** Users with values that were edited in Okta and are kept. */
  keptEdits: number;
  /** People who are no longer in the file, or whose last day has passed. */
  leavers: number;
  /** People who are back in the file. */
  returners: number;
  /** Existing users who become members of the data set. */
  adopted: number;
}

/** People who are activated later, on their start dates. */
export interface StartsLater {
  readonly users: number;
  /** The first of those days, `YYYY-MM-DD`. */
  readonly next: string;
}

/** What became of a file in the end, when its failed rows were corrected and imported. */
export interface RetryResult {
  /** Of the first run of the file. */
  readonly runId: string;
  /** Name of its file. */
  readonly file: string;
  /** Rows of that file. */
  readonly rows: number;
  /** Those that have succeeded since, in any of the runs. */
  readonly succeeded: number;
}

/** The content of `summary.json`, which `--json` prints. */
export interface Summary {
  readonly runId: string;
  readonly command: string;
  readonly file: {
    readonly name: string;
    /** Whether a copy with the edits of the local page was read in its place. Absent if not. */
    readonly isEdited?: boolean | undefined;
    /** Of the file that was read. */
    readonly sha256: string;
    readonly encoding: string;
    readonly delimiter: string;
    /** Of a workbook: name of the sheet that was read. */
    readonly sheet?: string | undefined;
  };
  /** URL of the org; null for an offline dry run. */
  readonly org: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly counts: Counts;
  /** Only for undo and activate: how many of the counted users had been changed before this process started. */
  readonly doneBefore?: Partial<Record<CountName, number>> | undefined;
  readonly requests: {
    readonly sent: number;
    readonly retried: number;
    /** Responses with status 429, of both kinds. */
    readonly rateLimited: number;
    /** The 429s of the limit on concurrent requests. */
    readonly concurrencyLimited: number;
    /** Waits for the next rate-limit window. */
    readonly waits: number;
    readonly waitedMs: number;
  };
  /** For dry runs that read the org: what an import would do. */
  readonly plan?: PlanEstimate | undefined;
  /** Only of `sync`. */
  readonly sync?: SyncCounts | undefined;
  /** Only of dry runs of `sync` whose plan would stop the run before its first write: why, for people. */
  readonly wouldStopBecause?: string | undefined;
  /** Only of runs that left people staged because they start later. */
  readonly startsLater?: StartsLater | undefined;
  /** For imports of a corrected `failed.csv`. */
  readonly inTheEnd?: RetryResult | undefined;
  readonly exitCode: number;
  /** Why the run stopped early, for people; null when it did not. */
  readonly stoppedBecause: string | null;
}

/** What is known of a file, without anything else. */
export function summaryFile({
  name,
  isEdited = false,
  sha256,
  encoding,
  delimiter,
  sheet,
}: Summary['file']): Summary['file'] {
  return {
    name,
    ...(isEdited && { isEdited }),
    sha256,
    encoding,
    delimiter,
    ...(sheet !== undefined && { sheet }),
  };
}

/** The summary of a run by its journal; without an exit code if the run has not ended. */
export type PastSummary = Omit<Summary, 'exitCode'> & { readonly exitCode: number | null };

/** Why a run has no outcomes. */
export function emptyRunText(command: string): string {
  if (command === 'undo') return 'There was nothing to undo.';
  if (command === 'activate') return 'There were no STAGED users to activate.';
  if (command === 'remind') return 'There was no one to remind.';
  return 'The file has a header but no rows.';
}

/** Writes `summary.json` atomically, so that a process watching the folder never reads half of it. @throws {ReportError} */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  const path = join(folder, 'summary.json');
  try {
    await replacePrivateFile(path, `${JSON.stringify(summary, undefined, 2)}\n`);
  } catch (error) {
    throw new ReportError(path, error);
  }
}
