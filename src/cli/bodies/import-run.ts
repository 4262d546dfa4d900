import { readCsv, type Found } from '../../csv/records.js';
import type { Source } from '../../csv/source.js';
import { importRows, orInDoubt, type Importing } from '../../jobs/import-rows.js';
import type { OrgMetadata } from '../../org/org-metadata.js';
import { JournalError, type Journal } from '../../journal/journal.js';
import type { RunDescription } from '../../journal/journal-line.js';
import { StopConditions, parseMaxFailures } from '../../engine/stop-conditions.js';
import type { PastRun } from '../../journal/reader.js';
import { notAttempted } from '../../rows/outcome.js';
import { SampleRecorder } from '../../journal/progress-samples.js';
import { countSelected, parseSelection } from '../../rows/row-selection.js';
import type { Cancellation } from '../../rows/cancellation.js';
import { RunReport } from '../../report/run-report.js';
import type { RequestSettings } from '../../settings/requests.js';

import type { GatheringChecks, RowFlags } from './load-mapping.js';
import { exitCodeOf, stoppedBecause, tellEnd, type OutputFlags } from './finish.js';
import type { OpenOrg } from '../connect.js';
import { logRow } from '../row-log.js';
import { nextSteps, type RepeatedFlags } from '../next-steps.js';
import { followRun } from '../show-progress.js';
import type { CommandContext } from '../command-context.js';

/** One import, new or resumed, with everything ready to send. */
export interface ImportRun {
  readonly description: RunDescription;
  readonly folder: string;
  readonly source: Source;
  readonly header: readonly string[];
  /** By the survey of the file. */
  readonly found: Found;
  readonly checks: GatheringChecks;
  readonly org: OpenOrg;
  readonly knowledge: OrgMetadata;
  readonly journal: Journal;
  /** What an earlier process of this run left. */
  readonly past: PastRun | undefined;
  readonly cancellation: Cancellation;
}

export interface ImportRunFlags extends RepeatedFlags {
  readonly requests: RequestSettings;
  readonly talk: OutputFlags;
}

/** Sends the rows and reports them. @returns the exit code. */
export async function runImport(
  run: ImportRun,
  flags: ImportRunFlags,
  surroundings: CommandContext,
): Promise<number> {
  const { description, folder, source, checks, org, journal, past, cancellation } = run;
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
  const brakes = new StopConditions({
    canary,
    maxFailures: maxFailures === undefined ? undefined : parseMaxFailures(maxFailures, records),
    isSettledEarlier: past && ((row) => past.isSettled(row)),
    cancellation,
  });
  const { runId, command, file } = description;
  const begun = {
    command,
    runId,
    folder,
    file: file.name,
    sha256: file.sha256,
    records,
    org: description.org,
    isResumed: past !== undefined,
  };
  const progress = followRun(flags.talk, surroundings, begun, {
    name: source.name,
    client: org.client,
    counts: () => report.counts,
    records,
  });

  const samples = new SampleRecorder({
    clock,
    client: org.client,
    write: (sample) => journal.recordSample(sample),
  });
  samples.start();
  const fail = (error: unknown): void => cancellation.fail(error);
  try {
    const table = await readCsv(source.read(), { found: run.found });
    for await (const batch of importRows(table.batches, importing(run, brakes, flags, surroundings))) {
      for (const finished of batch) {
        logRow(surroundings.terminal, finished.outcome);
        const { row, status } = finished.outcome;
        if (status !== 'not-attempted' && past?.isSettled(row) !== true) samples.count(status);
        const isWritten = report.add(finished)?.catch(fail);
        if (isWritten !== undefined) await isWritten;
      }
    }
  } catch (error) {
    // The file: it changed, or broke off. What was sent has its outcome.
    fail(error);
  }
  await report
    .close(
      records,
      (row) =>
        past?.outcomeOf(row) ??
        orInDoubt(notAttempted({ row, line: 0 }, undefined, cancellation.stopReason()), past),
    )
    .catch(fail);
  progress?.stop();
  samples.stop();

  const contradiction = report.contradiction(records);
  if (contradiction !== undefined) cancellation.abort({ kind: 'failed', error: new Error(contradiction) });
  const { counts } = report;
  const exitCode = exitCodeOf(cancellation, counts.failed + counts.invalid);
  const end = {
    at: new Date(clock.now()).toISOString(),
    exitCode,
    stoppedBecause: stoppedBecause(cancellation),
  };
  await journal.recordEnd(end).catch((error: unknown) => {
    // The summary and the exit code say it already, when the journal was the reason to stop.
    if (!(error instanceof JournalError)) throw error;
  });
  const about = {
    runId,
    command,
    file: { name: file.name, sha256: file.sha256, encoding, delimiter },
    org: description.org,
  };
  await tellEnd(
    {
      folder,
      about,
      startedAtMs,
      counts,
      failures: report.failures,
      warnings: checks.warnings,
      client: org.client,
      cancellation,
      exitCode,
      records,
      sessions: [...(past?.sessions ?? []), samples.samples],
      next: (summary) =>
        nextSteps(
          summary,
          { folder, inDoubt: report.inDoubt, isBraked: cancellation.reason?.kind === 'stop-condition' },
          flags,
        ),
    },
    flags.talk,
    surroundings,
  );
  return exitCode;
}

function importing(
  run: ImportRun,
  brakes: StopConditions,
  { rows, requests }: ImportRunFlags,
  { clock, random }: CommandContext,
): Importing {
  const { checks, journal, past, folder, cancellation } = run;
  return {
    client: run.org.client,
    groupResolver: run.knowledge.groupResolver,
    checks,
    rules: rows,
    isSelected: rows.only === undefined ? undefined : parseSelection(rows.only),
    expectedRows: rowsToDo(run, rows),
    stopConditions: brakes,
    journal,
    past,
    folder,
    concurrency: requests.concurrency,
    cancellation,
    clock,
    random,
  };
}

/** As far as can be told before they are read. */
function rowsToDo({ description, past }: ImportRun, { only }: RowFlags): number {
  const { records } = description.file;
  return (only === undefined ? records : countSelected(only, records)) - (past?.rowsSettled ?? 0);
}
