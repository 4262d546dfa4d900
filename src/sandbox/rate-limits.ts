/** Requests per minute in a Workforce org, by the keys of Okta's own table. */
const WORKFORCE_LIMITS = {
  '/api/v1/users': 600,
  '/api/v1/users/{id:.+}': 2000,
  '/api/v1/users/{id}': 600,
  '/api/v1/groups': 500,
  '/api/v1/groups/{id}': 1000,
  '/api/v1': 1200,
  '/oauth2/v1/token': 2000,
};

/** Endpoints that share one limit. */
export type Bucket = keyof typeof WORKFORCE_LIMITS;

export interface RateLimitOptions {
  /** Length of a window; default 60,000. Use whole seconds, which the reset header can express. */
  readonly windowMs?: number | undefined;
  /** Requests per window: one number for every bucket, or by bucket; by default those of a Workforce org. */
  readonly limits?: number | Partial<Record<Bucket, number>> | undefined;
  /** The share of each bucket that one token may use, 0 to 1; default 1. Okta's own default is 0.5. */
  readonly tokenShare?: number | undefined;
}

/** The numbers of the three rate-limit headers. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  /** UTC epoch seconds. */
  readonly resetAt: number;
}

/** One window of one bucket, as counted by the server. */
export interface RateWindow {
  readonly bucket: Bucket;
  /** By the org's clock, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  /** Requests that the token may send. */
  readonly limit: number;
  /** Requests that were allowed. */
  served: number;
  /** Requests that got a 429 because no request was remaining. */
  refused: number;
  /** Requests of other clients in the same bucket. */
  others: number;
}

/** Fixed windows, each of which begins with the first request to a bucket. The caller passes the time. */
export class RateLimiter {
  readonly windows: RateWindow[] = [];
  readonly #current = new Map<Bucket, RateWindow>();
  readonly #limits: RateLimitOptions['limits'];
  readonly #windowMs: number;
  readonly #tokenShare: number;

  constructor(options: RateLimitOptions = {}) {
    this.#limits = options.limits;
    this.#windowMs = options.windowMs ?? 60_000;
    this.#tokenShare = options.tokenShare ?? 1;
  }

  /** Counts one request. @returns Whether it is allowed. Failed requests count too. */
  take(bucket: Bucket, nowMs: number): boolean {
    const window = this.#windowAt(bucket, nowMs);
    const isAllowed = this.#remaining(window) > 0;
    if (isAllowed) window.served += 1;
    else window.refused += 1;
    return isAllowed;
  }

  /** The numbers for the headers; for an unused bucket, those of a window that begins now. */
  peek(bucket: Bucket, nowMs: number): RateLimitState {
    const window = this.#current.get(bucket);
    return this.#stateOf(window && nowMs < window.endsAtMs ? window : this.#newWindow(bucket, nowMs));
  }

  /** Counts requests of other clients of the org, such as sign-ins or other integrations. */
  consume(bucket: Bucket, requests: number, nowMs: number): void {
    this.#windowAt(bucket, nowMs).others += requests;
  }

  #windowAt(bucket: Bucket, nowMs: number): RateWindow {
    const current = this.#current.get(bucket);
    if (current && nowMs < current.endsAtMs) return current;
    const window = this.#newWindow(bucket, nowMs);
    this.#current.set(bucket, window);
    this.windows.push(window);
    return window;
  }

  #newWindow(bucket: Bucket, nowMs: number): RateWindow {
    // Okta's windows begin on a full second (12:00:20 to 12:01:19), which keeps the reset header exact.
    const startedAtMs = this.#windowMs % 1000 === 0 ? Math.floor(nowMs / 1000) * 1000 : nowMs;
    // A limit of 0 would look like that of a 429 for concurrency.
    const limit = Math.max(1, Math.floor(this.#limitOf(bucket) * this.#tokenShare));
    const endsAtMs = startedAtMs + this.#windowMs;
    return { bucket, startedAtMs, endsAtMs, limit, served: 0, refused: 0, others: 0 };
  }

  #limitOf(bucket: Bucket): number {
    if (typeof this.#limits === 'number') return this.#limits;
    return this.#limits?.[bucket] ?? WORKFORCE_LIMITS[bucket];
  }

  /** The token's share is part of the org's bucket: each request counts against both. */
  #remaining(window: RateWindow): number {
    const ofOrg = this.#limitOf(window.bucket) - window.served - window.others;
    return Math.max(0, Math.min(window.limit - window.served, ofOrg));
  }

  #stateOf(window: RateWindow): RateLimitState {
    const resetAt = Math.ceil(window.endsAtMs / 1000);
    return { limit: window.limit, remaining: this.#remaining(window), resetAt };
  }
}
