import type { IncomingHttpHeaders } from 'node:http';

import type { Clock } from '../../src/clock.js';
import { OktaConnectionError } from '../../src/okta/http/connection-error.js';
import { parseRateLimitInfo, type RateLimitInfo } from '../../src/okta/rate-limit/rate-limit-info.js';

export interface SimulatedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface SimulatedOrgOptions {
  readonly clock: Clock;
  readonly windowMs: number;
  readonly limit: number;
  /** The server's clock minus the local one. */
  readonly offsetMs?: number;
  /** When windows begin, after a whole second of the server's clock. */
  readonly phaseMs?: number;
  readonly rounding?: 'up' | 'down';
  /** Whether a window begins with the first request after the last one, as in Okta, and not right after it. */
  readonly opensWithFirstRequest?: boolean;
  /** For each leg of the nth request; default 20 ms. */
  readonly latencyMs?: (nth: number, leg: 'there' | 'work' | 'back') => number;
  /** How many requests of other clients arrive before each of the client's. */
  readonly others?: () => number;
  /** Requests that the org works on at a time. */
  readonly concurrencyLimit?: number;
  /** Whether a request beyond that is rejected only after the time that its work would have taken, as by many of Okta's endpoints. */
  readonly rejectsSlowly?: boolean;
  /** Changes the response, or loses it. */
  readonly distort?: (response: SimulatedResponse, nth: number) => SimulatedResponse | 'lost';
  /** Whether no connection can be made. */
  readonly isUnreachable?: (nth: number) => boolean;
}

export interface SimulatedWindow {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  limit: number;
  served: number;
  rejected: number;
  others: number;
  /** When the client's requests arrived, by the server's clock. */
  readonly arrivalsMs: number[];
}

/** An org with one bucket in simulated time: fixed windows, one after the other, and counts of what it received. */
export class SimulatedOrg {
  readonly windows = new Map<number, SimulatedWindow>();
  limit: number;
  offsetMs: number;
  rounding: 'up' | 'down';
  inFlight = 0;
  maxInFlight = 0;
  /** Requests that were sent although their client had received a response that reported an empty bucket. */
  sentIntoKnownEmpty = 0;
  /** 429s of the bucket whose requests were sent when their client could know that the window had no slot for them. */
  avoidable = 0;
  concurrencyLimited = 0;
  #sent = 0;
  #atWork = 0;
  #lastWindow: SimulatedWindow | undefined;
  readonly #options: SimulatedOrgOptions;

  constructor(options: SimulatedOrgOptions) {
    this.#options = options;
    this.limit = options.limit;
    this.offsetMs = options.offsetMs ?? 0;
    this.rounding = options.rounding ?? 'up';
  }

  /** Windows in which requests arrived, in order. */
  get used(): SimulatedWindow[] {
    return [...this.windows.values()].sort((one, other) => one.startsAtMs - other.startsAtMs);
  }

  get overruns(): number {
    return this.used.reduce((sum, { rejected }) => sum + rejected, 0);
  }

  readonly send = this.newClient();

  /** How another client sends its requests. */
  newClient(): () => Promise<SimulatedResponse & { readonly rateLimit: RateLimitInfo }> {
    const client: Client = { inFlight: 0, slotsKnown: new Map(), reported: undefined };
    return async () => {
      const response = await this.#respond(client);
      return { ...response, rateLimit: parseRateLimitInfo(response, this.#options.clock.now()) };
    };
  }

  async #respond(client: Client): Promise<SimulatedResponse> {
    const { clock, latencyMs = () => 20, others, concurrencyLimit = 1000, distort } = this.#options;
    const nth = (this.#sent += 1);
    const { reported } = client;
    if (reported?.remaining === 0 && this.serverNowMs < reported.resetMs) this.sentIntoKnownEmpty += 1;
    const slotsKnown = new Map([...client.slotsKnown].map(([at, slots]) => [at, slots - client.inFlight]));
    client.inFlight += 1;
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    try {
      await clock.sleep(latencyMs(nth, 'there'));
      if (this.#options.isUnreachable?.(nth)) {
        throw new OktaConnectionError('POST', 'ECONNREFUSED', true, undefined);
      }
      if (this.#atWork >= concurrencyLimit) {
        this.concurrencyLimited += 1;
        if (this.#options.rejectsSlowly) await clock.sleep(latencyMs(nth, 'work'));
        await clock.sleep(latencyMs(nth, 'back'));
        return this.#concurrencyLimitResponse();
      }
      this.#atWork += 1;
      const window = this.#windowNow();
      window.others += Math.min(others?.() ?? 0, this.#remaining(window));
      window.arrivalsMs.push(this.serverNowMs);
      const isServed = this.#remaining(window) > 0;
      if (isServed) window.served += 1;
      else {
        window.rejected += 1;
        if ((slotsKnown.get(window.startsAtMs) ?? 1) <= 0) this.avoidable += 1;
      }
      const counted = this.#countHeaders(window);
      await clock.sleep(latencyMs(nth, 'work'));
      this.#atWork -= 1;
      const response = { status: isServed ? 200 : 429, headers: { ...counted, date: this.#date() } };
      await clock.sleep(latencyMs(nth, 'back'));
      const distorted = distort?.(response, nth) ?? response;
      if (distorted === 'lost') throw new OktaConnectionError('POST', 'ECONNRESET', false, undefined);
      note(client, distorted, window);
      return distorted;
    } finally {
      client.inFlight -= 1;
      this.inFlight -= 1;
    }
  }

  get serverNowMs(): number {
    return this.#options.clock.now() + this.offsetMs;
  }

  #windowNow(): SimulatedWindow {
    const { windowMs, phaseMs = 0, opensWithFirstRequest = false } = this.#options;
    const last = opensWithFirstRequest ? this.#lastWindow : undefined;
    if (last !== undefined && this.serverNowMs < last.endsAtMs && this.serverNowMs >= last.startsAtMs) {
      last.limit = this.limit;
      return last;
    }
    const startsAtMs = opensWithFirstRequest
      ? this.serverNowMs
      : Math.floor((this.serverNowMs - phaseMs) / windowMs) * windowMs + phaseMs;
    const window = this.windows.get(startsAtMs) ?? {
      startsAtMs,
      endsAtMs: startsAtMs + windowMs,
      limit: this.limit,
      served: 0,
      rejected: 0,
      others: 0,
      arrivalsMs: [],
    };
    window.limit = this.limit;
    this.windows.set(startsAtMs, window);
    this.#lastWindow = window;
    return window;
  }

  #remaining({ limit, served, others }: SimulatedWindow): number {
    return Math.max(0, limit - served - others);
  }

  #countHeaders(window: SimulatedWindow): IncomingHttpHeaders {
    const round = this.rounding === 'down' ? Math.floor : Math.ceil;
    return {
      'x-rate-limit-limit': String(window.limit),
      'x-rate-limit-remaining': String(this.#remaining(window)),
      'x-rate-limit-reset': String(round(window.endsAtMs / 1000)),
    };
  }

  #concurrencyLimitResponse(): SimulatedResponse {
    return {
      status: 429,
      headers: {
        'x-rate-limit-limit': '0',
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': String(Math.ceil(this.serverNowMs / 1000) + 125),
        date: this.#date(),
      },
    };
  }

  #date(): string {
    return new Date(this.serverNowMs).toUTCString();
  }
}

/** What a client can know from the responses that it has received. */
interface Client {
  inFlight: number;
  /** The smallest `remaining` reported of each window, by its start; 0 after a 429. */
  readonly slotsKnown: Map<number, number>;
  /** The smallest `remaining` of the newest window. */
  reported: { remaining: number; resetMs: number } | undefined;
}

function note(client: Client, { status, headers }: SimulatedResponse, { startsAtMs }: SimulatedWindow): void {
  const limit = Number(headers['x-rate-limit-limit']);
  const remaining = Number(headers['x-rate-limit-remaining']);
  const isOfBucket = limit > 0;
  if (isOfBucket || (status === 429 && limit !== 0)) {
    const known = client.slotsKnown.get(startsAtMs) ?? Number.POSITIVE_INFINITY;
    client.slotsKnown.set(startsAtMs, status === 429 ? 0 : Math.min(known, remaining));
  }
  if (!isOfBucket) return;
  const resetMs = Number(headers['x-rate-limit-reset']) * 1000;
  const { reported } = client;
  if (reported === undefined || resetMs > reported.resetMs) {
    client.reported = { remaining, resetMs };
  } else if (resetMs === reported.resetMs) {
    reported.remaining = Math.min(reported.remaining, remaining);
  }
}
