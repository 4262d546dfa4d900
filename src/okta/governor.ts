import type { IncomingHttpHeaders } from 'node:http';

import pLimit from 'p-limit';

import type { Clock } from '../clock.js';

import { Bucket } from './bucket.js';
import { OrgClock } from './org-clock.js';
import { bucketStateOf, dateOf, isConcurrencyLimit, retryAfterMsOf } from './rate-limit-headers.js';

export interface GovernorOptions {
  /** Part of each bucket that we may use, above 0 and at most 1. */
  readonly share: number;
  /** Most requests in flight. */
  readonly concurrency: number;
  readonly clock: Clock;
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

interface Gate {
  readonly bucket: Bucket;
  readonly waiting: Waiter[];
  timer: { readonly atMs: number; readonly cancel: AbortController } | undefined;
  /** When the next of the window's last places is spent, chosen to tell us about the org's clock. */
  tellingAtMs: number | undefined;
  waitingForWindow: WindowWait | undefined;
}

interface Waiter {
  readonly grant: () => void;
}

/**
 * The gate that every request passes: takes a place in the request's bucket, then one of the places in flight.
 *
 * No request goes into a bucket that the headers say is empty, and none waits while its bucket has a place for us. The
 * first request of a bucket goes alone and learns the limit. A 429 of the concurrency limit narrows the requests in
 * flight, which grow back one by one; it says nothing of the bucket (Rate limits, "Concurrency 429 — how to tell").
 */
export class Governor {
  readonly stats: GovernorStats = { sent: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 };
  readonly orgClock = new OrgClock();
  readonly #options: GovernorOptions;
  readonly #inFlight: ReturnType<typeof pLimit>;
  readonly #gates = new Map<string, Gate>();
  #narrowedAtMs = Number.NEGATIVE_INFINITY;
  #answersSinceChange = 0;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#inFlight = pLimit(options.concurrency);
  }

  /**
   * Sends one request when its turn comes and learns from the answer.
   *
   * @param bucketName - see `bucketOf`.
   * @param send - rejects when there was no answer.
   * @param signal - ends the waiting; a request that was sent is not cut off.
   */
  async run<A extends { readonly status: number; readonly headers: IncomingHttpHeaders }>(
    bucketName: string,
    send: () => Promise<A>,
    signal: AbortSignal | undefined,
  ): Promise<A> {
    const gate = this.#gateOf(bucketName);
    await this.#takePlace(gate, signal);
    return this.#inFlight(async () => {
      try {
        signal?.throwIfAborted();
        const sentAtMs = this.#options.clock.now();
        this.stats.sent += 1;
        const answer = await send();
        this.#learn(gate.bucket, answer, sentAtMs);
        return answer;
      } catch (error) {
        gate.bucket.giveBack();
        throw error;
      } finally {
        this.#open(gate);
      }
    });
  }

  /** The window that requests wait for, or undefined when none does. */
  get windowWait(): WindowWait | undefined {
    for (const gate of this.#gates.values()) if (gate.waitingForWindow) return gate.waitingForWindow;
    return undefined;
  }

  /** The limit of a bucket, requests a window, as the org last stated it. */
  limitOf(bucketName: string): number | undefined {
    return this.#gates.get(bucketName)?.bucket.limit;
  }

  #gateOf(name: string): Gate {
    let gate = this.#gates.get(name);
    if (gate === undefined) {
      const bucket = new Bucket(this.#options.share);
      gate = { bucket, waiting: [], timer: undefined, tellingAtMs: undefined, waitingForWindow: undefined };
      this.#gates.set(name, gate);
    }
    return gate;
  }

  async #takePlace(gate: Gate, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        gate.waiting.splice(gate.waiting.indexOf(waiter), 1);
        this.#open(gate);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        grant: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      gate.waiting.push(waiter);
      this.#open(gate);
    });
  }

  /** Lets through all that may go now, and sets the alarm for the rest. Called whenever something changed. */
  #open(gate: Gate): void {
    const nowMs = this.#options.clock.now();
    const orgNowMs = this.orgClock.earliest(nowMs);
    while (gate.waiting.length > 0) {
      const places = gate.bucket.places(orgNowMs);
      if (places < 1) break;
      if (this.#isHeldBack(gate, places, nowMs, orgNowMs)) return;
      gate.bucket.take();
      gate.waiting.shift()?.grant();
    }
    const opensAtMs = gate.waiting.length > 0 ? gate.bucket.opensAtMs(orgNowMs) : undefined;
    if (opensAtMs === undefined) {
      this.#endWait(gate, nowMs);
      this.#setAlarm(gate, undefined);
      return;
    }
    const untilMs = Math.ceil(this.orgClock.surelyReachedAt(opensAtMs));
    if (gate.waitingForWindow === undefined) {
      this.stats.waits += 1;
      this.stats.waitedMs -= nowMs;
    }
    gate.waitingForWindow = { untilMs, limit: gate.bucket.limit };
    this.#setAlarm(gate, untilMs);
  }

  /**
   * A window's last places, once more requests wait than it can take, need not go at once: the run has to wait for the
   * reset anyway. They are spent when their answers say most about the org's clock, so that the next window is met
   * on the dot.
   */
  #isHeldBack(gate: Gate, places: number, nowMs: number, orgNowMs: number): boolean {
    const endsAtMs = gate.bucket.opensAtMs(orgNowMs);
    if (gate.waiting.length <= places || endsAtMs === undefined || !this.orgClock.canBeNarrowed) {
      gate.tellingAtMs = undefined;
      return false;
    }
    gate.tellingAtMs ??= this.orgClock.nextTellingMoment(nowMs, places + 1);
    const isDue = nowMs >= gate.tellingAtMs;
    // Never past the reset by any reading of the org's clock: a place not used by then is lost.
    const isTooLate = this.orgClock.latest(gate.tellingAtMs) >= endsAtMs;
    if (isDue || isTooLate) {
      gate.tellingAtMs = undefined;
      return false;
    }
    this.#setAlarm(gate, gate.tellingAtMs);
    return true;
  }

  #endWait(gate: Gate, nowMs: number): void {
    if (gate.waitingForWindow === undefined) return;
    this.stats.waitedMs += nowMs;
    gate.waitingForWindow = undefined;
  }

  #setAlarm(gate: Gate, atMs: number | undefined): void {
    if (gate.timer?.atMs === atMs) return;
    gate.timer?.cancel.abort();
    gate.timer = undefined;
    if (atMs === undefined) return;
    const timer = { atMs, cancel: new AbortController() };
    gate.timer = timer;
    this.#options.clock.sleep(atMs - this.#options.clock.now(), timer.cancel.signal).then(
      () => {
        if (gate.timer !== timer) return;
        gate.timer = undefined;
        this.#open(gate);
      },
      () => {
        // Cancelled: another alarm took its place, or nobody waits any more.
      },
    );
  }

  #learn(bucket: Bucket, answer: { status: number; headers: IncomingHttpHeaders }, sentAtMs: number): void {
    const nowMs = this.#options.clock.now();
    const dateMs = dateOf(answer.headers);
    if (dateMs !== undefined) this.orgClock.observe(dateMs, sentAtMs, nowMs);
    const orgNowMs = this.orgClock.earliest(nowMs);
    if (answer.status !== 429) {
      bucket.answered(bucketStateOf(answer.headers), orgNowMs);
      this.#grow();
    } else if (isConcurrencyLimit(answer.headers)) {
      this.stats.concurrencyLimited += 1;
      bucket.refusedForConcurrency();
      this.#narrow(sentAtMs, nowMs);
    } else {
      this.stats.rateLimited += 1;
      bucket.refused(bucketStateOf(answer.headers), retryAfterMsOf(answer.headers, orgNowMs), orgNowMs);
    }
  }

  /** Half of what was in flight; requests that were under way already when we narrowed do not count again. */
  #narrow(sentAtMs: number, nowMs: number): void {
    if (sentAtMs < this.#narrowedAtMs) return;
    this.#inFlight.concurrency = Math.max(1, Math.floor(this.#inFlight.activeCount / 2));
    this.#narrowedAtMs = nowMs;
    this.#answersSinceChange = 0;
  }

  /** One more in flight after a full round of answers without a refusal. */
  #grow(): void {
    if (this.#inFlight.concurrency >= this.#options.concurrency) return;
    this.#answersSinceChange += 1;
    if (this.#answersSinceChange < this.#inFlight.concurrency) return;
    this.#inFlight.concurrency += 1;
    this.#answersSinceChange = 0;
  }
}
