import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { STATUSES } from '../rows/status-table.js';
import type { Counts } from '../rows/counts.js';
import type { Summary } from '../report/summary.js';

/** What is known of a run while it goes on, and when it has ended. */
export interface RunMetrics {
  readonly version: string;
  readonly command: string;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
  /** Of this run or an earlier one that wrote the same file: when the last ended with exit code 0. */
  readonly lastSuccessAtMs: number | undefined;
  /** Undefined when the run did not come so far. */
  readonly counts: Counts | undefined;
  readonly records: number | undefined;
  readonly requests: Summary['requests'] | undefined;
}

type Sample = readonly [labels: string, value: number | undefined];

const PREFIX = 'okta_csv_import_';
const LAST_SUCCESS = `${PREFIX}last_success_timestamp_seconds`;

/** The metrics in Prometheus's text format, version 0.0.4. They are of one run, so all are gauges. */
export function prometheusText(run: RunMetrics): string {
  const { counts, requests, exitCode, startedAtMs, updatedAtMs } = run;
  return [
    family('run_info', 'The program and the command of the last run.', [
      [labelled({ version: run.version, command: run.command }), 1],
    ]),
    family(
      'running',
      'Whether a run goes on: 1, or 0 when it has ended.',
      one(exitCode === undefined ? 1 : 0),
    ),
    family('start_timestamp_seconds', 'When the run started.', one(startedAtMs / 1000)),
    family(
      'update_timestamp_seconds',
      'When these numbers were taken; every 15 s while a run goes on.',
      one(updatedAtMs / 1000),
    ),
    family(
      'duration_seconds',
      'How long the run has taken so far, or took.',
      one((updatedAtMs - startedAtMs) / 1000),
    ),
    family('exit_code', 'Exit code of the run; absent while it goes on.', one(exitCode)),
    family(
      'last_success_timestamp_seconds',
      'When a run last ended with exit code 0.',
      one(run.lastSuccessAtMs && run.lastSuccessAtMs / 1000),
    ),
    family('records', 'Data records of the file.', one(run.records)),
    family(
      'rows',
      'Rows by what became of them.',
      counts === undefined
        ? []
        : STATUSES.map(({ status, count }) => [labelled({ status }), counts[count]] as const),
    ),
    family('requests_sent', 'Requests sent to the org.', one(requests?.sent)),
    family('requests_retried', 'Requests that were sent again after a failure.', one(requests?.retried)),
    family('requests_rate_limited', 'Answers of 429.', one(requests?.rateLimited)),
    family('rate_limit_waits', "Waits for a rate limit's next window.", one(requests?.waits)),
    family(
      'rate_limit_wait_seconds',
      'Time spent in those waits.',
      one(requests && requests.waitedMs / 1000),
    ),
  ].join('');
}

/** When the run, or one before it, last ended well, by the text of a metrics file. Milliseconds. */
export function lastSuccessOf(text: string): number | undefined {
  const value = new RegExp(`^${LAST_SUCCESS} (\\S+)$`, 'm').exec(text)?.[1];
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** @returns the text of a metrics file; nothing when there is none. */
export async function readMetrics(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/**
 * Writes the file whole or not at all: the collector may read it at any moment. It may be read by everyone, since the
 * collector is another user, and holds nothing about anybody.
 */
export async function writeMetrics(path: string, text: string): Promise<void> {
  // The collector takes files that end in .prom.
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await writeFile(part, text, { mode: 0o644 });
    // Whatever the umask of cron is.
    await chmod(part, 0o644);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) =>
    value === undefined ? [] : [`${PREFIX}${name}${labels} ${value}\n`],
  );
  if (lines.length === 0) return '';
  return `# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} gauge\n${lines.join('')}`;
}

function one(value: number | undefined): readonly Sample[] {
  return [['', value]];
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
