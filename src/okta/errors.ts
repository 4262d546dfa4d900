import { OktaImportError } from '../errors.js';

import { CertificateError } from './http/certificate-error.js';
import { OktaConnectionError } from './http/connection-error.js';
import { ProxyError } from './http/proxy-error.js';

/** The response reports an error: an HTTP status of 400 or more, with Okta's error object if there was one. */
export class OktaApiError extends OktaImportError {
  override readonly code = 'ERR_OKTA_API';
  /** Method and path, without the query. */
  readonly operation: string;
  readonly status: number;
  /** Okta's stable code such as `E0000001`; undefined when the body was not Okta's (a proxy's page, an empty body). */
  readonly errorCode: string | undefined;
  readonly errorSummary: string;
  /** One sentence per cause, usually `field: message`. */
  readonly errorCauses: readonly string[];
  /** `X-Okta-Request-Id`, by which Okta Support and the System Log identify the request. */
  readonly requestId: string | undefined;
  /** For a 429: whether it was the limit on concurrent requests, not the bucket's. */
  readonly isConcurrencyLimit: boolean;
  /** `Retry-After`, when the response had one. */
  readonly retryAfterMs: number | undefined;

  constructor(response: {
    operation: string;
    status: number;
    errorCode?: string | undefined;
    errorSummary: string;
    errorCauses?: readonly string[];
    requestId?: string | undefined;
    isConcurrencyLimit?: boolean;
    retryAfterMs?: number | undefined;
    hint?: string | undefined;
  }) {
    const { operation, status, errorCode, errorSummary, errorCauses = [], requestId } = response;
    const code = errorCode === undefined ? '' : ` ${errorCode}`;
    const causes = errorCauses.length > 0 ? ` (${errorCauses.join('; ')})` : '';
    super(`${operation} failed with ${status}${code}: ${errorSummary}${causes}`, {
      hint: response.hint ?? defaultHint(errorCode, requestId),
    });
    this.operation = operation;
    this.status = status;
    this.errorCode = errorCode;
    this.errorSummary = errorSummary;
    this.errorCauses = errorCauses;
    this.requestId = requestId;
    this.isConcurrencyLimit = response.isConcurrencyLimit ?? false;
    this.retryAfterMs = response.retryAfterMs;
  }
}

/** Whether Okta rejected a request because an object with this name, login or other unique value already exists. */
export function isDuplicate(error: unknown): error is OktaApiError {
  // Only the text of the cause says so.
  return (
    error instanceof OktaApiError &&
    error.status === 400 &&
    error.errorCauses.some((cause) => cause.includes('already exists'))
  );
}

/** Whether a user or group does not exist, as far as the host that responded knows (404 `E0000007`). */
export function isMissing(error: unknown): boolean {
  return error instanceof OktaApiError && error.status === 404 && error.errorCode === 'E0000007';
}

/** Whether Okta rejected an activation because somebody else, or a request that was sent twice, was faster (403 `E0000016`). */
export function isAlreadyActive(error: unknown): boolean {
  return error instanceof OktaApiError && error.errorCode === 'E0000016';
}

/** What `WWW-Authenticate` says about a token (RFC 6750, RFC 9449). */
export const OAUTH_ERRORS = new Set([
  'invalid_request',
  'invalid_token',
  'insufficient_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
]);

/**
 * Whether an error is a response of Okta's own, which says whether the request was processed. A gateway's page, whatever its
 * status, says nothing about it. Okta rejects tokens without a body, but with the ID of the request.
 */
export function isOktaResponse(error: unknown): error is OktaApiError {
  if (!(error instanceof OktaApiError) || error.errorCode === undefined) return false;
  return (
    /^E\d{7}$/.test(error.errorCode) || (OAUTH_ERRORS.has(error.errorCode) && error.requestId !== undefined)
  );
}

function defaultHint(errorCode: string | undefined, requestId: string | undefined): string {
  if (errorCode === undefined) return 'Check whether a proxy or gateway responds instead of Okta.';
  if (errorCode === 'E0000031') return EXPRESSION_HINT;
  const request = requestId === undefined ? '' : ` The request ID in the org's System Log is ${requestId}.`;
  return `Look up ${errorCode} at https://developer.okta.com/docs/reference/error-codes/.${request}`;
}

/** Users, "List all users". */
const EXPRESSION_HINT =
  'Write an expression such as profile.department eq "Sales". The operators are eq, sw, gt, ge, lt, le and pr; combine ' +
  'expressions with and/or. A filter supports only eq, and only for id, status, lastUpdated (also gt, ge, lt and le), ' +
  'profile.login, profile.email, profile.firstName and profile.lastName.';

/** Carries the reason why a request was not sent past the governor, so that the request takes no slot in its bucket. */
export class NotSent {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** The org has not responded for so long that the run gives up. */
export class OrgUnavailableError extends OktaImportError {
  override readonly code = 'ERR_ORG_AWAY';
  /** Worth a retry, unlike wrong settings: also when the org is down before the run starts. */
  override readonly exitCode = 3;

  constructor(orgUrl: string, outageMs: number, cause: unknown) {
    const lastError = cause instanceof Error ? ` Last error: ${cause.message}` : '';
    super(`The org ${orgUrl} has not responded for ${Math.round(outageMs / 1000)} s.${lastError}`, {
      hint:
        cause instanceof ProxyError
          ? cause.hint
          : 'Check the org URL (OKTA_CLIENT_ORGURL), your network and status.okta.com.',
      cause,
    });
  }
}

/** The host of the org, or of the proxy, does not exist: a wrong setting rather than an outage. */
export class UnknownHostError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_HOST';

  constructor(orgUrl: string, cause: unknown) {
    const { message, hint } = cause instanceof ProxyError ? cause : unknownHostText(orgUrl);
    super(message, { hint, cause });
  }
}

function unknownHostText(orgUrl: string): { readonly message: string; readonly hint: string } {
  return {
    message: `The host ${new URL(orgUrl).hostname} does not exist (ENOTFOUND).`,
    hint: 'Check the spelling of the org URL (OKTA_CLIENT_ORGURL). If it is right, check the DNS settings of this machine, and whether it needs a proxy (HTTPS_PROXY).',
  };
}

/** The status reports success, but the body cannot be read: incomplete, empty, or not JSON. */
export class OktaUnreadableResponseError extends OktaImportError {
  override readonly code = 'ERR_OKTA_UNREADABLE_ANSWER';
  readonly operation: string;
  readonly status: number;
  readonly requestId: string | undefined;

  /** @param what - the body, as the end of a sentence: `the response body is …`. */
  constructor(
    response: {
      readonly operation: string;
      readonly status: number;
      readonly requestId: string | undefined;
    },
    what: string,
    cause?: unknown,
  ) {
    const { operation, status, requestId } = response;
    super(`${operation} returned ${status}, but the response body is ${what}.`, {
      hint: 'Check whether a proxy between this machine and Okta changes responses.',
      cause,
    });
    this.operation = operation;
    this.status = status;
    this.requestId = requestId;
  }
}

/** Whether a request that failed this way cannot have reached the org. */
export function wasNeverSent(error: unknown): boolean {
  return (
    error instanceof NotSent ||
    error instanceof CertificateError ||
    error instanceof ProxyError ||
    (error instanceof OktaConnectionError && error.neverSent)
  );
}
