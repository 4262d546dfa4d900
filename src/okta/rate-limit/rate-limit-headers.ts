import type { IncomingHttpHeaders } from 'node:http';

/** What Okta says of a bucket in its three headers (Rate limits, "Headers"). */
export interface RateLimitWindow {
  /** Requests a window; for a token with a share of its own, that share. */
  readonly limit: number;
  /** Requests left in the window. */
  readonly remaining: number;
  /** When the window ends, epoch milliseconds of the org's clock. */
  readonly resetAtMs: number;
}

/**
 * Reads the three headers of an answer.
 *
 * Limit 0 is never a bucket's state: it marks the concurrency limit, whose headers say nothing of the bucket
 * (Rate limits, "Concurrency 429").
 *
 * @returns undefined when a header is missing, not a number, or when the limit is 0.
 */
export function bucketStateOf(headers: IncomingHttpHeaders): RateLimitWindow | undefined {
  const limit = numberOf(headers['x-rate-limit-limit']);
  const remaining = numberOf(headers['x-rate-limit-remaining']);
  const reset = numberOf(headers['x-rate-limit-reset']);
  if (limit === undefined || remaining === undefined || reset === undefined || limit === 0) return undefined;
  return { limit, remaining, resetAtMs: reset * 1000 };
}

/** Whether a 429 came from the limit on requests in flight: its limit and remaining are both 0. */
export function isConcurrencyLimit(headers: IncomingHttpHeaders): boolean {
  return numberOf(headers['x-rate-limit-limit']) === 0 && numberOf(headers['x-rate-limit-remaining']) === 0;
}

/** @returns the `Date` header as epoch milliseconds (whole seconds), or undefined. */
export function dateOf(headers: IncomingHttpHeaders): number | undefined {
  const atMs = Date.parse(headers.date ?? '');
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** @returns `Retry-After` in milliseconds from now; undocumented for Okta, but proxies and gateways send it. */
export function retryAfterMsOf(headers: IncomingHttpHeaders, serverNowMs: number): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - serverNowMs);
}

/** A header sent twice arrives as a list or joined by commas; the largest value is the cautious one. */
function numberOf(value: string | string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && DIGITS.test(value)) return Number(value);
  const parts = (Array.isArray(value) ? value.join(',') : value).split(',').map((part) => part.trim());
  if (parts.some((part) => !DIGITS.test(part))) return undefined;
  return Math.max(...parts.map(Number));
}

const DIGITS = /^\d+$/;
