import { Redactor } from '../http/redact.js';
import type { RawResponse } from '../http/send-request.js';

import type { DpopSigner } from './dpop.js';
import { SignInError, type TokenErrorResponse } from './errors.js';

export const TOKEN_PATH = '/oauth2/v1/token';
export const TOKEN_OPERATION = `POST ${TOKEN_PATH}`;

export interface IssuedToken {
  readonly accessToken: string;
  /** From the moment of the request. Milliseconds. */
  readonly lifetimeMs: number;
  readonly scopes: readonly string[];
  /** Signs the proofs that the token requires; undefined for a bearer token. */
  readonly dpopSigner: DpopSigner | undefined;
}

/** The token endpoint cannot issue a token right now. Nothing was done. */
export class TokenEndpointBusyError extends Error {
  readonly isRateLimit: boolean;
  /** When the rate limit resets, by the server's clock; undefined if unknown. */
  readonly resetAtMs: number | undefined;

  constructor({ status, rateLimit }: Pick<RawResponse, 'status' | 'rateLimit'>) {
    super(`${TOKEN_OPERATION} failed with ${status}.`);
    this.name = 'TokenEndpointBusyError';
    this.isRateLimit = status === 429;
    this.resetAtMs = status === 429 ? rateLimit.window?.resetAtMs : undefined;
  }
}

/** An hour: the only lifetime of Okta's org authorization server. */
const DEFAULT_LIFETIME_SECONDS = 3600;

/**
 * @param body - the response body; undefined when it is not JSON.
 * @param request - what was sent.
 * @throws {SignInError} the response is not from a token endpoint.
 * @throws {TokenEndpointBusyError} the same request may succeed later.
 */
export function parseTokenResponse(
  response: RawResponse,
  body: Readonly<Record<string, unknown>> | undefined,
  request: {
    readonly orgUrl: string;
    readonly scopes: readonly string[];
    readonly dpopSigner: DpopSigner | undefined;
  },
): IssuedToken | TokenErrorResponse {
  const { status } = response;
  if (status >= 300 && status < 400) {
    throw new SignInError(
      `${TOKEN_OPERATION} was redirected; redirects are not followed, to protect the credentials.`,
      { hint: 'Set OKTA_CLIENT_ORGURL to the org itself, such as https://acme.okta.com.' },
    );
  }
  if (body === undefined && status < 500) {
    throw new SignInError(
      `${TOKEN_OPERATION} returned ${status}, but not from Okta: ${request.orgUrl} may not be an Okta org.`,
      { hint: 'Check OKTA_CLIENT_ORGURL and any proxy in between.' },
    );
  }
  const error = body?.['error'];
  if (status === 429 || status >= 500 || error === 'temporarily_unavailable' || error === 'server_error') {
    throw new TokenEndpointBusyError(response);
  }
  const accessToken = body?.['access_token'];
  if (status === 200 && typeof accessToken === 'string') {
    const { expires_in: seconds, scope, token_type: type } = body ?? {};
    return {
      accessToken,
      lifetimeMs: (typeof seconds === 'number' ? seconds : DEFAULT_LIFETIME_SECONDS) * 1000,
      // A scope is shown, and the token must not be, whatever the server calls it.
      scopes: typeof scope === 'string' ? new Redactor([accessToken]).text(scope).split(' ') : request.scopes,
      dpopSigner: String(type).toLowerCase() === 'dpop' ? request.dpopSigner : undefined,
    };
  }
  const description = body?.['error_description'] ?? body?.['errorSummary'];
  return {
    status,
    error: [error, body?.['errorCode']].find((code) => typeof code === 'string') ?? 'unknown error',
    description: typeof description === 'string' ? description : '',
  };
}
