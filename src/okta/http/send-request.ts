import type { IncomingHttpHeaders } from 'node:http';

import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';
import { parseRateLimitInfo, type RateLimitInfo } from '../rate-limit/rate-limit-info.js';

/** A response as it arrived. */
export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** `X-Okta-Request-Id`. */
  readonly requestId: string | undefined;
  readonly rateLimit: RateLimitInfo;
  /** The body, or the error that ended it. */
  readonly text: string | Error;
}

export interface SendOptions {
  readonly clock: Clock;
  /** How long the whole body may take, milliseconds. */
  readonly bodyTimeoutMs: number;
}

/** More than a page of 200 users with the largest profiles; Okta sends no larger body. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Sends one request and collects the whole response. undici's `request` would create a stream for every body, which
 * takes half as long again as everything else about a request.
 *
 * undici follows redirects only when asked to, so the credentials stay with this origin.
 *
 * @throws what undici throws, when no response began. A failure of the body is part of the response.
 */
export function sendRequest(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: SendOptions,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new ResponseCollector(options, resolve, reject));
  });
}

class ResponseCollector implements Dispatcher.DispatchHandler {
  readonly #options: SendOptions;
  readonly #resolve: (response: RawResponse) => void;
  readonly #reject: (error: Error) => void;
  /** Undefined until the response begins. */
  #head: Omit<RawResponse, 'text'> | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #deadlineMs = 0;

  constructor(
    options: SendOptions,
    resolve: (response: RawResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    // Without this method, undici takes the handler for one of an older kind.
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    // An interim response such as 103: the real one is still to come.
    if (status < 200) return;
    const { clock, bodyTimeoutMs } = this.#options;
    const nowMs = clock.now();
    const requestId = headers['x-okta-request-id'];
    this.#head = {
      status,
      headers,
      requestId: Array.isArray(requestId) ? requestId.join(', ') : requestId,
      rateLimit: parseRateLimitInfo({ status, headers }, nowMs),
    };
    this.#deadlineMs = nowMs + bodyTimeoutMs;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    // undici's own timeout is for the silence between two chunks; a body that trickles would never end.
    if (this.#options.clock.now() > this.#deadlineMs) {
      controller.abort(new Error('not complete within the timeout'));
    } else if (this.#bytes > MAX_BODY_BYTES) {
      controller.abort(new Error(`longer than ${MAX_BODY_BYTES} bytes`));
    }
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#finish(body.toString());
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#head === undefined) this.#reject(error);
    else this.#finish(error);
  }

  #finish(text: string | Error): void {
    if (this.#head === undefined) return;
    const { status, headers, requestId, rateLimit } = this.#head;
    this.#resolve({ status, headers, requestId, rateLimit, text });
  }
}
