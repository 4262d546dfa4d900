import pRetry from 'p-retry';

import type { Clock } from '../../clock.js';

import { SignInError } from '../auth/errors.js';
import {
  isOktaResponse,
  OAUTH_ERRORS,
  OktaApiError,
  OktaUnreadableResponseError,
  OrgUnavailableError,
  UnknownHostError,
} from '../errors.js';

import { CertificateError } from './certificate-error.js';
import { isTlsFailure, OktaConnectionError } from './connection-error.js';
import { ProxyError } from './proxy-error.js';

/** What to do about a failed request. */
export type Reaction =
  /** Nothing was done, and the same request may succeed. `isFree`: it does not count as one of the attempts. */
  | { readonly kind: 'retry'; readonly isFree: boolean }
  /**
   * It may have been done: find out before sending it again. `isFree`: it does not count as one of the attempts.
   * `isBlocked`: something other than Okta responded, and would respond to every further request in the same way.
   */
  | { readonly kind: 'in-doubt'; readonly isFree?: true; readonly isBlocked?: true }
  /** This request is rejected for good. */
  | { readonly kind: 'rejected' }
  /** Every further request would fail the same way. */
  | { readonly kind: 'stop' };

/** 403s that concern this client's access; the others concern one user (Error codes). */
const ACCESS_403_CODES = new Set(['E0000005', 'E0000006', 'E0000015', 'E0000260']);
/** Statuses with which a gateway or proxy rejects all requests of a kind. */
const BLOCKING_STATUSES = new Set([401, 403, 404, 405, 406, 407, 411]);
/** 404s of a wrong address; `E0000007` is a user or group that does not exist. */
const WRONG_URL_404_CODES = new Set(['E0000008', 'E0000012']);
/** 409s that pass by themselves: a user is being activated, group rules or a user type are being set up. */
const TRANSIENT_409_CODES = new Set(['E0000112', 'E0000249', 'E0000253']);

/**
 * What each kind of failure means (Okta's Error codes).
 *
 * | failure | a read | a write |
 * | --- | --- | --- |
 * | an error without Okta's error object, such as a gateway's page | as below | in doubt, whatever the status |
 * | 429 | retry, free | retry, free: a 429 was not processed |
 * | 503 `E0000010`, read-only org | retry, free | retry, free: it was rejected |
 * | 409 `E0000112` `E0000249` `E0000253`, 423 | retry | retry |
 * | any other 5xx but 501, 408 | retry | in doubt |
 * | no connection was made | retry | retry |
 * | untrusted certificate; rejected by a proxy | stop | stop |
 * | a proxy that does not respond or cannot reach the org | retry | retry |
 * | connection lost, no response in time | retry | in doubt |
 * | success that cannot be read | retry | in doubt |
 * | 401; 403 about our access; wrong address; redirect; 405, 406, 411 | stop | stop |
 * | sign-in failed; OAuth errors | stop | stop |
 * | the org has been unavailable for too long; its host does not exist | stop | stop |
 * | any other response | rejected | rejected |
 */
export function reactionTo(error: unknown, isWrite: boolean): Reaction {
  const retryRead: Reaction = isWrite ? { kind: 'in-doubt' } : { kind: 'retry', isFree: false };
  if (
    error instanceof OrgUnavailableError ||
    error instanceof UnknownHostError ||
    error instanceof SignInError ||
    error instanceof CertificateError
  ) {
    return { kind: 'stop' };
  }
  if (error instanceof ProxyError) {
    return error.isTransient ? { kind: 'retry', isFree: false } : { kind: 'stop' };
  }
  if (error instanceof OktaUnreadableResponseError) return retryRead;
  if (error instanceof OktaConnectionError) {
    if (isTlsFailure(error.reason)) return { kind: 'stop' };
    return error.neverSent ? { kind: 'retry', isFree: false } : retryRead;
  }
  if (!(error instanceof OktaApiError)) return { kind: 'rejected' };
  return isWrite && !isOktaResponse(error)
    ? reactionToForeignResponse(error)
    : reactionToResponse(error, retryRead);
}

/** Okta may have processed a write to which something else responded. */
function reactionToForeignResponse({ status }: OktaApiError): Reaction {
  if (status === 429) return { kind: 'in-doubt', isFree: true };
  return BLOCKING_STATUSES.has(status) || status < 400
    ? { kind: 'in-doubt', isBlocked: true }
    : { kind: 'in-doubt' };
}

function reactionToResponse(error: OktaApiError, retryRead: Reaction): Reaction {
  const { status, errorCode = '' } = error;
  // Okta's own codes begin with E: these are about the token, whatever the status.
  if (OAUTH_ERRORS.has(errorCode)) return { kind: 'stop' };
  switch (status) {
    case 429:
      return { kind: 'retry', isFree: true };
    case 503:
      return errorCode === 'E0000010' ? { kind: 'retry', isFree: true } : retryRead;
    case 408:
      return retryRead;
    case 409:
      return TRANSIENT_409_CODES.has(errorCode) ? { kind: 'retry', isFree: false } : { kind: 'rejected' };
    case 423:
      return { kind: 'retry', isFree: false };
    case 401:
    case 405:
    case 406:
    case 407:
    case 411:
      return { kind: 'stop' };
    case 403:
      return errorCode === '' || ACCESS_403_CODES.has(errorCode) ? { kind: 'stop' } : { kind: 'rejected' };
    case 404:
      return errorCode === '' || WRONG_URL_404_CODES.has(errorCode) ? { kind: 'stop' } : { kind: 'rejected' };
    case 501:
      return { kind: 'rejected' };
    default:
      // Gateways use status codes above 500 of their own, such as 524 for a response that was too slow.
      if (status >= 500) return retryRead;
      return status < 400 ? { kind: 'stop' } : { kind: 'rejected' };
  }
}

/** Whether every further request would fail the same way, so that the run should end. */
export function isRunStopping(reaction: Reaction): boolean {
  return reaction.kind === 'stop' || (reaction.kind === 'in-doubt' && reaction.isBlocked === true);
}

/** Attempts that a request has for its own failures, including the first. */
export const MAX_ATTEMPTS = 6;
/** Attempts of a read that fails every time although the org responds to another request. */
const ATTEMPTS_BESIDE_OTHERS = 3;
/** The same for a read that gets no response in time. */
const SLOW_ATTEMPTS_BESIDE_OTHERS = 2;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** After a 429 of the concurrency limit, capacity is free again within moments. */
const CONCURRENCY_PAUSE_MS = 300;
/** The longest wait that a `Retry-After` can cause. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * How long to wait before the next attempt: doubles from half a second to half a minute. A random half of that is waited,
 * so that requests that failed together are not all sent again together.
 *
 * @param failures - how many attempts have failed, from 1.
 * @param random - in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const maxMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
  return maxMs * (0.5 + random / 2);
}

/** When to stop retrying a request although it may succeed later. */
export interface RetryLimit {
  /** Attempts, including the first; rejections for the rate limit do not count. None follows a timeout. */
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

export interface RetryOptions {
  readonly isWrite: boolean;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ends the pauses, never a request that was sent. */
  readonly signal: AbortSignal | undefined;
  readonly limit?: RetryLimit | undefined;
  /** Whether earlier requests for the same data failed: then this one is not retried if the org responds to others. */
  readonly isLastOfSeveral?: boolean | undefined;
  /** Whether the org has responded to any request since then: if not, the failure is the org's and costs no attempt. */
  readonly hasRespondedSince: (atMs: number) => boolean;
  /** @throws {OrgUnavailableError | UnknownHostError} the org has been unavailable for too long. */
  readonly throwIfUnavailable: (cause: unknown) => void;
  /**
   * Whether the org responds to another request. Called when a read has failed several times: only an outage is waited for,
   * not a resource that the org fails to return every time. After a timeout, the next attempts are meant to be short.
   */
  readonly isOrgResponding?: (() => Promise<boolean>) | undefined;
  /** Called for every failure after which the request is sent again. */
  readonly onRetry?: ((error: unknown, failedTries: number, pauseMs: number) => void) | undefined;
}

/** How the first attempt failed. */
export interface FailedAttempt {
  readonly error: unknown;
  /** When it started, epoch milliseconds. */
  readonly startedAtMs: number;
}

/**
 * Sends a request again until its result is final.
 *
 * The signal is not passed to p-retry: if the signal came while a response is under way, p-retry would turn that response
 * into an abort, and a created user would be lost.
 *
 * @throws the last error of `send` or of the first attempt, once it is rejected, in doubt, a reason to stop, or the last
 * of its attempts.
 */
export async function retryRequest<T>(
  first: FailedAttempt,
  send: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  let { startedAtMs } = first;
  let failures = 0;
  let failedTries = 0;
  let attemptsLeft = Number.POSITIVE_INFINITY;
  /** Whether the failure costs one of the request's attempts: not when the org has responded to no request meanwhile. */
  const costsAttempt = (error: unknown): boolean => {
    const reaction = reactionTo(error, options.isWrite);
    return !(reaction.kind === 'retry' && (reaction.isFree || !options.hasRespondedSince(startedAtMs)));
  };
  /** Whether this request alone fails, and not the whole org: only an outage is waited for. */
  const failsAlone = async (error: unknown): Promise<boolean> => {
    const { isWrite, limit, isOrgResponding } = options;
    const reaction = reactionTo(error, isWrite);
    const isOwn = reaction.kind === 'retry' && !reaction.isFree && wasSent(error);
    if (isWrite || limit !== undefined || !isOwn || attemptsLeft !== Number.POSITIVE_INFINITY) return false;
    return (await isOrgResponding?.()) === true;
  };
  return pRetry(
    async (number) => {
      if (number === 1) throw first.error;
      startedAtMs = options.clock.now();
      return send();
    },
    {
      // Counted in shouldRetry: p-retry itself would give up on a free failure after the last attempt.
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 0,
      shouldConsumeRetry: ({ error }) => costsAttempt(error),
      shouldRetry: async ({ error, retriesConsumed }) => {
        if (reactionTo(error, options.isWrite).kind !== 'retry') return false;
        if (costsAttempt(error) && retriesConsumed + 1 >= MAX_ATTEMPTS) return false;
        // Waiting for the rate limit is no sign of trouble: it does not make later pauses longer.
        if (!isRateLimit(error)) {
          failures += 1;
          attemptsLeft -= 1;
        }
        if (attemptsLeft <= 0) return false;
        const isSlow = isTimeout(error);
        if ((failures >= MAX_ATTEMPTS || isSlow) && (await failsAlone(error))) {
          if (options.isLastOfSeveral === true) return false;
          attemptsLeft = isSlow ? SLOW_ATTEMPTS_BESIDE_OTHERS : ATTEMPTS_BESIDE_OTHERS;
          failures = 1;
        }
        // A request with its own limit ends soon enough.
        if (options.limit === undefined) options.throwIfUnavailable(error);
        const pauseMs = pauseAfter(error, failures, options.random());
        const { limit, clock } = options;
        const isBeyondLimit =
          limit !== undefined && (isSlow || failures >= limit.tries || clock.now() + pauseMs > limit.untilMs);
        if (isBeyondLimit && !isRateLimit(error)) return false;
        failedTries += 1;
        options.onRetry?.(error, failedTries, pauseMs);
        await options.clock.sleep(pauseMs, options.signal);
        return true;
      },
    },
  );
}

function pauseAfter(error: unknown, failures: number, random: number): number {
  // The governor waits for a bucket's reset.
  if (isRateLimit(error)) return error.isConcurrencyLimit ? CONCURRENCY_PAUSE_MS * (0.5 + random) : 0;
  if (error instanceof OktaApiError && error.retryAfterMs !== undefined) {
    // Not before the requested time, and then not all at once.
    return Math.min(error.retryAfterMs, MAX_RETRY_AFTER_MS) + backoffMs(1, random);
  }
  return backoffMs(failures, random);
}

/** Whether there was no complete response in time. */
export function isTimeout(error: unknown): boolean {
  if (error instanceof OktaConnectionError) return error.reason === 'TimeoutError';
  return (
    error instanceof OktaUnreadableResponseError &&
    (error.cause as Error | undefined)?.name === 'TimeoutError'
  );
}

/** Whether something certainly responded to the request. */
function wasSent(error: unknown): boolean {
  return !(error instanceof ProxyError || (error instanceof OktaConnectionError && error.neverSent));
}

function isRateLimit(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.status === 429;
}
