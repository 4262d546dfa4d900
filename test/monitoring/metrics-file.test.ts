import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { expect, it, onTestFinished } from 'vitest';

import {
  lastRunsOf,
  prometheusText,
  writeMetrics,
  type RunMetrics,
} from '../../src/monitoring/metrics-file.js';
import { noCounts } from '../../src/rows/counts.js';

const RUN: RunMetrics = {
  version: '1.0.0 "quoted" \\ \n',
  command: 'import',
  startedAtMs: 1_795_000_000_500,
  updatedAtMs: 1_795_000_060_500,
  exitCode: 1,
  lastSuccessAtMs: 1_794_900_000_000,
  lastFinishedAtMs: 1_794_990_000_000,
  counts: { ...noCounts(), total: 10, created: 7, invalid: 2, notAttempted: 1 },
  rows: 10,
  people: {
    dataset: 'staff',
    joiners: 2,
    movers: 1,
    renames: 0,
    keptEdits: 0,
    leavers: 1,
    returners: 0,
    adopted: 0,
  },
  requests: { sent: 12, retried: 1, rateLimited: 2, concurrencyLimited: 0, waits: 3, waitedMs: 4500 },
};

it('can be read by a parser of the format', () => {
  const families = parsePrometheusTextFormat(prometheusText(RUN));
  const valueOf = (name: string, labels?: Record<string, string>): string | undefined =>
    families
      .find((family) => family.name === `okta_csv_import_${name}`)
      ?.metrics.find((metric) => JSON.stringify(metric.labels) === JSON.stringify(labels))?.value;

  expect(families.every(({ type, help }) => type === 'GAUGE' && help !== '')).toBe(true);
  expect(valueOf('run_info', { version: RUN.version, command: 'import' })).toBe('1');
  expect(valueOf('running')).toBe('0');
  expect(valueOf('exit_code')).toBe('1');
  expect(valueOf('start_timestamp_seconds')).toBe('1795000000.5');
  expect(valueOf('duration_seconds')).toBe('60');
  expect(valueOf('last_success_timestamp_seconds')).toBe('1794900000');
  expect(valueOf('rows', { status: 'created' })).toBe('7');
  expect(valueOf('rows', { status: 'not-attempted' })).toBe('1');
  expect(valueOf('rows', { status: 'failed' })).toBe('0');
  expect(valueOf('rate_limit_wait_seconds')).toBe('4.5');
});

it('omits what is unknown about a run that did not start', () => {
  const text = prometheusText({
    ...RUN,
    exitCode: 2,
    lastSuccessAtMs: undefined,
    lastFinishedAtMs: undefined,
    counts: undefined,
    rows: undefined,
    requests: undefined,
  });

  expect(text).toContain('okta_csv_import_exit_code 2\n');
  expect(text).not.toMatch(/rows|records|requests|last_success|undefined|NaN/);
});

it('has exactly the metrics that docs/monitoring.md lists', () => {
  const page = readFileSync('docs/monitoring.md', 'utf8');
  const documented = new Set([...page.matchAll(/okta_csv_import_\w+/g)].map(([name]) => name));
  documented.delete('okta_csv_import_'.slice(0, -1));
  const written = parsePrometheusTextFormat(prometheusText(RUN)).map(({ name }) => name);

  expect([...documented].toSorted()).toEqual(written.toSorted());
});

it('keeps the time of the last success', () => {
  const none = { lastSuccessAtMs: undefined, lastFinishedAtMs: undefined };
  expect(lastRunsOf(prometheusText(RUN))).toEqual({
    lastSuccessAtMs: 1_794_900_000_000,
    lastFinishedAtMs: 1_794_990_000_000,
  });
  expect(lastRunsOf('')).toEqual(none);
  expect(lastRunsOf('okta_csv_import_last_success_timestamp_seconds nonsense\n')).toEqual(none);
});

it('is written atomically and is readable by everyone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'import.prom');
  const umask = process.umask(0o077);
  onTestFinished(() => void process.umask(umask));
  await writeMetrics(path, 'first\n');
  await writeMetrics(path, 'second\n');

  expect(readdirSync(folder)).toEqual(['import.prom']);
  expect(readFileSync(path, 'utf8')).toBe('second\n');
  expect(statSync(path).mode & 0o777).toBe(0o644);
  await expect(writeMetrics(join(folder, 'nowhere', 'import.prom'), '')).rejects.toThrow('ENOENT');
});
