import { readCsv, type Found } from '../csv/records.js';
import type { Source } from '../csv/source.js';
import { JournalError, type Journal, type RunDescription } from '../run/journal.js';
import { applyRow, type ApplyContext } from '../run/apply.js';
import { Brakes, parseMaxFailures } from '../run/brakes.js';
import { lookAtExisting, type Existing } from '../run/existing.js';
import type { PastRun } from '../run/journal-reader.js';
import { notAttempted, outcomeUnknown, type Outcome } from '../run/outcome.js';
import { planImport } from '../run/plan.js';
import { runAll } from '../run/runner.js';
import { countSelected, parseSelection } from '../run/selection.js';
import type { Stop } from '../run/stop.js';
import { RunReport } from '../report/run-report.js';
import type { Summary } from '../report/summary.js';
import type { RequestSettings } from '../settings/load.js';

import type { Checks, RowFlags } from './checks.js';
import { exitCodeOf, showProgress, tellEnd, type TalkFlags } from './ending.js';
import type { OpenOrg, OrgKnowledge } from './org.js';
import type { Surroundings } from './surroundings.js';

/** One import, new or resumed, with everything ready to send. */
export interface ImportRun {
  readonly description: RunDescription;
  readonly folder: string;
  readonly source: Source;
  readonly header: readonly string[];
  /** By the survey of the file. */
  readonly found: Found;
  readonly checks: Checks;
  readonly org: OpenOrg;
  readonly knowledge: OrgKnowledge;
  readonly journal: Journal;
  /** What an earlier process of this run left. */
  readonly past: PastRun | undefined;
  readonly stop: Stop;
  /** Whether the org is gone with this process. */
  readonly isSandbox: boolean;
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
  const progress = showProgress(flags.talk, surroundings, () => ({
    counts: report.counts,
    records,
    wait: org.client.governor.windowWait,
  }));

  const existing = lookAtExisting(flags.rows.ifExists, {
    client: org.client,
    rows: rowsToDo(run, flags.rows),
    folder,
  });
  try {
    const table = await readCsv(source.read(), { found: run.found });
    const context = applyContext(run, existing, surroundings);
    const planned = planImport(checks.check(table.rows), planOptions(run, flags.rows));
    const outcomes = runAll(brakes.gate(planned), (operation) => applyRow(operation, context), {
      concurrency: flags.requests.concurrency,
      signal: stop.signal,
      because: () => stop.because(),
    });
    for await (const { row, outcome: ended } of outcomes) {
      const outcome = orInDoubt(ended, past);
      brakes.hear(outcome);
      if (outcome.status === 'invalid' && past?.outcomeOf(outcome.row) === undefined) {
        await journal.recordOutcome(outcome).catch((error: unknown) => stop.pull({ kind: 'failed', error }));
      }
      await report.add({ row, outcome }).catch((error: unknown) => stop.pull({ kind: 'failed', error }));
    }
  } catch (error) {
    // The file: it changed, or broke off. What was sent has its outcome.
    stop.pull({ kind: 'failed', error });
  } finally {
    await existing?.close();
  }
  await report
    .close(
      records,
      (row) =>
        past?.outcomeOf(row) ??
        orInDoubt(notAttempted({ row, line: 0, cells: [] }, undefined, stop.because()), past),
    )
    .catch((error: unknown) => stop.pull({ kind: 'failed', error }));
  progress?.stop();

  const contradiction = report.contradiction(records);
  if (contradiction !== undefined) stop.pull({ kind: 'failed', error: new Error(contradiction) });
  const { counts } = report;
  const exitCode = exitCodeOf(stop, counts.failed + counts.invalid);
  await journal.recordEnd({ at: new Date(clock.now()).toISOString(), exitCode }).catch((error: unknown) => {
    // The summary and the exit code say it already, when the journal was the reason to stop.
    if (!(error instanceof JournalError)) throw error;
  });
  const { runId, command, file } = description;
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
      causes: report.causes,
      warnings: checks.warnings,
      client: org.client,
      stop,
      exitCode,
      next: (summary) =>
        nextCommand(summary, { folder, report, flags: flags.rows, isSandbox: run.isSandbox }),
    },
    flags.talk,
    surroundings,
  );
  return exitCode;
}

/** A row that an earlier process left in doubt stays in doubt until it is settled, whatever this one did not get to. */
function orInDoubt(outcome: Outcome, past: PastRun | undefined): Outcome {
  if (outcome.status !== 'not-attempted' || past?.inDoubtSinceMs(outcome.row) === undefined) return outcome;
  const { row, line, login, attempts, durationMs, because } = outcome;
  return { row, line, login, attempts, durationMs, status: 'failed', error: outcomeUnknown(because) };
}

/** As far as can be told before they are read. */
function rowsToDo({ description, past }: ImportRun, { only }: RowFlags): number {
  const { records } = description.file;
  return (only === undefined ? records : countSelected(only, records)) - (past?.rowsSettled ?? 0);
}

function planOptions(run: ImportRun, flags: RowFlags): Parameters<typeof planImport>[1] {
  const { past, stop, checks } = run;
  return {
    activate: flags.activate,
    changePassword: flags.changePassword,
    isSelected: flags.only === undefined ? undefined : parseSelection(flags.only),
    settledEarlier: past && ((row) => past.outcomeOf(row)),
    directory: run.knowledge.directory,
    mayExist: flags.ifExists !== 'fail',
    onGroup: (groupId, name) => run.journal.recordGroup(groupId, name),
    columnOf: checks.mapping.columnOf,
    signal: stop.signal,
    because: () => stop.because(),
    stop: (error) => stop.pull({ kind: 'failed', error }),
  };
}

function applyContext(
  run: ImportRun,
  existing: Existing | undefined,
  { clock, random }: Surroundings,
): ApplyContext {
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
    existing,
    pulse: { createdAtMs: Number.NEGATIVE_INFINITY },
    earlier: past && {
      lost: past.lost,
      inDoubtSinceMs: (row) => past.inDoubtSinceMs(row),
      interruptedUpdate: (row) => past.interruptedUpdate(row),
    },
  };
}

function nextCommand(
  { counts, stoppedBecause }: Summary,
  {
    folder,
    report,
    flags,
    isSandbox,
  }: { folder: string; report: RunReport; flags: RowFlags; isSandbox: boolean },
): string[] {
  const { inDoubt } = report;
  if (inDoubt > 0) {
    return [`To find out about the ${inDoubt} in doubt, and go on: okta-csv-import resume ${folder}`];
  }
  if (stoppedBecause !== null) return [`To go on: okta-csv-import resume ${folder}`];
  if (counts.failed + counts.invalid === 0) return [];
  const words = ['okta-csv-import', 'import', `${folder}/failed.csv`, ...flagsAsTyped(flags)];
  if (isSandbox) words.push('--sandbox');
  return [
    `To mend and send what is left, correct ${folder}/failed.csv, then: ${words.map(quotedForShell).join(' ')}`,
  ];
}

/** The flags that decide what becomes of a row, so that mended rows are treated like the others. */
function flagsAsTyped(flags: RowFlags): string[] {
  return [
    ...(flags.mapping === undefined ? [] : ['--mapping', flags.mapping]),
    ...(flags.activate ? [] : ['--no-activate']),
    ...(flags.changePassword ? ['--change-password'] : []),
    ...flags.group.flatMap((group) => ['--group', group]),
    ...(flags.userType === undefined ? [] : ['--user-type', flags.userType]),
    ...(flags.ifExists === 'fail' ? [] : ['--if-exists', flags.ifExists]),
    ...(flags.clearEmpty ? ['--clear-empty'] : []),
    ...(flags.createGroups ? ['--create-groups'] : []),
    ...(flags.ignoreColumns.length === 0 ? [] : ['--ignore-columns', flags.ignoreColumns.join(',')]),
    ...(flags.delimiter === undefined ? [] : ['--delimiter', flags.delimiter]),
  ];
}

function quotedForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
