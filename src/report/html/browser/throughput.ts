import type { Timeline } from '../page-data.js';

/** A timeline cut into intervals of equal length: entry 0 is the start, every other entry the end of an interval. */
export interface Throughput {
  readonly seconds: readonly number[];
  readonly rowsPerMinute: readonly number[];
  /** Share of the interval spent waiting for the org's rate limit, 0 to 1. */
  readonly waitShare: readonly number[];
  /** 429s in the interval. */
  readonly rateLimited: readonly number[];
  /** Rows per minute over the whole run. */
  readonly average: number;
  /** Rows per minute of the fastest interval. */
  readonly max: number;
  readonly waitedMs: number;
  readonly rateLimitedTotal: number;
}

const MAX_INTERVALS = 240;

/** Intervals are at least a second long, the time between two samples. */
export function toThroughput(timeline: Timeline): Throughput {
  const end = timeline.seconds.at(-1) ?? 0;
  const intervals = Math.max(1, Math.min(MAX_INTERVALS, Math.floor(end)));
  const seconds = Array.from({ length: intervals + 1 }, (_, index) => (index * end) / intervals);
  const rows = increasesBetween(timeline.seconds, timeline.rows, seconds);
  const waitedMs = increasesBetween(timeline.seconds, timeline.waitedMs, seconds);
  const rateLimited = increasesBetween(timeline.seconds, timeline.rateLimited, seconds);
  const intervalSeconds = end / intervals || 1;
  const rowsPerMinute = rows.map((count) => (count / intervalSeconds) * 60);
  return {
    seconds,
    rowsPerMinute: [rowsPerMinute[1] ?? 0, ...rowsPerMinute.slice(1)],
    waitShare: waitedMs.map((ms) => Math.min(1, ms / 1000 / intervalSeconds)),
    // Interpolation can spread a single 429 over two intervals.
    rateLimited: rateLimited.map((count) => (count > 0.5 ? Math.round(count) : 0)),
    average: end === 0 ? 0 : ((timeline.rows.at(-1) ?? 0) / end) * 60,
    max: rowsPerMinute.reduce((max, value) => Math.max(max, value), 0),
    waitedMs: timeline.waitedMs.at(-1) ?? 0,
    rateLimitedTotal: timeline.rateLimited.at(-1) ?? 0,
  };
}

/** How much a cumulative count, known at some times, grew from each of the given times to the next, by interpolation. */
function increasesBetween(
  knownAt: readonly number[],
  counts: readonly number[],
  seconds: readonly number[],
): readonly number[] {
  let next = 0;
  let before = counts[0] ?? 0;
  return seconds.map((second) => {
    while (next < knownAt.length - 1 && knownAt[next]! < second) next += 1;
    const [left, right] = [Math.max(0, next - 1), next];
    const span = knownAt[right]! - knownAt[left]!;
    const share = span <= 0 ? 1 : Math.min(1, Math.max(0, (second - knownAt[left]!) / span));
    const value = counts[left]! + share * (counts[right]! - counts[left]!);
    const increase = Math.max(0, value - before);
    before = Math.max(before, value);
    return increase;
  });
}
