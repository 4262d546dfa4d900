import { toConnectionError } from '../http/connection-error.js';
import { parseJsonObject } from '../http/json-object.js';
import { Redactor } from '../http/redact.js';
import { sendRequest, type RawResponse } from '../http/send-request.js';

import type { AuthContext, ServiceApp } from './authenticator.js';
import { signClientAssertion } from './client-assertion.js';
import { DpopSigner } from './dpop.js';
import { hintForTokenError, SignInError, type TokenErrorResponse } from './errors.js';
import { parseTokenResponse, TOKEN_OPERATION, TOKEN_PATH, type IssuedToken } from './token-response.js';

/** A clock that was wrong by less than this cannot be why the assertion was rejected. */
const MIN_CLOCK_ERROR_MS = 5000;
/** Without proof, with proof, with nonce, by the corrected clock, with wider scopes: after that, an error is final. */
const MAX_EXCHANGES = 6;

/**
 * Asks the org's token endpoint until it issues a token or rejects the app. Whether the app requires DPoP, which nonce to
 * use and what time the server has is learned from the responses.
 */
export class TokenEndpoint {
  readonly #app: ServiceApp;
  readonly #context: AuthContext;
  #dpopSigner: DpopSigner | undefined;
  /** From the last response that had one; valid for a day and more. */
  #nonce: string | undefined;
  /** `manage` scopes, requested where `read` was not granted: an app may only have the wider scope. */
  #widerScopes: readonly string[] | undefined;
  hasEverResponded = false;

  constructor(app: ServiceApp, context: AuthContext) {
    this.#app = app;
    this.#context = context;
  }

  /**
   * @throws {SignInError} the app is rejected.
   * @throws {TokenEndpointBusyError} the same request may succeed later.
   * @throws {OktaConnectionError}
   */
  async requestToken(): Promise<IssuedToken> {
    for (let exchanges = 1; ; exchanges += 1) {
      const { serverClock } = this.#context;
      const assumedOffsetMs = serverClock.isKnown ? this.#serverOffsetMs() : 0;
      const nonceBefore = this.#nonce;
      const response = await this.#exchange();
      const widerScopes = this.#widerScopesFor(response);
      if (widerScopes.length > 0 && exchanges < MAX_EXCHANGES) {
        this.#widerScopes = widerScopes;
        continue;
      }
      if ('accessToken' in response) return response;
      const needsDpop =
        this.#dpopSigner === undefined
          ? response.error === 'invalid_dpop_proof'
          : response.error === 'use_dpop_nonce' && this.#nonce !== nonceBefore;
      const wasClockWrong =
        serverClock.isKnown && Math.abs(this.#serverOffsetMs() - assumedOffsetMs) > MIN_CLOCK_ERROR_MS;
      if (exchanges >= MAX_EXCHANGES || !(needsDpop || wasClockWrong)) throw this.#signInError(response);
      if (needsDpop) this.#dpopSigner ??= await DpopSigner.create();
    }
  }

  #serverOffsetMs(): number {
    const { serverClock, clock } = this.#context;
    return serverClock.estimate(clock.now()) - clock.now();
  }

  /** The least that the command needs; more only where that was not granted. */
  #scopes(): readonly string[] {
    const { required, optional } = this.#app.scopes;
    return [...new Set([...required, ...optional, ...(this.#widerScopes ?? [])])];
  }

  /** The wider scopes to request for those that were not granted; tried once. */
  #widerScopesFor(response: IssuedToken | TokenErrorResponse): readonly string[] {
    if (this.#widerScopes !== undefined) return [];
    const requested = this.#scopes();
    const isIssued = 'accessToken' in response;
    if (!isIssued && response.error !== 'consent_required') return [];
    const missing = isIssued ? missingScopes(requested, response.scopes) : requested;
    return missing.map(widerScope).filter((scope) => !requested.includes(scope));
  }

  async #exchange(): Promise<IssuedToken | TokenErrorResponse> {
    const { orgUrl, serverClock, clock } = this.#context;
    const dpopSigner = this.#dpopSigner;
    const scopes = this.#scopes();
    const { response, sentAtMs } = await this.#send(scopes);
    const body = typeof response.text === 'string' ? parseJsonObject(response.text) : undefined;
    const { dateMs } = response.rateLimit;
    // A gateway's page has the gateway's clock.
    if (body !== undefined && dateMs !== undefined) serverClock.observe(dateMs, sentAtMs, clock.now());
    const nonce = response.headers['dpop-nonce'];
    if (typeof nonce === 'string' && nonce !== '') this.#nonce = nonce;
    const result = parseTokenResponse(response, body, { orgUrl, scopes, dpopSigner });
    this.hasEverResponded = true;
    return result;
  }

  async #send(scopes: readonly string[]): Promise<{ response: RawResponse; sentAtMs: number }> {
    const { orgUrl, dispatcher, serverClock, clock, userAgent, requestTimeoutMs } = this.#context;
    const url = orgUrl + TOKEN_PATH;
    const serverNowMs = serverClock.earliest(clock.now());
    const [assertion, proof] = await Promise.all([
      signClientAssertion(this.#app, url, serverNowMs),
      this.#dpopSigner?.signProof({ method: 'POST', url, serverNowMs, nonce: this.#nonce }),
    ]);
    const redactor = new Redactor(proof === undefined ? [assertion] : [assertion, proof]);
    const sentAtMs = clock.now();
    const request = {
      origin: orgUrl,
      path: TOKEN_PATH,
      method: 'POST',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
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
    } as const;
    try {
      const response = redactor.response(
        await sendRequest(dispatcher, request, { clock, timeoutMs: requestTimeoutMs }),
      );
      if (response.text instanceof Error) throw response.text;
      return { response, sentAtMs };
    } catch (error) {
      throw toConnectionError(TOKEN_OPERATION, redactor.error(error));
    }
  }

  #signInError(response: TokenErrorResponse): SignInError {
    const { status, error, description } = response;
    const isAboutScopes = ['consent_required', 'invalid_scope'].includes(error);
    const requested = isAboutScopes ? ` Requested scopes: ${this.#scopes().join(' ')}.` : '';
    return new SignInError(
      `The org ${this.#context.orgUrl} rejected the app ${this.#app.clientId}: ${status} ${error}: ${description}${requested}${this.#clockNote(error)}`,
      { oauthError: error, hint: hintForTokenError(response) },
    );
  }

  /** A clock that is far off is worth mentioning, whatever else is wrong: the org's log shows other times. */
  #clockNote(error: string): string {
    if (!this.#context.serverClock.isKnown) return '';
    if (!['invalid_client', 'invalid_dpop_proof'].includes(error)) return '';
    const seconds = Math.round(this.#serverOffsetMs() / 1000);
    if (Math.abs(seconds) < 60) return '';
    return ` This machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} the org's.`;
  }
}

/** "manage includes read" (OAuth for Okta, Scopes). */
function widerScope(scope: string): string {
  return scope.replace(/\.read$/, '.manage');
}

/** The needed scopes that a token does not cover. */
export function missingScopes(needed: readonly string[], granted: readonly string[]): string[] {
  return needed.filter((scope) => !granted.includes(scope) && !granted.includes(widerScope(scope)));
}
