import { join } from 'node:path';

import { OktaImportError } from '../errors.js';
import { JOURNAL_FILE, sendsRows } from '../journal/journal-line.js';
import { outcomesOf, runStateOf, type RunState } from '../journal/journal-outcomes.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { FailureGroups } from '../report/failure-groups.js';
import { writeRunPage, type PastOutcome, type RebuiltRows } from '../report/html/run-page.js';
import { PAGE_FILE } from '../report/html/write-page.js';
import { ReportError } from '../report/report-error.js';
import { ResultFiles } from '../report/import-result-files.js';
import { ResultsFile } from '../report/follow-up-results-file.js';
import { RunReport, type ReportFiles } from '../report/run-report.js';
import { writeSummary, type PastSummary } from '../report/summary.js';
import { notAttempted, type RowOutcome } from '../rows/outcome.js';

import { findRunFolder } from './find-run.js';
import type { JobContext } from './job.js';
import { flagsOf } from './options.js';
import { openPastInput, readNames } from './past-input.js';
import { Resources } from './resources.js';
import { retryResultOf } from './retried-run.js';
import { syncCountsOf } from './sync-counts.js';

export interface ReportResult {
  readonly folder: string;
  /** Path of the page. */
  readonly page: string;
  readonly state: RunState;
  readonly summary: PastSummary;
  /** Why `failed.csv` was left as it is; undefined when it was rebuilt, or the run has none. */
  readonly failedCsvProblem: string | undefined;
  /** What the journal does not prove, as a sentence; undefined when it is intact. */
  readonly damage: string | undefined;
}

/**
 * Rebuilds the page and the report files of a run from its journal. A run that is still going on gets a page only: it writes
 * the files itself.
 *
 * @throws {RunFolderError | DamagedJournalError | ReportError}
 */
export async function reportJob(
  { run, reports }: { readonly run: string; readonly reports: string },
  context: Pick<JobContext, 'clock' | 'version'> & {
    readonly nextSteps?: ((run: PastOutcome, folder: string) => readonly string[]) | undefined;
  },
): Promise<ReportResult> {
  const folder = await findRunFolder(reports, run, 'report');
  const past = await readJournal(folder);
  const resources = new Resources();
  try {
    const state = await runStateOf(folder, past);
    const isOver = state !== 'running';
    const rebuilt = isOver ? await rebuildCsvFiles(folder, past, state) : undefined;
    if (rebuilt !== undefined) resources.onClose(() => rebuilt.files.release());
    const summary = await writeRunPage({
      folder,
      past,
      state,
      rebuilt: rebuilt && { ...rebuilt, lines: rebuilt.files.pageLines() },
      names: await readNames(past),
      inTheEnd: await retryResultOf(folder, past.description),
      sync: syncCountsOf(past),
      nextSteps: (run) => context.nextSteps?.(run, folder) ?? [],
      flags: flagsOf(past.description),
      version: context.version,
      createdAt: new Date(context.clock.now()).toISOString(),
    });
    const { exitCode } = summary;
    // An interrupted run has no end to summarize.
    if (isOver && exitCode !== null) await writeSummary(folder, { ...summary, exitCode });
    const damage =
      past.damage === undefined
        ? undefined
        : `${join(folder, JOURNAL_FILE)} is damaged: ${past.damage}. Rows whose outcome it does not prove have an unknown outcome.`;
    const { failedCsvProblem } = rebuilt ?? {};
    return { folder, page: join(folder, PAGE_FILE), state, summary, failedCsvProblem, damage };
  } finally {
    await resources.close();
    past.close();
  }
}

interface Rebuilt extends Pick<RebuiltRows, 'failures' | 'groups'> {
  /** Undefined when there is no `failed.csv` to rebuild, or it was rebuilt. */
  readonly failedCsvProblem: string | undefined;
  readonly files: ReportFiles;
}

async function rebuildCsvFiles(folder: string, past: PastRun, state: RunState): Promise<Rebuilt> {
  const outcomes = (): Iterable<RowOutcome> => outcomesOf(past, state);
  const rebuilt = sendsRows(past.description) ? await rebuildFromFile(folder, past, outcomes) : undefined;
  if (typeof rebuilt === 'object') return rebuilt;
  const names = await readNames(past);
  const files = await ResultsFile.open(folder, { nameOf: ({ row }) => names?.get(row.row) ?? '' });
  const failures = new FailureGroups();
  for (const outcome of outcomes()) {
    const causes = failures.add(outcome, names?.get(outcome.row));
    await files.add({ row: { ...outcome, cells: [] }, outcome }, causes);
  }
  await files.close();
  return { failedCsvProblem: rebuilt, files, failures, groups: undefined };
}

/**
 * Rebuilds both files from the run's input, which alone has the cells of `failed.csv`.
 *
 * @returns why that is impossible, or what was rebuilt.
 */
async function rebuildFromFile(
  folder: string,
  past: PastRun,
  outcomes: () => Iterable<RowOutcome>,
): Promise<Rebuilt | string> {
  const { file } = past.description;
  const input = await openPastInput(past.description);
  if (typeof input === 'string') return input;
  const { header, secretColumns, describer, loginOf } = input;
  try {
    const files = await ResultFiles.open({
      folder,
      header,
      delimiter: file.delimiter,
      sheet: file.sheet,
      secretColumns,
      describer,
    });
    const report = new RunReport(files, describer);
    const remaining = outcomes()[Symbol.iterator]();
    for await (const batch of input.batches) {
      for (const row of batch) {
        const next = remaining.next();
        const outcome = next.done === true ? notAttempted(row, undefined, '') : next.value;
        // The journal knows neither line nor login of a row without an outcome.
        const isInJournal = outcome.line !== 0;
        await report.add({
          row,
          outcome: isInJournal ? outcome : { ...outcome, line: row.line, login: loginOf(row) },
        });
      }
    }
    // The leavers of a sync have rows after those of its file.
    for (let next = remaining.next(); next.done !== true; next = remaining.next()) {
      const { row, line } = next.value;
      await report.add({ row: { row, line, cells: [] }, outcome: next.value });
    }
    await files.close(file.records, (row) => notAttempted({ row, line: 0 }, undefined, ''));
    const { failures, groups } = report;
    return { failedCsvProblem: undefined, files, failures, groups: groups.counts };
  } catch (error) {
    if (error instanceof OktaImportError && !(error instanceof ReportError)) return error.message;
    throw error;
  } finally {
    await input.close();
  }
}
