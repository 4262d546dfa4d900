import { expect, it } from 'vitest';

import { EtaEstimator } from '../../src/engine/eta.js';
import type { BucketView } from '../../src/okta/rate-limit/governor.js';

const USERS = '/api/v1/users';

function users(window: Partial<BucketView>): BucketView {
  return {
    bucket: USERS,
    sent: 0,
    inFlight: 0,
    allowance: 540,
    available: 540,
    opensAtMs: 60_000,
    ...window,
  };
}

it('counts the windows that the rows need, not the speed of the first burst', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({})] });
  pace.add({ atMs: 5000, rows: 500, waitedMs: 0, windows: [users({ sent: 500, available: 40 })] });

  // 40 more fit into this window, which ends in 55 s; the other 39,460 need 74 windows, 73 of them complete.
  const leftMs = pace.timeLeftMs(39_500)!;
  expect(leftMs).toBeGreaterThanOrEqual(55_000 + 73 * 60_000);
  expect(leftMs).toBeLessThan(55_000 + 74 * 60_000);
});

it('is the measured time for rows that fit into the current window', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({})] });
  pace.add({ atMs: 5000, rows: 50, waitedMs: 0, windows: [users({ sent: 50, available: 490 })] });

  expect(pace.timeLeftMs(100)).toBe(10_000);
});

it('is the measured time when the org is slower than its limit', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({})] });
  pace.add({
    atMs: 60_000,
    rows: 60,
    waitedMs: 0,
    windows: [users({ sent: 60, available: 480, opensAtMs: 60_000 })],
  });

  expect(pace.timeLeftMs(600)).toBe(600_000);
});

it('does not count waits as time per row', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({})] });
  pace.add({ atMs: 50_000, rows: 540, waitedMs: 45_000, windows: [users({ sent: 540, available: 0 })] });

  // One more window, 10 s away, and its 540 rows at the measured 108 per second.
  expect(pace.timeLeftMs(540)).toBeCloseTo(15_000, -2);
});

it('counts requests per row: two requests take twice the windows', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({})] });
  pace.add({ atMs: 1000, rows: 100, waitedMs: 0, windows: [users({ sent: 200, available: 340 })] });

  expect(pace.timeLeftMs(5400)).toBeGreaterThanOrEqual(59_000 + 18 * 60_000);
});

it('ignores rows that an earlier process completed', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({ sent: 1 })] });
  pace.add({ atMs: 500, rows: 20_000, waitedMs: 0, windows: [users({ sent: 1 })] });
  expect(pace.timeLeftMs(20_000)).toBeUndefined();
  pace.add({ atMs: 1500, rows: 20_100, waitedMs: 0, windows: [users({ sent: 101, available: 440 })] });

  expect(pace.timeLeftMs(19_900)).toBeGreaterThanOrEqual(58_500 + 36 * 60_000);
});

it('forgets what was more than one window ago', () => {
  const pace = new EtaEstimator();
  for (let second = 0; second <= 300; second += 1) {
    const rows = Math.min(second, 100) * 100 + Math.max(0, second - 100);
    pace.add({ atMs: second * 1000, rows, waitedMs: 0, windows: [] });
  }

  expect(pace.rowsPerMinute).toBe(60);
});

it('gives no estimate before enough rows are completed', () => {
  const pace = new EtaEstimator();
  expect(pace.timeLeftMs(10)).toBeUndefined();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [] });
  pace.add({ atMs: 100, rows: 9, waitedMs: 0, windows: [] });
  expect(pace.timeLeftMs(10)).toBeUndefined();
});

it('gives no estimate while the first rows are still slow, unless there are many', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [] });
  pace.add({ atMs: 4900, rows: 12, waitedMs: 0, windows: [] });
  expect(pace.timeLeftMs(100)).toBeUndefined();
  pace.add({ atMs: 4900, rows: 100, waitedMs: 0, windows: [] });
  expect(pace.timeLeftMs(100)).toBe(4900);
});

it('does not count requests in flight as requests of the completed rows', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({})] });
  // Half of the requests have a response; the other half are those of the next 11 rows.
  const window = users({ sent: 22, inFlight: 11, allowance: 60, available: 38 });
  pace.add({ atMs: 5500, rows: 11, waitedMs: 0, windows: [window] });

  // 49 rows need 49 requests, which fit into the window: no wait for the next.
  expect(pace.timeLeftMs(49)).toBe(24_500);
});

it('follows the recent speed when the first rows were slower', () => {
  const pace = new EtaEstimator();
  for (let second = 0; second <= 20; second += 1) {
    const rows = Math.min(second, 10) * 3 + Math.max(0, second - 10) * 30;
    pace.add({ atMs: second * 1000, rows, waitedMs: 0, windows: [] });
  }

  expect(pace.timeLeftMs(300)).toBe(10_000);
});

it('shows no more rows per minute than the rate limit allows, however fast a burst is', () => {
  const pace = new EtaEstimator();
  pace.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({ allowance: 108, available: 108 })] });
  const one = users({ sent: 38, allowance: 108, available: 70 });
  pace.add({ atMs: 1000, rows: 38, waitedMs: 0, windows: [one] });
  expect(pace.rowsPerMinute).toBe(108);

  const two = new EtaEstimator();
  two.add({ atMs: 0, rows: 0, waitedMs: 0, windows: [users({ allowance: 108, available: 108 })] });
  two.add({ atMs: 1000, rows: 38, waitedMs: 0, windows: [{ ...one, sent: 76 }] });
  expect(two.rowsPerMinute).toBe(54);
});
