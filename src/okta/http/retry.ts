import pRetry from 'p-retry';

import type { Clock } from '../../clock.js';

import { SignInError } from '../auth/errors.js';
import { CertificateError } from './certificate-error.js';
import {
  isCertificateFailure,
  OktaApiError,
  OktaConnectionError,
  OktaUnreadableResponseError,
  OrgUnavailableError,
} from '../errors.js';
import { ProxyError } from './proxy-error.js';

/** What a failed request tells us to do. */
export type Reaction =
  /** Nothing was done, and the same request may succeed. `isFree`: it costs none of the request's tries. */
  | { readonly kind: 'again'; readonly isFree: boolean }
  /** It may have been done: find out before sending it again. */
  | { readonly kind: 'in-doubt' }
  /** The answer is no, for this request. */
  | { readonly kind: 'refused' }
  /** Every request that follows would fail the same way. */
  | { readonly kind: 'stop' };

/** 403s that are about us; the others are about one user (Error codes). */
const ACCESS_403_CODES = new Set(['E0000005', 'E0000006', 'E0000015', 'E0000260']);
/** What `WWW-Authenticate` says of a token (RFC 6750, RFC 9449). */
const OAUTH_ERRORS = new Set([
  'invalid_request',
  'invalid_token',
  'insufficient_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
]);
/** 404s of a wrong address; `E0000007` is a user or group that is not there. */
const WRONG_URL_404_CODES = new Set(['E0000008', 'E0000012']);
/** 409s that pass by themselves: user being activated, group rules or user type being set up. */
const TRANSIENT_409_CODES = new Set(['E0000112', 'E0000249', 'E0000253']);

/**
 * The one table of what each kind of failure means (Okta's Error codes; errors.md, "Retry policy summary").
 *
 * | failure | a read | a write |
 * | --- | --- | --- |
 * | 429 | again, free | again, free: a 429 was not processed |
 * | 503 `E0000010`, read-only org | again, free | again, free: it was refused |
 * | 409 `E0000112` `E0000249` `E0000253`, 423 | again | again |
 * | any other 5xx but 501, 408 | again | in doubt |
 * | no connection came about | again | again |
 * | certificate not accepted; a proxy that says no | stop | stop |
 * | a proxy that is away, or does not reach the org | again | again |
 * | connection broke off, no answer in time | again | in doubt |
 * | success that cannot be read | again | in doubt |
 * | 401; 403 about our rights; wrong address; redirect; 405, 406, 411 | stop | stop |
 * | the org does not let us in; its OAuth errors | stop | stop |
 * | the org has been away too long | stop | stop |
 * | any other answer | refused | refused |
 */
export function reactionTo(error: unknown, isWrite: boolean): Reaction {
  const unlessDone: Reaction = isWrite ? { kind: 'in-doubt' } : { kind: 'again', isFree: false };
  if (
    error instanceof OrgUnavailableError ||
    error instanceof SignInError ||
    error instanceof CertificateError
  ) {
    return { kind: 'stop' };
  }
  if (error instanceof ProxyError && !error.isTransient) return { kind: 'stop' };
  if (error instanceof ProxyError) return { kind: 'again', isFree: false };
  if (error instanceof OktaUnreadableResponseError) return unlessDone;
  if (error instanceof OktaConnectionError) {
    if (isCertificateFailure(error.reason)) return { kind: 'stop' };
    return error.neverSent ? { kind: 'again', isFree: false } : unlessDone;
  }
  if (!(error instanceof OktaApiError)) return { kind: 'refused' };
  const { status, errorCode = '' } = error;
  // Okta's own codes begin with E: these are about the token, whatever the status (errors.md §1.3).
  if (OAUTH_ERRORS.has(errorCode)) return { kind: 'stop' };
  switch (status) {
    case 429:
      return { kind: 'again', isFree: true };
    case 503:
      return errorCode === 'E0000010' ? { kind: 'again', isFree: true } : unlessDone;
    case 408:
      return unlessDone;
    case 409:
      return TRANSIENT_409_CODES.has(errorCode) ? { kind: 'again', isFree: false } : { kind: 'refused' };
    case 423:
      return { kind: 'again', isFree: false };
    case 401:
    case 405:
    case 406:
    case 407:
    case 411:
      return { kind: 'stop' };
    case 403:
      return errorCode === '' || ACCESS_403_CODES.has(errorCode) ? { kind: 'stop' } : { kind: 'refused' };
    case 404:
      return errorCode === '' || WRONG_URL_404_CODES.has(errorCode) ? { kind: 'stop' } : { kind: 'refused' };
    case 501:
      return { kind: 'refused' };
    default:
      // Gateways have numbers of their own above 500, such as 524 for an answer that was too slow.
      if (status >= 500) return unlessDone;
      return status < 400 ? { kind: 'stop' } : { kind: 'refused' };
  }
}

/** Tries that a request has for failures of its own, the first included. */
export const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** After the limit on requests in flight said no, room comes within moments. */
const NARROWED_PAUSE_MS = 300;
/** The longest that a `Retry-After` can make us wait. */
const LONGEST_ASKED_PAUSE_MS = 60_000;

/**
 * How long to pause before the next try: doubling from half a second to half a minute, of which a random half is
 * waited, so that those who failed together do not come back together.
 *
 * @param failures - how many tries have failed, from 1.
 * @param random - in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return longest * (0.5 + random / 2);
}

export interface RetryOptions {
  readonly isWrite: boolean;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ends the pauses; never a request that was sent. */
  readonly signal: AbortSignal | undefined;
  /** Whether the org has answered anybody since then: if not, the failure is the org's and costs no try. */
  readonly hasAnsweredSince: (atMs: number) => boolean;
  /** @throws OrgUnavailableError when the org has been away for too long. */
  readonly throwIfUnavailable: (cause: unknown) => void;
  /** Hears of every failure after which the request is sent again. */
  readonly onRetry?: ((error: unknown, failedTries: number, pauseMs: number) => void) | undefined;
}

/** How the first try ended. */
export interface FailedAttempt {
  readonly error: unknown;
  /** When it was begun, epoch milliseconds. */
  readonly triedAtMs: number;
}

/**
 * Sends again until there is an answer that stands.
 *
 * The signal is not handed to p-retry: that would turn an answer into an abort when the signal comes while the answer
 * is under way, and a created user would be forgotten.
 *
 * @throws what `send`, or the first try, threw last, once it is refused, in doubt, a reason to stop, or out of tries.
 */
export async function retryRequest<T>(
  first: FailedAttempt,
  send: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  let { triedAtMs } = first;
  let failures = 0;
  let failedTries = 0;
  /** Whether the failure costs one of the request's tries: not when nobody was answered meanwhile. */
  const isOwn = (error: unknown): boolean => {
    const reaction = reactionTo(error, options.isWrite);
    return !(reaction.kind === 'again' && (reaction.isFree || !options.hasAnsweredSince(triedAtMs)));
  };
  return pRetry(
    async (number) => {
      if (number === 1) throw first.error;
      triedAtMs = options.clock.now();
      return send();
    },
    {
      // Counted in shouldRetry: p-retry itself would give up on a free failure once the last try is spent.
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      shouldConsumeRetry: ({ error }) => isOwn(error),
      shouldRetry: async ({ error, retriesConsumed }) => {
        if (reactionTo(error, options.isWrite).kind !== 'again') return false;
        options.throwIfUnavailable(error);
        if (isOwn(error) && retriesConsumed + 1 >= MAX_ATTEMPTS) return false;
        // A wait for the rate limit is no sign of trouble: it does not make later pauses longer.
        if (!isRateLimit(error)) failures += 1;
        const pause = pauseAfter(error, failures, options.random());
        failedTries += 1;
        options.onRetry?.(error, failedTries, pause);
        await options.clock.sleep(pause, options.signal);
        return true;
      },
    },
  );
}

function pauseAfter(error: unknown, failures: number, random: number): number {
  // The governor waits for a bucket's reset.
  if (isRateLimit(error)) return error.isConcurrencyLimit ? NARROWED_PAUSE_MS * (0.5 + random) : 0;
  if (error instanceof OktaApiError && error.retryAfterMs !== undefined) {
    // Not before the time asked for, and not all at once then.
    return Math.min(error.retryAfterMs, LONGEST_ASKED_PAUSE_MS) + backoffMs(1, random);
  }
  return backoffMs(failures, random);
}

function isRateLimit(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.status === 429;
}
