import { describe, expect, it, onTestFinished } from 'vitest';

import { Governor } from '../../src/okta/rate-limit/governor.js';
import { parseRateLimitInfo } from '../../src/okta/rate-limit/rate-limit-info.js';
import { LatencyHistogram } from '../../src/okta/rate-limit/latency.js';
import { readJournal } from '../../src/journal/reader.js';
import { Journal } from '../../src/journal/journal.js';
import { SampleRecorder } from '../../src/journal/progress-samples.js';
import { ManualClock } from '../okta/manual-clock.js';
import { createdOutcome, createOf, description, tempFolder } from '../engine/build.js';

/** A recorder whose samples the test takes itself. */
function recorder(clock = new ManualClock()): {
  samples: SampleRecorder;
  clock: ManualClock;
  governor: Governor;
} {
  const governor = new Governor({ share: 1, concurrency: 10, clock });
  const samples = new SampleRecorder({ clock, client: { governor, retried: 0 } });
  return { samples, clock, governor };
}

describe('samples', () => {
  it('are taken when something has changed, at most once a second', async () => {
    const { samples, clock } = recorder();
    samples.sample();
    samples.count('created');
    await clock.pass(500);
    samples.sample();
    expect(samples.samples).toHaveLength(1);

    await clock.pass(500);
    samples.sample();
    expect(samples.samples.map(({ rows }) => rows)).toEqual([{}, { created: 1 }]);
  });

  it('separate a pause from what follows it', async () => {
    const { samples, clock } = recorder();
    samples.sample();
    const startMs = clock.now();
    for (let second = 1; second <= 50; second += 1) {
      await clock.pass(1000);
      samples.sample();
    }
    samples.count('created');
    await clock.pass(1000);
    samples.sample();

    expect(samples.samples.map(({ atMs, rows }) => [atMs - startMs, rows])).toEqual([
      [0, {}],
      [50_000, {}],
      [51_000, { created: 1 }],
    ]);
  });

  it('number about two thousand, however long the run', () => {
    let nowMs = 0;
    const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
    const samples = new SampleRecorder({ clock, client: undefined });
    samples.sample();
    for (let second = 0; second < 24 * 3600; second += 1) {
      nowMs += 1000;
      samples.count('created');
      samples.sample();
    }

    expect(samples.samples.length).toBeGreaterThan(1000);
    expect(samples.samples.length).toBeLessThan(2000);
    expect(samples.samples.at(-1)?.rows.created).toBeGreaterThan(24 * 3600 - 400);
  });

  it('contain what the governor counts, up to the end', async () => {
    const { samples, clock, governor } = recorder();
    samples.start();
    onTestFinished(() => samples.stop());
    const response = {
      status: 200,
      rateLimit: parseRateLimitInfo({ status: 200, headers: {} }, clock.now()),
    };
    await governor.run('/api/v1/users', async () => response, undefined);
    await clock.pass(10);
    samples.stop();

    expect(samples.samples.at(-1)).toMatchObject({
      sent: 1,
      waits: 0,
      waitedMs: 0,
      latency: { from: 0, counts: [1] },
    });
  });

  it('are read back per process, and do not affect the run', async () => {
    const folder = await tempFolder();
    const { samples, clock } = recorder();
    samples.sample();
    const [one] = samples.samples;
    const journal = await Journal.create(folder, description);
    await journal.recordSample(one!);
    await journal.recordAttempt(createOf(1), { orgMs: 0 });
    await journal.recordOutcome(createdOutcome(1));
    await journal.recordSample({ ...one!, sent: 1 });
    await journal.close();
    const reached = await withPast(folder, ({ bytes, lines, end }) => {
      expect(end).toBeUndefined();
      return { bytes, lines };
    });
    const resumed = await Journal.reopen(folder, reached, { at: 'now', version: '1' });
    await resumed.recordSample({ ...one!, atMs: clock.now() + 5 });
    await resumed.recordEnd({ at: 'then', exitCode: 3, stoppedBecause: 'interrupted by SIGINT' });
    await resumed.close();

    await withPast(folder, (past) => {
      expect(past.sessions.map((session) => session.map(({ sent }) => sent))).toEqual([[0, 1], [0]]);
      expect(past.outcomeOf(1)).toEqual(createdOutcome(1));
      expect(past.rowsInDoubt).toBe(0);
      expect(past.end).toMatchObject({ exitCode: 3, stoppedBecause: 'interrupted by SIGINT' });
    });
  });
});

async function withPast<T>(
  folder: string,
  look: (past: Awaited<ReturnType<typeof readJournal>>) => T,
): Promise<T> {
  const past = await readJournal(folder);
  try {
    return look(past);
  } finally {
    past.close();
  }
}

describe('the latency histogram', () => {
  it('counts by size, within a quarter of an octave', () => {
    const histogram = new LatencyHistogram();
    for (const ms of [100, 105, 200, 0, 0.3, 1e9]) histogram.add(ms);
    const { from, counts } = histogram.snapshot();

    expect(from).toBe(0);
    expect(counts).toHaveLength(64);
    expect(counts[0]).toBe(2);
    expect(counts[Math.floor(4 * Math.log2(100))]).toBe(2);
    expect(counts[Math.floor(4 * Math.log2(200))]).toBe(1);
    expect(counts[63]).toBe(1);
  });

  it('is short when there is little to store', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.snapshot()).toEqual({ from: 0, counts: [] });
    histogram.add(64);
    expect(histogram.snapshot()).toEqual({ from: 24, counts: [1] });
  });
});
