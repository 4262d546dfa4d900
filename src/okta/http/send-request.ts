import type { IncomingHttpHeaders } from 'node:http';

import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';
import { parseRateLimitInfo, type RateLimitInfo } from '../rate-limit/rate-limit-info.js';

import { BodyError, bodyTooLarge, decodeBody } from './decode-body.js';

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
  /** How long the whole response may take, from the sending of the request on. Milliseconds. */
  readonly timeoutMs: number;
  /** Default: enough for one object. An error response may never be larger than that. */
  readonly maxBodyBytes?: number | undefined;
}

/** Far more than a user with the largest profile. */
const MAX_OBJECT_BYTES = 1024 * 1024;
/** More than a page of 200 users with large profiles, and than a schema with thousands of attributes. */
export const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** Its name is the reason of the connection error that it becomes. */
class TimeoutError extends BodyError {
  override readonly name = 'TimeoutError';
}

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
  #maxBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    options: SendOptions,
    resolve: (response: RawResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // undici's own timeouts start again with each interim response, such as 103, and with each part of the body.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => controller.abort(new TimeoutError('incomplete at the end of the timeout')),
      this.#options.timeoutMs,
    );
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    // An interim response such as 103: the real one is still to come.
    if (status < 200) return;
    const { clock, maxBodyBytes = MAX_OBJECT_BYTES } = this.#options;
    const nowMs = clock.now();
    const requestId = headers['x-okta-request-id'];
    this.#head = {
      status,
      headers,
      requestId: Array.isArray(requestId) ? requestId.join(', ') : requestId,
      rateLimit: parseRateLimitInfo({ status, headers }, nowMs),
    };
    this.#maxBytes = status < 400 ? maxBodyBytes : MAX_OBJECT_BYTES;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) this.#chunks.push(chunk);
    else {
      this.#chunks.length = 0;
      controller.abort(bodyTooLarge(this.#maxBytes));
    }
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#finish(decodeBody(body, this.#head?.headers['content-encoding'], this.#maxBytes));
  }

  onResponseError(_: unknown, error: Error): void {
    clearTimeout(this.#timer);
    if (this.#head === undefined) this.#reject(error);
    else this.#finish(error);
  }

  #finish(text: string | Error): void {
    clearTimeout(this.#timer);
    if (this.#head === undefined) return;
    const { status, headers, requestId, rateLimit } = this.#head;
    this.#resolve({ status, headers, requestId, rateLimit, text });
  }
}
