import { OktaImportError } from '../errors.js';

import { CertificateError } from './http/certificate-error.js';
import { ProxyError } from './http/proxy-error.js';

/** Okta's answer was no: an HTTP status of 400 or more, with Okta's error object where one could be read. */
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
  /** `X-Okta-Request-Id`: what Okta Support and the System Log know this request by. */
  readonly requestId: string | undefined;
  /** For a 429: whether it was the limit on requests in flight, and not the bucket's. */
  readonly isConcurrencyLimit: boolean;
  /** `Retry-After`, when the answer had one. */
  readonly retryAfterMs: number | undefined;

  constructor(answer: {
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
    const code = answer.errorCode === undefined ? '' : ` ${answer.errorCode}`;
    const causes = answer.errorCauses?.length ? ` (${answer.errorCauses.join('; ')})` : '';
    super(`${answer.operation} was refused with ${answer.status}${code}: ${answer.errorSummary}${causes}`, {
      hint: answer.hint ?? whereToLook(answer),
    });
    this.operation = answer.operation;
    this.status = answer.status;
    this.errorCode = answer.errorCode;
    this.errorSummary = answer.errorSummary;
    this.errorCauses = answer.errorCauses ?? [];
    this.requestId = answer.requestId;
    this.isConcurrencyLimit = answer.isConcurrencyLimit ?? false;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

function whereToLook({
  errorCode,
  requestId,
}: {
  readonly errorCode?: string | undefined;
  readonly requestId?: string | undefined;
}): string {
  if (errorCode === undefined) return 'Check whether a proxy in between answers in place of Okta.';
  if (errorCode === 'E0000031') return HOW_TO_SEARCH;
  const request = requestId === undefined ? '' : ` In the org's System Log the request is ${requestId}.`;
  return `Look ${errorCode} up at https://developer.okta.com/docs/reference/error-codes/.${request}`;
}

/** Users, "List all users". */
const HOW_TO_SEARCH =
  'Write expressions like profile.department eq "Sales"; operators are eq, sw, gt, ge, lt, le and pr, joined by and, or. ' +
  'A filter knows eq only, and only of id, status, lastUpdated (gt, ge, lt, le too), profile.login, profile.email, ' +
  'profile.firstName and profile.lastName.';

/** Carries past the governor what kept a request from being sent: it takes no place in its bucket then. */
export class NotSent {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** The org has not answered anything useful for so long that the run gives up. */
export class OrgUnavailableError extends OktaImportError {
  override readonly code = 'ERR_ORG_AWAY';

  constructor(org: string, awayMs: number, cause: unknown) {
    const lastWords = cause instanceof Error ? ` Last: ${cause.message}` : '';
    super(`The org ${org} has not answered for ${Math.round(awayMs / 1000)} s.${lastWords}`, {
      hint:
        cause instanceof ProxyError
          ? cause.hint
          : 'Check the org URL (OKTA_CLIENT_ORGURL), the network and status.okta.com.',
      cause,
    });
  }
}

/** There was no complete answer. Unless `neverSent`, the org may have acted on the request all the same. */
export class OktaConnectionError extends OktaImportError {
  override readonly code = 'ERR_OKTA_CONNECTION';
  readonly operation: string;
  /** The cause's own code, such as `ECONNREFUSED` or `UND_ERR_HEADERS_TIMEOUT`. */
  readonly reason: string;
  /** True when the request cannot have reached the org: no connection came about. */
  readonly neverSent: boolean;

  constructor(operation: string, reason: string, neverSent: boolean, cause: unknown) {
    super(`${operation} got no answer: ${wording(reason, cause)}`, {
      hint: neverSent
        ? 'Check the org URL (OKTA_CLIENT_ORGURL), the network and any proxy.'
        : 'Try again; when it stays so, check the network, any proxy and status.okta.com.',
      cause,
    });
    this.operation = operation;
    this.reason = reason;
    this.neverSent = neverSent;
  }
}

/** An answer that says "success" in its status and cannot be read: cut off, empty, or not JSON. */
export class OktaUnreadableResponseError extends OktaImportError {
  override readonly code = 'ERR_OKTA_UNREADABLE_ANSWER';
  readonly operation: string;
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(
    operation: string,
    status: number,
    what: string,
    requestId: string | undefined,
    cause?: unknown,
  ) {
    super(`${operation} was answered with ${status}, but the body is ${what}.`, {
      hint: 'Check whether a proxy between here and Okta rewrites answers.',
      cause,
    });
    this.operation = operation;
    this.status = status;
    this.requestId = requestId;
  }
}

/** Whether a request that ended so cannot have reached the org. */
export function wasNeverSent(error: unknown): boolean {
  return (
    error instanceof NotSent ||
    error instanceof CertificateError ||
    error instanceof ProxyError ||
    (error instanceof OktaConnectionError && error.neverSent)
  );
}

/** TLS codes as Node names them: the handshake failed, so nothing was sent, and waiting will not mend it. */
export function isCertificateFailure(reason: string): boolean {
  return /CERT|SELF_SIGNED|ISSUER|ALTNAME|^ERR_SSL|^ERR_TLS|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/.test(reason);
}

/** What a connector ends with: no connection came about, whatever the cause looks like. */
export class NotConnectedError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = new.target.name;
  }
}

/** What undici says when it was called wrongly: a bug of ours, which is not dressed up. */
const PROGRAMMER_ERRORS = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/** Turns what undici throws into an `OktaConnectionError`; what says more by itself, and a bug, stays as it is. */
export function connectionError(operation: string, error: unknown): unknown {
  if (error instanceof CertificateError || error instanceof ProxyError) return error;
  if (error instanceof NotConnectedError) {
    return new OktaConnectionError(operation, detailsOf(error.cause).reason, true, error.cause);
  }
  const { reason, syscall } = detailsOf(error);
  if (PROGRAMMER_ERRORS.has(reason)) return error;
  // The system call tells, not the code: EHOSTUNREACH and ETIMEDOUT also break off connections that are in use.
  const isConnecting = syscall === 'connect' || syscall === 'getaddrinfo' || reason === CONNECT_TIMEOUT;
  return new OktaConnectionError(operation, reason, isConnecting || isCertificateFailure(reason), error);
}

const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';

function detailsOf(error: unknown): { reason: string; syscall: string | undefined } {
  // Happy Eyeballs wraps one error per address that was tried.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(inner instanceof Error)) return { reason: 'unknown', syscall: undefined };
  const { code, syscall } = inner as NodeJS.ErrnoException;
  return { reason: typeof code === 'string' ? code : inner.name, syscall };
}

function wording(reason: string, cause: unknown): string {
  switch (reason) {
    case 'ECONNREFUSED':
      return 'nothing listens at that address (ECONNREFUSED).';
    case 'ENOTFOUND':
      return 'the host name does not exist (ENOTFOUND).';
    case 'EAI_AGAIN':
      return 'the host name could not be looked up just now (EAI_AGAIN).';
    case CONNECT_TIMEOUT:
      return 'no connection within the time allowed (UND_ERR_CONNECT_TIMEOUT).';
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'TimeoutError':
      return `no complete answer within the time allowed (${reason}).`;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `the connection broke off (${reason}).`;
    default:
      return `${cause instanceof Error && cause.message !== '' ? cause.message : 'unknown reason'} (${reason}).`;
  }
}
