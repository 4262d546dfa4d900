import type { IncomingHttpHeaders } from 'node:http';

import { parseChallenge } from '../auth/challenge.js';
import type { Authenticator } from '../auth/authenticator.js';
import { OktaApiError, OktaUnreadableResponseError } from '../errors.js';
import { isConcurrencyLimit, retryAfterMsOf } from '../rate-limit/rate-limit-headers.js';

export interface OktaResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; undefined for an answer without content (204). */
  readonly body: unknown;
  readonly requestId: string | undefined;
}

/** An answer as it came off the wire. */
export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body as text, or what went wrong while reading them. */
  readonly text: string | Error;
}

/**
 * What an answer says.
 *
 * @param serverNowMs - the org's clock now, for a `Retry-After` that names a date.
 * @param signIn - knows what to do about refusals that concern it.
 * @throws {OktaApiError} the answer was no.
 * @throws {OktaUnreadableResponseError} the answer says yes but cannot be read.
 */
export function parseResponse(
  raw: RawResponse,
  operation: string,
  serverNowMs: number,
  signIn: Pick<Authenticator, 'hintFor'>,
): OktaResponse {
  const requestId = textOfHeader(raw.headers['x-okta-request-id']);
  const { status, headers } = raw;
  if (status >= 200 && status < 300) {
    if (status === 204) return { status, headers, body: undefined, requestId };
    if (raw.text instanceof Error) {
      throw new OktaUnreadableResponseError(operation, status, 'cut off', requestId, raw.text);
    }
    return { status, headers, body: parseJson(raw.text, operation, status, requestId), requestId };
  }
  const common = {
    operation,
    status,
    requestId,
    isConcurrencyLimit: status === 429 && isConcurrencyLimit(headers),
    retryAfterMs: retryAfterMsOf(headers, serverNowMs),
  };
  if (status < 400) {
    throw new OktaApiError({
      ...common,
      errorSummary: `the address answers with a redirect to ${redirectTarget(headers)}, which is never followed with credentials.`,
      hint: 'Set OKTA_CLIENT_ORGURL to the org itself, such as https://acme.okta.com.',
    });
  }
  const error = errorObjectOf(raw);
  throw new OktaApiError({ ...common, ...error, hint: hintFor(status, error.errorCode, signIn) });
}

/** What to do about answers that every request would get. */
function hintFor(
  status: number,
  errorCode: string | undefined,
  signIn: Pick<Authenticator, 'hintFor'>,
): string | undefined {
  if (status === 404 && errorCode !== 'E0000007') return 'Check the org URL (OKTA_CLIENT_ORGURL).';
  return signIn.hintFor(status, errorCode);
}

function parseJson(text: string, operation: string, status: number, requestId: string | undefined): unknown {
  if (text === '') throw new OktaUnreadableResponseError(operation, status, 'empty', requestId);
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = text.trimStart().startsWith('<') ? 'a web page, not JSON' : 'not JSON, or cut off';
    throw new OktaUnreadableResponseError(operation, status, what, requestId, error);
  }
}

/** Okta's error object, read with care: `errorCauses` may be a bare object, the body a proxy's page or nothing. */
function errorObjectOf(raw: RawResponse): {
  errorCode?: string;
  errorSummary: string;
  errorCauses?: readonly string[];
} {
  const body = jsonObjectOf(raw.text);
  if (typeof body?.['errorCode'] === 'string') {
    const causes = [body['errorCauses'] ?? []].flat() as unknown[];
    return {
      errorCode: body['errorCode'],
      errorSummary: typeof body['errorSummary'] === 'string' ? body['errorSummary'] : '',
      errorCauses: causes.flatMap((cause) => {
        const summary = (cause as { errorSummary?: unknown } | null)?.errorSummary;
        return typeof summary === 'string' ? [summary] : [];
      }),
    };
  }
  const challenge = parseChallenge(raw.headers);
  if (challenge !== undefined) {
    return { errorCode: challenge.error, errorSummary: challenge.description ?? challenge.error };
  }
  if (raw.text instanceof Error) return { errorSummary: 'the answer was cut off.' };
  if (raw.text === '') return { errorSummary: 'the answer had no body.' };
  const type = textOfHeader(raw.headers['content-type']) ?? 'unknown type';
  return { errorSummary: `the answer is not Okta's (${type}); a proxy or gateway may have sent it.` };
}

function jsonObjectOf(text: string | Error): Readonly<Record<string, unknown>> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON: the caller words that.
    return undefined;
  }
}

function redirectTarget(headers: IncomingHttpHeaders): string {
  const location = headers.location ?? '';
  return URL.canParse(location) ? new URL(location).origin : 'an unknown place';
}

function textOfHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
