import type { Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';

import type { Authenticator, RetryReason, SignedHeaders, SignInMethod } from '../auth/authenticator.js';
import { NotSent } from '../errors.js';
import { bucketNameOf } from '../rate-limit/bucket-name.js';
import { Governor } from '../rate-limit/governor.js';

import { OrgAvailability } from './availability.js';
import { toConnectionError } from './connection-error.js';
import { createDispatcher, DIRECT_NETWORK, type Network } from './dispatcher.js';
import { parseResponse, type OktaResponse } from './parse-response.js';
import {
  describeFailure,
  toLoggedRequest,
  toLoggedResponse,
  type RequestObserver,
} from './request-observer.js';
import { backoffMs, retryRequest, type FailedAttempt, type RetryLimit } from './failure-reaction.js';
import { RequestSecrets } from './request-secrets.js';
import { sendRequest, type RawResponse } from './send-request.js';

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
  /** For a whole response, from the sending of the request on. Milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long the org may be unavailable before requests give up. Milliseconds. */
  readonly giveUpAfterMs: number;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Called for every request. */
  readonly observer?: RequestObserver | undefined;
  /** Default: a direct connection, with the certificates that Node trusts. */
  readonly network?: Network | undefined;
  /** Replaces the connection pool to `orgUrl`. */
  readonly dispatcher?: Dispatcher | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with `/api/v1/`, percent-encoded; for a link, with its query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** JSON text. */
  readonly body?: string | undefined;
  /** Whether repeating the call could do harm. Default: the method is not GET. */
  readonly isWrite?: boolean | undefined;
  /** How long the response may take, if that is less than `requestTimeoutMs`. Milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Most bytes of the response; default: enough for one object. */
  readonly maxBodyBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** When to stop retrying, for a request that the caller can do without. */
  readonly retryLimit?: RetryLimit | undefined;
  /** Whether earlier requests for the same data failed: then this one is not retried if the org responds to others. */
  readonly isLastOfSeveral?: boolean | undefined;
  /** Called each time before the request is sent, when it has its slot. If it throws or rejects, the request is not sent. */
  readonly beforeSend?: (() => Promise<void> | undefined) | undefined;
}

/** Sends all requests to the org: one connection pool, one governor, one retry policy. */
export class Transport {
  readonly governor: Governor;
  readonly #options: TransportOptions;
  readonly #dispatcher: Dispatcher;
  readonly #authenticator: Authenticator;
  readonly #availability: OrgAvailability;
  readonly #secrets: RequestSecrets;
  #closed: Promise<void> | undefined;
  /** The last ones. */
  #headers: { readonly signed: SignedHeaders; readonly all: Readonly<Record<string, string>> } | undefined;
  /** Requests that were sent again after a failure. */
  retried = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#availability = new OrgAvailability(options);
    this.governor = new Governor({
      share: options.rateLimitShare,
      concurrency: options.concurrency,
      clock: options.clock,
      observer: options.observer,
    });
    const { network = DIRECT_NETWORK } = options;
    this.#secrets = new RequestSecrets(network);
    this.#dispatcher = options.dispatcher ?? createDispatcher({ ...options, network });
    this.#authenticator = options.signIn({
      ...options,
      dispatcher: this.#dispatcher,
      serverClock: this.governor.serverClock,
    });
  }

  /** OAuth scopes of the token in use; undefined before the first token, and for credentials without scopes. */
  get grantedScopes(): readonly string[] | undefined {
    return this.#authenticator.grantedScopes;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get giveUpAfterMs(): number {
    return this.#options.giveUpAfterMs;
  }

  get requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs;
  }

  /** Since when no request got a response; undefined when the last one did. */
  get unavailableSinceMs(): number | undefined {
    return this.#availability.unavailableSinceMs;
  }

  /**
   * Sends one request, retries it where that is safe, and parses the response.
   *
   * @throws {OktaApiError} the response reports an error.
   * @throws {OktaConnectionError} no complete response; a write may have been processed unless `neverSent`.
   * @throws {OktaUnreadableResponseError} success that cannot be read; a write has probably been processed.
   * @throws {CertificateError | ProxyError} the settings do not lead to the org.
   * @throws {SignInError} the org rejected the credentials; the request was not sent.
   * @throws {OrgUnavailableError} no request got a response for `giveUpAfterMs`.
   * @throws the signal's reason, when it ended a wait before the request was sent.
   */
  call(call: Call): Promise<OktaResponse> {
    const startedAtMs = this.#options.clock.now();
    return this.#send(call).catch((error: unknown) => this.#retry(call, { error, startedAtMs }));
  }

  /** Waits before a retry, longer after each failure. @throws the signal's reason. */
  async backOff(failures: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, random } = this.#options;
    await clock.sleep(backoffMs(failures, random()), signal);
  }

  /** Resolves when the requests in flight are done; may be called again. */
  async close(): Promise<void> {
    this.#authenticator.close();
    this.#closed ??= this.#dispatcher.close();
    await this.#closed;
  }

  /** Separate from the first attempt, since p-retry costs a tenth of a request's time and few requests need it. */
  #retry(call: Call, first: FailedAttempt): Promise<OktaResponse> {
    const { clock, random, observer } = this.#options;
    let isOrgResponding = false;
    const send = (): Promise<OktaResponse> => {
      this.retried += 1;
      return this.#send(isOrgResponding ? withTimeout(call, RETRY_TIMEOUT_MS) : call);
    };
    return retryRequest(first, send, {
      isWrite: call.isWrite ?? call.method !== 'GET',
      clock,
      random,
      signal: call.signal,
      limit: call.retryLimit,
      isLastOfSeveral: call.isLastOfSeveral,
      hasRespondedSince: (atMs) => this.#availability.hasRespondedSince(atMs),
      throwIfUnavailable: (cause) => this.#availability.throwIfUnavailable(cause),
      isOrgResponding: async () => (isOrgResponding = await this.#isOrgResponding(call.signal)),
      onRetry: (error, failedTries, pauseMs) =>
        observer?.retried(toLoggedRequest(call.method, call.path + formatQuery(call.query)), {
          failedTries,
          pauseMs,
          reason: describeFailure(error),
        }),
    });
  }

  /** Any small read will do; a rejection is a response, too. */
  async #isOrgResponding(signal: AbortSignal | undefined): Promise<boolean> {
    const sentAtMs = this.#options.clock.now();
    await this.#send({ method: 'GET', path: '/api/v1/users/me', signal }).catch(() => {
      // The request has recorded whether there was a response.
    });
    return this.#availability.hasRespondedSince(sentAtMs);
  }

  async #send(call: Call): Promise<OktaResponse> {
    const operation = `${call.method} ${withoutQuery(call.path)}`;
    const bucket = bucketNameOf(call.method, call.path);
    let retryReasons: readonly RetryReason[] = NO_REASONS;
    for (;;) {
      const attempt: Attempt = { call, operation, signed: NO_HEADERS };
      let raw: RawResponse;
      try {
        raw = await this.governor.run(bucket, () => this.#prepareAndSend(attempt), call.signal);
      } catch (error) {
        throw error instanceof NotSent ? error.cause : error;
      }
      // A rejected token or proof means that nothing was done.
      const retryReason = this.#authenticator.observe(raw, attempt.signed);
      const times = retryReasons.filter((reason) => reason === retryReason).length;
      if (retryReason === undefined || times >= MOST_RETRIES[retryReason]) {
        return parseResponse(raw, operation, this.#authenticator);
      }
      retryReasons = [...retryReasons, retryReason];
      this.retried += 1;
      // Spread out, so that requests do not keep taking each other's nonce.
      const pauseMs = times * NONCE_PAUSE_MS * this.#options.random();
      if (times > 0) await this.#options.clock.sleep(pauseMs, call.signal);
    }
  }

  #prepareAndSend(attempt: Attempt): Promise<RawResponse> {
    let preparing: Promise<void> | undefined;
    try {
      preparing = attempt.call.beforeSend?.();
    } catch (error) {
      return Promise.reject(new NotSent(error));
    }
    if (preparing === undefined) return this.#signAndSend(attempt);
    return preparing.then(
      () => this.#signAndSend(attempt),
      (error: unknown) => {
        throw new NotSent(error);
      },
    );
  }

  #signAndSend(attempt: Attempt): Promise<RawResponse> {
    // Signed when its turn has come: while a request waits, a token may expire and a proof grow old.
    const signing = this.#sign(attempt.call);
    if (signing instanceof Promise) {
      return signing.then((signed) => {
        attempt.signed = signed;
        return this.#sendOnce(attempt);
      });
    }
    attempt.signed = signing;
    return this.#sendOnce(attempt);
  }

  #sign({ method, path, signal }: Call): SignedHeaders | Promise<SignedHeaders> {
    const url = this.#options.orgUrl + withoutQuery(path);
    const signed = this.#authenticator.headersFor({ method, url, signal });
    if (!(signed instanceof Promise)) return signed;
    return signed.catch((error: unknown) => {
      throw new NotSent(error);
    });
  }

  async #sendOnce({ call, operation, signed }: Attempt): Promise<RawResponse> {
    const { clock, observer } = this.#options;
    const sentAtMs = clock.now();
    // The only place where responses come in, and so the only one where secrets that they repeat are removed.
    const redactors = this.#secrets.redactorsFor(signed, call.body);
    let raw: RawResponse;
    try {
      const request = this.#toRequest(call, signed);
      const { maxBodyBytes } = call;
      const timeoutMs = Math.min(this.#options.requestTimeoutMs, call.timeoutMs ?? Number.POSITIVE_INFINITY);
      raw = await sendRequest(this.#dispatcher, request, { clock, timeoutMs, maxBodyBytes });
      for (const redactor of redactors) raw = redactor.response(raw);
    } catch (caught) {
      for (const redactor of redactors) redactor.error(caught);
      const error = toConnectionError(operation, caught);
      this.#availability.onFailure(sentAtMs);
      const durationMs = Math.round(clock.now() - sentAtMs);
      observer?.failed(toLoggedRequest(call.method, call.path + formatQuery(call.query)), {
        durationMs,
        reason: describeFailure(error),
      });
      throw error;
    }
    // Only Okta's own response shows that the org is available; a gateway's 5xx or a proxy's page does not.
    if (raw.status < 500 && typeof raw.text === 'string' && !raw.text.startsWith('<')) {
      this.#availability.onResponse();
    } else {
      this.#availability.onFailure(sentAtMs);
    }
    observer?.responded(
      toLoggedRequest(call.method, call.path + formatQuery(call.query)),
      toLoggedResponse(raw, clock.now() - sentAtMs),
    );
    return raw;
  }

  #toRequest({ method, path, query, body }: Call, signed: SignedHeaders): Dispatcher.DispatchOptions {
    const headers = this.#headersWith(signed);
    return {
      origin: this.#options.orgUrl,
      method,
      path: path + formatQuery(query),
      // Okta responds with 411 to a write without a body and without a length (Core Okta API).
      headers: body === undefined && method !== 'GET' ? { ...headers, 'content-length': '0' } : headers,
      body: body ?? null,
    };
  }

  /** The same object for the same signature: nearly all requests of a run have the same headers. */
  #headersWith(signed: SignedHeaders): Readonly<Record<string, string>> {
    if (this.#headers?.signed !== signed) {
      const all = {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        'user-agent': this.#options.userAgent,
        ...signed,
      };
      this.#headers = { signed, all };
    }
    return this.#headers.all;
  }
}

/** A request on its way, with the headers that sign it when its turn has come. */
interface Attempt {
  readonly call: Call;
  readonly operation: string;
  signed: SignedHeaders;
}

const NO_HEADERS: SignedHeaders = {};
const NO_REASONS: readonly RetryReason[] = [];
/** How many times a request is sent again for each reason. */
const MOST_RETRIES: Readonly<Record<RetryReason, number>> = {
  'new-token': 1,
  'new-proof': 1,
  'new-nonce': 30,
};
const NONCE_PAUSE_MS = 50;
/** Timeout for retries of a read that timed out although the org responds to other requests. */
export const RETRY_TIMEOUT_MS = 10_000;

function withTimeout(call: Call, timeoutMs: number): Call {
  return { ...call, timeoutMs: Math.min(timeoutMs, call.timeoutMs ?? timeoutMs) };
}

function withoutQuery(path: string): string {
  const end = path.indexOf('?');
  return end === -1 ? path : path.slice(0, end);
}

function formatQuery(query: Call['query']): string {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value === undefined) continue;
    text += `${text === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return text;
}
