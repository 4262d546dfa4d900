import type { BucketState } from './rate-limit-headers.js';

/** Okta's windows are a minute long (Rate limits, "Model"); no header says so, thus nobody waits longer than this and a second. */
const WINDOW_MS = 60_000;
/** A closed bucket whose reset lies in the past opens after this long. */
const LEAST_PAUSE_MS = 1000;

/**
 * Which bucket of Okta's a request counts against (Rate limits, "Endpoint → bucket map"). Only used to keep apart what
 * is counted apart: how large a bucket is comes from the headers alone.
 */
export function bucketOf(method: string, path: string): string {
  const [, , , area, id, rest] = path.split('/');
  if (area === 'users') {
    if (id === undefined || rest !== undefined) return '/api/v1/users';
    return method === 'GET' ? 'GET /api/v1/users/{id}' : '/api/v1/users/{id}';
  }
  if (area === 'groups')
    return id === undefined || rest !== undefined ? '/api/v1/groups' : '/api/v1/groups/{id}';
  return '/api/v1';
}

/**
 * One bucket's window as far as answers have told, and how many requests we may send into it. Pure state: the governor
 * owns the clock and the waiting. All instants are epoch milliseconds of the org's clock.
 *
 * Our share is a share of the whole: when others use up their part of the window and more, we stop earlier, so that
 * the part of the limit outside our share is never touched by us.
 */
export class Bucket {
  readonly #share: number;
  #state: BucketState | undefined;
  /** When the window that `#state` tells of ends; its reset, unless that cannot be. */
  #endsAtMs = 0;
  /** Sent and not yet answered: the newest `remaining` may not have counted them. */
  #inFlight = 0;
  /** Whether the org has ever answered without the three headers: then only 429s and the concurrency limit hold us. */
  #hasNoHeaders = false;
  /** Whether a window has opened at the very second of its reset. Until seen, each new window is tried with one request. */
  #opensOnTime = false;
  /** How long after its reset a window really opens, learned from 429s that arrive after the reset. */
  #lateMs = 0;
  /** Nobody sends before this instant: a 429 said so. */
  #closedUntilMs = 0;
  #barePauseMs = 0;

  constructor(share: number) {
    this.#share = share;
  }

  /** Places that may be taken now. Infinity when the org sends no headers. */
  places(orgNowMs: number): number {
    if (orgNowMs < this.#closedUntilMs) return 0;
    if (this.#state === undefined) return this.#hasNoHeaders ? Number.POSITIVE_INFINITY : this.#tryOne();
    if (orgNowMs < this.#opensAgainAtMs) return this.#ours(this.#state.remaining, this.#state.limit);
    return this.#opensOnTime ? this.#ours(this.#state.limit, this.#state.limit) : this.#tryOne();
  }

  /** The instant at which a bucket without places opens again; undefined when only an answer can open it. */
  opensAtMs(orgNowMs: number): number | undefined {
    if (orgNowMs < this.#closedUntilMs) return this.#closedUntilMs;
    if (this.#state === undefined || orgNowMs >= this.#opensAgainAtMs) return undefined;
    return this.#opensAgainAtMs;
  }

  /** Requests a window, as last heard; undefined before the first answer. */
  get limit(): number | undefined {
    return this.#state?.limit;
  }

  take(): void {
    this.#inFlight += 1;
  }

  /** The request came to an end without an answer that could be read. */
  giveBack(): void {
    this.#inFlight -= 1;
  }

  /** An answer other than a 429. */
  answered(state: BucketState | undefined, orgNowMs: number): void {
    this.#inFlight -= 1;
    this.#barePauseMs = 0;
    if (state === undefined) {
      this.#hasNoHeaders = true;
      return;
    }
    this.#hear(state, orgNowMs);
  }

  /**
   * A 429 that is not the concurrency limit's.
   *
   * @param retryAfterMs - how long the answer asks us to wait, if it says.
   * @param orgNowMs - the earliest that the org's clock may stand at.
   */
  refused(state: BucketState | undefined, retryAfterMs: number | undefined, orgNowMs: number): void {
    this.#inFlight -= 1;
    if (state === undefined || state.resetAtMs <= orgNowMs) {
      // Nothing says when to come back, or it says a moment that is over: ever longer pauses, a window at the most.
      this.#barePauseMs = Math.min(
        this.#barePauseMs === 0 ? LEAST_PAUSE_MS : this.#barePauseMs * 2,
        WINDOW_MS,
      );
      this.#close(orgNowMs + Math.min(retryAfterMs ?? this.#barePauseMs, WINDOW_MS + LEAST_PAUSE_MS));
      if (state !== undefined && this.#state !== undefined && state.resetAtMs === this.#state.resetAtMs) {
        // The window that we thought over is not: their resets are rounded down.
        this.#lateMs = Math.min(this.#lateMs + 250, LEAST_PAUSE_MS);
        this.#opensOnTime = false;
      }
      return;
    }
    this.#hear({ ...state, remaining: 0 }, orgNowMs);
    this.#close(Math.min(state.resetAtMs, orgNowMs + WINDOW_MS) + this.#lateMs);
  }

  /** The concurrency limit's 429: its headers say nothing of the bucket. */
  refusedForConcurrency(): void {
    this.#inFlight -= 1;
  }

  get #opensAgainAtMs(): number {
    return this.#endsAtMs + this.#lateMs;
  }

  #close(untilMs: number): void {
    this.#closedUntilMs = Math.max(this.#closedUntilMs, untilMs);
  }

  /** Answers arrive in any order: a later reset is a newer window; within a window the least remaining is the truth. */
  #hear(state: BucketState, orgNowMs: number): void {
    if (this.#state === undefined || state.resetAtMs > this.#state.resetAtMs) {
      if (this.#state !== undefined && orgNowMs >= this.#endsAtMs) this.#opensOnTime = true;
      this.#state = state;
      // Without a Date header our clocks may be minutes apart: a reset in the past, or further off than a window is
      // long, is no reason to stall.
      this.#endsAtMs = Math.min(Math.max(state.resetAtMs, orgNowMs), orgNowMs + WINDOW_MS + LEAST_PAUSE_MS);
      if (state.resetAtMs < orgNowMs) this.#endsAtMs += LEAST_PAUSE_MS;
    } else if (state.resetAtMs === this.#state.resetAtMs) {
      this.#state = { ...state, remaining: Math.min(state.remaining, this.#state.remaining) };
    }
  }

  #tryOne(): number {
    return this.#inFlight === 0 ? 1 : 0;
  }

  #ours(remaining: number, limit: number): number {
    const reserved = limit - Math.max(1, Math.floor(limit * this.#share));
    return Math.max(0, remaining - reserved - this.#inFlight);
  }
}
