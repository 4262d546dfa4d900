import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';

import { parseResponse, type OktaResponse, type RawResponse } from './parse-response.js';
import type { RetryReason, SignedHeaders, Authenticator, SignInMethod } from '../auth/authenticator.js';
import { bucketOf } from '../rate-limit/bucket.js';
import { DIRECT_NETWORK, createDispatcher, type Network } from './dispatcher.js';
import { connectionError, NotSent, OrgUnavailableError } from '../errors.js';
import { sendRequest } from './send-request.js';
import { Governor } from '../rate-limit/governor.js';
import { describeFailure, loggedPath, type RequestObserver, type LoggedRequest } from './request-observer.js';
import { bucketStateOf } from '../rate-limit/rate-limit-headers.js';
import { backoffMs, retryRequest, type FailedAttempt } from './retry.js';

export interface TransportOptions {
  /** The org's origin, such as `https://acme.okta.com`. */
  readonly orgUrl: string;
  /** How requests are signed; see `createSignInMethod`, `apiToken`. */
  readonly signIn: SignInMethod;
  readonly userAgent: string;
  /** Most requests in flight. */
  readonly concurrency: number;
  /** Part of each rate-limit bucket that may be used, above 0 and at most 1. */
  readonly rateLimitShare: number;
  /** For the answer's headers, and again for its body. Milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long the org may be away before requests give up. Milliseconds. */
  readonly giveUpAfterMs: number;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Hears of every request. */
  readonly observer?: RequestObserver | undefined;
  /** Default: straight to the org, trusting what Node trusts. */
  readonly network?: Network | undefined;
  /** Takes the place of a pool of connections to `orgUrl`. */
  readonly dispatcher?: Dispatcher | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with `/api/v1/`, percent-encoded; of a link, with its query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** JSON text. */
  readonly body?: string | undefined;
  /** Whether a repetition could do harm. Default: the method is not GET. */
  readonly isWrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An org that never answered is a wrong address sooner than an outage. */
const FIRST_ANSWER_WITHIN_MS = 10_000;

/** The one door to the network: one pool of connections, one governor, one way to read an answer. */
export class Transport {
  readonly governor: Governor;
  readonly #options: TransportOptions;
  readonly #dispatcher: Dispatcher;
  readonly #signIn: Authenticator;
  #lastAnswerAtMs: number | undefined;
  /** When the first of the requests was sent that all have failed since the last answer. */
  #unavailableSinceMs: number | undefined;
  #closed: Promise<void> | undefined;
  /** Requests that were sent again after a failure. */
  retried = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.governor = new Governor({
      share: options.rateLimitShare,
      concurrency: options.concurrency,
      clock: options.clock,
      observer: options.observer,
    });
    this.#dispatcher =
      options.dispatcher ?? createDispatcher({ ...options, network: options.network ?? DIRECT_NETWORK });
    this.#signIn = options.signIn({
      ...options,
      dispatcher: this.#dispatcher,
      serverClock: this.governor.serverClock,
    });
  }

  /** OAuth scopes of the token in use; undefined before the first, and for those that have none. */
  get grantedScopes(): readonly string[] | undefined {
    return this.#signIn.grantedScopes;
  }

  get giveUpAfterMs(): number {
    return this.#options.giveUpAfterMs;
  }

  /**
   * Sends one request, again where that is safe, and reads the answer.
   *
   * @throws {OktaApiError} the answer was no.
   * @throws {OktaConnectionError} no complete answer; a write may have been done unless `neverSent`.
   * @throws {OktaUnreadableResponseError} the answer says yes but cannot be read; a write has probably been done.
   * @throws {CertificateError | ProxyError} the org cannot be reached as things are set.
   * @throws {SignInError} the org does not let us in; the request was not sent.
   * @throws {OrgUnavailableError} nobody was answered for `giveUpAfterMs`.
   * @throws the signal's reason, when it ended a wait before the request was sent.
   */
  async call(call: Call): Promise<OktaResponse> {
    const triedAtMs = this.#options.clock.now();
    try {
      return await this.#send(call);
    } catch (error) {
      return this.#retryRequest(call, { error, triedAtMs });
    }
  }

  /** Since when nobody was answered; undefined when the last request was. */
  get unavailableSinceMs(): number | undefined {
    return this.#unavailableSinceMs;
  }

  /** @throws the signal's reason. */
  async backOff(failures: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, random } = this.#options;
    await clock.sleep(backoffMs(failures, random()), signal);
  }

  /** Ends when the requests under way have; may be called again. */
  async close(): Promise<void> {
    this.#signIn.close();
    this.#closed ??= this.#dispatcher.close();
    await this.#closed;
  }

  /** Apart, since nearly every request does without: p-retry takes a tenth of the time that one costs. */
  #retryRequest(call: Call, first: FailedAttempt): Promise<OktaResponse> {
    const send = (): Promise<OktaResponse> => {
      this.retried += 1;
      return this.#send(call);
    };
    return retryRequest(first, send, {
      isWrite: call.isWrite ?? call.method !== 'GET',
      clock: this.#options.clock,
      random: this.#options.random,
      signal: call.signal,
      hasAnsweredSince: (atMs) => this.#lastAnswerAtMs !== undefined && this.#lastAnswerAtMs >= atMs,
      throwIfUnavailable: (cause) => this.#throwIfUnavailable(cause),
      onRetry: (error, failedTries, pauseMs) =>
        this.#options.observer?.retried(loggedRequest(call), {
          failedTries,
          pauseMs,
          reason: describeFailure(error),
        }),
    });
  }

  async #send(call: Call): Promise<OktaResponse> {
    const operation = `${call.method} ${withoutQuery(call.path)}`;
    const bucket = bucketOf(call.method, call.path);
    const reasons: RetryReason[] = [];
    for (;;) {
      let signed: SignedHeaders = {};
      const exchangeInTurn = (): Promise<RawResponse> => {
        // Signed when its turn has come: a token may end, and a proof grows old, while a request waits.
        const signing = this.#sign(call);
        if (!(signing instanceof Promise)) return this.#exchange(call, operation, (signed = signing));
        return signing.then((headers) => this.#exchange(call, operation, (signed = headers)));
      };
      let raw: RawResponse;
      try {
        raw = await this.governor.run(bucket, exchangeInTurn, call.signal);
      } catch (error) {
        throw error instanceof NotSent ? error.cause : error;
      }
      // Turned away at the door: nothing was done, and each reason is good for one more time.
      const again = this.#signIn.observe(raw, signed);
      if (again === undefined || reasons.includes(again)) {
        const serverNowMs = this.governor.serverClock.estimate(this.#options.clock.now());
        return parseResponse(raw, operation, serverNowMs, this.#signIn);
      }
      reasons.push(again);
      this.retried += 1;
    }
  }

  #sign({ method, path, signal }: Call): SignedHeaders | Promise<SignedHeaders> {
    const url = this.#options.orgUrl + withoutQuery(path);
    const signed = this.#signIn.headersFor({ method, url, signal });
    if (!(signed instanceof Promise)) return signed;
    return signed.catch((error: unknown) => {
      throw new NotSent(error);
    });
  }

  async #exchange(call: Call, operation: string, signed: SignedHeaders): Promise<RawResponse> {
    const { clock, observer } = this.#options;
    const sentAtMs = clock.now();
    let raw: RawResponse;
    try {
      raw = await sendRequest(this.#dispatcher, this.#requestOf(call, signed), {
        clock,
        bodyWithinMs: this.#options.requestTimeoutMs,
      });
    } catch (caught) {
      const error = connectionError(operation, caught);
      this.#note(false, sentAtMs);
      const durationMs = Math.round(clock.now() - sentAtMs);
      observer?.failed(loggedRequest(call), { durationMs, reason: describeFailure(error) });
      throw error;
    }
    // Only an answer of Okta's own shows that the org is there; a gateway's 5xx, or a proxy's page, does not.
    this.#note(raw.status < 500 && typeof raw.text === 'string' && !raw.text.startsWith('<'), sentAtMs);
    observer?.responded(loggedRequest(call), loggedResponse(raw, clock.now() - sentAtMs));
    return raw;
  }

  /** Keeps account of whether the org answers; time in which nobody asked it does not count. */
  #note(isAnswered: boolean, sentAtMs: number): void {
    if (isAnswered) this.#lastAnswerAtMs = this.#options.clock.now();
    this.#unavailableSinceMs = isAnswered
      ? undefined
      : (this.#unavailableSinceMs ?? Math.max(sentAtMs, this.#lastAnswerAtMs ?? sentAtMs));
  }

  #throwIfUnavailable(cause: unknown): void {
    if (this.#unavailableSinceMs === undefined) return;
    const { clock, giveUpAfterMs, orgUrl } = this.#options;
    const awayMs = clock.now() - this.#unavailableSinceMs;
    const hasEverAnswered = this.#lastAnswerAtMs !== undefined;
    const patienceMs = hasEverAnswered ? giveUpAfterMs : Math.min(FIRST_ANSWER_WITHIN_MS, giveUpAfterMs);
    if (awayMs > patienceMs) throw new OrgUnavailableError(orgUrl, awayMs, cause);
  }

  #requestOf({ method, path, query, body }: Call, signed: SignedHeaders): Dispatcher.DispatchOptions {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': this.#options.userAgent,
      // Last: adding to what was copied takes V8 ten times as long.
      ...signed,
    };
    // Okta answers 411 to a write without a body and without a length (Core Okta API).
    if (body === undefined && method !== 'GET') headers['content-length'] = '0';
    return {
      origin: this.#options.orgUrl,
      method,
      path: path + queryOf(query),
      headers,
      body: body ?? null,
    };
  }
}

function loggedRequest({ method, path, query }: Call): LoggedRequest {
  return { method, path: loggedPath(path + queryOf(query)), bucket: bucketOf(method, path) };
}

function loggedResponse(
  { status, headers }: RawResponse,
  durationMs: number,
): Parameters<RequestObserver['responded']>[1] {
  const { remaining, limit } = bucketStateOf(headers) ?? {};
  const requestId = headers['x-okta-request-id'];
  return {
    status,
    durationMs: Math.round(durationMs),
    requestId: typeof requestId === 'string' ? requestId : undefined,
    remaining,
    limit,
  };
}

function withoutQuery(path: string): string {
  const end = path.indexOf('?');
  return end === -1 ? path : path.slice(0, end);
}

function queryOf(query: Call['query']): string {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value === undefined) continue;
    text += `${text === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return text;
}
