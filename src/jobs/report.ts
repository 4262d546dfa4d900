import { join } from 'node:path';

import { readCsv } from '../csv/read-csv.js';
import { openSource, type Source } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import { outcomesOf, runStateOf, type RunState } from '../journal/journal-outcomes.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { findRunFolder } from '../journal/run-folder.js';
import { unescapeHeader } from '../mapping/generated-file.js';
import { writeRunPage } from '../report/html/run-page.js';
import { PAGE_FILE } from '../report/html/write-page.js';
import { readResults } from '../report/results-reader.js';
import { ReportError } from '../report/report-error.js';
import { ResultFiles } from '../report/result-files.js';
import { ResultsFile } from '../report/results-file.js';
import { writeSummary, type PastSummary } from '../report/summary.js';
import { notAttempted, type RowOutcome } from '../rows/outcome.js';

import type { JobContext } from './job.js';

export interface ReportResult {
  readonly folder: string;
  /** Path of the page. */
  readonly page: string;
  readonly state: RunState;
  readonly summary: PastSummary;
  /** Why `failed.csv` was left as it is; undefined when it was rebuilt, or the run has none. */
  readonly failedCsvProblem: string | undefined;
}

/**
 * Rebuilds the page and the report files of a run from its journal. A run that is still going on gets a page only: it writes
 * the files itself.
 *
 * @throws {RunFolderError | DamagedJournalError | ReportError}
 */
export async function reportJob(
  { run, reports }: { readonly run: string; readonly reports: string },
  context: Pick<JobContext, 'clock' | 'version'>,
): Promise<ReportResult> {
  const folder = await findRunFolder(reports, run);
  const past = await readJournal(folder);
  try {
    const state = await runStateOf(folder, past);
    const isOver = state !== 'running';
    const failedCsvProblem = isOver ? await rebuildCsvFiles(folder, past, state) : undefined;
    const results = isOver ? readResults(join(folder, 'results.csv')) : undefined;
    const summary = await rebuildPage(folder, { past, state, results }, context);
    const { exitCode } = summary;
    // A run that broke off has no end to summarize.
    if (isOver && exitCode !== null) await writeSummary(folder, { ...summary, exitCode });
    return { folder, page: join(folder, PAGE_FILE), state, summary, failedCsvProblem };
  } finally {
    past.close();
  }
}

/** Rebuilds `report.html` only. @throws {ReportError} */
export async function rebuildPage(
  folder: string,
  {
    past,
    state,
    results,
  }: {
    readonly past: PastRun;
    readonly state: RunState;
    readonly results?: AsyncIterable<readonly string[]> | undefined;
  },
  { clock, version }: Pick<JobContext, 'clock' | 'version'>,
): Promise<PastSummary> {
  return writeRunPage({
    folder,
    past,
    state,
    outcomes: () => outcomesOf(past, state),
    results,
    version,
    createdAt: new Date(clock.now()).toISOString(),
  });
}

/** @returns why `failed.csv` could not be rebuilt. */
async function rebuildCsvFiles(folder: string, past: PastRun, state: RunState): Promise<string | undefined> {
  const outcomes = (): Iterable<RowOutcome> => outcomesOf(past, state);
  const problem =
    past.description.command === 'import' ? await rebuildFromFile(folder, past, outcomes) : 'no failed.csv';
  if (problem === undefined) return undefined;
  const results = await ResultsFile.open(folder);
  for (const outcome of outcomes()) await results.add({ row: { ...outcome, cells: [] }, outcome });
  await results.close();
  return past.description.command === 'import' ? problem : undefined;
}

/**
 * Rebuilds both files from the run's input, which alone has the cells of `failed.csv`.
 *
 * @returns why that is impossible, or undefined.
 */
async function rebuildFromFile(
  folder: string,
  past: PastRun,
  outcomes: () => Iterable<RowOutcome>,
): Promise<string | undefined> {
  const { file, settings } = past.description;
  if (file.path === '') return `${file.name} was read and is gone`;
  if (file.secretColumns === undefined) {
    return 'the journal does not say which columns hold secrets, being of an earlier version';
  }
  let source: Source | undefined;
  try {
    source = await openSource(file.path, noBytes());
    for await (const _ of source.read()) {
      // Read to its end, the file has a hash.
    }
    if (source.sha256 !== file.sha256) return `${file.path} is not the file that the run began with`;
    const table = await readCsv(source.read(), settings);
    const files = new ResultFiles({
      folder,
      header: unescapeHeader(table.header),
      delimiter: file.delimiter,
      secretColumns: new Set(file.secretColumns),
    });
    await files.open();
    const remaining = outcomes()[Symbol.iterator]();
    for await (const row of table.rows) {
      const next = remaining.next();
      const outcome = next.done === true ? notAttempted(row, undefined, '') : next.value;
      // The journal does not know the line of a row without an outcome.
      await files.add({ row, outcome: outcome.line === 0 ? { ...outcome, line: row.line } : outcome });
    }
    await files.close(file.records, (row) => notAttempted({ row, line: 0 }, undefined, ''));
    return undefined;
  } catch (error) {
    if (error instanceof OktaImportError && !(error instanceof ReportError)) return error.message;
    throw error;
  } finally {
    await source?.close();
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array, void> {}
