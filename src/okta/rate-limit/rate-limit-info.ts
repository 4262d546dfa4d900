import type { IncomingHttpHeaders } from 'node:http';

/** What a response's headers say about rate limits and the server's clock. Parsed once, when the response arrives. */
export interface RateLimitInfo {
  /** The bucket's window; undefined when a header is missing or malformed, and for the concurrency limit. */
  readonly window: RateLimitWindow | undefined;
  /** Whether this is a 429 of the limit on concurrent requests, which says nothing about the bucket. */
  readonly isConcurrencyLimit: boolean;
  /** `Retry-After`, from now; Okta does not document it, but proxies and gateways send it. */
  readonly retryAfterMs: number | undefined;
  /** The `Date` header: epoch milliseconds of the server's clock, in whole seconds. */
  readonly dateMs: number | undefined;
}

/** A bucket's window, from Okta's three headers (Okta's rate limits). */
export interface RateLimitWindow {
  /** Requests per window; for a token with its own share of the limit, that share. */
  readonly limit: number;
  /** Requests left in the window. */
  readonly remaining: number;
  /** When the window ends, epoch milliseconds of the server's clock. */
  readonly resetAtMs: number;
}

/** @param receivedAtMs - for a `Retry-After` date when the response has no `Date`. */
export function parseRateLimitInfo(
  { status, headers }: { readonly status: number; readonly headers: IncomingHttpHeaders },
  receivedAtMs: number,
): RateLimitInfo {
  const limit = parseCount(headers['x-rate-limit-limit']);
  const remaining = parseCount(headers['x-rate-limit-remaining']);
  const reset = parseCount(headers['x-rate-limit-reset']);
  const dateMs = parseDate(headers.date);
  return {
    // A limit of 0 never describes a bucket: it marks the concurrency limit (Okta's rate limits, "Concurrency rate limits").
    window:
      limit === undefined || remaining === undefined || reset === undefined || limit === 0
        ? undefined
        : { limit, remaining, resetAtMs: reset * 1000 },
    isConcurrencyLimit: status === 429 && limit === 0 && remaining === 0,
    retryAfterMs: parseRetryAfter(headers['retry-after'], dateMs ?? receivedAtMs),
    dateMs,
  };
}

function parseRetryAfter(value: string | undefined, serverNowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const atMs = parseDate(value);
  return atMs === undefined ? undefined : Math.max(0, atMs - serverNowMs);
}

/** The last date. Responses of one second have the same. */
let lastDate: { readonly text: string | undefined; readonly atMs: number | undefined } = {
  text: undefined,
  atMs: undefined,
};

function parseDate(value: string | undefined): number | undefined {
  if (value !== lastDate.text) {
    const atMs = Date.parse(value ?? '');
    lastDate = { text: value, atMs: Number.isNaN(atMs) ? undefined : atMs };
  }
  return lastDate.atMs;
}

/** A header sent twice arrives as a list or joined by commas; the largest value is the cautious one. */
function parseCount(value: string | string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && DIGITS.test(value)) return Number(value);
  const parts = (Array.isArray(value) ? value.join(',') : value).split(',').map((part) => part.trim());
  if (parts.some((part) => !DIGITS.test(part))) return undefined;
  return Math.max(...parts.map(Number));
}

const DIGITS = /^\d+$/;
