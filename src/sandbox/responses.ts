import { errorBody, gatewayPage, rateLimitHeaders, type HttpResponse } from './http-response.js';
import { errorId, requestId } from './identifiers.js';
import type { OAuthError } from './oauth-error.js';
import type { OktaError } from './okta-error.js';
import type { OperationResult } from './operations.js';
import type { RateLimitState } from './rate-limits.js';
import { originOf, pathOf, type SandboxRequest } from './sandbox-request.js';
import { scopeFor } from './service-apps.js';

/** The numbers of the rate-limit headers; `undefined` for a response without them. */
export type ShownLimits = RateLimitState | undefined;

/** Builds responses with the headers that Okta's have: Date, request ID, caching, rate limits. */
export class Responses {
  readonly #now: () => number;
  readonly #showsLimits: boolean;
  readonly #sendsDate: boolean;
  #count = 0;

  /** @param options.now - The clock of `Date`, epoch milliseconds. */
  constructor(options: {
    readonly now: () => number;
    readonly showsLimits: boolean;
    readonly sendsDate: boolean;
  }) {
    this.#now = options.now;
    this.#showsLimits = options.showsLimits;
    this.#sendsDate = options.sendsDate;
  }

  success(result: OperationResult, limits: ShownLimits): HttpResponse {
    const body = result.body === undefined ? '' : JSON.stringify(result.body);
    const headers = this.#headers(limits);
    if (body !== '') headers.push('Content-Type', 'application/json');
    if (result.etag !== undefined) headers.push('ETag', result.etag);
    if (result.dpopNonce !== undefined) headers.push('dpop-nonce', result.dpopNonce);
    for (const link of result.links ?? []) headers.push('Link', link);
    return { status: result.status, headers, body };
  }

  error(error: OktaError, limits: ShownLimits): HttpResponse {
    const isUnauthenticated = error.errorCode === 'E0000011' || error.errorCode === 'E0000005';
    const headers = this.#headers(isUnauthenticated ? undefined : limits);
    headers.push('Content-Type', 'application/json');
    if (error.errorCode === 'E0000011') headers.push('WWW-Authenticate', 'SSWS');
    return { status: error.status, headers, body: errorBody(error, errorId(this.#count)) };
  }

  /** An error of the token endpoint. @param nonce - The value of `dpop-nonce`. */
  oauthError(error: OAuthError, nonce: string | undefined, limits: ShownLimits): HttpResponse {
    const headers = [...this.#headers(limits), 'Content-Type', 'application/json'];
    if (nonce !== undefined) headers.push('dpop-nonce', nonce);
    const body = JSON.stringify({ error: error.error, error_description: error.message });
    return { status: error.status, headers, body };
  }

  /** The response to an invalid access token: no body, and the reason in `WWW-Authenticate`. */
  challenge(
    request: SandboxRequest,
    about: {
      readonly error: OAuthError;
      readonly nonce?: string | undefined;
      /** Default: the scope that the request requires. */
      readonly scope?: string | undefined;
    },
    limits: ShownLimits,
  ): HttpResponse {
    const { error, nonce } = about;
    const [origin, path] = [originOf(request), pathOf(request)];
    const scope = about.scope ?? scopeFor(request.method, path) ?? '';
    const isDpop = /dpop/i.test(`${error.error} ${error.message}`);
    const scheme = isDpop ? 'DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512", ' : 'Bearer ';
    const headers = [
      ...this.#headers(limits),
      'WWW-Authenticate',
      `${scheme}authorization_uri="${origin}/oauth2/v1/authorize", realm="${origin}", scope="${scope}", error="${error.error}", error_description="${error.message}", resource="${path}"`,
    ];
    if (nonce !== undefined) headers.push('dpop-nonce', nonce);
    return { status: error.status, headers, body: '' };
  }

  /** The page of a proxy or gateway, which knows nothing of Okta's headers. */
  gatewayPage(status: number): HttpResponse {
    const headers = [...this.#date(), 'Content-Type', 'text/html; charset=utf-8'];
    return { status, headers, body: gatewayPage(status) };
  }

  #headers(limits: ShownLimits): string[] {
    this.#count += 1;
    const headers = [...this.#date(), 'X-Okta-Request-Id', requestId(this.#count)];
    headers.push('Cache-Control', 'no-cache, no-store');
    if (limits && this.#showsLimits) headers.push(...rateLimitHeaders(limits));
    return headers;
  }

  #date(): string[] {
    return this.#sendsDate ? ['Date', new Date(this.#now()).toUTCString()] : [];
  }
}
