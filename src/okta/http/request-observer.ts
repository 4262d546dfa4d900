import { messageOf } from '../../text.js';
import { OktaApiError } from '../errors.js';
import { bucketNameOf } from '../rate-limit/bucket-name.js';

import type { RawResponse } from './send-request.js';

/** A request in a form that may be logged: no body, no headers, no query parameter that identifies a person. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** See `bucketNameOf`. */
  readonly bucket: string;
}

export interface LoggedResponse {
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string | undefined;
  /** Of the bucket's window, from the response headers. */
  readonly remaining: number | undefined;
  readonly limit: number | undefined;
}

/** Is called for everything that goes over the wire, for a log. Must be quick, and never throw. */
export interface RequestObserver {
  responded(request: LoggedRequest, response: LoggedResponse): void;
  /** There was no response. */
  failed(request: LoggedRequest, failure: { readonly durationMs: number; readonly reason: string }): void;
  /** The request will be sent again after the pause. */
  retried(
    request: LoggedRequest,
    retry: { readonly failedTries: number; readonly pauseMs: number; readonly reason: string },
  ): void;
  /** Requests of a bucket start to wait for its next window. */
  waitStarted(bucket: string, wait: { readonly ms: number; readonly limit: number | undefined }): void;
  waitEnded(bucket: string, waitedMs: number): void;
}

/** @param path - with its query, if it has one. */
export function toLoggedRequest(method: string, path: string): LoggedRequest {
  return { method, path: loggedPath(path), bucket: bucketNameOf(method, path) };
}

export function toLoggedResponse(
  { status, requestId, rateLimit }: RawResponse,
  durationMs: number,
): LoggedResponse {
  const { remaining, limit } = rateLimit.window ?? {};
  return { status, durationMs: Math.round(durationMs), requestId, remaining, limit };
}

/** Query parameters that do not identify a person. */
const LOGGED_PARAMETERS = ['activate', 'provider', 'nextLogin', 'limit', 'sendEmail', 'strict'];

function loggedPath(path: string): string {
  const [bare = '', query = ''] = path.split('?', 2);
  const logged = [...new URLSearchParams(query)].filter(([name]) => LOGGED_PARAMETERS.includes(name));
  return logged.length === 0 ? bare : `${bare}?${new URLSearchParams(logged).toString()}`;
}

/** Why a request failed, without the values that Okta quotes. */
export function describeFailure(error: unknown): string {
  if (error instanceof OktaApiError) {
    return [error.status, error.errorCode, error.isConcurrencyLimit ? '(concurrency limit)' : undefined]
      .filter((part) => part !== undefined)
      .join(' ');
  }
  return messageOf(error);
}
