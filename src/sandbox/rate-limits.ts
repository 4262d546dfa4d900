/** Endpoints that share one limit, by the key of Okta's own table (rate-limits.md §3). */
export type Bucket =
  | '/api/v1/users'
  | '/api/v1/users/{id:.+}'
  | '/api/v1/users/{id}'
  | '/api/v1/groups'
  | '/api/v1/groups/{id}'
  | '/api/v1'
  | '/oauth2/v1/token';

/** Requests per minute of a Workforce org (rate-limits.md §3). */
const WORKFORCE_LIMITS: Readonly<Record<Bucket, number>> = {
  '/api/v1/users': 600,
  '/api/v1/users/{id:.+}': 2000,
  '/api/v1/users/{id}': 600,
  '/api/v1/groups': 500,
  '/api/v1/groups/{id}': 1000,
  '/api/v1': 1200,
  '/oauth2/v1/token': 2000,
};

/** One limit for every bucket. */
export function sameLimits(limit: number): Record<Bucket, number> {
  return {
    '/api/v1/users': limit,
    '/api/v1/users/{id:.+}': limit,
    '/api/v1/users/{id}': limit,
    '/api/v1/groups': limit,
    '/api/v1/groups/{id}': limit,
    '/api/v1': limit,
    '/oauth2/v1/token': limit,
  };
}

export interface RateLimitOptions {
  /** Length of a window; default 60 000. Whole seconds are exact, as the reset header is. */
  readonly windowMs?: number | undefined;
  /** Requests per window; what is left out has the Workforce number. */
  readonly limits?: Partial<Record<Bucket, number>> | undefined;
  /** What one token may use of each bucket, 0 to 1; default 1. Okta's own default is 0.5 (rate-limits.md §3.1). */
  readonly tokenShare?: number | undefined;
}

/** The numbers of the three headers. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  /** UTC epoch seconds. */
  readonly resetAt: number;
}

/** One window of one bucket, as the server counted it. */
export interface RateWindow {
  readonly bucket: Bucket;
  /** By the org's clock, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  /** What the token may use. */
  readonly limit: number;
  /** Requests that were let in. */
  served: number;
  /** Requests that got a 429 because the window was used up. */
  refused: number;
  /** Requests of others in the same bucket. */
  others: number;
}

/** Fixed windows that begin with the first request into a bucket (rate-limits.md §1). Time is handed in. */
export class RateLimiter {
  readonly windows: RateWindow[] = [];
  readonly #current = new Map<Bucket, RateWindow>();
  readonly #limits: Readonly<Record<Bucket, number>>;
  readonly #windowMs: number;
  readonly #tokenShare: number;

  constructor(options: RateLimitOptions = {}) {
    this.#limits = { ...WORKFORCE_LIMITS, ...options.limits };
    this.#windowMs = options.windowMs ?? 60_000;
    this.#tokenShare = options.tokenShare ?? 1;
  }

  /** Lets one request in and says true, if there is room. Failed requests count too, 429s do not (not documented). */
  take(bucket: Bucket, nowMs: number): boolean {
    const window = this.#windowAt(bucket, nowMs);
    const isGranted = this.#remaining(window) > 0;
    if (isGranted) window.served += 1;
    else window.refused += 1;
    return isGranted;
  }

  /** The headers' numbers; a bucket that nobody used shows the window that would begin now. */
  peek(bucket: Bucket, nowMs: number): RateLimitState {
    const window = this.#current.get(bucket);
    return this.#stateOf(window && nowMs < window.endsAtMs ? window : this.#newWindow(bucket, nowMs));
  }

  /** Other clients of the org use the bucket: sign-ins, other integrations. */
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
    // Okta's windows begin on a second of its clock (12:00:20-12:01:19), which keeps the reset header exact.
    const startedAtMs = this.#windowMs % 1000 === 0 ? Math.floor(nowMs / 1000) * 1000 : nowMs;
    const limit = Math.floor(this.#limits[bucket] * this.#tokenShare);
    return {
      bucket,
      startedAtMs,
      endsAtMs: startedAtMs + this.#windowMs,
      limit,
      served: 0,
      refused: 0,
      others: 0,
    };
  }

  /** The token's bucket is nested in the org's: one request is taken from both (rate-limits.md §1, §3.1). */
  #remaining(window: RateWindow): number {
    const ofOrg = this.#limits[window.bucket] - window.served - window.others;
    return Math.max(0, Math.min(window.limit - window.served, ofOrg));
  }

  #stateOf(window: RateWindow): RateLimitState {
    return {
      limit: window.limit,
      remaining: this.#remaining(window),
      resetAt: Math.ceil(window.endsAtMs / 1000),
    };
  }
}
