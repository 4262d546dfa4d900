/**
 * What the page's script finds in the page: facts as JSON in `<script type="application/json" id="facts">`, rows as lines
 * in `<script type="text/plain" id="rows">` (see `row-line.ts`). Nothing of it is markup, so nothing in it can act.
 */
export interface PageFacts {
  /** Where a user is shown in the org's Admin Console, to be followed by the user's id; null when that is not known. */
  readonly userLink: string | null;
  /** Rows of the run; more than the page holds, if it was cut. */
  readonly rows: number;
  /** Null when nothing was recorded. */
  readonly timeline: Timeline | null;
  /** Null when no request was answered. */
  readonly latency: Latency | null;
}

/** How a run went on, by columns of equal length: one entry a moment. */
export interface Timeline {
  /** Seconds of the run, without the time in which no process was at work; grows. */
  readonly seconds: readonly number[];
  /** So far: rows with an outcome. */
  readonly rows: readonly number[];
  /** So far: milliseconds waited for the org's rate limit. */
  readonly waitedMs: readonly number[];
  /** So far: answers of 429, of both kinds. */
  readonly refusals: readonly number[];
  /** Seconds at which the run was gone on with. */
  readonly resumedAt: readonly number[];
}

/** How long answers took. */
export interface Latency {
  /** By size: see `LatencyCounts` in `src/okta/latency.ts`. */
  readonly from: number;
  readonly counts: readonly number[];
  /** Milliseconds within which half, 95 and 99 of a hundred answers came. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The lower bound of a latency bucket, milliseconds. */
export function latencyBound(bucket: number): number {
  return 2 ** (bucket / 4);
}
