import pLimit from 'p-limit';

/**
 * Limits the requests in flight, over all buckets together. A 429 of the org's concurrency limit halves the limit; it
 * then grows back one by one (Okta's rate limits, "Concurrency rate limits").
 *
 * Nothing queues in here: a request that waited behind others would not notice its bucket running empty meanwhile.
 */
export class ConcurrencyLimiter {
  readonly #max: number;
  readonly #limit: ReturnType<typeof pLimit>;
  #reducedAtMs = Number.NEGATIVE_INFINITY;
  #responsesSinceChange = 0;

  constructor(max: number) {
    this.#max = max;
    this.#limit = pLimit(max);
  }

  get hasCapacity(): boolean {
    return this.#limit.activeCount < this.#limit.concurrency;
  }

  /** Starts at once; call it only when there is capacity, which is free again when the promise settles. */
  run<R>(send: () => Promise<R>): Promise<R> {
    return this.#limit(send);
  }

  /** Halves the limit; requests that were already in flight at the last reduction do not count again. */
  onConcurrencyLimited(sentAtMs: number, nowMs: number): void {
    if (sentAtMs < this.#reducedAtMs) return;
    this.#limit.concurrency = Math.max(1, Math.floor(this.#limit.activeCount / 2));
    this.#reducedAtMs = nowMs;
    this.#responsesSinceChange = 0;
  }

  /** Raises the limit by one after a full round of responses without a concurrency 429. */
  onResponse(sentAtMs: number): void {
    if (this.#limit.concurrency >= this.#max || sentAtMs < this.#reducedAtMs) return;
    this.#responsesSinceChange += 1;
    if (this.#responsesSinceChange < this.#limit.concurrency) return;
    this.#limit.concurrency += 1;
    this.#responsesSinceChange = 0;
  }
}
