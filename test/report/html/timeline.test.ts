import { describe, expect, it } from 'vitest';

import type { Sample } from '../../../src/journal/progress-samples.js';
import { toProgress } from '../../../src/report/html/browser/progress.js';
import { requestsOf, toLatency, toTimeline, workedMs } from '../../../src/report/html/timeline.js';

function sample(atMs: number, part: Partial<Sample> = {}): Sample {
  return {
    atMs,
    rows: {},
    sent: 0,
    retried: 0,
    rateLimited: 0,
    concurrencyLimited: 0,
    waits: 0,
    waitedMs: 0,
    latency: { from: 0, counts: [] },
    ...part,
  };
}

/** Of all intervals; the first entry is the start. */
function sum(values: readonly number[]): number {
  return values.slice(1).reduce((total, value) => total + value, 0);
}

describe('the timeline of a run', () => {
  const first = [
    sample(0),
    sample(10_000, {
      rows: { created: 90, invalid: 10 },
      sent: 90,
      waitedMs: 0,
      latency: { from: 8, counts: [60, 30] },
    }),
    sample(60_000, {
      rows: { created: 90, invalid: 10 },
      sent: 91,
      rateLimited: 1,
      waits: 1,
      waitedMs: 50_000,
      latency: { from: 8, counts: [60, 31] },
    }),
  ];
  const second = [
    sample(9_000_000),
    sample(9_010_000, {
      rows: { created: 50 },
      sent: 50,
      retried: 2,
      concurrencyLimited: 3,
      latency: { from: 9, counts: [40, 10] },
    }),
  ];

  it('joins the processes without the time between them', () => {
    expect(toTimeline([first, second])).toEqual({
      seconds: [0, 10, 60, 60, 70],
      rows: [0, 100, 100, 100, 150],
      waitedMs: [0, 0, 50_000, 50_000, 50_000],
      rateLimited: [0, 0, 1, 1, 4],
      resumedAt: [60],
    });
    expect(workedMs([first, second])).toBe(70_000);
    expect(requestsOf([first, second])).toEqual({
      sent: 141,
      retried: 2,
      rateLimited: 4,
      concurrencyLimited: 3,
      waits: 1,
      waitedMs: 50_000,
    });
  });

  it('is null when nothing was recorded', () => {
    expect([toTimeline([]), toTimeline([[]]), toLatency([[]]), toLatency([[sample(0)]])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('is cut into intervals that keep every row and wait', () => {
    const progress = toProgress(toTimeline([first, second])!);
    const seconds = progress.seconds[1]! - progress.seconds[0]!;

    expect(progress.rows.at(-1)).toBe(150);
    expect(progress.rows[5]).toBeCloseTo(50);
    expect(sum(progress.waitShare) * seconds).toBeCloseTo(50);
    expect(progress.waitShare[30]).toBeCloseTo(1);
    expect(progress.rateLimitedTotal).toBe(4);
  });

  it('has percentiles of the response times', () => {
    const latency = toLatency([first, second])!;

    expect(latency).toMatchObject({ from: 8, counts: [60, 71, 10] });
    // Of 141 responses, 60 took 4 to 4.76 ms, 71 to 5.66 ms, 10 to 6.73 ms.
    expect(latency.p50).toBeGreaterThan(4.75);
    expect(latency.p50).toBeLessThan(5);
    expect(latency.p95).toBeGreaterThan(5.65);
    expect(latency.p99).toBeLessThan(6.73);
  });
});
