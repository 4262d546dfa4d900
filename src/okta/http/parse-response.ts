import type { IncomingHttpHeaders } from 'node:http';

import type { Authenticator } from '../auth/authenticator.js';
import { parseChallenge } from '../auth/challenge.js';
import { OktaApiError, OktaUnreadableResponseError } from '../errors.js';

import { BodyError } from './decode-body.js';
import { causesIn } from './java-error-text.js';
import { parseJsonObject } from './json-object.js';
import type { RawResponse } from './send-request.js';

/** A response of Okta's that reports success. */
export interface OktaResponse {
  /** Method and path of the request, without the query. */
  readonly operation: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; undefined for a response without content (204). */
  readonly body: unknown;
  readonly requestId: string | undefined;
}

/**
 * @param authenticator - gives the hint for errors that concern the credentials.
 * @throws {OktaApiError} the response reports an error.
 * @throws {OktaUnreadableResponseError} the response reports success but cannot be read.
 */
export function parseResponse(
  raw: RawResponse,
  operation: string,
  authenticator: Pick<Authenticator, 'hintFor'>,
): OktaResponse {
  const { status, headers, requestId, rateLimit } = raw;
  if (status >= 200 && status < 300) {
    return { operation, status, headers, body: parseBody(raw, operation), requestId };
  }
  const common = {
    operation,
    status,
    requestId,
    isConcurrencyLimit: rateLimit.isConcurrencyLimit,
    retryAfterMs: rateLimit.retryAfterMs,
  };
  if (status < 400) {
    throw new OktaApiError({
      ...common,
      errorSummary: `the address redirects to ${redirectTarget(headers)}; redirects are not followed, to protect the credentials.`,
      hint: 'Set OKTA_CLIENT_ORGURL to the org itself, such as https://acme.okta.com.',
    });
  }
  const error = parseError(raw);
  const hint =
    status === 404 && error.errorCode !== 'E0000007'
      ? 'Check the org URL (OKTA_CLIENT_ORGURL).'
      : authenticator.hintFor({ status, ...error });
  throw new OktaApiError({ ...common, ...error, hint });
}

function parseBody({ status, requestId, text }: RawResponse, operation: string): unknown {
  if (status === 204) return undefined;
  const unreadable = (what: string, cause?: unknown): OktaUnreadableResponseError =>
    new OktaUnreadableResponseError({ operation, status, requestId }, what, cause);
  if (text instanceof Error) throw unreadable(bodyErrorText(text), text);
  if (text === '') throw unreadable('empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(
      text.trimStart().startsWith('<') ? 'a web page, not JSON' : 'not JSON or is incomplete',
      error,
    );
  }
}

function bodyErrorText(error: Error): string {
  return error instanceof BodyError ? error.message : 'incomplete';
}

/** Okta's error object. `errorCauses` may be a single object, and the body a proxy's page or empty. */
function parseError({ headers, text }: RawResponse): {
  errorCode?: string;
  errorSummary: string;
  errorCauses?: readonly string[];
  missingScopes?: readonly string[];
} {
  const body = typeof text === 'string' ? parseJsonObject(text) : undefined;
  if (typeof body?.['errorCode'] === 'string') {
    const causes = [body['errorCauses'] ?? []].flat() as unknown[];
    return {
      errorCode: body['errorCode'],
      errorSummary: typeof body['errorSummary'] === 'string' ? causesIn(body['errorSummary']).join('; ') : '',
      errorCauses: causes.flatMap((cause) => {
        const summary = (cause as { errorSummary?: unknown } | null)?.errorSummary;
        return typeof summary === 'string' && summary.trim() !== '' ? causesIn(summary) : [];
      }),
    };
  }
  const challenge = parseChallenge(headers);
  if (challenge !== undefined) {
    const { error, description = error, scopes } = challenge;
    if (error !== 'insufficient_scope' || scopes.length === 0) {
      return { errorCode: error, errorSummary: description };
    }
    return {
      errorCode: error,
      errorSummary: `${description.replace(/[.]$/, '')} (${scopes.join(', ')}).`,
      missingScopes: scopes,
    };
  }
  if (text instanceof Error) return { errorSummary: `the response body is ${bodyErrorText(text)}.` };
  if (text === '') return { errorSummary: 'the response has no body.' };
  const type = headers['content-type'] ?? 'unknown type';
  return {
    errorSummary: `the response is not from Okta (${type}); a proxy or gateway may have sent it.`,
  };
}

function redirectTarget({ location = '' }: IncomingHttpHeaders): string {
  return URL.canParse(location) ? new URL(location).origin : 'an unknown address';
}
