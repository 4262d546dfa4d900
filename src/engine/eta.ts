import type { BucketView } from '../okta/rate-limit/governor.js';

/** The progress of a run at one point. */
export interface ProgressPoint {
  readonly atMs: number;
  /** Completed rows. */
  readonly rows: number;
  /** Time spent waiting for rate limits so far, milliseconds. */
  readonly waitedMs: number;
  readonly windows: readonly BucketView[];
}

const WINDOW_MS = 60_000;
/** Fewer rows are no basis for an estimate. */
const MIN_ROWS = 10;

/**
 * Estimates the remaining time from the progress during about the last rate-limit window. Earlier rows may have been of
 * another kind, such as those that an earlier process of a resumed run completed.
 */
export class EtaEstimator {
  /** Oldest first: the point to measure from, and those since. */
  #points: ProgressPoint[] = [];

  add(point: ProgressPoint): void {
    const [oldest] = this.#points;
    // Rows before the first request were completed by an earlier process, which says nothing about the others.
    const isBeforeFirst = point.windows.length > 0 && oldest && sentOf(oldest) === sentOf(point);
    if (isBeforeFirst && this.#points.every((one) => sentOf(one) === sentOf(point))) this.#points = [];
    const [, second] = this.#points;
    if (second !== undefined && point.atMs - second.atMs >= WINDOW_MS) this.#points.shift();
    const last = this.#points.at(-1);
    // One point per second is enough.
    if (this.#points.length > 1 && last && point.atMs - this.#points.at(-2)!.atMs < 1000) {
      this.#points.pop();
    }
    this.#points.push(point);
  }

  /** Rows per minute. */
  get rowsPerMinute(): number {
    const { rows, ms } = this.#seen();
    return ms > 0 ? Math.round((rows / ms) * WINDOW_MS) : 0;
  }

  /**
   * How long `rowsLeft` rows will take, milliseconds; undefined while there is no basis for an estimate.
   *
   * The speed of a burst at the start of a window does not last: rows that do not fit into the window wait for the next.
   */
  timeLeftMs(rowsLeft: number): number | undefined {
    const { first, last, rows, ms, waitedMs } = this.#seen();
    if (first === undefined || last === undefined || rows < MIN_ROWS || ms <= 0) return undefined;
    const activeMs = Math.max(ms - waitedMs, ms / 50, 1);
    const rowMs = activeMs / rows;
    const sentBefore = new Map(first.windows.map(({ bucket, sent }) => [bucket, sent]));
    const bounds = last.windows.map((window) => {
      const perRow = (window.sent - (sentBefore.get(window.bucket) ?? 0)) / rows;
      return perRow === 0
        ? 0
        : timeForWindows(Math.ceil(rowsLeft * perRow), window, last.atMs, rowMs / perRow);
    });
    return Math.max(rowsLeft * rowMs, ...bounds);
  }

  #seen() {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (first === undefined || last === undefined) return { first, last, rows: 0, ms: 0, waitedMs: 0 };
    return {
      first,
      last,
      rows: last.rows - first.rows,
      ms: last.atMs - first.atMs,
      waitedMs: last.waitedMs - first.waitedMs,
    };
  }
}

/** How long the rate-limit windows make `requests` take, when each takes `requestMs` without waits. */
function timeForWindows(requests: number, window: BucketView, nowMs: number, requestMs: number): number {
  const { allowance, available, opensAtMs } = window;
  if (requests <= available) return requests * requestMs;
  const later = requests - available;
  const windows = Math.ceil(later / allowance);
  const inLastWindow = later - (windows - 1) * allowance;
  return Math.max(0, opensAtMs - nowMs) + (windows - 1) * WINDOW_MS + inLastWindow * requestMs;
}

function sentOf({ windows }: ProgressPoint): number {
  return windows.reduce((sum, { sent }) => sum + sent, 0);
}
