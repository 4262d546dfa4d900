import { OktaImportError } from '../../errors.js';

/** The proxy does not lead to the org. Nothing was sent. */
export class ProxyError extends OktaImportError {
  override readonly code = 'ERR_PROXY';
  /** What the proxy answered to CONNECT; undefined when it did not answer. */
  readonly status: number | undefined;

  private constructor(message: string, hint: string, status: number | undefined, cause: unknown) {
    super(message, { hint, cause });
    this.status = status;
  }

  /** The proxy answered, and not with a tunnel. */
  static refused(
    way: ProxyRoute,
    answer: {
      readonly status: number;
      /** The ways of signing in that it takes: its `Proxy-Authenticate`. */
      readonly schemes: readonly string[];
    },
  ): ProxyError {
    const { status } = answer;
    if (status === 407) {
      const hint = hintFor407(way, answer.schemes);
      return new ProxyError(`The proxy ${way.proxy} wants to know who asks (407).`, hint, status, undefined);
    }
    const isItsNo = status < 500;
    return new ProxyError(
      isItsNo
        ? `The proxy ${way.proxy} does not let this machine through to ${way.target} (${status}).`
        : `The proxy ${way.proxy} does not reach ${way.target} (${status}).`,
      isItsNo
        ? 'Have whoever runs the proxy allow the org, or name the org in NO_PROXY if it can be reached without.'
        : 'Check the org URL (OKTA_CLIENT_ORGURL), and ask whoever runs the proxy.',
      status,
      undefined,
    );
  }

  /** The proxy did not answer. */
  static unreachable(way: ProxyRoute, why: string, cause: unknown): ProxyError {
    return new ProxyError(
      `The proxy ${way.proxy} is not there: ${why}.`,
      'Check HTTPS_PROXY; NO_PROXY names hosts that are reached without it.',
      undefined,
      cause,
    );
  }

  /** Whether the same request may succeed in a while: not when the proxy has said no. */
  get isTransient(): boolean {
    return this.status === undefined || this.status >= 500;
  }
}

/** From where to where. */
export interface ProxyRoute {
  /** Origin of the proxy, without name and password. */
  readonly proxy: string;
  /** Host and port. */
  readonly target: string;
  /** Whether name and password were given. */
  readonly isSignedIn: boolean;
}

function hintFor407({ isSignedIn }: ProxyRoute, schemes: readonly string[]): string {
  if (schemes.length > 0 && !schemes.includes('basic')) {
    return `It takes ${schemes.join(' or ')} only, which this program does not speak: go through a local proxy that does (such as cntlm), or have the org allowed without.`;
  }
  return isSignedIn
    ? 'It did not take the user name and password of HTTPS_PROXY: characters such as @ : / % # must be percent-encoded there.'
    : 'Put them into HTTPS_PROXY: http://user:password@host:port, with characters such as @ : / % # percent-encoded.';
}
