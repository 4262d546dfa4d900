import { dirname, join, resolve } from 'node:path';

import type { Retry, RunDescription } from '../journal/journal-line.js';
import { readDescription, readJournal } from '../journal/reader.js';
import { hasJournal, wasUndone } from '../journal/run-folder.js';
import { isFailedCsv, LINE_COLUMN } from '../mapping/generated-file.js';
import { RESULT_COLUMNS } from '../report/results-columns.js';
import { readResults } from '../report/results-reader.js';
import type { RetryResult } from '../report/summary.js';
import { statusInfo } from '../rows/status-table.js';

import type { Input, InputScan } from './input.js';
import { foundRuns } from './run-folders.js';

/** More rows are not worth the space in the journal. */
const MAX_ROWS = 10_000;

interface RetriedFile {
  readonly input: Input;
  readonly scan: Pick<InputScan, 'header' | 'found'>;
  /** URL of the org. */
  readonly org: string;
  /** Where run folders are. */
  readonly reports: string;
  /** Of the run, if it is known. */
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Finds the run whose failed rows a file holds, by its `_line` column: the run in the folder of the file, or else the newest
 * one in the reports folder that failed these lines.
 *
 * @returns undefined for any other file. A retry of a retry belongs to the first run.
 */
export async function findRetriedRun(file: RetriedFile): Promise<Retry | undefined> {
  const { input, scan, org, reports } = file;
  if (input.isOpenEnded || !isFailedCsv(scan.header)) return undefined;
  const lines = await linesOf(file);
  if (lines === undefined) return undefined;
  const own = file.folder ?? dirname(input.file.path);
  if (input.file.path !== '' && (await hasJournal(own))) {
    const description = await readDescription(own).catch(() => undefined);
    if (description?.command !== 'import' || description.org !== org) return undefined;
    return retryOf({ folder: own, description }, lines, { isCertain: true });
  }
  for (const run of await importsOf(reports, org)) {
    const retry = await retryOf(run, lines, { isCertain: false });
    if (retry !== undefined) return retry;
  }
  return undefined;
}

/** The `_line` of each row, by row; 0 for none. */
async function linesOf({ input, scan, signal }: RetriedFile): Promise<readonly number[] | undefined> {
  const column = scan.header.indexOf(LINE_COLUMN);
  const lines: number[] = [];
  const { batches } = await input.read({ found: scan.found }, signal);
  for await (const batch of batches) {
    for (const { row, cells } of batch) {
      if (row > MAX_ROWS) return undefined;
      while (lines.length < row) lines.push(0);
      lines[row - 1] = Number.parseInt(cells[column] ?? '', 10) || 0;
    }
  }
  return lines;
}

/** @param isCertain - otherwise the run must have failed every one of the lines. */
async function retryOf(
  { folder, description }: FoundImport,
  lines: readonly number[],
  { isCertain }: { readonly isCertain: boolean },
): Promise<Retry | undefined> {
  const rows = new Map<number, number>();
  for await (const { row, line, isGood } of resultsOf(folder)) if (!isGood) rows.set(line, row);
  const given = lines.filter((line) => line > 0);
  const isMatch = isCertain ? given.some((line) => rows.has(line)) : given.every((line) => rows.has(line));
  if (given.length === 0 || !isMatch) return undefined;
  const earlier = description.retry;
  if (earlier === undefined) return { runId: description.runId, folder: resolve(folder), lines };
  return { ...earlier, lines: lines.map((line) => earlier.lines[(rows.get(line) ?? 0) - 1] ?? 0) };
}

/**
 * What became of a file in the end, all retries of its failed rows included.
 *
 * @param folder - of the first run or of any of its retries.
 * @returns undefined when there was no retry, or the runs are not known well enough.
 */
export async function retryResultOf(
  folder: string,
  description: Pick<RunDescription, 'runId' | 'retry' | 'org' | 'command'>,
): Promise<RetryResult | undefined> {
  if (description.command !== 'import') return undefined;
  const first = description.retry?.folder ?? folder;
  const original = await readDescription(first).catch(() => undefined);
  if (original === undefined || (await wasUndone(first))) return undefined;
  const failed = new Set<number>();
  let rows = 0;
  let succeeded = 0;
  for await (const { line, isGood } of resultsOf(first)) {
    rows += 1;
    if (isGood) succeeded += 1;
    else if (line > 0) failed.add(line);
  }
  let retries = 0;
  for (const reports of new Set([first, folder].map((path) => dirname(resolve(path))))) {
    for (const run of await importsOf(reports, original.org)) {
      const { retry } = run.description;
      if (retry?.runId !== original.runId || (await wasUndone(run.folder))) continue;
      retries += 1;
      // Two retries may hold the same row.
      for (const line of await succeededLines(run.folder, retry)) if (failed.delete(line)) succeeded += 1;
    }
  }
  const { runId, file } = original;
  return retries === 0 || rows === 0 ? undefined : { runId, file: file.name, rows, succeeded };
}

/** Lines of the first file whose rows succeeded in a retry. */
async function succeededLines(folder: string, { lines }: Retry): Promise<readonly number[]> {
  const past = await readJournal(folder).catch(() => undefined);
  if (past === undefined) return [];
  try {
    return lines.filter((line, index) => {
      const outcome = past.outcomeOf(index + 1);
      return line > 0 && outcome !== undefined && isGoodStatus(outcome.status);
    });
  } finally {
    past.close();
  }
}

/** The imports into an org, the newest first. */
async function importsOf(reports: string, org: string): Promise<readonly FoundImport[]> {
  const runs = await foundRuns(reports).catch(() => []);
  return runs.flatMap((run) =>
    run.kind === 'import' && run.description.command === 'import' && run.description.org === org
      ? [{ folder: run.folder, description: run.description }]
      : [],
  );
}

interface FoundImport {
  readonly folder: string;
  readonly description: RunDescription;
}

const [ROW, LINE, STATUS] = (['row', 'line', 'status'] as const).map((name) => RESULT_COLUMNS.indexOf(name));

/** The rows of a run by its `results.csv`; none if it has no such file. */
async function* resultsOf(
  folder: string,
): AsyncGenerator<{ readonly row: number; readonly line: number; readonly isGood: boolean }> {
  try {
    for await (const fields of readResults(join(folder, 'results.csv'))) {
      const [row, line, status] = [ROW, LINE, STATUS].map((column) => fields[column ?? 0] ?? '');
      yield { row: Number(row), line: Number(line), isGood: isGoodStatus(status ?? '') };
    }
  } catch {
    // Without the file, nothing can be said about its run.
  }
}

function isGoodStatus(status: string): boolean {
  const { tone } = statusInfo(status);
  return tone === 'good' || tone === 'neutral';
}
