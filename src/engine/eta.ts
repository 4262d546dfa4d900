/** A rate-limit window of the org's, as far as it concerns us. */
export interface BucketWindow {
  readonly bucket: string;
  /** Requests sent into the bucket so far. */
  readonly sent: number;
  /** Requests that we may send a window, at our share. */
  readonly allowance: number;
  /** Those of them that are left in the present window. */
  readonly available: number;
  /** When the next window opens, epoch milliseconds of our clock. */
  readonly opensAtMs: number;
}

/** How far a run is at a moment. */
export interface ProgressPoint {
  readonly atMs: number;
  /** Rows that have their outcome. */
  readonly rows: number;
  /** Spent waiting for rate limits so far, milliseconds. */
  readonly waitedMs: number;
  readonly windows: readonly BucketWindow[];
}

const WINDOW_MS = 60_000;
/** Fewer rows than that say nothing of those to come. */
const MIN_ROWS = 10;

/**
 * How fast a run goes, by what was seen during the last window or so; earlier rows may have been of another kind, as those
 * are that an earlier process of a resumed run has done.
 */
export class EtaEstimator {
  /** Oldest first: the one to reckon from, and those since. */
  #points: ProgressPoint[] = [];

  add(moment: ProgressPoint): void {
    const [oldest] = this.#points;
    // Rows that cost no request while others will: what came before the first request is no measure.
    const isBeforeFirst = moment.windows.length > 0 && oldest && sentOf(oldest) === sentOf(moment);
    if (isBeforeFirst && this.#points.every((one) => sentOf(one) === sentOf(moment))) this.#points = [];
    const [, second] = this.#points;
    if (second !== undefined && moment.atMs - second.atMs >= WINDOW_MS) this.#points.shift();
    const last = this.#points.at(-1);
    // A moment a second is enough.
    if (this.#points.length > 1 && last && moment.atMs - this.#points.at(-2)!.atMs < 1000) {
      this.#points.pop();
    }
    this.#points.push(moment);
  }

  /** Rows a minute. */
  get rowsPerMinute(): number {
    const { rows, ms } = this.#seen();
    return ms > 0 ? Math.round((rows / ms) * WINDOW_MS) : 0;
  }

  /**
   * How long so many rows will take; undefined while nothing tells.
   *
   * A burst at the start of a window is no measure: the rows that do not fit into what is left of it wait for the next,
   * and so on, whatever the speed of each.
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
        : timeByWindows(Math.ceil(rowsLeft * perRow), window, last.atMs, rowMs / perRow);
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

/** How long the windows alone make so many requests take, when each takes `requestMs` of the time that is not waited. */
function timeByWindows(requests: number, window: BucketWindow, nowMs: number, requestMs: number): number {
  const { allowance: ours, available: left, opensAtMs } = window;
  if (requests <= left) return requests * requestMs;
  const later = requests - left;
  const windows = Math.ceil(later / ours);
  const inTheLast = later - (windows - 1) * ours;
  return Math.max(0, opensAtMs - nowMs) + (windows - 1) * WINDOW_MS + inTheLast * requestMs;
}

function sentOf({ windows }: ProgressPoint): number {
  return windows.reduce((sum, { sent }) => sum + sent, 0);
}
