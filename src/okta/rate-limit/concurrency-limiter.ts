import pLimit from 'p-limit';

/**
 * The places in flight, for all buckets together. The org's concurrency 429 halves them; then they grow back one by
 * one (Rate limits, "Concurrency").
 *
 * Nothing ever queues in here: a request that waited behind others would not see its bucket being emptied meanwhile.
 */
export class ConcurrencyLimiter {
  readonly #most: number;
  readonly #limit: ReturnType<typeof pLimit>;
  #narrowedAtMs = Number.NEGATIVE_INFINITY;
  #answersSinceChange = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = pLimit(most);
  }

  get hasCapacity(): boolean {
    return this.#limit.activeCount < this.#limit.concurrency;
  }

  /** Takes a place at once, to be called only when there is room; it is free again when the promise settles. */
  run<A>(exchange: () => Promise<A>): Promise<A> {
    return this.#limit(exchange);
  }

  /** Half of what was in flight; requests that were under way already when we narrowed do not count again. */
  refused(sentAtMs: number, nowMs: number): void {
    if (sentAtMs < this.#narrowedAtMs) return;
    this.#limit.concurrency = Math.max(1, Math.floor(this.#limit.activeCount / 2));
    this.#narrowedAtMs = nowMs;
    this.#answersSinceChange = 0;
  }

  /** One more after a full round of answers without a refusal. */
  answered(sentAtMs: number): void {
    if (this.#limit.concurrency >= this.#most || sentAtMs < this.#narrowedAtMs) return;
    this.#answersSinceChange += 1;
    if (this.#answersSinceChange < this.#limit.concurrency) return;
    this.#limit.concurrency += 1;
    this.#answersSinceChange = 0;
  }
}
