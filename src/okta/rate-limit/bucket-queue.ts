import type { Clock } from '../../clock.js';

import { Bucket } from './bucket.js';
import type { ServerClock } from './server-clock.js';
import { Timer } from './timer.js';

/** A request that waits for its turn. */
export interface QueuedRequest {
  /** Requests start in this order, whatever their bucket. */
  readonly sequence: number;
  readonly start: () => void;
}

/** A wait for a bucket's next window. */
export interface WindowWait {
  /** Local time, epoch milliseconds. */
  readonly untilMs: number;
  /** Requests per window. */
  readonly limit: number | undefined;
}

export interface BucketQueueOptions {
  readonly name: string;
  readonly share: number;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  /** Called when a request may be able to start. */
  readonly onReady: () => void;
  readonly onWaitStarted: (wait: { readonly ms: number; readonly limit: number | undefined }) => void;
  readonly onWaitEnded: (waitedMs: number) => void;
}

/** Slots of a window that are held back, at most, to learn about the server's clock. */
const PROBE_SLOTS = 16;

/** The requests that wait for one bucket. */
export class BucketQueue {
  readonly bucket: Bucket;
  readonly #options: BucketQueueOptions;
  readonly #timer: Timer;
  readonly #requests: QueuedRequest[] = [];
  /** When to spend the next of the window's last slots, chosen to learn most about the server's clock. */
  #probeAtMs: number | undefined;
  #wait: (WindowWait & { readonly sinceMs: number }) | undefined;
  /** Requests sent into the bucket so far. */
  sent = 0;

  constructor(options: BucketQueueOptions) {
    this.#options = options;
    this.bucket = new Bucket(options.share, options.serverClock);
    this.#timer = new Timer(options.clock, options.onReady);
  }

  get name(): string {
    return this.#options.name;
  }

  get first(): QueuedRequest | undefined {
    return this.#requests[0];
  }

  /** The wait for the next window that is under way. */
  get wait(): WindowWait | undefined {
    return this.#wait;
  }

  /** How long the wait under way has lasted; 0 without one. */
  waitedMs(nowMs: number): number {
    return this.#wait === undefined ? 0 : nowMs - this.#wait.sinceMs;
  }

  add(request: QueuedRequest): void {
    this.#requests.push(request);
  }

  remove(request: QueuedRequest): void {
    this.#requests.splice(this.#requests.indexOf(request), 1);
  }

  startFirst(nowMs: number): void {
    const request = this.#requests.shift();
    this.#probeAtMs = undefined;
    this.bucket.onSend(nowMs);
    this.sent += 1;
    request?.start();
  }

  /**
   * Whether the first request may start now.
   *
   * A window's last slots need not be spent at once when more requests wait than it can take: the run has to wait for
   * the reset anyway. They are spent when their responses say most about the server's clock, so that the next window is
   * met on time. Requests in flight count as more to come; if they were the last, their responses release the others.
   */
  canStart(nowMs: number): boolean {
    const { serverClock } = this.#options;
    const slots = this.bucket.availableSlots(nowMs);
    const demand = this.#requests.length + this.bucket.inFlight;
    const isShort = slots < Math.min(demand, PROBE_SLOTS + 1);
    const resetAtMs = isShort && serverClock.canBeNarrowed ? this.bucket.currentResetAtMs(nowMs) : undefined;
    if (resetAtMs === undefined) {
      this.#probeAtMs = undefined;
      return slots >= 1;
    }
    this.#probeAtMs ??= serverClock.nextProbeTime(nowMs, resetAtMs, slots);
    return slots >= 1 && nowMs >= (this.#probeAtMs ?? nowMs);
  }

  /** Sets the timer for the requests that could not start, and notes whether they wait for a window. */
  scheduleNext(nowMs: number, hasCapacity: boolean): void {
    const isWaiting = this.#requests.length > 0;
    const isClosed = isWaiting && this.bucket.availableSlots(nowMs) < 1;
    const opensAtMs = isClosed ? this.bucket.opensAtMs(nowMs) : undefined;
    const untilMs = opensAtMs === undefined ? undefined : Math.ceil(opensAtMs);
    this.#updateWait(untilMs, nowMs);
    // At the concurrency limit, the end of a request in flight is what lets the next one start.
    const canWake = isWaiting && hasCapacity;
    this.#timer.set(untilMs ?? (canWake ? (this.#probeAtMs ?? this.#nextAloneAtMs(nowMs)) : undefined));
  }

  #nextAloneAtMs(nowMs: number): number | undefined {
    const atMs = this.bucket.nextAloneAtMs(nowMs);
    return atMs === undefined || atMs <= nowMs ? undefined : atMs;
  }

  #updateWait(untilMs: number | undefined, nowMs: number): void {
    const before = this.#wait;
    const { limit } = this.bucket;
    if (untilMs === undefined) {
      this.#wait = undefined;
      if (before !== undefined) this.#options.onWaitEnded(nowMs - before.sinceMs);
      return;
    }
    this.#wait = { untilMs, limit, sinceMs: before?.sinceMs ?? nowMs };
    if (before === undefined) this.#options.onWaitStarted({ ms: untilMs - nowMs, limit });
  }
}
