import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { applyAfterCommit, applyBeforeCommit, concurrencyLimits } from './apply-fault.js';
import { Authentication } from './authentication.js';
import { FaultPlan } from './fault-plan.js';
import { faultSubjectOf } from './fault-subject.js';
import { isAfterCommit, type FaultAction, type FaultBeforeCommit } from './faults.js';
import { complete, send, type Delivery, type HttpResponse } from './http-response.js';
import { LedgerRecorder, NO_RESPONSE } from './ledger.js';
import { OAuthError } from './oauth-error.js';
import { ok, type Call, type OperationResult } from './operations.js';
import type { SandboxOptions } from './options.js';
import type { Org } from './org.js';
import { RateLimiter, type Bucket, type RateLimitState } from './rate-limits.js';
import { OktaError } from './okta-error.js';
import { Responses } from './responses.js';
import { bucketOf, hasAccessToken, type SandboxRequest } from './sandbox-request.js';
import { seededOrg } from './seed.js';
import { seededRandom } from './seeded-random.js';
import { loginIn, toCall } from './to-call.js';
import { loginKey, type UserRecord } from './user-store.js';

const DEFAULT_CONCURRENCY_LIMIT = 75;

/** The org behind the server: admits requests, runs their operations, responds and counts. A `reset()` makes a new one. */
export class RequestHandler {
  readonly org: Org;
  readonly owner: UserRecord;
  readonly ledger: LedgerRecorder;
  readonly faults: FaultPlan;
  readonly authentication: Authentication;
  readonly #options: SandboxOptions;
  readonly #limiter: RateLimiter | undefined;
  readonly #responses: Responses;
  readonly #random: () => number;
  readonly #closing = new AbortController();

  constructor(options: SandboxOptions) {
    // Every delayed response listens to it; Node warns from the eleventh listener on.
    setMaxListeners(0, this.#closing.signal);
    this.#options = options;
    this.#random = seededRandom(options.faultSeed ?? 1);
    this.#limiter = options.rateLimits === false ? undefined : new RateLimiter(options.rateLimits);
    const now = (): number => this.#nowMs();
    this.#responses = new Responses({
      now: () => now() + (options.dateSkewMs ?? 0),
      showsLimits: options.sendsRateLimitHeaders ?? true,
      sendsDate: options.sendsDate ?? true,
    });
    this.faults = new FaultPlan(options.faultSeed ?? 1, loginKey);
    for (const fault of options.faults ?? []) this.faults.add(fault);
    const { org, owner } = seededOrg(options.seed ?? {}, options.orgOptions ?? {}, now);
    this.org = org;
    this.owner = owner;
    this.ledger = new LedgerRecorder({
      windows: this.#limiter?.windows ?? [],
      outbox: org.outbox,
      links: org.links,
    });
    this.authentication = new Authentication({ sandbox: options, owner, now });
  }

  /** Responds to one request. Order of checks, as Okta's: token, limits, path, headers, JSON, fields, uniqueness. */
  async handle(request: SandboxRequest, raw: ServerResponse): Promise<void> {
    this.ledger.requestOpened();
    try {
      const delivery = request.isRefusedByServer
        ? complete(this.#responses.gatewayPage(400))
        : await this.#deliver(request);
      const isDropped = delivery.mode === 'reset';
      this.ledger.requestCompleted(
        request.route?.operation ?? 'unknown',
        isDropped ? NO_RESPONSE : delivery.response.status,
      );
      send(raw, delivery);
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
      // A close or reset ended the delay of the response.
      raw.destroy();
    } finally {
      this.ledger.requestClosed();
    }
  }

  /** The owner of the API token is deactivated, as by another admin. */
  deactivateOwner(): void {
    this.org.users.setStatus(this.owner, 'DEPROVISIONED', this.org.timestamp());
  }

  consume(bucket: Bucket, requests: number): void {
    this.#limiter?.consume(bucket, requests, this.#nowMs());
  }

  /** Ends all delays; the connections of those requests are dropped. */
  close(): void {
    this.#closing.abort();
  }

  async #deliver(request: SandboxRequest): Promise<Delivery> {
    const authError = await this.authentication.errorOf(request);
    return this.#reject(request, authError) ?? this.#respond(request);
  }

  /** Authentication, then concurrency, then the bucket: a 429 of the first kind takes nothing from the second. */
  #reject(request: SandboxRequest, authError: OktaError | OAuthError | undefined): Delivery | undefined {
    const nowMs = this.#nowMs();
    if (authError instanceof OAuthError) {
      const about = { error: authError, nonce: this.authentication.nonceFor(authError) };
      return complete(this.#responses.challenge(request, about, this.#limitsOf(request)));
    }
    if (authError instanceof OktaError) return this.#failed(authError, this.#limitsOf(request));

    if (this.ledger.inFlight > (this.#options.concurrencyLimit ?? DEFAULT_CONCURRENCY_LIMIT)) {
      this.ledger.rateLimited.concurrency += 1;
      return this.#failed(new OktaError('E0000047'), concurrencyLimits(nowMs));
    }
    if (this.#limiter?.take(bucketOf(request), nowMs) === false) {
      this.ledger.rateLimited.rate += 1;
      return this.#failed(new OktaError('E0000047'), this.#limitsOf(request));
    }
    return undefined;
  }

  async #respond(request: SandboxRequest): Promise<Delivery> {
    // The numbers at the moment of arrival: responses may overtake each other, as Okta's do.
    const limits = this.#limitsOf(request);
    const owner = hasAccessToken(request) ? undefined : this.owner;
    const received = attempt(() => toCall(request, owner));
    const action = this.#nextFault(request, received);
    const call =
      action?.then === 'credentials-refused' && !(received instanceof OktaError)
        ? { ...received, credentialsRefusal: action.cause ?? 'Password requirements were not met' }
        : received;
    if (request.route?.operation === 'createUser' && !(call instanceof OktaError)) {
      const login = loginIn(call.body) ?? '';
      this.ledger.createReceived(login, this.org.users.findByLogin(login) !== undefined);
    }

    await this.#wait(this.#latencyMs() + (action?.then === 'slow-before-commit' ? action.delayMs : 0));
    if (action?.then === 'commit-later') {
      void this.#wait(action.delayMs).then(
        () => this.#run(request, call, limits),
        () => {
          // The sandbox was closed.
        },
      );
      return this.#failWith({ then: 'status-504' }, request, limits);
    }
    if (action?.then === 'sent-twice') this.#run(request, call, limits);
    if (action && !isAfterCommit(action)) {
      return this.#failWith(action, request, limits);
    }
    const response =
      request.route?.operation === 'token'
        ? await this.#issueToken(request, limits)
        : this.#run(request, call, limits);
    if (action?.then === 'slow-after-commit') await this.#wait(action.delayMs);
    return action
      ? applyAfterCommit(action, response, { responses: this.#responses, request, limits })
      : complete(response);
  }

  #failWith(
    action: FaultBeforeCommit,
    request: SandboxRequest,
    limits: RateLimitState | undefined,
  ): Delivery {
    return applyBeforeCommit(action, this.#responses, { request, nowMs: this.#nowMs(), limits });
  }

  async #issueToken(request: SandboxRequest, limits: RateLimitState | undefined): Promise<HttpResponse> {
    try {
      const { body, nonce } = await this.authentication.issueToken(request);
      return this.#responses.success({ ...ok(body), dpopNonce: nonce }, limits);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      return this.#responses.oauthError(error, this.authentication.nonceFor(error), limits);
    }
  }

  #run(request: SandboxRequest, call: Call | OktaError, limits: RateLimitState | undefined): HttpResponse {
    const { route } = request;
    if (call instanceof OktaError) return this.#responses.error(call, limits);
    if (!route) throw new Error(`No route for ${request.url}.`);
    const result = attempt(() => route.run(this.org, call));
    const isCreated = !(result instanceof OktaError) || result.errorCode === 'E0000014';
    if (route.operation === 'createUser' && isCreated) {
      const login = loginIn(call.body) ?? '';
      this.ledger.created.push({ login, oktaId: this.org.users.find(login)!.oktaId });
    }
    if (result instanceof OktaError) return this.#responses.error(result, limits);
    const { hiddenAttributes } = this.org.options;
    return this.#responses.success(
      hiddenAttributes ? withoutAttributes(result, hiddenAttributes) : result,
      limits,
    );
  }

  /** The fault that occurs at this request, with its effects outside the response. */
  #nextFault(request: SandboxRequest, call: Call | OktaError): FaultAction | undefined {
    const action = this.faults.next(faultSubjectOf(request, call, this.org), this.#nowMs());
    if (!action) return undefined;
    this.ledger.faultOccurred(action.then);
    if (action.then.startsWith('429-')) this.ledger.rateLimited.scripted += 1;
    if (action.then === 'revoke-token') this.authentication.revokeToken();
    if (action.then === 'deactivate-owner') this.deactivateOwner();
    if (action.then === '429-bucket-used-up') {
      this.consume(bucketOf(request), this.#limitsOf(request)?.remaining ?? 0);
    }
    return action;
  }

  #failed(error: OktaError, limits: RateLimitState | undefined): Delivery {
    return complete(this.#responses.error(error, limits));
  }

  #limitsOf(request: SandboxRequest): RateLimitState | undefined {
    return this.#limiter?.peek(bucketOf(request), this.#nowMs());
  }

  #latencyMs(): number {
    const { latencyMs = 0 } = this.#options;
    if (typeof latencyMs === 'number') return latencyMs;
    return latencyMs.min + this.#random() * (latencyMs.max - latencyMs.min);
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#closing.signal });
  }

  #nowMs(): number {
    return (this.#options.now ?? Date.now)() + (this.#options.clockSkewMs ?? 0);
  }
}

function withoutAttributes(result: OperationResult, attributes: readonly string[]): OperationResult {
  for (const item of [result.body].flat()) {
    const { profile } = (item ?? {}) as { profile?: Record<string, unknown> };
    if (profile) for (const attribute of attributes) delete profile[attribute];
  }
  return result;
}

/** Returns the OktaError that `run` throws; rethrows all other errors. */
function attempt<T>(run: () => T): T | OktaError {
  try {
    return run();
  } catch (error) {
    if (error instanceof OktaError) return error;
    throw error;
  }
}
