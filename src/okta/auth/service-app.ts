import { setMaxListeners } from 'node:events';

import { throwIfTooLong } from '../http/availability.js';
import { ProxyError } from '../http/proxy-error.js';
import { isTlsFailure, OktaConnectionError } from '../http/connection-error.js';
import { backoffMs } from '../http/failure-reaction.js';

import type {
  AuthContext,
  Authenticator,
  Rejection,
  RetryReason,
  ServiceApp,
  SignedHeaders,
  SignInMethod,
} from './authenticator.js';
import { parseChallenge } from './challenge.js';
import { accessTokenHash, type DpopSigner } from './dpop.js';
import { hintForServiceApp, missingScopesError } from './errors.js';
import { missingScopes, TokenEndpoint } from './token-endpoint.js';
import { TokenEndpointBusyError, type IssuedToken } from './token-response.js';

/** An API service app, which signs in with its own key. @see OAuth for Okta, "Implement OAuth for Okta with a service app" */
export function serviceApp(app: ServiceApp): SignInMethod {
  return (context) => new ServiceAppAuthenticator(app, context);
}

/** Part of a token's life after which a new one is requested, while the old one is still used. */
const RENEW_AFTER = 0.9;
/** A token is not sent shortly before it expires: it may have expired when the request arrives. A part of its life at most. */
const EXPIRY_MARGIN_MS = 10_000;
const MAX_EXPIRY_MARGIN_PART = 0.02;
/** Pause after a failed early renewal; the token is requested again in any case when the old one expires. */
const EARLY_RENEWAL_PAUSE_MS = 15_000;
const MAX_RATE_LIMIT_WAIT_MS = 61_000;

interface Token {
  /** Also identifies the token that a request was sent with. */
  readonly authorization: string;
  readonly bearerHeaders: SignedHeaders;
  readonly scopes: readonly string[];
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
  readonly dpop: { readonly signer: DpopSigner; readonly ath: string } | undefined;
}

/** One token for all requests, in memory only; at most one token request at a time, which all requests wait for. */
class ServiceAppAuthenticator implements Authenticator {
  readonly #app: ServiceApp;
  readonly #context: AuthContext;
  readonly #endpoint: TokenEndpoint;
  readonly #closing = new AbortController();
  #token: Token | undefined;
  #renewal: Promise<Token> | undefined;
  #nextEarlyRenewalAtMs = 0;
  /** The resource server's, which Okta does not require today. */
  #nonce: string | undefined;

  constructor(app: ServiceApp, context: AuthContext) {
    this.#app = app;
    this.#context = context;
    this.#endpoint = new TokenEndpoint(app, context);
    setMaxListeners(0, this.#closing.signal);
  }

  get grantedScopes(): readonly string[] | undefined {
    return this.#token?.scopes;
  }

  headersFor(request: Parameters<Authenticator['headersFor']>[0]): SignedHeaders | Promise<SignedHeaders> {
    const nowMs = this.#context.clock.now();
    const token = this.#token;
    if (token === undefined || nowMs >= token.expiresAtMs) return this.#headersWithNewToken(request);
    if (nowMs >= token.renewAtMs && nowMs >= this.#nextEarlyRenewalAtMs) {
      this.#nextEarlyRenewalAtMs = nowMs + EARLY_RENEWAL_PAUSE_MS;
      // The old token is still valid: a lasting failure reaches the requests that need the new one.
      this.#renew().catch(() => {});
    }
    return this.#sign(token, request);
  }

  observe(
    { status, headers }: Parameters<Authenticator['observe']>[0],
    sentWith: SignedHeaders,
  ): RetryReason | undefined {
    const nonce = headers['dpop-nonce'];
    const hasNonce = typeof nonce === 'string' && nonce !== '';
    if (hasNonce) this.#nonce = nonce;
    if (status < 400 || status > 403) return undefined;
    const error = parseChallenge(headers)?.error;
    if (error === 'use_dpop_nonce' && hasNonce) return 'new-nonce';
    if (error === 'use_dpop_nonce' || error === 'invalid_dpop_proof') return 'new-proof';
    if (status !== 401) return undefined;
    // Many requests may be rejected for the same token: only the first of them discards it.
    if (this.#token?.authorization === sentWith['authorization']) this.#token = undefined;
    return 'new-token';
  }

  hintFor(rejection: Rejection): string | undefined {
    return hintForServiceApp(rejection);
  }

  close(): void {
    this.#closing.abort(new Error('The client was closed.'));
  }

  async #headersWithNewToken(request: Parameters<Authenticator['headersFor']>[0]): Promise<SignedHeaders> {
    const token = await abortable(this.#renew(), request.signal);
    return this.#sign(token, request);
  }

  #sign(
    { authorization, bearerHeaders, dpop }: Token,
    { method, url }: { method: string; url: string },
  ): SignedHeaders | Promise<SignedHeaders> {
    if (dpop === undefined) return bearerHeaders;
    const { serverClock, clock } = this.#context;
    const serverNowMs = serverClock.earliest(clock.now());
    return dpop.signer
      .signProof({ method, url, serverNowMs, nonce: this.#nonce, ath: dpop.ath })
      .then((proof) => ({ authorization, dpop: proof }));
  }

  /** The token request under way, or a new one. */
  #renew(): Promise<Token> {
    this.#renewal ??= this.#requestToken().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #requestToken(): Promise<Token> {
    const { clock, orgUrl, giveUpAfterMs, random } = this.#context;
    let unavailableSinceMs: number | undefined;
    for (let failures = 1; ; failures += 1) {
      const sentAtMs = clock.now();
      try {
        const issued = await this.#endpoint.requestToken();
        this.#assertScopes(issued);
        this.#token = toToken(issued, sentAtMs);
        return this.#token;
      } catch (error) {
        if (!isTransient(error)) throw error;
        const isRateLimited = error instanceof TokenEndpointBusyError && error.isRateLimit;
        unavailableSinceMs = isRateLimited ? undefined : (unavailableSinceMs ?? sentAtMs);
        const outageMs = unavailableSinceMs === undefined ? 0 : clock.now() - unavailableSinceMs;
        const { hasEverResponded } = this.#endpoint;
        throwIfTooLong({ orgUrl, outageMs, hasEverResponded, giveUpAfterMs, cause: error });
        const pauseMs = this.#rateLimitWaitMs(error) + backoffMs(failures, random());
        await clock.sleep(pauseMs, this.#closing.signal);
      }
    }
  }

  #rateLimitWaitMs(error: unknown): number {
    if (!(error instanceof TokenEndpointBusyError) || error.resetAtMs === undefined) return 0;
    const { serverClock, clock } = this.#context;
    const waitMs = serverClock.localTimeWhenReached(error.resetAtMs) - clock.now();
    return Math.min(Math.max(waitMs, 0), MAX_RATE_LIMIT_WAIT_MS);
  }

  /** Okta silently leaves out the requested scopes that the app was not granted. */
  #assertScopes({ scopes }: IssuedToken): void {
    const { clientId, scopes: needs } = this.#app;
    const missing = missingScopes(needs.required, scopes);
    if (missing.length > 0) throw missingScopesError(clientId, missing);
  }
}

function toToken({ accessToken, lifetimeMs, scopes, dpopSigner }: IssuedToken, sentAtMs: number): Token {
  const authorization = `${dpopSigner === undefined ? 'Bearer' : 'DPoP'} ${accessToken}`;
  const marginMs = Math.min(EXPIRY_MARGIN_MS, lifetimeMs * MAX_EXPIRY_MARGIN_PART);
  return {
    authorization,
    bearerHeaders: Object.freeze({ authorization }),
    scopes,
    renewAtMs: sentAtMs + lifetimeMs * RENEW_AFTER,
    expiresAtMs: sentAtMs + lifetimeMs - marginMs,
    dpop: dpopSigner && { signer: dpopSigner, ath: accessTokenHash(accessToken) },
  };
}

function isTransient(error: unknown): boolean {
  return (
    error instanceof TokenEndpointBusyError ||
    (error instanceof ProxyError && error.isTransient) ||
    (error instanceof OktaConnectionError && !isTlsFailure(error.reason))
  );
}

/** The promise itself continues for other callers. @throws the signal's reason. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
