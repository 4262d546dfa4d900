import { readCsv } from '../csv/records.js';
import type { Source } from '../csv/source.js';
import type { OktaClient } from '../okta/client.js';
import { JournalError, type Journal, type RunDescription } from '../run/journal.js';
import { applyCreate, type ApplyContext } from '../run/apply.js';
import { Brakes, parseMaxFailures } from '../run/brakes.js';
import type { PastRun } from '../run/journal-reader.js';
import { notAttempted } from '../run/outcome.js';
import { planImport } from '../run/plan.js';
import { runAll } from '../run/runner.js';
import { parseSelection } from '../run/selection.js';
import type { Stop } from '../run/stop.js';
import { RunReport } from '../report/run-report.js';
import { writeSummary, type Summary } from '../report/summary.js';
import { closingWords, Progress } from '../report/terminal.js';
import type { RequestSettings } from '../settings/load.js';

import type { Checks, RowFlags } from './checks.js';
import type { OpenOrg, OrgKnowledge } from './org.js';
import type { Surroundings } from './surroundings.js';

/** What is said, and where. */
export interface TalkFlags {
  /** The summary as JSON on standard output. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** One import, new or resumed, with everything ready to send. */
export interface ImportRun {
  readonly description: RunDescription;
  readonly folder: string;
  readonly source: Source;
  readonly header: readonly string[];
  readonly checks: Checks;
  readonly org: OpenOrg;
  readonly knowledge: OrgKnowledge;
  readonly journal: Journal;
  /** What an earlier process of this run left. */
  readonly past: PastRun | undefined;
  readonly stop: Stop;
}

/** When a run with a wrong mapping stops by itself. */
export interface BrakeFlags {
  readonly canary: number | undefined;
  /** `20` or `5%`. */
  readonly maxFailures: string | undefined;
}

export interface ImportRunFlags {
  readonly brakes: BrakeFlags;
  readonly rows: RowFlags;
  readonly requests: RequestSettings;
  readonly talk: TalkFlags;
}

/** Sends the rows and reports them. @returns the exit code. */
export async function runImport(
  run: ImportRun,
  flags: ImportRunFlags,
  surroundings: Surroundings,
): Promise<number> {
  const { description, folder, source, checks, org, journal, past, stop } = run;
  const { clock } = surroundings;
  const startedAtMs = clock.now();
  const { encoding, delimiter, records } = description.file;
  const report = await RunReport.open({
    folder,
    header: run.header,
    delimiter,
    secretColumns: checks.mapping.secretColumns,
  });
  const { canary, maxFailures } = flags.brakes;
  const brakes = new Brakes({
    canary,
    maxFailures: maxFailures === undefined ? undefined : parseMaxFailures(maxFailures, records),
    stop,
  });
  const progress = showProgress(run, report, flags.talk, surroundings);

  try {
    const table = await readCsv(source.read(), { encoding, delimiter });
    const planned = planImport(checks.check(table.rows), planOptions(run, flags.rows));
    const outcomes = runAll(
      brakes.gate(planned),
      (operation) => applyCreate(operation, applyContext(run, surroundings)),
      {
        concurrency: flags.requests.concurrency,
        signal: stop.signal,
        because: () => stop.because(),
      },
    );
    for await (const finished of outcomes) {
      const { outcome } = finished;
      brakes.hear(outcome);
      if (outcome.status === 'invalid' && past?.outcomeOf(outcome.row) === undefined) {
        await journal.recordOutcome(outcome).catch((error: unknown) => stop.pull({ kind: 'failed', error }));
      }
      await report.add(finished).catch((error: unknown) => stop.pull({ kind: 'failed', error }));
    }
  } catch (error) {
    // The file: it changed, or broke off. What was sent has its outcome.
    stop.pull({ kind: 'failed', error });
  }
  await report
    .close(
      records,
      (row) => past?.outcomeOf(row) ?? notAttempted({ row, line: 0, cells: [] }, undefined, stop.because()),
    )
    .catch((error: unknown) => stop.pull({ kind: 'failed', error }));
  progress?.stop();

  const contradiction = report.contradiction(records);
  if (contradiction !== undefined) stop.pull({ kind: 'failed', error: new Error(contradiction) });
  const { counts } = report;
  const exitCode = exitCodeOf(stop, counts.failed + counts.invalid);
  const finishedAtMs = clock.now();
  const summary: Summary = {
    runId: description.runId,
    command: description.command,
    file: {
      name: description.file.name,
      sha256: description.file.sha256,
      encoding,
      delimiter,
    },
    org: description.org,
    startedAt: description.startedAt,
    finishedAt: new Date(finishedAtMs).toISOString(),
    durationMs: Math.round(finishedAtMs - startedAtMs),
    counts,
    requests: requestsOf(org.client),
    exitCode,
    stoppedBecause: stop.reason === undefined ? null : wordsOf(stop),
  };
  await journal.recordEnd({ at: summary.finishedAt, exitCode }).catch((error: unknown) => {
    // The summary and the exit code say it already, when the journal was the reason to stop.
    if (!(error instanceof JournalError)) throw error;
  });
  await writeSummary(folder, summary).catch((error: unknown) =>
    surroundings.stderr.write(`${wordsOfError(error)}\n`),
  );
  if (flags.talk.json) surroundings.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  if (!flags.talk.quiet) {
    const words = [...closingWords(summary, report.causes, folder), ...nextCommand(summary, folder)];
    surroundings.stderr.write(`${words.join('\n')}\n`);
  } else if (summary.stoppedBecause !== null) {
    surroundings.stderr.write(`Stopped early: ${summary.stoppedBecause}\n`);
  }
  return exitCode;
}

/** What the client has sent, for the summary. */
export function requestsOf(client: OktaClient): Summary['requests'] {
  const { sent, rateLimited, concurrencyLimited, waits, waitedMs } = client.governor.stats;
  return {
    sent,
    retried: client.retried,
    rateLimited: rateLimited + concurrencyLimited,
    concurrencyLimited,
    waits,
    waitedMs: Math.round(waitedMs),
  };
}

function planOptions(run: ImportRun, flags: RowFlags): Parameters<typeof planImport>[1] {
  const { past, stop, checks } = run;
  return {
    activate: flags.activate,
    changePassword: flags.changePassword,
    isSelected: flags.only === undefined ? undefined : parseSelection(flags.only),
    settledEarlier: past && ((row) => past.outcomeOf(row)),
    directory: run.knowledge.directory,
    columnOf: checks.mapping.columnOf,
    signal: stop.signal,
    because: () => stop.because(),
    stop: (error) => stop.pull({ kind: 'failed', error }),
  };
}

function applyContext(run: ImportRun, { clock, random }: Surroundings): ApplyContext {
  const { past, stop } = run;
  return {
    client: run.org.client,
    journal: run.journal,
    clock,
    random,
    signal: stop.signal,
    stop: (error) => stop.pull({ kind: 'failed', error }),
    because: () => stop.because(),
    columnOf: run.checks.mapping.columnOf,
    earlier: past && {
      startedAtMs: past.description.startedAtOrgMs,
      inDoubtSinceMs: (row) => past.inDoubtSinceMs(row),
    },
  };
}

function showProgress(
  { description, org }: ImportRun,
  report: RunReport,
  talk: TalkFlags,
  { stderr, clock, isInteractive }: Surroundings,
): Progress | undefined {
  if (talk.quiet || !talk.progress) return undefined;
  return new Progress({
    stderr,
    now: () => clock.now(),
    isInteractive,
    state: () => ({
      counts: report.counts,
      records: description.file.records,
      wait: org.client.governor.windowWait,
    }),
  });
}

/** How a run ended, for the shell: see the README, "Exit codes". */
export function exitCodeOf({ reason }: Stop, badRows: number): number {
  if (reason?.kind === 'interrupted') return reason.signal === 'SIGINT' ? 130 : 143;
  if (reason !== undefined) return 3;
  return badRows > 0 ? 1 : 0;
}

export function wordsOf({ reason }: Stop): string {
  switch (reason?.kind) {
    case 'interrupted':
      return `interrupted by ${reason.signal}`;
    case 'brake':
      return reason.because;
    default:
      return wordsOfError(reason?.error);
  }
}

function wordsOfError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? ` ${error.hint}` : '';
  return message + hint;
}

function nextCommand({ counts, stoppedBecause }: Summary, folder: string): string[] {
  if (stoppedBecause !== null) return [`To go on: okta-csv-import resume ${folder}`];
  if (counts.failed + counts.invalid === 0) return [];
  return [
    `To mend and send what is left, correct ${folder}/failed.csv, then: okta-csv-import import ${folder}/failed.csv`,
  ];
}
