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
/** The first rows are slow: connections are set up, a single request learns the limit, groups are looked up. */
const WARM_UP_MS = 5000;
/** So many rows show the speed earlier. */
const ENOUGH_ROWS = 100;

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

  /** Rows per minute: never more than the rate limits allow in the long run, however fast a burst is. */
  get rowsPerMinute(): number {
    const seen = this.#seen();
    if (seen.first === undefined || seen.last === undefined || seen.ms <= 0) return 0;
    const bounds = requestsPerRow(seen.first, seen.last).map(({ window, perRow }) =>
      perRow === 0 ? Infinity : Math.floor(window.allowance / perRow),
    );
    return Math.min(Math.round((seen.rows / seen.ms) * WINDOW_MS), ...bounds);
  }

  /**
   * How long `rowsLeft` rows will take, milliseconds; undefined while there is no basis for an estimate.
   *
   * The speed of a burst at the start of a window does not last: rows that do not fit into the window wait for the next.
   */
  timeLeftMs(rowsLeft: number): number | undefined {
    const all = this.#seen();
    const isWarmUp = all.ms < WARM_UP_MS && all.rows < ENOUGH_ROWS && all.waitedMs === 0;
    if (all.rows < MIN_ROWS || isWarmUp) return undefined;
    const recent = this.#seen(this.#halfWay());
    const isEnough = recent.rows >= MIN_ROWS && recent.ms >= all.ms / 4;
    const { first, last, rows, ms, waitedMs } = isEnough ? recent : all;
    if (first === undefined || last === undefined || ms <= 0) return undefined;
    const activeMs = Math.max(ms - waitedMs, ms / 50, 1);
    const rowMs = activeMs / rows;
    const bounds = requestsPerRow(first, last).map(({ window, perRow }) => {
      // The requests in flight have their slots.
      const requests = Math.max(0, Math.ceil(rowsLeft * perRow) - window.inFlight);
      return perRow === 0 ? 0 : timeForWindows(requests, window, last.atMs, rowMs / perRow);
    });
    return Math.max(rowsLeft * rowMs, ...bounds);
  }

  /** The point since which about half of the time has passed. */
  #halfWay(): ProgressPoint | undefined {
    const [start] = this.#points;
    const end = this.#points.at(-1);
    if (start === undefined || end === undefined) return undefined;
    return this.#points.find(({ atMs }) => atMs - start.atMs >= (end.atMs - start.atMs) / 2);
  }

  #seen(first = this.#points[0]) {
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

/** How many requests of each bucket a row has taken, not counting those that belong to rows in progress. */
function requestsPerRow(
  first: ProgressPoint,
  last: ProgressPoint,
): readonly { readonly window: BucketView; readonly perRow: number }[] {
  const before = new Map(first.windows.map((window) => [window.bucket, answered(window)]));
  const rows = last.rows - first.rows;
  return last.windows.map((window) => ({
    window,
    perRow: rows <= 0 ? 0 : Math.max(0, answered(window) - (before.get(window.bucket) ?? 0)) / rows,
  }));
}

function answered({ sent, inFlight }: BucketView): number {
  return sent - inFlight;
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
