import type { Sample } from '../../journal/progress-samples.js';
import type { Summary } from '../summary.js';

import { latencyBound, type Latency, type Timeline } from './page-data.js';

type Session = readonly Sample[];

/**
 * Joins the samples of all processes of a run into one timeline: counts are added up, and the time between the processes is
 * cut out.
 */
export function toTimeline(sessions: readonly Session[]): Timeline | null {
  const seconds: number[] = [];
  const rows: number[] = [];
  const waitedMs: number[] = [];
  const rateLimited: number[] = [];
  const resumedAt: number[] = [];
  for (const session of sessions) {
    const startedAtMs = session[0]?.atMs;
    if (startedAtMs === undefined) continue;
    const before = {
      seconds: seconds.at(-1) ?? 0,
      rows: rows.at(-1) ?? 0,
      waitedMs: waitedMs.at(-1) ?? 0,
      rateLimited: rateLimited.at(-1) ?? 0,
    };
    if (seconds.length > 0) resumedAt.push(before.seconds);
    for (const sample of session) {
      seconds.push(before.seconds + Math.max(0, sample.atMs - startedAtMs) / 1000);
      rows.push(before.rows + sum(Object.values(sample.rows)));
      waitedMs.push(before.waitedMs + sample.waitedMs);
      rateLimited.push(before.rateLimited + sample.rateLimited + sample.concurrencyLimited);
    }
  }
  return seconds.length === 0 ? null : { seconds, rows, waitedMs, rateLimited, resumedAt };
}

/** Response times of all processes of a run. */
export function toLatency(sessions: readonly Session[]): Latency | null {
  const all: number[] = [];
  for (const session of sessions) {
    const { from, counts } = session.at(-1)?.latency ?? { from: 0, counts: [] };
    for (const [index, count] of counts.entries()) all[from + index] = (all[from + index] ?? 0) + count;
  }
  const from = all.findIndex((count) => count > 0);
  if (from < 0) return null;
  const counts = Array.from(all.slice(from), (count) => count ?? 0);
  const at = (share: number): number => percentile({ from, counts }, share);
  return { from, counts, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Assumes that the values within a bucket are spread evenly on a logarithmic scale. */
function percentile({ from, counts }: Pick<Latency, 'from' | 'counts'>, share: number): number {
  let left = sum(counts) * share;
  for (const [index, count] of counts.entries()) {
    if (left <= count) return latencyBound(from + index + (count === 0 ? 0 : left / count));
    left -= count;
  }
  return latencyBound(from + counts.length);
}

/** Requests of all processes of a run. */
export function requestsOf(sessions: readonly Session[]): Summary['requests'] {
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

/** The most rows per minute that the rate limits allowed in the long run, as last recorded; undefined when unknown. */
export function rowsPerMinuteLimit(sessions: readonly Session[]): number | undefined {
  return sessions.flat().findLast((sample) => sample.rowsPerMinuteLimit !== undefined)?.rowsPerMinuteLimit;
}

/** How long processes worked on a run, in milliseconds. */
export function workedMs(sessions: readonly Session[]): number {
  return sum(sessions.map((session) => (session.at(-1)?.atMs ?? 0) - (session[0]?.atMs ?? 0)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
