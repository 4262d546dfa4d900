import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { createPrivateFile, READ_NO_LINK } from '../private-file.js';
import { STATUSES } from '../rows/status-table.js';
import type { Counts } from '../rows/counts.js';
import type { Summary } from '../report/summary.js';

/** Metrics of a run in progress or a run that has ended. */
export interface RunMetrics {
  readonly version: string;
  readonly command: string;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** Undefined while the run is in progress. */
  readonly exitCode: number | undefined;
  /** When this run, or an earlier one that wrote the same file, last ended with exit code 0. */
  readonly lastSuccessAtMs: number | undefined;
  /** The same with exit code 0 or 1: all rows were processed, whether or not some of them are bad. */
  readonly lastFinishedAtMs: number | undefined;
  /** Undefined if no row has been processed. */
  readonly counts: Counts | undefined;
  readonly rows: number | undefined;
  readonly requests: Summary['requests'] | undefined;
  /** Only of `sync`. */
  readonly people?: Summary['sync'];
}

type Sample = readonly [labels: string, value: number | undefined];

const PREFIX = 'okta_csv_import_';
const LAST_SUCCESS = 'last_success_timestamp_seconds';
const LAST_FINISHED = 'last_finished_timestamp_seconds';

/** Formats metrics as Prometheus text, version 0.0.4. All are gauges, because they describe a single run. */
export function prometheusText(run: RunMetrics): string {
  const { counts, requests, exitCode, startedAtMs, updatedAtMs } = run;
  const { lastSuccessAtMs, lastFinishedAtMs } = run;
  const durationMs = updatedAtMs - startedAtMs;
  const info = labelText({ version: run.version, command: run.command });
  const rows = STATUSES.map(({ status, count }) => [labelText({ status }), counts?.[count]] as const);
  return [
    family('run_info', 'Program version and command of the last run.', [[info, 1]]),
    family('running', '1 while a run is in progress, 0 after it has ended.', exitCode === undefined ? 1 : 0),
    family('start_timestamp_seconds', 'Start time of the run.', startedAtMs / 1000),
    family('update_timestamp_seconds', UPDATE_HELP, updatedAtMs / 1000),
    family('duration_seconds', 'Duration of the run so far, or in total.', durationMs / 1000),
    family('exit_code', 'Exit code of the run; absent while it is in progress.', exitCode),
    family(
      LAST_SUCCESS,
      'Last time a run ended with exit code 0.',
      lastSuccessAtMs && lastSuccessAtMs / 1000,
    ),
    family(
      LAST_FINISHED,
      'Last time a run processed all rows (exit code 0 or 1).',
      lastFinishedAtMs && lastFinishedAtMs / 1000,
    ),
    family('records', 'Rows of the file.', run.rows),
    family('bad_rows', 'Rows that are invalid or failed.', counts && counts.invalid + counts.failed),
    family('rows', 'Rows by status.', rows),
    family('people', 'People whom sync concerned, by what became of them.', peopleSamples(run.people)),
    family('requests_sent', 'Requests sent to the org.', requests?.sent),
    family('requests_retried', 'Retried requests.', requests?.retried),
    family('requests_rate_limited', 'Responses with status 429.', requests?.rateLimited),
    family('rate_limit_waits', 'Waits for the next rate-limit window.', requests?.waits),
    family('rate_limit_wait_seconds', 'Time spent in these waits.', requests && requests.waitedMs / 1000),
  ].join('');
}

/** None for other commands. */
function peopleSamples(people: RunMetrics['people']): readonly Sample[] {
  if (people === undefined) return [];
  const { dataset, ...counts } = people;
  return Object.entries(counts).map(([change, value]) => [labelText({ dataset, change }), value] as const);
}

const UPDATE_HELP = 'Time of this update; every 15 s while a run is in progress.';

/** What the next run keeps of the text of a metrics file. */
export function lastRunsOf(text: string): Pick<RunMetrics, 'lastSuccessAtMs' | 'lastFinishedAtMs'> {
  return { lastSuccessAtMs: timeOf(LAST_SUCCESS, text), lastFinishedAtMs: timeOf(LAST_FINISHED, text) };
}

/** In milliseconds. */
function timeOf(metric: string, text: string): number | undefined {
  const value = new RegExp(`^${PREFIX}${metric} (\\S+)$`, 'm').exec(text)?.[1];
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** @returns the text of a metrics file; empty if there is none. */
export async function readMetrics(path: string): Promise<string> {
  // Never waits for the writer of a pipe.
  const file = await open(path, READ_NO_LINK).catch(() => undefined);
  if (file === undefined) return '';
  try {
    return await file.readFile('utf8');
  } catch {
    return '';
  } finally {
    await file.close();
  }
}

/** A link, a pipe or /dev/null would no longer be one. */
async function assertReplaceable(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isFile()) return;
  throw new Error(
    stats.isSymbolicLink() ? 'it is a link; name the file that it points to' : 'it is not a regular file',
  );
}

/**
 * Writes the file atomically, because the collector may read it at any time. It is readable by everyone, because the
 * collector runs as another user, and contains no personal data.
 */
export async function writeMetrics(path: string, text: string): Promise<void> {
  // The collector ignores files that do not end in .prom.
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await assertReplaceable(path);
    const file = await createPrivateFile(part);
    try {
      await file.writeFile(text);
      // Overrides the umask, which cron may restrict.
      await file.chmod(0o644);
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

function family(name: string, help: string, value: number | undefined | readonly Sample[]): string {
  const samples: readonly Sample[] = typeof value === 'object' ? value : [['', value]];
  const lines = samples.flatMap(([labels, value]) =>
    value === undefined ? [] : [`${PREFIX}${name}${labels} ${value}\n`],
  );
  if (lines.length === 0) return '';
  return `# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
