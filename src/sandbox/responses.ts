import { errorId, requestId } from './identifiers.js';
import type { Answer } from './operations.js';
import type { RateLimitState } from './rate-limits.js';
import { Refusal } from './refusal.js';
import type { WireResponse } from './wire.js';
import { errorBody, gatewayPage, rateLimitHeaders } from './wire.js';

/** The rate-limit headers of a response: their numbers, or none at all. */
export type ShownLimits = RateLimitState | undefined;

/** Builds responses with the headers that every one of Okta's has (errors.md §6): Date, request id, rate limits. */
export class Responses {
  readonly #now: () => number;
  readonly #showsLimits: boolean;
  #count = 0;

  /** @param options.now - The org's clock, epoch milliseconds: what `Date` says. */
  constructor(options: { readonly now: () => number; readonly showsLimits: boolean }) {
    this.#now = options.now;
    this.#showsLimits = options.showsLimits;
  }

  success(answer: Answer, limits: ShownLimits): WireResponse {
    const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
    const headers = this.#headers(limits);
    if (body !== '') headers.push('Content-Type', 'application/json');
    if (answer.etag !== undefined) headers.push('ETag', answer.etag);
    for (const link of answer.links ?? []) headers.push('Link', link);
    return { status: answer.status, headers, body };
  }

  /** What is no `Refusal` is a mistake in the sandbox: it goes on up. */
  error(error: unknown, limits: ShownLimits): WireResponse {
    if (!(error instanceof Refusal)) throw error;
    const headers = [...this.#headers(limits), 'Content-Type', 'application/json'];
    return { status: error.status, headers, body: errorBody(error, errorId(this.#count)) };
  }

  /** A page of a proxy in between, which knows nothing of Okta's headers. */
  gatewayPage(status: number): WireResponse {
    const headers = ['Date', this.#date(), 'Content-Type', 'text/html; charset=utf-8'];
    return { status, headers, body: gatewayPage(status) };
  }

  #headers(limits: ShownLimits): string[] {
    this.#count += 1;
    const headers = ['Date', this.#date(), 'X-Okta-Request-Id', requestId(this.#count)];
    if (limits && this.#showsLimits) headers.push(...rateLimitHeaders(limits));
    return headers;
  }

  #date(): string {
    return new Date(this.#now()).toUTCString();
  }
}
