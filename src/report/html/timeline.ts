import type { Sample } from '../../journal/progress-samples.js';

import { latencyBound, type Latency, type Timeline } from './page-data.js';

type Session = readonly Sample[];

/**
 * The samples of all processes of a run as one course: what they counted is added up, and the time between them, in which
 * nobody was at work, is cut out.
 */
export function toTimeline(sessions: readonly Session[]): Timeline | null {
  const seconds: number[] = [];
  const rows: number[] = [];
  const waitedMs: number[] = [];
  const refusals: number[] = [];
  const resumedAt: number[] = [];
  for (const session of sessions) {
    const startedAtMs = session[0]?.atMs;
    if (startedAtMs === undefined) continue;
    const before = {
      seconds: seconds.at(-1) ?? 0,
      rows: rows.at(-1) ?? 0,
      waitedMs: waitedMs.at(-1) ?? 0,
      refusals: refusals.at(-1) ?? 0,
    };
    if (seconds.length > 0) resumedAt.push(before.seconds);
    for (const sample of session) {
      seconds.push(before.seconds + Math.max(0, sample.atMs - startedAtMs) / 1000);
      rows.push(before.rows + sum(Object.values(sample.rows)));
      waitedMs.push(before.waitedMs + sample.waitedMs);
      refusals.push(before.refusals + sample.rateLimited + sample.concurrencyLimited);
    }
  }
  return seconds.length === 0 ? null : { seconds, rows, waitedMs, refusals, resumedAt };
}

/** How long the answers to all processes of a run took. */
export function toLatency(sessions: readonly Session[]): Latency | null {
  const all: number[] = [];
  for (const session of sessions) {
    const { from, counts } = session.at(-1)?.latency ?? { from: 0, counts: [] };
    for (const [index, count] of counts.entries()) all[from + index] = (all[from + index] ?? 0) + count;
  }
  const from = all.findIndex((count) => count > 0);
  if (from < 0) return null;
  const counts = Array.from(all.slice(from), (count) => count ?? 0);
  const within = (part: number): number => percentile({ from, counts }, part);
  return { from, counts, p50: within(0.5), p95: within(0.95), p99: within(0.99) };
}

/** Within a bucket, values are taken to be spread evenly over its logarithm. */
function percentile({ from, counts }: Pick<Latency, 'from' | 'counts'>, part: number): number {
  let left = sum(counts) * part;
  for (const [index, count] of counts.entries()) {
    if (left <= count) return latencyBound(from + index + (count === 0 ? 0 : left / count));
    left -= count;
  }
  return latencyBound(from + counts.length);
}

/** What all processes of a run asked of the org. */
export function requestsOf(sessions: readonly Session[]): {
  sent: number;
  retried: number;
  rateLimited: number;
  concurrencyLimited: number;
  waits: number;
  waitedMs: number;
} {
  const ends = sessions.flatMap((session) => session.at(-1) ?? []);
  const total = (of: (sample: Sample) => number): number => sum(ends.map(of));
  return {
    sent: total(({ sent }) => sent),
    retried: total(({ retried }) => retried),
    rateLimited: total(({ rateLimited, concurrencyLimited }) => rateLimited + concurrencyLimited),
    concurrencyLimited: total(({ concurrencyLimited }) => concurrencyLimited),
    waits: total(({ waits }) => waits),
    waitedMs: total(({ waitedMs }) => waitedMs),
  };
}

/** How long processes were at work on a run, milliseconds. */
export function workedMs(sessions: readonly Session[]): number {
  return sum(sessions.map((session) => (session.at(-1)?.atMs ?? 0) - (session[0]?.atMs ?? 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
