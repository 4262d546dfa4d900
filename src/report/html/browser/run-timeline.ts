import type { Timeline } from '../page-data.js';

/** A timeline cut into pieces of equal length, for a chart: one entry a piece, at its end; the first is the start. */
export interface Course {
  readonly seconds: readonly number[];
  readonly rowsAMinute: readonly number[];
  /** Which part of the piece was spent waiting for the org's rate limit, 0 to 1. */
  readonly waiting: readonly number[];
  /** 429s in the piece. */
  readonly refused: readonly number[];
  readonly average: number;
  readonly most: number;
  readonly waitedMs: number;
  readonly refusals: number;
}

const MOST_PIECES = 240;

/** Pieces are never shorter than the second that lies between two samples. */
export function toCourse(timeline: Timeline): Course {
  const end = timeline.seconds.at(-1) ?? 0;
  const pieces = Math.max(1, Math.min(MOST_PIECES, Math.floor(end)));
  const seconds = Array.from({ length: pieces + 1 }, (_, index) => (index * end) / pieces);
  const rows = grownBetween(timeline.seconds, timeline.rows, seconds);
  const waited = grownBetween(timeline.seconds, timeline.waitedMs, seconds);
  const refusals = grownBetween(timeline.seconds, timeline.refusals, seconds);
  const pieceSeconds = end / pieces || 1;
  const rowsAMinute = rows.map((count) => (count / pieceSeconds) * 60);
  return {
    seconds,
    rowsAMinute: [rowsAMinute[1] ?? 0, ...rowsAMinute.slice(1)],
    waiting: waited.map((ms) => Math.min(1, ms / 1000 / pieceSeconds)),
    // Interpolated, the growth of one 429 may lie on both sides of a boundary.
    refused: refusals.map((count) => (count > 0.5 ? Math.round(count) : 0)),
    average: end === 0 ? 0 : ((timeline.rows.at(-1) ?? 0) / end) * 60,
    most: rowsAMinute.reduce((most, value) => Math.max(most, value), 0),
    waitedMs: timeline.waitedMs.at(-1) ?? 0,
    refusals: timeline.refusals.at(-1) ?? 0,
  };
}

/** How much a count that is known at some moments grew from one of the wanted moments to the next. */
function grownBetween(
  at: readonly number[],
  counted: readonly number[],
  wanted: readonly number[],
): readonly number[] {
  let next = 0;
  let before = counted[0] ?? 0;
  return wanted.map((second) => {
    while (next < at.length - 1 && at[next]! < second) next += 1;
    const [left, right] = [Math.max(0, next - 1), next];
    const span = at[right]! - at[left]!;
    const part = span <= 0 ? 1 : Math.min(1, Math.max(0, (second - at[left]!) / span));
    const value = counted[left]! + part * (counted[right]! - counted[left]!);
    const grown = Math.max(0, value - before);
    before = Math.max(before, value);
    return grown;
  });
}
