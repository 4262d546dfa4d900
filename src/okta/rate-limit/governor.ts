import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';

import type { Clock } from '../../clock.js';

import { Timer } from './timer.js';
import { Bucket, type SentAt, type WindowView } from './bucket.js';
import { NotSent, wasNeverSent } from '../errors.js';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import { LatencyHistogram } from './latency.js';
import type { RequestObserver } from '../http/request-observer.js';
import { ServerClock } from './server-clock.js';
import { bucketStateOf, dateOf, isConcurrencyLimit, retryAfterMsOf } from './rate-limit-headers.js';

export interface GovernorOptions {
  /** Part of each bucket that we may use, above 0 and at most 1. */
  readonly share: number;
  /** Most requests in flight. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** Hears when requests begin to wait for a window, and when they have. */
  readonly observer?: Pick<RequestObserver, 'waitStarted' | 'waitEnded'> | undefined;
}

/** What the governor has seen, for the summary and the terminal. */
export interface GovernorStats {
  sent: number;
  /** 429s of a bucket. */
  rateLimited: number;
  /** 429s of the limit on requests in flight. */
  concurrencyLimited: number;
  /** How often requests had to wait for a bucket's next window, and for how long in all. */
  waits: number;
  waitedMs: number;
}

/** What everything waits for just now. */
export interface WindowWait {
  /** Epoch milliseconds of our clock. */
  readonly untilMs: number;
  /** Requests a window. */
  readonly limit: number | undefined;
}

/** A bucket into which requests were sent, and how its windows look to us. */
export interface BucketView extends WindowView {
  readonly bucket: string;
  readonly sent: number;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

interface Waiter {
  /** Whoever came first goes first, whatever the bucket. */
  readonly ticket: number;
  readonly start: () => void;
}

interface Gate {
  readonly name: string;
  readonly bucket: Bucket;
  /** Requests sent into it so far. */
  sent: number;
  readonly waiting: Waiter[];
  readonly alarm: Timer;
  /** When the next of the window's last places is spent, chosen to tell us about the org's clock. */
  probeAtMs: number | undefined;
  wait: (WindowWait & { readonly sinceMs: number }) | undefined;
}

/** Most of a window's places that are kept to learn about the org's clock. */
const PROBE_SLOTS = 16;

/**
 * The gate that every request passes, when there is both a place in its bucket and one in flight.
 *
 * No request goes into a bucket that the headers say is empty, and none waits while its bucket has a place for us. The
 * first request of a bucket goes alone and learns the limit. A 429 of the concurrency limit narrows the requests in
 * flight, which grow back one by one; it says nothing of the bucket (Rate limits, "Concurrency 429 — how to tell").
 */
export class Governor {
  readonly stats: GovernorStats = { sent: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 };
  /** From sending to the answer, of every request that was answered, whatever the answer. */
  readonly latency = new LatencyHistogram();
  readonly serverClock = new ServerClock();
  readonly #options: GovernorOptions;
  readonly #inFlight: ConcurrencyLimiter;
  readonly #gates = new Map<string, Gate>();
  #tickets = 0;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#inFlight = new ConcurrencyLimiter(options.concurrency);
  }

  /**
   * Sends one request when its turn comes and learns from the answer.
   *
   * @param bucketName - see `bucketOf`.
   * @param send - rejects when there was no answer.
   * @param signal - ends the waiting; a request that was sent is not cut off.
   */
  run<A extends HttpAnswer>(
    bucketName: string,
    send: () => Promise<A>,
    signal: AbortSignal | undefined,
  ): Promise<A> {
    const gate = this.#gateOf(bucketName);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      let forgetSignal: (() => void) | undefined;
      let isWaiting = true;
      const waiter: Waiter = {
        ticket: (this.#tickets += 1),
        start: () => {
          isWaiting = false;
          forgetSignal?.();
          const exchanged = this.#inFlight.run(() => this.#exchange(gate.bucket, send));
          exchanged.then(resolve, reject);
          // Before those who wait for the answer hear of it, and after the place is free.
          const open = (): void => this.#open();
          exchanged.then(open, open);
        },
      };
      gate.waiting.push(waiter);
      this.#open();
      // Most go at once.
      if (signal === undefined || !isWaiting) return;
      const onAbort = (): void => {
        gate.waiting.splice(gate.waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        // Once all who wait on this signal have left: nobody may take the place of one who went before.
        queueMicrotask(() => this.#open());
      };
      // All that a run waits for hangs on its one signal; more than ten listeners are no leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', onAbort, { once: true });
      forgetSignal = () => signal.removeEventListener('abort', onAbort);
    });
  }

  /** The window that requests wait for, or undefined when none does. */
  get windowWait(): WindowWait | undefined {
    for (const { wait } of this.#gates.values()) if (wait) return wait;
    return undefined;
  }

  /** Requests a window that the org allows in a bucket, as last heard; undefined before the first answer. */
  limitOf(bucketName: string): number | undefined {
    return this.#gates.get(bucketName)?.bucket.limit;
  }

  /** The buckets whose limit is known, for whoever reckons how long a run will take. */
  get windows(): readonly BucketView[] {
    const nowMs = this.#options.clock.now();
    const views: BucketView[] = [];
    for (const { name, bucket, sent } of this.#gates.values()) {
      const view = bucket.view(nowMs);
      if (view !== undefined) views.push({ bucket: name, sent, ...view });
    }
    return views;
  }

  /** Milliseconds spent waiting for windows, the waits under way included. */
  get waitedMs(): number {
    const nowMs = this.#options.clock.now();
    let waitedMs = this.stats.waitedMs;
    for (const { wait } of this.#gates.values()) if (wait) waitedMs += nowMs - wait.sinceMs;
    return waitedMs;
  }

  #gateOf(name: string): Gate {
    let gate = this.#gates.get(name);
    if (gate === undefined) {
      const bucket = new Bucket(this.#options.share, this.serverClock);
      const alarm = new Timer(this.#options.clock, () => this.#open());
      gate = { name, bucket, sent: 0, waiting: [], alarm, probeAtMs: undefined, wait: undefined };
      this.#gates.set(name, gate);
    }
    return gate;
  }

  async #exchange<A extends HttpAnswer>(bucket: Bucket, send: () => Promise<A>): Promise<A> {
    const atMs = this.#options.clock.now();
    const sent = { atMs, orgMs: this.serverClock.earliest(atMs) };
    this.stats.sent += 1;
    let answer: A;
    try {
      answer = await send();
    } catch (error) {
      if (error instanceof NotSent) this.stats.sent -= 1;
      if (wasNeverSent(error)) bucket.giveBack();
      else bucket.lost(this.#options.clock.now());
      throw error;
    }
    this.#learn(bucket, answer, sent);
    return answer;
  }

  /** Lets through all that may go now, and sets the alarms for the rest. Called whenever something changed. */
  #open(): void {
    const nowMs = this.#options.clock.now();
    for (;;) {
      const gate = this.#inFlight.hasCapacity ? this.#nextGate(nowMs) : undefined;
      const waiter = gate?.waiting.shift();
      if (gate === undefined || waiter === undefined) break;
      gate.probeAtMs = undefined;
      gate.bucket.take(nowMs);
      gate.sent += 1;
      waiter.start();
    }
    for (const gate of this.#gates.values()) {
      const isShut = gate.waiting.length > 0 && gate.bucket.places(nowMs) < 1;
      const opensAtMs = isShut ? gate.bucket.opensAtMs(nowMs) : undefined;
      const untilMs = opensAtMs === undefined ? undefined : Math.ceil(opensAtMs);
      this.#noteWait(gate, untilMs, nowMs);
      // Without room in flight the end of a request is what opens.
      const isHeld = gate.waiting.length > 0 && this.#inFlight.hasCapacity;
      gate.alarm.set(untilMs ?? (isHeld ? gate.probeAtMs : undefined));
    }
  }

  /** The gate whose turn it is, among those that may let somebody through. */
  #nextGate(nowMs: number): Gate | undefined {
    let next: Gate | undefined;
    for (const gate of this.#gates.values()) {
      const first = gate.waiting[0];
      if (first === undefined || first.ticket > (next?.waiting[0]?.ticket ?? first.ticket)) continue;
      if (this.#mayGo(gate, nowMs)) next = gate;
    }
    return next;
  }

  /**
   * A window's last places need not go at once when more requests are about than it can take: the run has to wait for
   * the reset anyway. They are spent when their answers say most about the org's clock, so that the next window is met
   * on the dot. What is in flight counts as more to come; if it was the last, its answer lets the others go.
   */
  #mayGo(gate: Gate, nowMs: number): boolean {
    const { bucket, waiting } = gate;
    const places = bucket.places(nowMs);
    const isShort = places < Math.min(waiting.length + bucket.inFlight, PROBE_SLOTS + 1);
    const untilMs = isShort && this.serverClock.canBeNarrowed ? bucket.lastUntilMs(nowMs) : undefined;
    if (untilMs === undefined) {
      gate.probeAtMs = undefined;
      return places >= 1;
    }
    gate.probeAtMs ??= this.serverClock.nextProbeTime(nowMs, untilMs, places);
    return places >= 1 && nowMs >= (gate.probeAtMs ?? nowMs);
  }

  #noteWait(gate: Gate, untilMs: number | undefined, nowMs: number): void {
    const { observer } = this.#options;
    if (gate.wait !== undefined && untilMs === undefined) {
      this.stats.waitedMs += nowMs - gate.wait.sinceMs;
      observer?.waitEnded(gate.name, nowMs - gate.wait.sinceMs);
    }
    if (gate.wait === undefined && untilMs !== undefined) {
      this.stats.waits += 1;
      observer?.waitStarted(gate.name, { ms: untilMs - nowMs, limit: gate.bucket.limit });
    }
    gate.wait =
      untilMs === undefined
        ? undefined
        : { untilMs, limit: gate.bucket.limit, sinceMs: gate.wait?.sinceMs ?? nowMs };
  }

  #learn(bucket: Bucket, { status, headers }: HttpAnswer, sent: SentAt): void {
    const nowMs = this.#options.clock.now();
    this.latency.add(nowMs - sent.atMs);
    const state = bucketStateOf(headers);
    const dateMs = dateOf(headers);
    // A gateway's error page tells of the gateway's clock.
    if (dateMs !== undefined && (state !== undefined || status < 400)) {
      this.serverClock.observe(dateMs, sent.atMs, nowMs);
    }
    if (status === 429 && isConcurrencyLimit(headers)) {
      this.stats.concurrencyLimited += 1;
      bucket.refusedForConcurrency();
      this.#inFlight.refused(sent.atMs, nowMs);
    } else if (status === 429) {
      this.stats.rateLimited += 1;
      bucket.refused(state, retryAfterMsOf(headers, this.serverClock.estimate(nowMs)), sent, nowMs);
    } else if (status >= 500 && state === undefined) {
      bucket.lost(nowMs);
    } else {
      bucket.answered(state, sent, nowMs);
      this.#inFlight.answered(sent.atMs);
    }
  }
}
