import { OktaImportError } from '../../errors.js';
import { listOf } from '../../text.js';

/** The org cannot be reached through the proxy. Nothing was sent. */
export class ProxyError extends OktaImportError {
  override readonly code = 'ERR_PROXY';
  /** The proxy's response to CONNECT; undefined when there was none. */
  readonly status: number | undefined;
  /** Whether the host of the proxy does not exist. */
  readonly isUnknownHost: boolean;

  private constructor(
    message: string,
    hint: string,
    { status, cause, isUnknownHost = false }: { status?: number; cause?: unknown; isUnknownHost?: boolean },
  ) {
    super(message, { hint, cause });
    this.status = status;
    this.isUnknownHost = isUnknownHost;
  }

  /** The proxy responded without opening a tunnel. */
  static rejected(
    route: ProxyRoute,
    response: {
      readonly status: number;
      /** The authentication schemes it accepts, from its `Proxy-Authenticate`. */
      readonly schemes: readonly string[];
    },
  ): ProxyError {
    const { proxy, target } = route;
    const { status } = response;
    if (status === 407) {
      const hint = hintFor407(route, response.schemes);
      return new ProxyError(`The proxy ${proxy} requires authentication (407).`, hint, { status });
    }
    return status < 500
      ? new ProxyError(
          `The proxy ${proxy} does not allow connections to ${target} (${status}).`,
          'Ask the administrator of the proxy to allow the org. If the org can be reached without the proxy, add it to NO_PROXY.',
          { status },
        )
      : new ProxyError(
          `The proxy ${proxy} cannot reach ${target} (${status}).`,
          'Check the org URL (OKTA_CLIENT_ORGURL), or ask the administrator of the proxy.',
          { status },
        );
  }

  /** The proxy did not respond. */
  static unreachable(
    { proxy }: ProxyRoute,
    { reason, ...details }: { reason: string; isUnknownHost: boolean; cause: unknown },
  ): ProxyError {
    return new ProxyError(
      `Could not connect to the proxy ${proxy}: ${reason}.`,
      'Check HTTPS_PROXY. To reach a host without the proxy, add it to NO_PROXY.',
      details,
    );
  }

  /** Whether the same request may succeed later: not when the proxy has rejected it. */
  get isTransient(): boolean {
    return this.status === undefined || this.status >= 500;
  }
}

export interface ProxyRoute {
  /** Origin of the proxy, without user name and password. */
  readonly proxy: string;
  /** Host and port. */
  readonly target: string;
  readonly hasCredentials: boolean;
}

function hintFor407({ hasCredentials }: ProxyRoute, schemes: readonly string[]): string {
  if (schemes.length > 0 && !schemes.includes('basic')) {
    return `It accepts only ${listOf(schemes, 'or')}, which this program does not support. Use a local proxy that does, such as cntlm, or ask for the org to be allowed without authentication.`;
  }
  return hasCredentials
    ? 'The proxy rejected the user name and password in HTTPS_PROXY. Percent-encode characters such as @ : / % # in them.'
    : 'Add a user name and password to HTTPS_PROXY: http://user:password@host:port. Percent-encode characters such as @ : / % # in them.';
}
