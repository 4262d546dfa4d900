import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readCsv } from '../../csv/records.js';
import { openSource, type Source } from '../../csv/source.js';
import { OktaImportError } from '../../errors.js';
import { unescapeHeader } from '../../mapping/generated-file.js';
import { CsvWriter } from '../../report/csv-writer.js';
import { RESULT_COLUMNS, resultFields } from '../../report/result-fields.js';
import { ResultFiles } from '../../report/result-files.js';
import { writeRunPage } from '../../report/html/run-page.js';
import { PAGE_FILE } from '../../report/html/write-page.js';
import { readResults } from '../../report/results-reader.js';
import { writeSummary, type PastSummary } from '../../report/summary.js';
import { findRunFolder } from '../../journal/run-folder.js';
import { readJournal, type PastRun } from '../../journal/reader.js';
import { notAttempted, type RowOutcome } from '../../rows/outcome.js';
import { outcomesOf, runStateOf } from '../../journal/journal-outcomes.js';

import type { OutputFlags } from './finish.js';
import type { CommandContext } from '../command-context.js';

export interface ReportFlags {
  /** A run id, or the run's folder. */
  readonly run: string;
  readonly talk: OutputFlags;
  readonly reports: string;
}

/**
 * `report <run>`: makes a run's page again from its journal, and its other reports where they are missing or torn. A run
 * that is going on is only looked at: it writes the other reports itself.
 *
 * @returns the exit code.
 * @throws {ReportError}
 */
export async function reportRun(flags: ReportFlags, surroundings: CommandContext): Promise<number> {
  const { clock, stdout, terminal, version } = surroundings;
  const folder = await findRunFolder(flags.reports, flags.run);
  const past = await readJournal(folder);
  try {
    const state = await runStateOf(folder, past);
    const outcomes = (): Iterable<RowOutcome> => outcomesOf(past, state);
    const isOver = state !== 'running';
    const notes = isOver ? await mendCsvFiles(folder, past, outcomes, surroundings) : [];
    const summary = await writeRunPage({
      folder,
      past,
      state,
      outcomes,
      results: isOver ? readResults(join(folder, 'results.csv')) : undefined,
      version,
      createdAt: new Date(clock.now()).toISOString(),
    });
    if (isOver && (await mendSummary(folder, summary))) notes.push('summary.json was made again.');
    if (flags.talk.json) stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    else stdout.write(`${join(folder, PAGE_FILE)}\n`);
    if (!flags.talk.quiet) {
      if (!isOver) notes.push('The run is still going on: the page shows it as it stands now.');
      if (state === 'interrupted') {
        notes.push(`The run broke off. To go on: okta-csv-import resume ${folder}`);
      }
      for (const note of notes) terminal.info(note);
    }
    return 0;
  } finally {
    past.close();
  }
}

/** @returns what was done, in words. */
async function mendCsvFiles(
  folder: string,
  past: PastRun,
  outcomes: () => Iterable<RowOutcome>,
  surroundings: CommandContext,
): Promise<string[]> {
  let rows = 0;
  let toMend = 0;
  for (const { status } of outcomes()) {
    rows += 1;
    if (status === 'invalid' || status === 'failed') toMend += 1;
  }
  const hasResults = (await linesOf(readResults(join(folder, 'results.csv')))) === rows;
  const hasFailed = past.description.command !== 'import' || (await hasRecords(folder, past, toMend));
  if (hasResults && hasFailed) return [];
  if (!hasFailed) {
    const why = await mendFromFile(folder, past, outcomes, surroundings);
    if (why === undefined) return ['results.csv and failed.csv were made again.'];
    if (hasResults) return [why];
    await writeResults(folder, outcomes());
    return ['results.csv was made again.', why];
  }
  await writeResults(folder, outcomes());
  return ['results.csv was made again.'];
}

async function writeResults(folder: string, outcomes: Iterable<RowOutcome>): Promise<void> {
  const results = new CsvWriter(join(folder, 'results.csv'), ',');
  await results.write(RESULT_COLUMNS);
  for (const outcome of outcomes) await results.write(resultFields(outcome));
  await results.close();
}

/**
 * Both files from the run's source, which alone has the cells of `failed.csv`.
 *
 * @returns why that cannot be, or undefined.
 */
async function mendFromFile(
  folder: string,
  past: PastRun,
  outcomes: () => Iterable<RowOutcome>,
  { stdin }: CommandContext,
): Promise<string | undefined> {
  const { file, settings } = past.description;
  if (file.path === '') return cannot(`${file.name} was read and is gone`);
  if (file.secretColumns === undefined) {
    return cannot('the journal does not say which columns hold secrets, being of an earlier version');
  }
  let source: Source | undefined;
  try {
    source = await openSource(file.path, stdin);
    for await (const _ of source.read()) {
      // Read to its end, it tells its hash.
    }
    if (source.sha256 !== file.sha256) return cannot(`${file.path} is not the file that the run began with`);
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
      // The journal does not know the line of a row that it had no outcome for.
      await files.add({ row, outcome: outcome.line === 0 ? { ...outcome, line: row.line } : outcome });
    }
    await files.close(file.records, (row) => notAttempted({ row, line: 0 }, undefined, ''));
    return undefined;
  } catch (error) {
    if (error instanceof OktaImportError && error.code !== 'ERR_REPORT') return cannot(error.message);
    throw error;
  } finally {
    await source?.close();
  }
}

function cannot(why: string): string {
  return `failed.csv cannot be made again: ${why.replace(/\.$/, '')}.`;
}

/** Whether `failed.csv` is there, with as many records as there are rows to mend. */
async function hasRecords(folder: string, past: PastRun, records: number): Promise<boolean> {
  try {
    const source = await openSource(join(folder, 'failed.csv'), emptyInput());
    try {
      const { delimiter } = past.description.file;
      const table = await readCsv(source.read(), { encoding: 'utf-8', delimiter });
      return (await linesOf(table.rows)) >= records;
    } finally {
      await source.close();
    }
  } catch (error) {
    // Missing, empty or cut off in the middle of a quoted cell.
    if (error instanceof OktaImportError) return false;
    throw error;
  }
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {}

/** How many there are; -1 when they cannot be read. */
async function linesOf(lines: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  try {
    for await (const _ of lines) count += 1;
  } catch {
    return -1;
  }
  return count;
}

/** @returns whether it had to be written. */
async function mendSummary(folder: string, summary: PastSummary): Promise<boolean> {
  const { exitCode } = summary;
  // A run that broke off has no end that a summary could tell of.
  if (exitCode === null) return false;
  const isThere = await readFile(join(folder, 'summary.json'), 'utf8').then(
    (text) => isWhole(text),
    () => false,
  );
  if (isThere) return false;
  await writeSummary(folder, { ...summary, exitCode });
  return true;
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
