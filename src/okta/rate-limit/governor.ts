import { setMaxListeners } from 'node:events';

import type { Clock } from '../../clock.js';

import { NotSent, wasNeverSent } from '../errors.js';
import type { RequestObserver } from '../http/request-observer.js';

import { BucketQueue, type QueuedRequest, type WindowWait } from './bucket-queue.js';
import type { Bucket, WindowView } from './bucket.js';
import { ConcurrencyLimiter, type SentInFlight } from './concurrency-limiter.js';
import { LatencyHistogram } from './latency.js';
import type { RateLimitInfo } from './rate-limit-info.js';
import { ServerClock } from './server-clock.js';
import type { SentAt } from './window-end.js';

export interface GovernorOptions {
  /** Part of each bucket that may be used, above 0 and at most 1. */
  readonly share: number;
  /** Most requests in flight. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** Called when requests start to wait for a window, and when they have waited. */
  readonly observer?: Pick<RequestObserver, 'waitStarted' | 'waitEnded'> | undefined;
}

/** Counters for the summary and the status line. */
export interface GovernorStats {
  sent: number;
  /** 429s of a bucket. */
  rateLimited: number;
  /** 429s of the concurrency limit. */
  concurrencyLimited: number;
  /** How often requests had to wait for a bucket's next window, and how long in total. */
  waits: number;
  waitedMs: number;
}

/** A bucket that requests were sent into, and its windows. */
export interface BucketView extends WindowView {
  readonly bucket: string;
  readonly sent: number;
  /** Of those, the ones that have no response yet. */
  readonly inFlight: number;
}

interface RateLimitedResponse {
  readonly status: number;
  readonly rateLimit: RateLimitInfo;
}

/**
 * Holds every request until its bucket has a slot and the number in flight allows one more.
 *
 * No request goes into a bucket that the headers say is empty, and none waits while its bucket has a slot. The first
 * request of a window goes alone, to learn its limit. A 429 of the concurrency limit reduces the requests in flight; it
 * says nothing about the bucket (Okta's rate limits, "Concurrency rate limits").
 */
export class Governor {
  readonly stats: GovernorStats = { sent: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 };
  /** Response times of all requests that got a response, whatever it was. */
  readonly latency = new LatencyHistogram();
  readonly serverClock = new ServerClock();
  readonly #options: GovernorOptions;
  readonly #concurrency: ConcurrencyLimiter;
  readonly #queues = new Map<string, BucketQueue>();
  #lastSequence = 0;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#concurrency = new ConcurrencyLimiter(options.concurrency);
  }

  /**
   * Sends one request when its turn comes, and learns from the response.
   *
   * @param bucketName - see `bucketNameOf`.
   * @param send - rejects when there was no response.
   * @param signal - ends the wait; a request that was sent is not interrupted.
   */
  run<R extends RateLimitedResponse>(
    bucketName: string,
    send: () => Promise<R>,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    const queue = this.#queueOf(bucketName);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      let removeListener: (() => void) | undefined;
      let isQueued = true;
      const request: QueuedRequest = {
        sequence: (this.#lastSequence += 1),
        start: () => {
          isQueued = false;
          removeListener?.();
          let inFlight = 0;
          const sending = this.#concurrency.run(() => this.#send(queue.bucket, send, inFlight));
          ({ inFlight } = this.#concurrency);
          // The next requests start before the callers that await the response continue, and after the capacity is free again.
          sending.then(
            (response) => {
              resolve(response);
              this.#startReady();
            },
            (error: unknown) => {
              reject(error);
              this.#startReady();
            },
          );
        },
      };
      queue.add(request);
      this.#startReady();
      // Most start at once.
      if (signal === undefined || !isQueued) return;
      const onAbort = (): void => {
        queue.remove(request);
        reject(signal.reason as Error);
        // Once all that wait on this signal are gone: none of them may take a slot that another one leaves.
        queueMicrotask(() => this.#startReady());
      };
      // All waits of a run listen to its one signal; more than ten listeners are no leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', onAbort, { once: true });
      removeListener = () => signal.removeEventListener('abort', onAbort);
    });
  }

  /** Share of each limit that may be used, in (0, 1]. */
  get share(): number {
    return this.#options.share;
  }

  /** A wait for a window that is under way, or undefined. */
  get windowWait(): WindowWait | undefined {
    for (const { wait } of this.#queues.values()) if (wait) return wait;
    return undefined;
  }

  /** Requests per window that the org allows in a bucket, as last reported; undefined before the first response. */
  limitOf(bucketName: string): number | undefined {
    return this.#queues.get(bucketName)?.bucket.limit;
  }

  /** The buckets whose limit is known, for estimating how long a run will take. */
  get windows(): readonly BucketView[] {
    const nowMs = this.#options.clock.now();
    const views: BucketView[] = [];
    for (const { name, bucket, sent } of this.#queues.values()) {
      const view = bucket.view(nowMs);
      if (view !== undefined) views.push({ bucket: name, sent, inFlight: bucket.inFlight, ...view });
    }
    return views;
  }

  /** Milliseconds spent waiting for windows, including waits under way. */
  get waitedMs(): number {
    const nowMs = this.#options.clock.now();
    let waitedMs = this.stats.waitedMs;
    for (const queue of this.#queues.values()) waitedMs += queue.waitedMs(nowMs);
    return waitedMs;
  }

  #queueOf(name: string): BucketQueue {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      const { share, clock, observer } = this.#options;
      queue = new BucketQueue({
        name,
        share,
        clock,
        serverClock: this.serverClock,
        onReady: () => this.#startReady(),
        onWaitStarted: (wait) => {
          this.stats.waits += 1;
          observer?.waitStarted(name, wait);
        },
        onWaitEnded: (waitedMs) => {
          this.stats.waitedMs += waitedMs;
          observer?.waitEnded(name, waitedMs);
        },
      });
      this.#queues.set(name, queue);
    }
    return queue;
  }

  /** Starts all requests that may start now, and sets timers for the rest. Called whenever something has changed. */
  #startReady(): void {
    const nowMs = this.#options.clock.now();
    while (this.#concurrency.hasCapacity) {
      const queue = this.#nextQueue(nowMs);
      if (queue === undefined) break;
      queue.startFirst(nowMs);
    }
    const { hasCapacity } = this.#concurrency;
    for (const queue of this.#queues.values()) queue.scheduleNext(nowMs, hasCapacity);
  }

  /** The queue whose first request came earliest, among those that may start one. */
  #nextQueue(nowMs: number): BucketQueue | undefined {
    let next: BucketQueue | undefined;
    for (const queue of this.#queues.values()) {
      const { first } = queue;
      if (first === undefined || first.sequence > (next?.first?.sequence ?? first.sequence)) continue;
      if (queue.canStart(nowMs)) next = queue;
    }
    return next;
  }

  #send<R extends RateLimitedResponse>(bucket: Bucket, send: () => Promise<R>, inFlight: number): Promise<R> {
    const atMs = this.#options.clock.now();
    const sent = { atMs, serverMs: this.serverClock.earliest(atMs), inFlight };
    this.stats.sent += 1;
    return send().then(
      (response) => {
        this.#learnFrom(response, bucket, sent);
        return response;
      },
      (error: unknown) => {
        if (error instanceof NotSent) this.stats.sent -= 1;
        if (wasNeverSent(error)) bucket.onNotSent();
        else bucket.onNoResponse(this.#options.clock.now());
        throw error;
      },
    );
  }

  #learnFrom({ status, rateLimit }: RateLimitedResponse, bucket: Bucket, sent: SentAt & SentInFlight): void {
    const { window, isConcurrencyLimit, retryAfterMs, dateMs } = rateLimit;
    const nowMs = this.#options.clock.now();
    this.latency.add(nowMs - sent.atMs);
    // A gateway's error page has the gateway's clock.
    if (dateMs !== undefined && (window !== undefined || status < 400)) {
      this.serverClock.observe(dateMs, sent.atMs, nowMs);
    }
    if (isConcurrencyLimit) {
      this.stats.concurrencyLimited += 1;
      bucket.onConcurrencyLimited();
      this.#concurrency.onConcurrencyLimited(sent, nowMs);
    } else if (status === 429) {
      this.stats.rateLimited += 1;
      bucket.onRateLimited(window, retryAfterMs, sent, nowMs);
    } else if (status >= 500 && window === undefined) {
      bucket.onNoResponse(nowMs);
    } else {
      bucket.onResponse(window, sent, nowMs);
      this.#concurrency.onResponse(sent, nowMs);
    }
  }
}
