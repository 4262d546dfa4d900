import type { IncomingHttpHeaders } from 'node:http';

import type { Clock } from '../../src/clock.js';
import { OktaConnectionError } from '../../src/okta/errors.js';

export interface SimulatedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface SimulatedOrgOptions {
  readonly clock: Clock;
  readonly windowMs: number;
  readonly limit: number;
  /** The org's clock minus ours. */
  readonly offsetMs?: number;
  /** When windows begin, after the org's whole second. */
  readonly phaseMs?: number;
  readonly rounding?: 'up' | 'down';
  /** Of each leg of the nth request; default 20 ms. */
  readonly latencyMs?: (nth: number, leg: 'there' | 'work' | 'back') => number;
  /** How many requests of others arrive before each of ours. */
  readonly others?: () => number;
  readonly concurrencyLimit?: number;
  /** Changes what is answered. */
  readonly distort?: (answer: SimulatedAnswer, nth: number) => SimulatedAnswer | 'lost';
  /** Whether no connection comes about. */
  readonly isUnreachable?: (nth: number) => boolean;
}

export interface SimulatedWindow {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  limit: number;
  served: number;
  refused: number;
  others: number;
  /** Arrival of our requests, by the org's clock. */
  readonly arrivalsMs: number[];
}

/** An org of one bucket in simulated time: fixed windows, one after the other, and a ledger of what it saw. */
export class SimulatedOrg {
  readonly windows = new Map<number, SimulatedWindow>();
  limit: number;
  offsetMs: number;
  rounding: 'up' | 'down';
  inFlight = 0;
  mostInFlight = 0;
  /** Requests of ours that were sent although an answer we had read said the bucket was empty. */
  sentIntoKnownEmpty = 0;
  concurrencyRefused = 0;
  #sent = 0;
  readonly #options: SimulatedOrgOptions;
  #heard: { remaining: number; resetMs: number } | undefined;

  constructor(options: SimulatedOrgOptions) {
    this.#options = options;
    this.limit = options.limit;
    this.offsetMs = options.offsetMs ?? 0;
    this.rounding = options.rounding ?? 'up';
  }

  /** Windows in which something arrived, in order. */
  get used(): SimulatedWindow[] {
    return [...this.windows.values()].sort((one, other) => one.startsAtMs - other.startsAtMs);
  }

  get overruns(): number {
    return this.used.reduce((sum, { refused }) => sum + refused, 0);
  }

  readonly send = async (): Promise<SimulatedAnswer> => {
    const { clock, latencyMs = () => 20, others, concurrencyLimit = 1000, distort } = this.#options;
    const nth = (this.#sent += 1);
    if (this.#heard?.remaining === 0 && this.serverNowMs < this.#heard.resetMs) this.sentIntoKnownEmpty += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await clock.sleep(latencyMs(nth, 'there'));
      if (this.#options.isUnreachable?.(nth)) {
        throw new OktaConnectionError('POST', 'ECONNREFUSED', true, undefined);
      }
      const window = this.#windowNow();
      if (this.inFlight > concurrencyLimit) return this.#tooManyAtOnce();
      window.others += Math.min(others?.() ?? 0, this.#remaining(window));
      window.arrivalsMs.push(this.serverNowMs);
      const isServed = this.#remaining(window) > 0;
      if (isServed) window.served += 1;
      else window.refused += 1;
      const counted = this.#countHeaders(window);
      await clock.sleep(latencyMs(nth, 'work'));
      const answer = { status: isServed ? 200 : 429, headers: { ...counted, date: this.#date() } };
      await clock.sleep(latencyMs(nth, 'back'));
      const told = distort?.(answer, nth) ?? answer;
      if (told === 'lost') throw new OktaConnectionError('POST', 'ECONNRESET', false, undefined);
      this.#hear(told);
      return told;
    } finally {
      this.inFlight -= 1;
    }
  };

  get serverNowMs(): number {
    return this.#options.clock.now() + this.offsetMs;
  }

  #windowNow(): SimulatedWindow {
    const { windowMs, phaseMs = 0 } = this.#options;
    const startsAtMs = Math.floor((this.serverNowMs - phaseMs) / windowMs) * windowMs + phaseMs;
    const window = this.windows.get(startsAtMs) ?? {
      startsAtMs,
      endsAtMs: startsAtMs + windowMs,
      limit: this.limit,
      served: 0,
      refused: 0,
      others: 0,
      arrivalsMs: [],
    };
    window.limit = this.limit;
    this.windows.set(startsAtMs, window);
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

  #tooManyAtOnce(): SimulatedAnswer {
    this.concurrencyRefused += 1;
    return {
      status: 429,
      headers: {
        'x-rate-limit-limit': '0',
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': String(Math.ceil(this.serverNowMs / 1000) + 30),
        date: this.#date(),
      },
    };
  }

  #date(): string {
    return new Date(this.serverNowMs).toUTCString();
  }

  /** What a careful reader would know: the newest window's least remaining. */
  #hear({ headers }: SimulatedAnswer): void {
    const limit = Number(headers['x-rate-limit-limit']);
    if (!(limit > 0)) return;
    const remaining = Number(headers['x-rate-limit-remaining']);
    const resetMs = Number(headers['x-rate-limit-reset']) * 1000;
    if (this.#heard === undefined || resetMs > this.#heard.resetMs) this.#heard = { remaining, resetMs };
    else if (resetMs === this.#heard.resetMs) {
      this.#heard.remaining = Math.min(this.#heard.remaining, remaining);
    }
  }
}
