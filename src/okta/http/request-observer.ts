import { OktaApiError } from '../errors.js';
import { messageOf } from '../../text.js';

/** A request as it may be told: no body, no header, no part of the query that says who. */
export interface LoggedRequest {
  readonly method: string;
  /** With those parameters of the query that hold nothing about anybody. */
  readonly path: string;
  /** See `bucketOf`. */
  readonly bucket: string;
}

/** Hears of everything that goes over the wire, for a log. Called between requests: must be quick, and never throw. */
export interface RequestObserver {
  responded(
    request: LoggedRequest,
    answer: {
      readonly status: number;
      readonly durationMs: number;
      readonly requestId: string | undefined;
      /** Of the bucket's window, by the answer's headers. */
      readonly remaining: number | undefined;
      readonly limit: number | undefined;
    },
  ): void;
  /** There was no answer. */
  failed(request: LoggedRequest, failure: { readonly durationMs: number; readonly reason: string }): void;
  /** It will be sent again after the pause. */
  retried(
    request: LoggedRequest,
    retry: { readonly failedTries: number; readonly pauseMs: number; readonly reason: string },
  ): void;
  /** Requests of a bucket begin to wait for its next window. */
  waitStarted(bucket: string, wait: { readonly ms: number; readonly limit: number | undefined }): void;
  waitEnded(bucket: string, waitedMs: number): void;
}

/** Parameters that say how, not who. */
const LOGGED_PARAMETERS = ['activate', 'provider', 'nextLogin', 'limit', 'sendEmail', 'strict'];

/** @param path - with its query, if it has one. */
export function loggedPath(path: string): string {
  const [bare = '', query = ''] = path.split('?', 2);
  const told = [...new URLSearchParams(query)].filter(([name]) => LOGGED_PARAMETERS.includes(name));
  return told.length === 0 ? bare : `${bare}?${new URLSearchParams(told).toString()}`;
}

/** Why a request failed, without what Okta quotes of it. */
export function describeFailure(error: unknown): string {
  if (error instanceof OktaApiError) {
    return [error.status, error.errorCode, error.isConcurrencyLimit ? '(concurrency limit)' : undefined]
      .filter((part) => part !== undefined)
      .join(' ');
  }
  return messageOf(error);
}
