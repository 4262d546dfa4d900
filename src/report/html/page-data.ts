/**
 * Data for the page's script: JSON in `<script type="application/json" id="data">`, and the rows as lines in
 * `<script type="text/plain" id="rows">` (see `page-columns.ts`). None of it is markup, so none of it can run.
 */
export interface PageData {
  /** URL of users in the org's Admin Console, without the user's ID at the end; null if unknown. */
  readonly userLink: string | null;
  /** Number of rows of the run; the page may hold fewer. */
  readonly rows: number;
  /** The same by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What the lines of the file are called: `Line`, or `Sheet row`. */
  readonly lineLabel: string;
  /** Names of the values that the line of each row ends with; empty unless the run was a dry run. */
  readonly fields: readonly string[];
  /** Null when nothing was recorded. */
  readonly timeline: Timeline | null;
  /** Null when there was no response. */
  readonly latency: Latency | null;
}

/** Progress of a run, as columns of equal length: one entry per sample. All counts are cumulative. */
export interface Timeline {
  /** Seconds since the start, not counting the time between processes; ascending. */
  readonly seconds: readonly number[];
  /** Rows with an outcome. */
  readonly rows: readonly number[];
  /** Milliseconds waited for the org's rate limit. */
  readonly waitedMs: readonly number[];
  /** Responses with status 429, of both kinds. */
  readonly rateLimited: readonly number[];
  /** Seconds at which the run was resumed. */
  readonly resumedAt: readonly number[];
}

/** Distribution of response times. */
export interface Latency {
  /** Number of the first bucket: see `LatencyCounts` in `src/okta/rate-limit/latency.ts`. */
  readonly from: number;
  readonly counts: readonly number[];
  /** Percentiles, in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Lower bound of a latency bucket, in milliseconds. */
export function latencyBound(bucket: number): number {
  return 2 ** (bucket / 4);
}
