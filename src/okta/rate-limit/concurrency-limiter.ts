import pLimit from 'p-limit';

/** Requests beyond what the org is known to accept: what a limit that is reached costs in 429s, at most. */
const MIN_STEP = 3;
/** From a dozen requests in flight on, a fourth more at a time: few 429s for what is accepted. */
const STEP_RATIO = 0.25;
/** What remains of a number in flight that was accepted before. */
const REDUCTION = 0.8;
/**
 * After a 429 of the concurrency limit, more in flight would only cause the next one; each time, this doubles. The reset of
 * such a 429 suggests about two minutes.
 */
const HOLD_MS = 150_000;
const MAX_HOLD_MS = 16 * HOLD_MS;

/** When a request was sent, and how many were in flight then, itself included. */
export interface SentInFlight {
  readonly atMs: number;
  readonly inFlight: number;
}

/**
 * Limits the requests in flight, over all buckets together. No header reports how many the org accepts at once (Okta's rate
 * limits, "Concurrency rate limits"): only a 429 does. So their number begins small and grows with the responses, quickly
 * until the first such 429, which reduces it to what was accepted; then it stays there, apart from a rare attempt.
 *
 * Nothing queues in here: a request that waited behind others would not notice its bucket running empty meanwhile.
 */
export class ConcurrencyLimiter {
  readonly #max: number;
  readonly #limit: ReturnType<typeof pLimit>;
  /** Requests in flight that the org has accepted. */
  #accepted = 0;
  /** Responses to requests that were sent with more in flight. */
  #beyondAccepted = 0;
  /** Up to here the limit grows quickly; beyond, after `#heldUntilMs`, one by one. */
  #quickUntil = Number.POSITIVE_INFINITY;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #holdMs = HOLD_MS;
  /** Requests that were sent before this instant could not know of the last reduction. */
  #reducedAtMs = Number.NEGATIVE_INFINITY;
  #inFlightAtReduction = 0;
  #rejectedAtOnce = 0;

  constructor(max: number) {
    this.#max = max;
    this.#limit = pLimit(Math.min(MIN_STEP, max));
  }

  get hasCapacity(): boolean {
    return this.#limit.activeCount < this.#limit.concurrency;
  }

  get inFlight(): number {
    return this.#limit.activeCount;
  }

  /** Starts at once; call it only when there is capacity, which is free again when the promise settles. */
  run<R>(send: () => Promise<R>): Promise<R> {
    return this.#limit(send);
  }

  /** A 429 of the concurrency limit. Those of requests that were in flight together count as one reduction. */
  onConcurrencyLimited({ atMs }: SentInFlight, nowMs: number): void {
    const { activeCount, concurrency } = this.#limit;
    let reduced = concurrency;
    if (atMs >= this.#reducedAtMs) {
      reduced = concurrency > this.#accepted ? concurrency : Math.floor(concurrency * REDUCTION);
      this.#inFlightAtReduction = activeCount;
      this.#rejectedAtOnce = 0;
      this.#quickUntil = Math.floor(reduced / 2);
      this.#heldUntilMs = nowMs + this.#holdMs;
      this.#holdMs = Math.min(this.#holdMs * 2, MAX_HOLD_MS);
      this.#reducedAtMs = nowMs;
    }
    this.#rejectedAtOnce += 1;
    reduced = Math.max(1, Math.min(reduced, this.#inFlightAtReduction - this.#rejectedAtOnce));
    this.#accepted = reduced;
    this.#beyondAccepted = 0;
    if (reduced !== concurrency) this.#limit.concurrency = reduced;
  }

  /** Any other response: the org accepted as many in flight as there were when the request was sent. */
  onResponse({ atMs, inFlight }: SentInFlight, nowMs: number): void {
    const { concurrency } = this.#limit;
    if (concurrency >= this.#max || atMs < this.#reducedAtMs) return;
    if (inFlight > this.#accepted) this.#beyondAccepted += 1;
    if (this.#beyondAccepted >= concurrency - this.#accepted) {
      this.#accepted = concurrency;
      this.#beyondAccepted = 0;
    }
    const step = Math.max(MIN_STEP, Math.floor(this.#accepted * STEP_RATIO));
    const isHeld = nowMs < this.#heldUntilMs;
    const next = Math.max(Math.min(this.#accepted + step, this.#quickUntil), isHeld ? 0 : this.#accepted + 1);
    if (next > concurrency) this.#limit.concurrency = Math.min(next, this.#max);
  }
}
