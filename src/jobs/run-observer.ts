import type { PlanEstimate } from '../engine/plan-estimate.js';
import type { PastRun } from '../journal/reader.js';
import type { SyncPlanText } from './sync-plan-text.js';
import type { FailureGroups } from '../report/failure-groups.js';
import type { Summary } from '../report/summary.js';
import type { RowDescriber } from '../report/row-describer.js';
import type { Counts } from '../rows/counts.js';
import type { StopReason } from '../rows/exit-code.js';
import type { RowOutcome } from '../rows/outcome.js';

import type { ImportOptions } from './options.js';
import type { RowPreview } from './row-preview.js';

/** Gets what happens during a job. Terminal, log and metrics file are observers. Every method is synchronous. */
export interface RunObserver {
  /** The first row is about to be processed. */
  started?(run: RunInfo): void;
  /** Several times a second, also while the input is scanned before the run starts. */
  progress?(progress: RunProgress): void;
  /** Rows have their outcomes. */
  rows?(outcomes: readonly RowOutcome[]): void;
  /** Something worth knowing, such as a detected encoding. */
  notice?(message: string): void;
  warning?(warning: Warning): void;
  /** The first rows of a dry run have been mapped. */
  preview?(preview: RowPreview): void;
  /** The run has ended and its report was written. */
  finished?(run: FinishedRun): void;
}

/** A run that starts. */
export interface RunInfo {
  /** `import`, `validate`, `undo` or `activate`. */
  readonly command: string;
  readonly runId: string;
  /** Undefined when the run keeps no files. */
  readonly folder: string | undefined;
  readonly file: string;
  /** Undefined while unknown. */
  readonly sha256: string | undefined;
  /** Rows of the file; undefined while unknown. */
  readonly rows: number | undefined;
  /** Undefined offline. */
  readonly org: string | undefined;
  readonly isResumed: boolean;
  /** Columns of the input; of records, the keys of the first. Empty for an undo or an activation. */
  readonly header: readonly string[];
  /** Reads what may be shown of the rows; undefined for an undo or an activation. */
  readonly describer: RowDescriber | undefined;
}

/** Progress of a run. */
export interface RunProgress {
  /** Name of the file, or of the run, that is being processed. */
  readonly name: string;
  /** `scanning` before the run starts. */
  readonly phase: 'scanning' | 'running';
  readonly counts: Counts;
  /** Rows to process in all; undefined while unknown. */
  readonly rows: number | undefined;
  /** Bytes read of the file; undefined when they say nothing about progress. */
  readonly bytes: { readonly read: number; readonly of: number } | undefined;
  readonly rowsPerMinute: number;
  /** Undefined while it cannot be estimated. */
  readonly timeLeftMs: number | undefined;
  /** What all requests are waiting for. */
  readonly wait: Wait | undefined;
  readonly requests: Summary['requests'];
}

export type Wait =
  | { readonly kind: 'org-unavailable'; readonly seconds: number }
  /** `limit`: requests per minute. */
  | { readonly kind: 'rate-limit'; readonly seconds: number; readonly limit: number | undefined };

/** Something to know about a row or the run that blocks nothing. */
export interface Warning {
  readonly message: string;
  /** Undefined for a warning about the whole run. */
  readonly row?: number | undefined;
  readonly login?: string | undefined;
  readonly column?: string | undefined;
}

/** A run that has ended. */
export interface FinishedRun {
  readonly summary: Summary;
  readonly folder: string | undefined;
  readonly failures: FailureGroups;
  readonly warnings: FailureGroups | undefined;
  /** Rows with an unknown outcome. */
  readonly inDoubt: number;
  /** Undefined when the run reached its end. */
  readonly stopReason: StopReason | undefined;
  /** What an import would do, by a dry run against an org. */
  readonly estimate: PlanEstimate | undefined;
  /** The dry run before an all-or-nothing import; `import` sends nothing then. */
  readonly isGate: boolean;
  /** The input could not be read to its end. */
  readonly isInputBroken: boolean;
  readonly options: ImportOptions;
  /** What a dry run of `sync` would do, for people. */
  readonly syncPlan: SyncPlanText | undefined;
  /** Groups that an undone run created. The undo keeps them. */
  readonly groups: PastRun['groups'];
}

/** Forwards everything to several observers. */
export function combineObservers(...observers: readonly (RunObserver | undefined)[]): RunObserver {
  const present = observers.filter((observer) => observer !== undefined);
  const wantsProgress = present.some((observer) => observer.progress !== undefined);
  const wantsRows = present.some((observer) => observer.rows !== undefined);
  return {
    started: (run) => present.forEach((observer) => observer.started?.(run)),
    ...(wantsProgress && {
      progress: (progress: RunProgress) => present.forEach((observer) => observer.progress?.(progress)),
    }),
    ...(wantsRows && {
      rows: (outcomes: readonly RowOutcome[]) => present.forEach((observer) => observer.rows?.(outcomes)),
    }),
    notice: (message) => present.forEach((observer) => observer.notice?.(message)),
    preview: (preview) => present.forEach((observer) => observer.preview?.(preview)),
    warning: (warning) => present.forEach((observer) => observer.warning?.(warning)),
    finished: (run) => present.forEach((observer) => observer.finished?.(run)),
  };
}
