import type { IncomingHttpHeaders } from 'node:http';

import { connectionError } from '../errors.js';
import { bucketStateOf, dateOf } from '../rate-limit/rate-limit-headers.js';

import { hintForTokenError, SignInError, type TokenErrorResponse } from './errors.js';
import { signClientAssertion, DpopSigner } from './dpop.js';
import type { AuthContext, ServiceApp } from './authenticator.js';

export const TOKEN_PATH = '/oauth2/v1/token';
const OPERATION = `POST ${TOKEN_PATH}`;

/** What the token endpoint gave. */
export interface IssuedToken {
  readonly accessToken: string;
  /** From the moment of the request. Milliseconds. */
  readonly lifetimeMs: number;
  readonly scopes: readonly string[];
  /** Makes the proofs without which the token is worth nothing; undefined for a bearer token. */
  readonly proofs: DpopSigner | undefined;
}

/** The token endpoint cannot answer just now. Nothing was done. */
export class TokenEndpointBusyError extends Error {
  readonly isRateLimit: boolean;
  /** When to come back, by what the answer says. Milliseconds. */
  readonly waitMs: number | undefined;

  constructor(status: number, waitMs?: number) {
    super(`${OPERATION} was answered with ${status}.`);
    this.name = 'TokenEndpointBusyError';
    this.isRateLimit = status === 429;
    this.waitMs = waitMs;
  }
}

/** By so much the clock that an assertion was made by must have been off for a refusal to be its fault. */
const CLOCK_OFF_MS = 5000;
/** An hour, where the answer does not say: Okta's org authorization server knows no other lifetime. */
const USUAL_LIFETIME_SECONDS = 3600;
/** Without proof, with proof, with nonce, by the right clock, with wider scopes: after that a refusal is one. */
const MAX_EXCHANGES = 6;

/**
 * Speaks with the org's token endpoint until it gives a token or says no for good. Whether the app wants DPoP, which
 * nonce to use and what time the org has, it finds out from the answers (auth.md, "DPoP").
 */
export class TokenEndpoint {
  readonly #app: ServiceApp;
  readonly #door: AuthContext;
  #proofs: DpopSigner | undefined;
  /** Of the last answer that had one; good for a day and more. */
  #nonce: string | undefined;
  /** `manage` is asked for where `read` would do and was not granted: an app may have the wider scope alone. */
  #wider: readonly string[] | undefined;
  /** Whether it has ever answered. */
  hasAnswered = false;

  constructor(app: ServiceApp, door: AuthContext) {
    this.#app = app;
    this.#door = door;
  }

  /**
   * @throws {SignInError} the answer is no.
   * @throws {TokenEndpointBusyError} no answer that counts: the same may succeed later.
   * @throws {OktaConnectionError}
   */
  async requestToken(): Promise<IssuedToken> {
    for (let exchanges = 1; ; exchanges += 1) {
      const { serverClock, clock } = this.#door;
      const offsetMs = serverClock.estimate(clock.now()) - clock.now();
      const isByOrgClock = serverClock.isKnown;
      const hadNonce = this.#nonce;
      const answer = await this.#exchange();
      const wider = this.#widerFor(answer);
      if (wider.length > 0 && exchanges < MAX_EXCHANGES) {
        this.#wider = wider;
        continue;
      }
      if ('accessToken' in answer) return answer;
      const isOff = Math.abs(serverClock.estimate(clock.now()) - clock.now() - (isByOrgClock ? offsetMs : 0));
      const isNews =
        this.#proofs === undefined
          ? answer.error === 'invalid_dpop_proof'
          : answer.error === 'use_dpop_nonce' && this.#nonce !== hadNonce;
      const isClockToBlame = serverClock.isKnown && isOff > CLOCK_OFF_MS;
      if (exchanges >= MAX_EXCHANGES || !(isNews || isClockToBlame)) throw this.#refused(answer);
      if (isNews) this.#proofs ??= await DpopSigner.create();
    }
  }

  /** The least that the command can do with; more only where the least was not granted. */
  #scopes(): readonly string[] {
    const { required, optional } = this.#app.scopes;
    return [...new Set([...required, ...optional, ...(this.#wider ?? [])])];
  }

  /** The wider scopes in place of those that were not granted; tried once. */
  #widerFor(answer: IssuedToken | TokenErrorResponse): readonly string[] {
    if (this.#wider !== undefined) return [];
    const asked = this.#scopes();
    const isIssued = 'accessToken' in answer;
    if (!isIssued && answer.error !== 'consent_required') return [];
    const missing = isIssued ? missingScopes(asked, answer.scopes) : asked;
    return missing.map(widerScope).filter((scope) => !asked.includes(scope));
  }

  async #exchange(): Promise<IssuedToken | TokenErrorResponse> {
    const { orgUrl, dispatcher, serverClock, clock, userAgent, requestTimeoutMs } = this.#door;
    const url = orgUrl + TOKEN_PATH;
    const proofs = this.#proofs;
    const serverNowMs = serverClock.earliest(clock.now());
    const [assertion, proof] = await Promise.all([
      signClientAssertion(this.#app, url, serverNowMs),
      proofs?.signProof({ method: 'POST', url, serverNowMs, nonce: this.#nonce }),
    ]);
    const scopes = this.#scopes();
    const sentAtMs = clock.now();
    let status: number;
    let headers: IncomingHttpHeaders;
    let text: string;
    try {
      // undici follows no redirect unless asked to: the assertion stays with this origin.
      const answer = await dispatcher.request({
        origin: orgUrl,
        path: TOKEN_PATH,
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': userAgent,
          ...(proof !== undefined && { dpop: proof }),
        },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: scopes.join(' '),
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }).toString(),
        headersTimeout: requestTimeoutMs,
        bodyTimeout: requestTimeoutMs,
      });
      status = answer.statusCode;
      headers = answer.headers;
      text = await answer.body.text();
    } catch (error) {
      throw connectionError(OPERATION, error);
    }
    return this.#read({ status, headers, body: objectOf(text) }, { sentAtMs, scopes, proofs });
  }

  #read(
    {
      status,
      headers,
      body,
    }: { status: number; headers: IncomingHttpHeaders; body: Readonly<Record<string, unknown>> | undefined },
    sent: { sentAtMs: number; scopes: readonly string[]; proofs: DpopSigner | undefined },
  ): IssuedToken | TokenErrorResponse {
    const { orgUrl, serverClock, clock } = this.#door;
    if (status >= 300 && status < 400) {
      throw new SignInError(
        `${OPERATION} was answered with a redirect, which is never followed with credentials.`,
        {
          hint: 'Set OKTA_CLIENT_ORGURL to the org itself, such as https://acme.okta.com.',
        },
      );
    }
    if (body === undefined && status < 500) {
      throw new SignInError(
        `${OPERATION} was answered with ${status}, and not by Okta: ${orgUrl} may be no org.`,
        {
          hint: 'Check OKTA_CLIENT_ORGURL, and any proxy in between.',
        },
      );
    }
    const dateMs = dateOf(headers);
    // A gateway's page tells of the gateway's clock.
    if (body !== undefined && dateMs !== undefined) serverClock.observe(dateMs, sent.sentAtMs, clock.now());
    const nonce = headers['dpop-nonce'];
    if (typeof nonce === 'string' && nonce !== '') this.#nonce = nonce;

    const error = body?.['error'];
    if (status === 429) {
      const resetAtMs = bucketStateOf(headers)?.resetAtMs;
      const waitMs =
        resetAtMs === undefined ? undefined : serverClock.localTimeWhenReached(resetAtMs) - clock.now();
      throw new TokenEndpointBusyError(status, waitMs);
    }
    if (status >= 500 || error === 'temporarily_unavailable' || error === 'server_error') {
      throw new TokenEndpointBusyError(status);
    }
    this.hasAnswered = true;
    const accessToken = body?.['access_token'];
    if (status === 200 && typeof accessToken === 'string') {
      const { expires_in: seconds, scope, token_type: type } = body ?? {};
      return {
        accessToken,
        lifetimeMs: (typeof seconds === 'number' ? seconds : USUAL_LIFETIME_SECONDS) * 1000,
        scopes: typeof scope === 'string' ? scope.split(' ') : sent.scopes,
        proofs: String(type).toLowerCase() === 'dpop' ? sent.proofs : undefined,
      };
    }
    const description = body?.['error_description'] ?? body?.['errorSummary'];
    return {
      status,
      error: [error, body?.['errorCode']].find((code) => typeof code === 'string') ?? 'no reason given',
      description: typeof description === 'string' ? description : '',
    };
  }

  #refused(refusal: TokenErrorResponse): SignInError {
    const { status, error, description } = refusal;
    const isAboutScopes = ['consent_required', 'invalid_scope'].includes(error);
    const asked = isAboutScopes ? ` Asked for: ${this.#scopes().join(' ')}.` : '';
    return new SignInError(
      `The org ${this.#door.orgUrl} does not let the app ${this.#app.clientId} in: ${status} ${error}: ${description}${asked}${this.#wordsOfClock(error)}`,
      { oauthError: error, hint: hintForTokenError(refusal) },
    );
  }

  /** A clock that is far off is worth a word, whatever else is wrong: the org's own log will show other times. */
  #wordsOfClock(error: string): string {
    const { serverClock, clock } = this.#door;
    if (!serverClock.isKnown || !['invalid_client', 'invalid_dpop_proof'].includes(error)) return '';
    const seconds = Math.round((serverClock.estimate(clock.now()) - clock.now()) / 1000);
    if (Math.abs(seconds) < 60) return '';
    return ` This machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} the org's.`;
  }
}

/** "manage includes read" (OAuth for Okta, Scopes). */
function widerScope(scope: string): string {
  return scope.replace(/\.read$/, '.manage');
}

/** Those of the scopes that a token does not cover. */
export function missingScopes(needed: readonly string[], granted: readonly string[]): string[] {
  return needed.filter((scope) => !granted.includes(scope) && !granted.includes(widerScope(scope)));
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A page of somebody in between: the caller words that.
    return undefined;
  }
}
