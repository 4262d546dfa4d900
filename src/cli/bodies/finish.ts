import { join } from 'node:path';

import type { Found } from '../../csv/records.js';
import type { OktaClient } from '../../okta/client.js';
import { OktaImportError } from '../../errors.js';
import type { FailureGroups } from '../../report/failure-groups.js';
import { summaryText } from '../summary-text.js';
import type { Counts } from '../../rows/counts.js';
import { writeSummary, type Summary } from '../../report/summary.js';
import type { PlanEstimate } from '../../engine/plan-estimate.js';
import type { Sample } from '../../journal/progress-samples.js';
import { exitCodeFor, type Cancellation } from '../../rows/cancellation.js';

import type { InterruptSignal, CommandContext } from '../command-context.js';
import { escapeControlCharacters, messageOf } from '../../text.js';

/** What is said, and where. */
export interface OutputFlags {
  /** The summary as JSON on standard output. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** The first signal: what is in flight is finished, nothing more is begun. */
export function interrupt(
  cancellation: Cancellation,
  signal: InterruptSignal,
  { quiet }: OutputFlags,
  { terminal }: CommandContext,
): void {
  cancellation.abort({ kind: 'interrupted', signal });
  const words = ['', 'Finishing what is in flight; once more leaves at once, and can be resumed as well.'];
  terminal.log('run.interrupted', { signal }, quiet ? [] : words);
}

/** A run that has come to its end, or to a stop. */
export interface EndedRun {
  readonly folder: string;
  readonly about: Pick<Summary, 'runId' | 'command' | 'file' | 'org'>;
  readonly startedAtMs: number;
  readonly counts: Counts;
  readonly failures: FailureGroups;
  /** What was odd about rows that were not kept from being sent. */
  readonly warnings?: FailureGroups | undefined;
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
  readonly cancellation: Cancellation;
  readonly exitCode: number;
  /** Data records of the file; undefined where what was counted is all there is. */
  readonly records: number | undefined;
  /** Of every process that was at work on the run, for the page's charts. */
  readonly sessions: readonly (readonly Sample[])[];
  /** A dry run with the org: what an import would do. */
  readonly forecast?: PlanEstimate | undefined;
  /** What to say last. */
  readonly next: (summary: Summary) => readonly string[];
}

/** Says what the file was taken for without being told: the reader may know better. */
export function tellNotices({ notices }: Found, { quiet }: OutputFlags, { terminal }: CommandContext): void {
  if (quiet) return;
  for (const notice of notices) terminal.info(escapeControlCharacters(notice));
}

/** Writes `summary.json` and `report.html`, and says how it went. */
export async function tellEnd(
  run: EndedRun,
  flags: OutputFlags,
  { clock, stdout, terminal, version }: CommandContext,
): Promise<Summary> {
  const finishedAtMs = clock.now();
  const summary: Summary = {
    ...run.about,
    startedAt: new Date(run.startedAtMs).toISOString(),
    finishedAt: new Date(finishedAtMs).toISOString(),
    durationMs: Math.round(finishedAtMs - run.startedAtMs),
    counts: run.counts,
    requests: requestsOf(run.client),
    ...(run.forecast && { plan: run.forecast }),
    exitCode: run.exitCode,
    stoppedBecause: stoppedBecause(run.cancellation),
  };
  const complain = (error: unknown): void => terminal.warn(wordsOfError(error));
  await writeSummary(run.folder, summary).catch(complain);
  await writeEndedPage(run, summary, version).catch(complain);
  if (flags.json) stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  // Quiet is for cron, which mails whatever is said: nothing when all is well.
  // A check that stands before an import is not worth a word when all is well.
  if (flags.quiet && !terminal.isQuiet && summary.exitCode === 0) return summary;
  const next = run.next(summary);
  const { command, runId, file, org, counts, requests, durationMs, exitCode } = summary;
  terminal.log(
    'run.ended',
    {
      command,
      runId,
      folder: run.folder,
      file: file.name,
      sha256: file.sha256,
      org,
      counts,
      requests,
      durationMs,
      exitCode,
      stoppedBecause: summary.stoppedBecause,
      next,
    },
    summaryText(summary, { ...run, next, paint: terminal.colorize }),
    exitCode === 0 ? 'info' : 'error',
  );
  return summary;
}

/** @param client - undefined offline. */
export function requestsOf(client: OktaClient | undefined): Summary['requests'] {
  const stats = client?.governor.stats;
  return {
    sent: stats?.sent ?? 0,
    retried: client?.retried ?? 0,
    rateLimited: (stats?.rateLimited ?? 0) + (stats?.concurrencyLimited ?? 0),
    concurrencyLimited: stats?.concurrencyLimited ?? 0,
    waits: stats?.waits ?? 0,
    waitedMs: Math.round(stats?.waitedMs ?? 0),
  };
}

/** How a run that sends ended, for the shell: see the README, "Exit codes". */
export function exitCodeOf({ reason }: Cancellation, badRows: number): number {
  if (reason !== undefined) return exitCodeFor(reason);
  return badRows > 0 ? 1 : 0;
}

/** The page of a run that has just ended: its rows are those of `results.csv`. */
async function writeEndedPage(run: EndedRun, summary: Summary, version: string): Promise<void> {
  const { folder, records, failures, warnings, sessions } = run;
  // Loaded only now: nothing before the end of a run needs it.
  const [{ writePage }, { readResults }] = await Promise.all([
    import('../../report/html/write-page.js'),
    import('../../report/results-reader.js'),
  ]);
  await writePage({
    folder,
    run: { state: 'ended', summary, totalRows: records },
    version,
    createdAt: summary.finishedAt,
    failures,
    warnings,
    sessions,
    rows: readResults(join(folder, 'results.csv')),
  });
}

/** In words why a run did not come to the end of its file; null when it did. */
export function stoppedBecause({ reason }: Cancellation): string | null {
  switch (reason?.kind) {
    case undefined:
      return null;
    case 'interrupted':
      return `interrupted by ${reason.signal}`;
    case 'stop-condition':
      return reason.condition;
    default:
      return wordsOfError(reason?.error);
  }
}

function wordsOfError(error: unknown): string {
  const message = messageOf(error);
  // Okta's own sentences have no full stop.
  return error instanceof OktaImportError
    ? `${message.replace(/([^.!?:)])$/, '$1.')} ${error.hint}`
    : message;
}
