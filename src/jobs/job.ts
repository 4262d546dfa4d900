import type { Clock } from '../clock.js';
import { JournalError } from '../journal/journal.js';
import { LockLostError } from '../journal/lock-file.js';
import { SampleRecorder } from '../journal/progress-samples.js';
import type { OktaClient } from '../okta/client.js';
import { summaryFile, type RetryResult, type Summary } from '../report/summary.js';
import type { Cancellation } from '../rows/cancellation.js';
import { exitCodeOf } from '../rows/exit-code.js';
import { count, nonZero } from '../rows/counts.js';
import { notAttempted, type CompletedRow, type RowOutcome } from '../rows/outcome.js';

import type { Run } from './run.js';
import type { FinishedRun } from './run-observer.js';
import { requestsOf, trackProgress } from './track-progress.js';
import { withHint, writeReport, type ReportContext } from './write-report.js';

/** What a job needs of the process it runs in. */
export interface JobContext extends ReportContext {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The org of a job. */
export interface OpenOrg {
  readonly client: OktaClient;
  close(): Promise<void>;
}

/** How a job ended. */
export interface JobResult {
  /** See the README, "Exit codes". */
  readonly exitCode: number;
}

/** A job yields rows as they are completed, in batches. Nothing happens until it is iterated. */
export type Job<Result = JobResult> = AsyncGenerator<readonly CompletedRow[], Result, undefined>;

/** Runs a job to its end. */
export async function runToEnd<Result>(job: Job<Result>): Promise<Result> {
  for (;;) {
    const next = await job.next();
    if (next.done === true) return next.value;
  }
}

const REVERTED_OR_ACTIVATED: ReadonlySet<string> = new Set(['removed', 'restored', 'activated']);

/**
 * Processes and reports the rows of a run: the part that all jobs share.
 *
 * @param batches - completed rows, as they come. If they throw, the run ends early: what was sent has its outcome.
 */
export async function* processRows(
  run: Run,
  batches: AsyncIterable<readonly CompletedRow[]>,
  context: JobContext,
): Job {
  try {
    return yield* processAndReport(run, batches, context);
  } finally {
    run.report.release();
  }
}

async function* processAndReport(
  run: Run,
  batches: AsyncIterable<readonly CompletedRow[]>,
  context: JobContext,
): Job {
  const { observer, clock, cancellation } = context;
  const { report, journal, rows, folder } = run;
  observer?.started?.({
    command: run.command,
    runId: run.runId,
    folder,
    file: run.file.name,
    sha256: run.file.sha256 === '' ? undefined : run.file.sha256,
    rows,
    org: run.client?.orgUrl,
    isResumed: run.past !== undefined,
    header: run.header ?? [],
    describer: run.describer,
  });
  const tracked = { name: run.file.name, counts: report.counts, client: run.client, rows, ...run.tracked };
  const stopProgress = trackProgress({ phase: 'running', ...tracked }, context);
  const samples = new SampleRecorder({
    clock,
    client: run.client,
    write: journal && ((sample) => journal.recordSample(sample)),
  });
  samples.start();
  let isInputBroken = false;
  try {
    for await (const batch of batches) {
      for (const completed of batch) {
        const { row, status } = completed.outcome;
        const isDoneEarlier = run.isDoneEarlier?.(row) === true;
        if (status !== 'not-attempted' && !isDoneEarlier) samples.count(status);
        const isFoundDone = completed.outcome.attempts === 0 && REVERTED_OR_ACTIVATED.has(status);
        if (run.doneBefore && (isDoneEarlier || isFoundDone)) count(run.doneBefore, completed.outcome);
        const written = report.add(completed)?.catch(cancellation.fail);
        if (written !== undefined) await written;
      }
      observer?.rows?.(batch.map(({ outcome }) => outcome));
      yield batch;
    }
  } catch (error) {
    isInputBroken = !cancellation.isAborted;
    cancellation.fail(error);
  } finally {
    stopProgress();
    samples.stop();
  }
  const notReached = (row: number): RowOutcome =>
    notAttempted({ row, line: 0 }, undefined, cancellation.stopReason());
  await report.close(run.missing && rows, run.missing ?? notReached).catch(cancellation.fail);
  if (run.missing !== undefined && rows !== undefined) {
    const contradiction = report.contradiction(rows);
    if (contradiction !== undefined) cancellation.fail(new Error(contradiction));
  }
  const finish = finisherOf(run, isInputBroken, context);
  const { finishedAt, exitCode: soFar, stoppedBecause } = finish().summary;
  const end = { at: finishedAt, exitCode: soFar, stoppedBecause };
  await journal?.recordEnd(end).catch((error: unknown) => {
    if (!(error instanceof JournalError || error instanceof LockLostError)) throw error;
    cancellation.fail(error);
  });
  const inTheEnd = await run.inTheEnd?.();
  if (report.hasFiles && folder !== undefined && !isTakenOver(cancellation)) {
    await writeReport(run, folder, finish(inTheEnd), samples.samples, context);
  }
  // What could not be written counts as well.
  const finished = finish(inTheEnd);
  const { exitCode } = finished.summary;
  // A dry run that lets the import go ahead is not the end.
  if (!finished.isGate || exitCode !== 0) observer?.finished?.(finished);
  return { exitCode };
}

/** How a run ends, as far as that is known when the result is called. */
function finisherOf(
  run: Run,
  isInputBroken: boolean,
  { clock, cancellation }: JobContext,
): (inTheEnd?: RetryResult) => FinishedRun {
  const { report, folder } = run;
  const {
    file = run.file,
    estimate,
    sync,
    syncPlan,
    wouldStopBecause,
    startsLater,
    exitCode: adjust,
  } = run.atEnd?.() ?? {};
  const { counts } = report;
  const finishedAtMs = clock.now();
  const finishedAt = new Date(finishedAtMs).toISOString();
  const exitCode = (): number => {
    const normal = exitCodeOf(cancellation.reason, counts.failed + counts.invalid + counts.kept);
    return adjust?.(normal, isInputBroken) ?? normal;
  };
  const summarize = (inTheEnd: RetryResult | undefined): Summary => ({
    runId: run.runId,
    command: run.command,
    file: summaryFile(file),
    org: run.client?.orgUrl ?? null,
    startedAt: new Date(run.startedAtMs).toISOString(),
    finishedAt,
    durationMs: Math.round(finishedAtMs - run.startedAtMs),
    counts,
    ...(run.doneBefore && { doneBefore: nonZero(run.doneBefore) }),
    requests: requestsOf(run.client),
    ...(estimate && { plan: estimate }),
    ...(sync && { sync }),
    ...(wouldStopBecause !== undefined && { wouldStopBecause }),
    ...(startsLater && { startsLater }),
    ...(inTheEnd && { inTheEnd }),
    exitCode: exitCode(),
    stoppedBecause: stopMessage(cancellation),
  });
  return (inTheEnd) => ({
    summary: summarize(inTheEnd),
    folder,
    failures: report.failures,
    warnings: run.warnings,
    inDoubt: report.inDoubt,
    stopReason: cancellation.reason,
    estimate,
    isGate: run.isGate ?? false,
    isInputBroken,
    options: run.options ?? {},
    syncPlan,
    groups: run.groups ?? [],
  });
}

/** Whether another process works on the run now, and writes its files. */
function isTakenOver({ reason }: Cancellation): boolean {
  return reason?.kind === 'failed' && reason.error instanceof LockLostError;
}

/** Why a run did not reach its end; null when it did. */
function stopMessage({ reason }: Cancellation): string | null {
  switch (reason?.kind) {
    case undefined:
      return null;
    case 'interrupted':
      return `interrupted by ${reason.signal}`;
    case 'stop-condition':
      return reason.condition;
    case 'failed':
      return withHint(reason.error);
    default:
      return reason satisfies never;
  }
}
