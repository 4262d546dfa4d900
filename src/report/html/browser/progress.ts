import type { Timeline } from '../page-data.js';

/** A timeline cut into intervals of equal length: entry 0 is the start, every other entry the end of an interval. */
export interface Progress {
  readonly seconds: readonly number[];
  /** Rows completed by then. */
  readonly rows: readonly number[];
  /** Share of the interval spent waiting for the org's rate limit, 0 to 1. */
  readonly waitShare: readonly number[];
  /** 429s in the interval. */
  readonly rateLimited: readonly number[];
  readonly waitedMs: number;
  readonly rateLimitedTotal: number;
}

const MAX_INTERVALS = 240;

/** Intervals are at least a second long, the time between two samples. */
export function toProgress(timeline: Timeline): Progress {
  const end = timeline.seconds.at(-1) ?? 0;
  const intervals = Math.max(1, Math.min(MAX_INTERVALS, Math.floor(end)));
  const seconds = Array.from({ length: intervals + 1 }, (_, index) => (index * end) / intervals);
  const waitedMs = increases(valuesAt(timeline.seconds, timeline.waitedMs, seconds));
  const rateLimited = increases(valuesAt(timeline.seconds, timeline.rateLimited, seconds));
  const intervalSeconds = end / intervals || 1;
  return {
    seconds,
    rows: valuesAt(timeline.seconds, timeline.rows, seconds),
    waitShare: waitedMs.map((ms) => Math.min(1, ms / 1000 / intervalSeconds)),
    // Interpolation can spread a single 429 over two intervals.
    rateLimited: rateLimited.map((count) => (count > 0.5 ? Math.round(count) : 0)),
    waitedMs: timeline.waitedMs.at(-1) ?? 0,
    rateLimitedTotal: timeline.rateLimited.at(-1) ?? 0,
  };
}

/** A cumulative count, known at some times, at other times, by interpolation. */
function valuesAt(
  knownAt: readonly number[],
  counts: readonly number[],
  seconds: readonly number[],
): readonly number[] {
  let next = 0;
  let highest = counts[0] ?? 0;
  return seconds.map((second) => {
    while (next < knownAt.length - 1 && knownAt[next]! < second) next += 1;
    const [left, right] = [Math.max(0, next - 1), next];
    const span = knownAt[right]! - knownAt[left]!;
    const share = span <= 0 ? 1 : Math.min(1, Math.max(0, (second - knownAt[left]!) / span));
    highest = Math.max(highest, counts[left]! + share * (counts[right]! - counts[left]!));
    return highest;
  });
}

/** From each value to the next; the first is 0. */
function increases(values: readonly number[]): readonly number[] {
  return values.map((value, index) => value - (values[index - 1] ?? value));
}
