import { setMaxListeners } from 'node:events';

import { isCertificateFailure, OktaConnectionError, OrgUnavailableError } from '../errors.js';
import { backoffMs } from '../http/retry.js';

import { parseChallenge } from './challenge.js';
import { hintForServiceApp, missingScopesError } from './errors.js';
import { accessTokenHash, type DpopSigner } from './dpop.js';
import type {
  RetryReason,
  AuthContext,
  ServiceApp,
  SignedHeaders,
  Authenticator,
  SignInMethod,
} from './authenticator.js';
import { missingScopes, TokenEndpoint, TokenEndpointBusyError, type IssuedToken } from './token-endpoint.js';

/** An API service app, which signs in with a key of its own. @see auth.md, "OAuth 2.0 service app" */
export function serviceApp(app: ServiceApp): SignInMethod {
  return (door) => new ServiceAppSignIn(app, door);
}

/** Part of a token's life after which a new one is asked for, while the old one goes on being used. */
const RENEW_AFTER = 0.9;
/** A token that ends so soon is not sent any more: it may be over when the request arrives. Part of its life, at most. */
const SPARE_MS = 10_000;
const SPARE_PART = 0.02;
/** After a token could not be had early; it is asked for again in any case when the old one ends. */
const EARLY_PAUSE_MS = 15_000;
/** An org that never answered is a wrong address sooner than an outage. */
const FIRST_ANSWER_WITHIN_MS = 10_000;
const LONGEST_ASKED_PAUSE_MS = 61_000;

interface Token {
  /** Also its identity: which token a request was sent with. */
  readonly authorization: string;
  readonly bearerHeaders: SignedHeaders;
  readonly scopes: readonly string[];
  readonly renewAtMs: number;
  readonly endsAtMs: number;
  readonly proofs: { readonly maker: DpopSigner; readonly ath: string } | undefined;
}

/** One token for all requests, in memory only; at most one token request at a time, which everybody waits for. */
class ServiceAppSignIn implements Authenticator {
  readonly #app: ServiceApp;
  readonly #door: AuthContext;
  readonly #endpoint: TokenEndpoint;
  readonly #closing = new AbortController();
  #token: Token | undefined;
  #renewal: Promise<Token> | undefined;
  #earlyNotBeforeMs = 0;
  /** The resource server's, which Okta does not ask for today. */
  #nonce: string | undefined;

  constructor(app: ServiceApp, door: AuthContext) {
    this.#app = app;
    this.#door = door;
    this.#endpoint = new TokenEndpoint(app, door);
    setMaxListeners(0, this.#closing.signal);
  }

  get grantedScopes(): readonly string[] | undefined {
    return this.#token?.scopes;
  }

  headersFor(request: {
    readonly method: string;
    readonly url: string;
    readonly signal: AbortSignal | undefined;
  }): SignedHeaders | Promise<SignedHeaders> {
    const nowMs = this.#door.clock.now();
    const token = this.#token;
    if (token === undefined || nowMs >= token.endsAtMs) return this.#headersOfNext(request);
    if (nowMs >= token.renewAtMs && nowMs >= this.#earlyNotBeforeMs) {
      this.#earlyNotBeforeMs = nowMs + EARLY_PAUSE_MS;
      // The old one is still good: whoever needs the new one will hear of what went wrong.
      this.#renew().catch(() => {});
    }
    return this.#sign(token, request);
  }

  observe(answer: Parameters<Authenticator['observe']>[0], sentWith: SignedHeaders): RetryReason | undefined {
    const nonce = answer.headers['dpop-nonce'];
    const isNewNonce = typeof nonce === 'string' && nonce !== '' && nonce !== this.#nonce;
    if (isNewNonce) this.#nonce = nonce;
    if (answer.status < 400 || answer.status > 403) return undefined;
    const error = parseChallenge(answer.headers)?.error;
    if (error === 'use_dpop_nonce' || error === 'invalid_dpop_proof') return 'new-proof';
    if (answer.status !== 401) return undefined;
    // Many requests hear the same of one token: only the first of them ends its use.
    if (this.#token?.authorization === sentWith['authorization']) this.#token = undefined;
    return 'new-token';
  }

  hintFor(status: number, errorCode: string | undefined): string | undefined {
    return hintForServiceApp(status, errorCode);
  }

  close(): void {
    this.#closing.abort(new Error('The client was closed.'));
  }

  async #headersOfNext(request: Parameters<Authenticator['headersFor']>[0]): Promise<SignedHeaders> {
    const token = await orAborted(this.#renew(), request.signal);
    return this.#sign(token, request);
  }

  #sign(
    token: Token,
    { method, url }: { method: string; url: string },
  ): SignedHeaders | Promise<SignedHeaders> {
    if (token.proofs === undefined) return token.bearerHeaders;
    const { maker, ath } = token.proofs;
    const { serverClock, clock } = this.#door;
    const serverNowMs = serverClock.earliest(clock.now());
    return maker
      .signProof({ method, url, serverNowMs, nonce: this.#nonce, ath })
      .then((dpop) => ({ authorization: token.authorization, dpop }));
  }

  /** The one request for a token that is under way, or a new one. */
  #renew(): Promise<Token> {
    this.#renewal ??= this.#requestToken().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #requestToken(): Promise<Token> {
    const { clock, orgUrl, giveUpAfterMs, random } = this.#door;
    let awaySinceMs: number | undefined;
    for (let failures = 1; ; failures += 1) {
      const askedAtMs = clock.now();
      try {
        const issued = await this.#endpoint.requestToken();
        this.#assertScopes(issued);
        this.#token = tokenOf(issued, askedAtMs);
        return this.#token;
      } catch (error) {
        const waitMs = waitAfter(error);
        if (waitMs === 'none') throw error;
        // Whoever says that it is too much is there.
        const isThere = error instanceof TokenEndpointBusyError && error.isRateLimit;
        awaySinceMs = isThere ? undefined : (awaySinceMs ?? askedAtMs);
        const awayMs = awaySinceMs === undefined ? 0 : clock.now() - awaySinceMs;
        const patienceMs = this.#endpoint.hasAnswered
          ? giveUpAfterMs
          : Math.min(FIRST_ANSWER_WITHIN_MS, giveUpAfterMs);
        if (awayMs > patienceMs) throw new OrgUnavailableError(orgUrl, awayMs, error);
        const askedMs = Math.min(Math.max(waitMs ?? 0, 0), LONGEST_ASKED_PAUSE_MS);
        await clock.sleep(askedMs + backoffMs(failures, random()), this.#closing.signal);
      }
    }
  }

  /** The token holds those of the scopes that the app was granted, silently without the others (auth.md §3). */
  #assertScopes({ scopes }: IssuedToken): void {
    const { clientId, scopes: needs } = this.#app;
    const missing = missingScopes(needs.required, scopes);
    if (missing.length > 0) throw missingScopesError(clientId, missing);
  }
}

function tokenOf({ accessToken, lifetimeMs, scopes, proofs }: IssuedToken, askedAtMs: number): Token {
  const authorization = `${proofs === undefined ? 'Bearer' : 'DPoP'} ${accessToken}`;
  return {
    authorization,
    bearerHeaders: Object.freeze({ authorization }),
    scopes,
    renewAtMs: askedAtMs + lifetimeMs * RENEW_AFTER,
    endsAtMs: askedAtMs + lifetimeMs - Math.min(SPARE_MS, lifetimeMs * SPARE_PART),
    proofs: proofs && { maker: proofs, ath: accessTokenHash(accessToken) },
  };
}

/** How long to wait before asking again, beside the usual pause; `none` when it would not help. */
function waitAfter(error: unknown): number | undefined | 'none' {
  if (error instanceof TokenEndpointBusyError) return error.waitMs;
  if (error instanceof OktaConnectionError && !isCertificateFailure(error.reason)) return undefined;
  return 'none';
}

/** What is waited for goes on for the others. @throws the signal's reason. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
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
