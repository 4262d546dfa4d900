import { errorId, requestId } from './identifiers.js';
import type { OAuthRefusal } from './oauth-refusal.js';
import type { Answer } from './operations.js';
import type { RateLimitState } from './rate-limits.js';
import { Refusal } from './refusal.js';
import { scopeFor } from './service-apps.js';
import type { WireResponse } from './http-response.js';
import { errorBody, gatewayPage, rateLimitHeaders } from './http-response.js';

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

  /** The token endpoint's no (errors.md §1.2). @param nonce - what `dpop-nonce` says. */
  oauthError(refusal: OAuthRefusal, nonce: string | undefined, limits: ShownLimits): WireResponse {
    const headers = [...this.#headers(limits), 'Content-Type', 'application/json'];
    if (nonce !== undefined) headers.push('dpop-nonce', nonce);
    const body = JSON.stringify({ error: refusal.error, error_description: refusal.message });
    return { status: refusal.status, headers, body };
  }

  /** An access token that is not taken: no body, and the reason in `WWW-Authenticate` (errors.md §1.3). */
  challenge(
    about: {
      readonly refusal: OAuthRefusal;
      readonly nonce: string | undefined;
      readonly origin: string;
      readonly method: string;
      readonly path: string;
    },
    limits: ShownLimits,
  ): WireResponse {
    const { refusal, nonce, origin, method, path } = about;
    const isDpop = /dpop/i.test(`${refusal.error} ${refusal.message}`);
    const scheme = isDpop ? 'DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512", ' : 'Bearer ';
    const headers = [
      ...this.#headers(limits),
      'WWW-Authenticate',
      `${scheme}authorization_uri="${origin}/oauth2/v1/authorize", realm="${origin}", scope="${scopeFor(method, path) ?? ''}", error="${refusal.error}", error_description="${refusal.message}", resource="${path}"`,
    ];
    if (nonce !== undefined) headers.push('dpop-nonce', nonce);
    return { status: refusal.status, headers, body: '' };
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
