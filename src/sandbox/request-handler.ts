import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { AuthorizationServer, OAuthRequest } from './authorization-server.js';
import { isJsonObject } from './json-body.js';
import type { Delivered } from './apply-fault.js';
import { concurrencyLimits, distorted, substituteFor } from './apply-fault.js';
import type { FaultAction } from './faults.js';
import { FaultPlan, runsTheOperation } from './faults.js';
import { parseBody, refuseHeaders, refuseUnauthenticated } from './request-checks.js';
import { LedgerBook, NO_ANSWER } from './ledger.js';
import { OAuthRefusal } from './oauth-refusal.js';
import { ok, type Call } from './operations.js';
import type { SandboxOptions } from './options.js';
import { DEFAULT_TOKEN } from './options.js';
import type { Org } from './org.js';
import type { Bucket, RateLimitState } from './rate-limits.js';
import { RateLimiter } from './rate-limits.js';
import { notFound, Refusal } from './refusal.js';
import { Responses } from './responses.js';
import type { Route } from './routes.js';
import { isKnownPath } from './routes.js';
import { seededOrg } from './seed.js';
import { seededRandom } from './seeded-random.js';
import type { UserRecord } from './user-store.js';
import { loginKey } from './user-store.js';
import type { WireResponse } from './http-response.js';
import { deliver } from './http-response.js';

const DEFAULT_CONCURRENCY_LIMIT = 75;

/** A request as it came off the wire. */
export interface Visit {
  /** `undefined` for a path or method that there is not. */
  readonly route: Route | undefined;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** Percent-decoded. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer | undefined;
  readonly raw: ServerResponse;
  /** What the HTTP server found wrong before anybody could look at the request. */
  readonly malformed?: Refusal | undefined;
}

/** The org behind the socket: lets requests in, runs them, answers and counts. One life between two `reset()`s. */
export class Service {
  readonly org: Org;
  readonly owner: UserRecord;
  readonly ledger: LedgerBook;
  readonly faults: FaultPlan;
  readonly #options: SandboxOptions;
  readonly #limiter: RateLimiter | undefined;
  readonly #responses: Responses;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  #token: string | undefined;
  #authorization: AuthorizationServer | undefined;

  constructor(options: SandboxOptions) {
    // Every answer that is late listens to it; Node warns from the eleventh on.
    setMaxListeners(0, this.#closing.signal);
    this.#options = options;
    this.#token = options.token ?? DEFAULT_TOKEN;
    this.#random = seededRandom(options.faultSeed ?? 1);
    this.#limiter = options.rateLimits === false ? undefined : new RateLimiter(options.rateLimits);
    const now = (): number => this.#nowMs();
    this.#responses = new Responses({ now, showsLimits: options.sendsRateLimitHeaders ?? true });
    this.ledger = new LedgerBook(this.#limiter?.windows ?? []);
    this.faults = new FaultPlan(options.faultSeed ?? 1, loginKey);
    for (const fault of options.faults ?? []) this.faults.add(fault);
    const { org, owner } = seededOrg(options.seed ?? {}, options.orgOptions ?? {}, now);
    this.org = org;
    this.owner = owner;
  }

  /** The token's owner's tokens stay good; those of all apps do not. */
  revokeAccessTokens(): void {
    this.#authorization?.revokeTokens();
  }

  changeNonce(): void {
    this.#authorization?.changeNonce();
  }

  /** Answers one request. Order of checks: token, limits, path, headers, JSON, fields, uniqueness (errors.md §6). */
  async serve(visit: Visit): Promise<void> {
    this.ledger.requestOpened();
    try {
      const stranger = await this.#strangerAt(visit);
      const delivered = this.#turnAway(visit, stranger) ?? (await this.#answer(visit));
      const isDropped = delivered.delivery === 'reset';
      this.ledger.requestAnswered(
        visit.route?.operation ?? 'unknown',
        isDropped ? NO_ANSWER : delivered.response.status,
      );
      deliver(visit.raw, delivered);
    } catch (error) {
      // Nobody is left waiting for an answer that will not come: neither after a close or reset, which end all waiting,
      // nor after a mistake of the sandbox itself.
      visit.raw.destroy();
      if (!this.#closing.signal.aborted) throw error;
    } finally {
      this.ledger.requestClosed();
    }
  }

  revokeToken(): void {
    this.#token = undefined;
  }

  consume(bucket: Bucket, requests: number): void {
    this.#limiter?.consume(bucket, requests, this.#nowMs());
  }

  close(): void {
    this.#closing.abort();
  }

  /** What keeps a request out, before anything is counted; the token endpoint looks at its visitors itself. */
  async #strangerAt(visit: Visit): Promise<Refusal | OAuthRefusal | undefined> {
    if (visit.route?.operation === 'token') return undefined;
    const { authorization } = visit.headers;
    if (isAccessToken(authorization)) {
      const server = await this.#authorizationServer();
      return server.admit(oauthRequestOf(visit)).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof Refusal || error instanceof OAuthRefusal) return error;
          throw error;
        },
      );
    }
    // A token dies with its owner (auth.md §2).
    const token = this.owner.status === 'ACTIVE' ? this.#token : undefined;
    const stranger = attempt(() => refuseUnauthenticated(authorization, token));
    return stranger instanceof Refusal ? stranger : undefined;
  }

  /** Loaded when the first app comes along: most sandboxes never see one. */
  async #authorizationServer(): Promise<AuthorizationServer> {
    const { AuthorizationServer } = await import('./authorization-server.js');
    this.#authorization ??= new AuthorizationServer({
      apps: this.#options.serviceApps ?? [],
      now: () => this.#nowMs(),
      lifetimeSeconds: this.#options.accessTokenSeconds,
      asksResourceNonce: this.#options.asksResourceNonce,
    });
    return this.#authorization;
  }

  /** The stranger, then concurrency, then the bucket: a 429 of the first kind takes nothing from the second. */
  #turnAway(visit: Visit, stranger: Refusal | OAuthRefusal | undefined): Delivered | undefined {
    const nowMs = this.#nowMs();
    if (stranger instanceof OAuthRefusal) {
      const nonce = stranger.error === 'use_dpop_nonce' ? this.#authorization?.nonce : undefined;
      const challenge = { ...oauthRequestOf(visit), refusal: stranger, nonce };
      return { response: this.#responses.challenge(challenge, this.#limitsOf(visit)), delivery: 'whole' };
    }
    if (stranger instanceof Refusal) return this.#refused(stranger, this.#limitsOf(visit));

    if (this.ledger.inFlight > (this.#options.concurrencyLimit ?? DEFAULT_CONCURRENCY_LIMIT)) {
      this.ledger.rateLimited.concurrency += 1;
      return this.#refused(new Refusal('E0000047'), concurrencyLimits(nowMs));
    }
    if (this.#limiter?.take(bucketOf(visit), nowMs) === false) {
      this.ledger.rateLimited.rate += 1;
      return this.#refused(new Refusal('E0000047'), this.#limitsOf(visit));
    }
    return undefined;
  }

  async #answer(visit: Visit): Promise<Delivered> {
    // The numbers of the moment of arrival: answers may overtake each other, as Okta's do.
    const limits = this.#limitsOf(visit);
    const owner = isAccessToken(visit.headers.authorization) ? undefined : this.owner;
    const call = attempt(() => toCall(visit, owner));
    const action = this.#strike(visit, call);
    if (visit.route?.operation === 'createUser' && !(call instanceof Refusal)) {
      const login = loginIn(call.body) ?? '';
      this.ledger.createArrived(login, this.org.users.byLogin(login) !== undefined);
    }

    await this.#wait(this.#latencyMs() + (action?.then === 'slow-before-commit' ? action.delayMs : 0));
    if (action && !runsTheOperation(action)) {
      return substituteFor(action, this.#responses, { nowMs: this.#nowMs(), limits });
    }
    const response =
      visit.route?.operation === 'token'
        ? await this.#issueToken(visit, limits)
        : this.#run(visit, call, limits);
    if (action?.then === 'slow-after-commit') await this.#wait(action.delayMs);
    return action
      ? distorted(action, response, { responses: this.#responses, limits })
      : { response, delivery: 'whole' };
  }

  async #issueToken(visit: Visit, limits: RateLimitState | undefined): Promise<WireResponse> {
    const server = await this.#authorizationServer();
    try {
      return this.#responses.success(ok(await server.issue(oauthRequestOf(visit))), limits);
    } catch (error) {
      if (!(error instanceof OAuthRefusal)) throw error;
      const nonce = error.error === 'use_dpop_nonce' ? server.nonce : undefined;
      return this.#responses.oauthError(error, nonce, limits);
    }
  }

  #run(visit: Visit, call: Call | Refusal, limits: RateLimitState | undefined): WireResponse {
    const { route } = visit;
    if (call instanceof Refusal) return this.#responses.error(call, limits);
    if (!route) throw new Error(`There is no route for ${visit.url}.`);
    const answer = attempt(() => route.run(this.org, call));
    if (answer instanceof Refusal) return this.#responses.error(answer, limits);
    if (route.operation === 'createUser') {
      const login = loginIn(call.body) ?? '';
      this.ledger.created.push({ login, oktaId: this.org.users.find(login)!.oktaId });
    }
    return this.#responses.success(answer, limits);
  }

  /** Picks the fault that befalls the request, with what it does to the rest of the world. */
  #strike(visit: Visit, call: Call | Refusal): FaultAction | undefined {
    const action = this.faults.strike(
      {
        operation: visit.route?.operation ?? 'unknown',
        isWrite: visit.method !== 'GET',
        loginKey: () => (call instanceof Refusal ? undefined : this.#loginKeyOf(call)),
      },
      this.#nowMs(),
    );
    if (!action) return undefined;
    this.ledger.faultStruck(action.then);
    if (action.then.startsWith('429-')) this.ledger.rateLimited.scripted += 1;
    if (action.then === 'revoke-token') this.revokeToken();
    if (action.then === '429-bucket-used-up') {
      this.consume(bucketOf(visit), this.#limitsOf(visit)?.remaining ?? 0);
    }
    return action;
  }

  #loginKeyOf(call: Call): string | undefined {
    const { user } = call.params;
    const login =
      user === undefined ? loginIn(call.body) : (this.org.users.find(user)?.profile.login ?? user);
    return login === undefined ? undefined : loginKey(login);
  }

  #refused(refusal: Refusal, limits: RateLimitState | undefined): Delivered {
    return { response: this.#responses.error(refusal, limits), delivery: 'whole' };
  }

  #limitsOf(visit: Visit): RateLimitState | undefined {
    return this.#limiter?.peek(bucketOf(visit), this.#nowMs());
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

/** The request as an operation sees it; everything about headers and JSON that is wrong is a `Refusal`. */
function toCall(visit: Visit, owner: UserRecord | undefined): Call {
  const [path = '', query = ''] = visit.url.split(/\?(.*)/s);
  if (visit.malformed) throw visit.malformed;
  const hasEmptyPart = Object.values(visit.params).includes('');
  if (!visit.route || hasEmptyPart) throw new Refusal(isKnownPath(path) ? 'E0000022' : 'E0000008');
  // The form of the token endpoint is its own to read.
  const isForm = visit.route.operation === 'token';
  // An app is nobody's user (inferred: "me" is the token's owner).
  const isMe = visit.params['user'] === 'me';
  if (isMe && owner === undefined) throw notFound('me', 'User');
  if (!isForm) refuseHeaders(visit.method, visit.headers, (visit.bytes?.length ?? 0) > 0);
  return {
    params: isMe && owner ? { ...visit.params, user: owner.oktaId } : visit.params,
    query: new URLSearchParams(query),
    headers: visit.headers,
    body: isForm ? undefined : parseBody(visit.bytes),
    origin: originOf(visit),
  };
}

function originOf({ headers }: Visit): string {
  return `http://${headers.host ?? '127.0.0.1'}`;
}

function oauthRequestOf(visit: Visit): OAuthRequest {
  const { method, url, headers, bytes } = visit;
  return { method, headers, bytes, origin: originOf(visit), path: url.replace(/\?.*/s, '') };
}

function isAccessToken(authorization: string | undefined): boolean {
  return /^(bearer|dpop) /i.test(authorization ?? '');
}

function bucketOf(visit: Visit): Bucket {
  return visit.route?.bucket ?? '/api/v1';
}

/** The login of a create, as far as there is one; the operation itself will say what is wrong with the body. */
function loginIn(body: unknown): string | undefined {
  const profile = isJsonObject(body) ? body['profile'] : undefined;
  const login = isJsonObject(profile) ? profile['login'] : undefined;
  return typeof login === 'string' ? login : undefined;
}

/** The value, or the refusal that was thrown instead; other errors go on up. */
function attempt<T>(run: () => T): T | Refusal {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
