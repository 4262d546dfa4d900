import { join } from 'node:path';

import { readCsv } from '../csv/read-csv.js';
import { openSource, type Source } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import { JOURNAL_FILE, sendsRows, type RunDescription } from '../journal/journal-line.js';
import { outcomesOf, runStateOf, type RunState } from '../journal/journal-outcomes.js';
import { readJournal, type PastRun } from '../journal/reader.js';
import { ColumnsError } from '../mapping/columns-error.js';
import { unescapeHeader } from '../mapping/generated-file.js';
import { compileMapping, type Mapping } from '../mapping/mapping.js';
import { toUserRequest } from '../mapping/user-request.js';
import { offlineMetadata } from '../org/org-metadata.js';
import { writeRunPage } from '../report/html/run-page.js';
import { PAGE_FILE } from '../report/html/write-page.js';
import { readResults } from '../report/results-reader.js';
import { ReportError } from '../report/report-error.js';
import { ResultFiles } from '../report/import-result-files.js';
import { ResultsFile } from '../report/follow-up-results-file.js';
import { writeSummary, type PastSummary } from '../report/summary.js';
import { notAttempted, type RowOutcome } from '../rows/outcome.js';
import type { Row } from '../rows/row.js';

import { foundEarlier } from './csv-options.js';
import { findRunFolder } from './find-run.js';
import type { JobContext } from './job.js';
import { readMappingOf } from './read-mapping.js';

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
  context: Pick<JobContext, 'clock' | 'version'>,
): Promise<ReportResult> {
  const folder = await findRunFolder(reports, run, 'report');
  const past = await readJournal(folder);
  try {
    const state = await runStateOf(folder, past);
    const isOver = state !== 'running';
    const failedCsvProblem = isOver ? await rebuildCsvFiles(folder, past, state) : undefined;
    const results = isOver ? readResults(join(folder, 'results.csv')) : undefined;
    const createdAt = new Date(context.clock.now()).toISOString();
    const summary = await writeRunPage({ folder, past, state, results, version: context.version, createdAt });
    const { exitCode } = summary;
    // An interrupted run has no end to summarize.
    if (isOver && exitCode !== null) await writeSummary(folder, { ...summary, exitCode });
    const damage =
      past.damage === undefined
        ? undefined
        : `${join(folder, JOURNAL_FILE)} is damaged: ${past.damage}. Rows whose outcome it does not prove have an unknown outcome.`;
    return { folder, page: join(folder, PAGE_FILE), state, summary, failedCsvProblem, damage };
  } finally {
    past.close();
  }
}

/** @returns why `failed.csv` could not be rebuilt. */
async function rebuildCsvFiles(folder: string, past: PastRun, state: RunState): Promise<string | undefined> {
  const outcomes = (): Iterable<RowOutcome> => outcomesOf(past, state);
  const problem = sendsRows(past.description)
    ? await rebuildFromFile(folder, past, outcomes)
    : 'no failed.csv';
  if (problem === undefined) return undefined;
  const results = await ResultsFile.open(folder);
  for (const outcome of outcomes()) await results.add({ row: { ...outcome, cells: [] }, outcome });
  await results.close();
  return sendsRows(past.description) ? problem : undefined;
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
  const { file } = past.description;
  if (file.path === '') return `${file.name} cannot be read again`;
  if (file.secretColumns === undefined) {
    return 'the journal was written by an earlier version, which did not record which columns hold secrets';
  }
  let source: Source | undefined;
  try {
    source = await openSource(file.path, noBytes());
    for await (const _ of source.read()) {
      // Read to its end, the file has a hash.
    }
    if (source.sha256 !== file.sha256) return `${file.path} is not the file that the run started with`;
    const table = await readCsv(source.read(), { found: foundEarlier(past.description) });
    const files = await ResultFiles.open({
      folder,
      header: unescapeHeader(table.header),
      delimiter: file.delimiter,
      secretColumns: new Set(file.secretColumns),
      sheet: table.found().sheet,
    });
    const loginOf = await loginReader(table.header, past.description);
    const remaining = outcomes()[Symbol.iterator]();
    for await (const row of table.rows) {
      const next = remaining.next();
      const outcome = next.done === true ? notAttempted(row, undefined, '') : next.value;
      // The journal knows neither line nor login of a row without an outcome.
      const isInJournal = outcome.line !== 0;
      await files.add({
        row,
        outcome: isInJournal ? outcome : { ...outcome, line: row.line, login: loginOf(row) },
      });
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

/** Reads logins without the org. Columns that only its schema explains are ignored. */
async function loginReader(
  header: readonly string[],
  description: Pick<RunDescription, 'mapping' | 'settings'>,
): Promise<(row: Row) => string | undefined> {
  try {
    const { ignoreColumns } = description.settings;
    const mappingFile = await readMappingOf(description);
    const compile = (ignored: readonly string[]): Mapping =>
      compileMapping(header, { ...offlineMetadata, mappingFile, ignoreColumns: ignored });
    const unknown = unknownColumns(() => compile(ignoreColumns));
    const compiled = compile([...ignoreColumns, ...unknown]);
    return (row) => toUserRequest(row, compiled).login;
  } catch (error) {
    if (error instanceof OktaImportError) return () => undefined;
    throw error;
  }
}

function unknownColumns(compile: () => Mapping): readonly string[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (!(error instanceof ColumnsError)) throw error;
    return error.problems.flatMap(({ code, column }) =>
      code === 'column-unknown' && column !== undefined ? [column] : [],
    );
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array, void> {}
