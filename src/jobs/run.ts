import type { PlanEstimate } from '../engine/plan-estimate.js';
import type { Journal } from '../journal/journal.js';
import type { RunDescription } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import type { OktaClient } from '../okta/client.js';
import type { FailureGroups } from '../report/failure-groups.js';
import type { RowDescriber } from '../report/row-describer.js';
import type { RunReport } from '../report/run-report.js';
import type { RetryResult, StartsLater, SyncCounts } from '../report/summary.js';
import type { Counts } from '../rows/counts.js';
import type { RowOutcome } from '../rows/outcome.js';

import type { ImportOptions } from './options.js';
import type { SyncPlanText } from './sync-plan-text.js';
import type { TrackedRun } from './track-progress.js';

/** One run that is ready to process its rows. */
export interface Run {
  readonly command: string;
  readonly runId: string;
  /** Undefined when the run keeps no files. */
  readonly folder: string | undefined;
  readonly file: Pick<
    RunDescription['file'],
    'name' | 'isEdited' | 'sha256' | 'encoding' | 'delimiter' | 'sheet'
  >;
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
  /** Rows of the input; undefined while unknown. */
  readonly rows: number | undefined;
  readonly startedAtMs: number;
  readonly report: RunReport;
  readonly journal?: Pick<Journal, 'recordSample' | 'recordEnd'> | undefined;
  /** What an earlier process of the run left. */
  readonly past?: PastRun | undefined;
  /** The outcome of a row that was never reached. Absent when only the rows that come out are reported. */
  readonly missing?: ((row: number) => RowOutcome) | undefined;
  /** Whether a row has its outcome from an earlier process. */
  readonly isDoneEarlier?: ((row: number) => boolean) | undefined;
  /** Of those, and of users that were found changed already: counts of what this process did not do. */
  readonly doneBefore?: Counts | undefined;
  readonly warnings?: FailureGroups | undefined;
  readonly tracked?: Partial<TrackedRun> | undefined;
  readonly groups?: PastRun['groups'] | undefined;
  /** Names of the groups that the run created; grows. */
  readonly createdGroups?: readonly string[] | undefined;
  /** As words of a command line. */
  readonly flags?: readonly string[] | undefined;
  /** Whether an activation sends emails. */
  readonly sendsEmail?: boolean | undefined;
  /** Names of the values that the report page shows of every row. */
  readonly fields?: readonly string[] | undefined;
  readonly options?: ImportOptions | undefined;
  readonly header?: readonly string[] | undefined;
  readonly describer?: RowDescriber | undefined;
  readonly isGate?: boolean | undefined;
  /** What became of the rows of the first run in the end, when this one retries some of them. Called when the journal is complete. */
  readonly inTheEnd?: (() => Promise<RetryResult | undefined>) | undefined;
  /** Called at the end, when the input was read. */
  readonly atEnd?: (() => AtEnd) | undefined;
}

/** What is only known at the end of a run. */
export interface AtEnd {
  readonly file?: Run['file'] | undefined;
  readonly estimate?: PlanEstimate | undefined;
  readonly sync?: SyncCounts | undefined;
  readonly syncPlan?: SyncPlanText | undefined;
  readonly wouldStopBecause?: string | undefined;
  readonly startsLater?: StartsLater | undefined;
  /** By default the exit code of an import. */
  readonly exitCode?: ((normal: number, isInputBroken: boolean) => number) | undefined;
}
