import { expect, it } from 'vitest';

import type { Sample } from '../../../src/journal/progress-samples.js';
import { formatOffset, formatTime } from '../../../src/report/html/format.js';
import { renderTiming } from '../../../src/report/html/timing.js';
import { rowsPerMinuteLimit } from '../../../src/report/html/timeline.js';
import { noCounts } from '../../../src/rows/counts.js';

function timing(rows: number, workedMs: number, limit: number | undefined): string {
  const counts = { ...noCounts(), total: rows, created: rows };
  const requests = { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 };
  const summary = {
    runId: 'it',
    command: 'import',
    file: { name: 'people.csv', sha256: '', encoding: 'utf-8', delimiter: ',' },
    org: null,
    startedAt: '',
    finishedAt: '',
    durationMs: workedMs,
    counts,
    requests,
    exitCode: 0,
    stoppedBecause: null,
  };
  const data = {
    userLink: null,
    rows,
    statuses: {},
    lineLabel: 'Line',
    fields: [],
    timeline: null,
    latency: null,
  };
  const { text } = renderTiming({ state: 'ended', summary, totalRows: rows }, data, {
    workedMs,
    rowsPerMinuteLimit: limit,
  });
  return /<dd><b>[^<]*<\/b><span>([^<]*)</.exec(text)?.[1] ?? '';
}

function sample(limit?: number): Sample {
  const stats = { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 };
  return { atMs: 0, rows: {}, ...stats, latency: { from: 0, counts: [] }, rowsPerMinuteLimit: limit };
}

it.each<[string, number, number, number | undefined, string]>([
  ['a burst, which says nothing about a minute', 38, 1000, 108, '38 rows'],
  ['two windows in little more than a minute', 240, 61_000, 108, '108 rows per minute'],
  ['an org that is slower than its limit', 60, 60_000, 108, '60 rows per minute'],
  ['no limit', 90_000, 90_000, undefined, '60,000 rows per minute'],
  ['one row', 1, 500, undefined, '1 row'],
])('shows no more rows per minute than the rate limit allows: %s', (_, rows, ms, limit, shown) => {
  expect(timing(rows, ms, limit)).toBe(shown);
});

it('takes the limit from the last sample that has one', () => {
  expect(
    rowsPerMinuteLimit([
      [sample(), sample(50)],
      [sample(108), sample()],
    ]),
  ).toBe(108);
  expect(rowsPerMinuteLimit([[sample()]])).toBeUndefined();
});

it.each([
  [0, '2026-11-24 23:30:05 UTC'],
  [60, '2026-11-25 00:30:05 UTC+01:00'],
  [330, '2026-11-25 05:00:05 UTC+05:30'],
  [-210, '2026-11-24 20:00:05 UTC-03:30'],
])('formats times %d minutes from UTC', (offset, shown) => {
  expect(formatTime('2026-11-24T23:30:05.123Z', offset)).toBe(shown);
  expect(shown.endsWith(formatOffset(offset))).toBe(true);
});
