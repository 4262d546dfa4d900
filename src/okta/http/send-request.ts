import type { IncomingHttpHeaders } from 'node:http';

import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';

import type { RawResponse } from './parse-response.js';

/** More than a page of 200 users with the largest profiles; a body past this is no answer of Okta's. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface SendOptions {
  readonly clock: Clock;
  /** How long the body of an answer may take in all, milliseconds. */
  readonly bodyWithinMs: number;
}

/**
 * Sends one request and gathers the whole of its answer. undici's `request` would make a stream of every body, which takes half as long
 * again as everything else about a request.
 *
 * undici follows no redirect unless asked to, so the credentials stay with this origin.
 *
 * @throws what undici throws, when no answer began. Whatever happens to the body is part of the answer.
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
  readonly #resolve: (answer: RawResponse) => void;
  readonly #reject: (error: Error) => void;
  /** 0 until the answer begins. */
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #latestMs = 0;

  constructor(options: SendOptions, resolve: (answer: RawResponse) => void, reject: (error: Error) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    // undici takes the handler for one of an older kind without it.
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    // Such as 103: the answer is still to come.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#latestMs = this.#options.clock.now() + this.#options.bodyWithinMs;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    // undici's own limit is for the silence between two pieces; a body that trickles would never end.
    if (this.#options.clock.now() > this.#latestMs) {
      controller.abort(new Error('not complete within the time allowed'));
    } else if (this.#bytes > MAX_BODY_BYTES) {
      controller.abort(new Error(`longer than ${MAX_BODY_BYTES} bytes`));
    }
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#end(body.toString());
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#status === 0) this.#reject(error);
    else this.#end(error);
  }

  #end(text: string | Error): void {
    this.#resolve({ status: this.#status, headers: this.#headers, text });
  }
}
