/** Four buckets per octave, so that a value is known to within a fifth. */
const BUCKETS_PER_OCTAVE = 4;
/** The last bucket takes everything from about a minute on. */
const BUCKETS = 16 * BUCKETS_PER_OCTAVE;

/** Response times as a histogram of fixed size. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);

  /** @param ms - milliseconds; anything below one counts as one. */
  add(ms: number): void {
    const bucket = Math.floor(Math.log2(Math.max(ms, 1)) * BUCKETS_PER_OCTAVE);
    this.#counts[Math.min(bucket, BUCKETS - 1)]! += 1;
  }

  /** The counts so far, without the empty buckets at both ends. */
  snapshot(): LatencyCounts {
    const from = this.#counts.findIndex((count) => count > 0);
    if (from < 0) return { from: 0, counts: [] };
    const to = this.#counts.findLastIndex((count) => count > 0);
    return { from, counts: [...this.#counts.subarray(from, to + 1)] };
  }
}

/**
 * A histogram as it is journaled: `counts[i]` responses took from `2 ** ((from + i) / 4)` milliseconds to less than
 * `2 ** ((from + i + 1) / 4)`. Bucket 0 also holds everything faster, bucket 63 everything slower.
 */
export interface LatencyCounts {
  readonly from: number;
  readonly counts: readonly number[];
}
