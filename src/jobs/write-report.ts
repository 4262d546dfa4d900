import { resolve } from 'node:path';

import { messageWithHint, OktaImportError } from '../errors.js';
import type { StartedBy } from '../journal/journal-line.js';
import type { Sample } from '../journal/progress-samples.js';
import { writeSummary } from '../report/summary.js';
import type { Cancellation } from '../rows/cancellation.js';
import { messageOf } from '../text.js';

import type { Run } from './run.js';
import type { FinishedRun, RunObserver } from './run-observer.js';

/** What a report has to know of the process that writes it. */
export interface ReportContext {
  /** Of the program. */
  readonly version: string;
  readonly observer?: RunObserver | undefined;
  readonly cancellation: Cancellation;
  /** Who runs the job, for its journal and report. */
  readonly startedBy?: StartedBy | undefined;
  /** What can be done when the run has ended, for people who read its report page anywhere: all paths are absolute. */
  readonly nextSteps?: ((run: FinishedRun) => readonly string[]) | undefined;
}

/** Writes `summary.json` and `report.html`. */
export async function writeReport(
  run: Run,
  folder: string,
  finished: FinishedRun,
  samples: readonly Sample[],
  { version, observer, cancellation, ...context }: ReportContext,
): Promise<void> {
  const { summary, failures, warnings } = finished;
  const { report, past } = run;
  await writeSummary(folder, summary).catch(cancellation.fail);
  // Loaded now: nothing before the end of a run needs it.
  const { writePage } = await import('../report/html/write-page.js');
  await writePage({
    folder,
    run: {
      state: 'ended',
      summary,
      totalRows: run.missing && run.rows,
      accounts: report.accounts.counts,
      groups: report.groups.counts,
      createdGroups: run.createdGroups,
      nextSteps: context.nextSteps?.({ ...finished, folder: resolve(folder) }),
      startedBy: past?.description.startedBy ?? context.startedBy,
      flags: run.flags,
      sendsEmail: run.options?.links === undefined ? run.sendsEmail : false,
    },
    version,
    createdAt: summary.finishedAt,
    failures,
    warnings,
    sessions: [...(past?.sessions ?? []), samples],
    lines: report.pageLines ?? [],
    fields: run.fields,
  }).catch((error: unknown) => observer?.warning?.({ message: withHint(error) }));
}

/** An error and what to do about it, in one text. */
export function withHint(error: unknown): string {
  return error instanceof OktaImportError ? messageWithHint(error) : messageOf(error);
}
