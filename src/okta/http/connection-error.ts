import { OktaImportError } from '../../errors.js';

import { CertificateError } from './certificate-error.js';
import { ProxyError } from './proxy-error.js';

/** There was no complete response. Unless `neverSent`, the org may still have processed the request. */
export class OktaConnectionError extends OktaImportError {
  override readonly code = 'ERR_OKTA_CONNECTION';
  readonly operation: string;
  /** The cause's own code, such as `ECONNREFUSED` or `TimeoutError`. */
  readonly reason: string;
  /** True when the request cannot have reached the org: no connection was made. */
  readonly neverSent: boolean;

  constructor(operation: string, reason: string, neverSent: boolean, cause: unknown) {
    super(`${operation} got no response: ${connectionFailureText(cause, reason)}.`, {
      hint: neverSent
        ? 'Check the org URL (OKTA_CLIENT_ORGURL), your network and any proxy.'
        : 'Try again. If it keeps failing, check your network, any proxy and status.okta.com.',
      cause,
    });
    this.operation = operation;
    this.reason = reason;
    this.neverSent = neverSent;
  }
}

/** A connector failed: no connection was made, whatever the cause looks like. */
export class NotConnectedError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = new.target.name;
  }
}

/** undici was called incorrectly: a bug of this program, thrown as it is. */
const PROGRAMMER_ERRORS = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);
const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';
/** The code with which the name server says that there is no such host; `EAI_AGAIN` means that it has not responded. */
export const UNKNOWN_HOST = 'ENOTFOUND';

/** Turns what undici throws into an `OktaConnectionError`; more specific errors and bugs stay as they are. */
export function toConnectionError(operation: string, error: unknown): unknown {
  if (error instanceof CertificateError || error instanceof ProxyError) return error;
  const { reason, syscall } = parseCause(error);
  if (error instanceof NotConnectedError) {
    return new OktaConnectionError(operation, reason, true, error.cause);
  }
  if (PROGRAMMER_ERRORS.has(reason)) return error;
  // The system call decides, not the code: EHOSTUNREACH and ETIMEDOUT also end connections that are in use.
  const isConnecting = syscall === 'connect' || syscall === 'getaddrinfo' || reason === CONNECT_TIMEOUT;
  return new OktaConnectionError(operation, reason, isConnecting || isTlsFailure(reason), error);
}

/** TLS codes as Node names them: the handshake failed, so nothing was sent, and waiting does not help. */
export function isTlsFailure(reason: string): boolean {
  return /CERT|SELF_SIGNED|ISSUER|ALTNAME|^ERR_SSL|^ERR_TLS|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/.test(reason);
}

/** The code of why a connection failed, such as `ECONNREFUSED`. */
export function connectionFailureReason(error: unknown): string {
  return parseCause(error).reason;
}

/** Why a connection failed, as part of a sentence, without a period. */
export function connectionFailureText(error: unknown, reason = connectionFailureReason(error)): string {
  switch (reason) {
    case 'ECONNREFUSED':
      return 'nothing is listening at that address (ECONNREFUSED)';
    case UNKNOWN_HOST:
      return 'the host name does not exist (ENOTFOUND)';
    case 'EAI_AGAIN':
      return 'the host name could not be resolved (EAI_AGAIN)';
    case CONNECT_TIMEOUT:
      return 'could not connect within the timeout (UND_ERR_CONNECT_TIMEOUT)';
    case 'TimeoutError':
      return `no complete response within the timeout (${reason})`;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `the connection was lost (${reason})`;
    default: {
      const { message } = parseCause(error);
      return `${message === '' ? 'unknown reason' : message} (${reason})`;
    }
  }
}

function parseCause(error: unknown): { reason: string; message: string; syscall: string | undefined } {
  const cause = error instanceof NotConnectedError ? error.cause : error;
  // Happy Eyeballs wraps one error per address that was tried.
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (!(inner instanceof Error)) return { reason: 'unknown', message: '', syscall: undefined };
  const { code, syscall, message } = inner as NodeJS.ErrnoException;
  return { reason: typeof code === 'string' ? code : inner.name, message, syscall };
}
