import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { Progress } from '../../src/cli/progress.js';
import type { RunProgress } from '../../src/jobs/run-observer.js';
import { noCounts } from '../../src/rows/counts.js';

import { recordedTerminal } from './captured-stream.js';

const COUNTS = { ...noCounts(), total: 50, created: 48, failed: 2 };

async function progress(options: {
  isInteractive: boolean;
  columns?: number;
  state?: Partial<RunProgress>;
  leftMs?: number;
}) {
  const { terminal, stderr } = recordedTerminal(options);
  vi.useFakeTimers();
  const state: RunProgress = {
    name: 'people.csv',
    phase: 'running',
    counts: COUNTS,
    rows: 100,
    bytes: undefined,
    rowsPerMinute: options.leftMs === undefined ? 0 : 60,
    timeLeftMs: options.leftMs,
    wait: { kind: 'rate-limit', seconds: 12, limit: 600 },
    requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
    ...options.state,
  };
  const shown = new Progress({ terminal, now: () => Date.now() });
  // The interval of a job's progress reports.
  const timer = setInterval(() => shown.show(state), 200);
  const stop = (): void => {
    clearInterval(timer);
    shown.clear();
  };
  onTestFinished(() => {
    stop();
    vi.useRealTimers();
  });
  return { stderr, terminal, shown: { stop } };
}

/** The successive states of the status line. */
function drawn(text: string): string[] {
  return text.split('\r').filter((line) => line !== '' && !line.startsWith('\u001b[J'));
}

describe('progress on a terminal', () => {
  it('is one line that is redrawn in place and removed at the end', async () => {
    const { stderr, shown } = await progress({ isInteractive: true, columns: 200 });
    vi.advanceTimersByTime(1000);
    const lines = drawn(stderr.text);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain('people.csv  [==========          ]  50/100 rows  48 created  2 failed');
    expect(lines[0]).toContain("waiting 12 s for the org's rate limit (600/min)");
    expect(stderr.text).not.toContain('\n');
    shown.stop();
    expect(stderr.text.endsWith('\r\u001b[J')).toBe(true);
  });

  it('is moved below lines that are printed', async () => {
    const { stderr, terminal } = await progress({ isInteractive: true, columns: 80 });
    vi.advanceTimersByTime(200);
    terminal.info('Mind the gap.');
    expect(stderr.text.endsWith('\r\u001b[JMind the gap.\n')).toBe(true);
    vi.advanceTimersByTime(200);
    expect(drawn(stderr.text).at(-1)).toContain('50/100 rows');
  });
});

describe('progress without a terminal', () => {
  it('is a line every 15 seconds that also shows waits', async () => {
    const { stderr } = await progress({ isInteractive: false });
    vi.advanceTimersByTime(14_900);
    expect(stderr.text).toBe('');
    vi.advanceTimersByTime(16_100);
    expect(stderr.text).toMatch(
      /^(people\.csv, 50\/100 rows, 48 created, 2 failed, 0 rows\/min, waiting 12 s for the org's rate limit \(600\/min\)\n){2}$/,
    );
  });

  it('shows the share of the file that has been read if the number of rows is unknown', async () => {
    const { stderr } = await progress({
      isInteractive: false,
      state: { rows: undefined, bytes: { read: 250, of: 1000 }, wait: undefined },
    });
    vi.advanceTimersByTime(15_200);
    expect(stderr.text).toContain('people.csv, 50 rows, 25%, 48 created');
  });
});

it.each([
  [1, '1 s'],
  [39_001, '40 s'],
  [91_000, '2 min'],
  [185 * 60_000 - 1, '3 h 5 min'],
])('rounds the %d ms left up to %s', async (leftMs, shown) => {
  const { stderr } = await progress({ isInteractive: false, leftMs });
  vi.advanceTimersByTime(15_200);
  expect(stderr.text).toContain(`, about ${shown} left,`);
});
