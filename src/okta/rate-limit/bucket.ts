import type { RateLimitWindow } from './rate-limit-info.js';
import type { ServerClock } from './server-clock.js';
import { MAX_WAIT_MS, ROUNDING_MS, WindowEnd, type ObservedWindow, type SentAt } from './window-end.js';

/** After a 429 without a usable reset; doubles while they continue. */
const MIN_PAUSE_MS = 1000;
/** From this pause on, such 429s are attributed to the window that earlier responses reported. */
const WINDOW_PAUSE_MS = 4000;
/** How long a request that goes alone keeps the others waiting when its response is slow, and how many may go like that. */
const ALONE_MS = 1000;
const MAX_ALONE = 3;

/** A bucket's windows, for estimating how long a run will take. */
export interface WindowView {
  /** Requests that this client may send per window, by its share. */
  readonly allowance: number;
  /** Requests of that allowance that may still go into the current window. */
  readonly available: number;
  /** When the next window opens. */
  readonly opensAtMs: number;
}

/**
 * The window of one bucket as far as responses have reported it, and how many requests may be sent into it. Pure state:
 * the governor does the waiting. Instants are epoch milliseconds of the local clock, except `resetAtMs`, which is the
 * server's.
 *
 * The share is a share of the whole limit: when other clients use more than the rest, this one stops earlier, so that it
 * never touches the part of the limit outside its share.
 */
export class Bucket {
  readonly #share: number;
  readonly #end: WindowEnd;
  #window: ObservedWindow | undefined;
  /** Requests without a response yet: the last reported `remaining` may not include them. */
  #inFlight = 0;
  #lastSentAtMs = Number.NEGATIVE_INFINITY;
  /** Requests that ended without saying whether they were counted: assumed counted until a later request succeeds. */
  #unaccounted = 0;
  #unaccountedAtMs = 0;
  /** Whether a response ever lacked the three headers: then only 429s and the concurrency limit apply. */
  #hasNoHeaders = false;
  /** After a 429 without a usable reset: nothing is sent before this instant, and then one request goes first. */
  #closedUntilMs = 0;
  #backoffMs = 0;
  /** Consecutive resets that contradict earlier ones: one is ignored, two mean that a clock was set. */
  #implausible = 0;

  constructor(share: number, serverClock: ServerClock) {
    this.#share = share;
    this.#end = new WindowEnd(serverClock);
  }

  /** Requests that may be sent now. Infinity when the org sends no headers. */
  availableSlots(nowMs: number): number {
    if (nowMs < this.#closedUntilMs) return 0;
    const aloneSinceMs = this.#aloneSinceMs(nowMs);
    if (aloneSinceMs !== undefined) return nowMs >= this.#nextAloneAtMs(aloneSinceMs) ? 1 : 0;
    return this.#window === undefined ? Number.POSITIVE_INFINITY : this.#slotsOf(this.#window);
  }

  /** When one more request may go although those that went alone have no response yet; undefined without any. */
  nextAloneAtMs(nowMs: number): number | undefined {
    const aloneSinceMs = nowMs < this.#closedUntilMs ? undefined : this.#aloneSinceMs(nowMs);
    const atMs = aloneSinceMs === undefined ? undefined : this.#nextAloneAtMs(aloneSinceMs);
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
  }

  /** When a bucket without slots opens again; undefined when only the response to a request in flight can open it. */
  opensAtMs(nowMs: number): number | undefined {
    if (nowMs < this.#closedUntilMs) return this.#closedUntilMs;
    if (this.#backoffMs > 0 || this.#window === undefined) return undefined;
    const nextOpensAtMs = this.#end.atMs(this.#window);
    return nowMs < nextOpensAtMs ? nextOpensAtMs : undefined;
  }

  /** Requests per window, as last reported; undefined before the first response. */
  get limit(): number | undefined {
    return this.#window?.limit;
  }

  /** Undefined while no limit is known. */
  view(nowMs: number): WindowView | undefined {
    if (this.#window === undefined) return undefined;
    const allowance = this.#allowanceOf(this.#window.limit);
    const opensAtMs = this.#end.atMs(this.#window);
    // The request that goes alone into a new window is soon followed by the others.
    return { allowance, available: nowMs < opensAtMs ? this.availableSlots(nowMs) : allowance, opensAtMs };
  }

  /** The current window's reset, by the clock of the `Date` headers; undefined when no window is known to be open, or no such clock is known. */
  currentResetAtMs(nowMs: number): number | undefined {
    if (this.#backoffMs > 0 || this.#window === undefined || !this.#end.usesDate) return undefined;
    return nowMs < this.#end.atMs(this.#window) ? this.#window.resetAtMs : undefined;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  onSend(nowMs: number): void {
    this.#inFlight += 1;
    this.#lastSentAtMs = nowMs;
  }

  /** The request never left this machine. */
  onNotSent(): void {
    this.#inFlight -= 1;
  }

  /** No response of the org's came, but the request may have been counted. */
  onNoResponse(nowMs: number): void {
    this.#inFlight -= 1;
    this.#unaccounted += 1;
    this.#unaccountedAtMs = nowMs;
  }

  /** A response of the org's other than a 429. */
  onResponse(window: RateLimitWindow | undefined, sent: SentAt, nowMs: number): void {
    if (sent.atMs >= this.#closedUntilMs) this.#backoffMs = 0;
    if (window === undefined) this.#hasNoHeaders = true;
    // The headers have stopped: the last ones describe a window that is over.
    if (window === undefined && this.#window && this.#end.wasBefore(sent, this.#window)) {
      this.#window = undefined;
    }
    const isCurrent = window !== undefined && this.#observe(window, sent, nowMs);
    if (!isCurrent && !this.#isPastWindow(window, nowMs)) {
      this.onNoResponse(nowMs);
      return;
    }
    this.#inFlight -= 1;
    if (isCurrent && sent.atMs > this.#unaccountedAtMs) this.#unaccounted = 0;
  }

  /** A 429 that is not the concurrency limit's. */
  onRateLimited(
    reported: RateLimitWindow | undefined,
    retryAfterMs: number | undefined,
    sent: SentAt,
    nowMs: number,
  ): void {
    this.#inFlight -= 1;
    const window = this.#windowOfRejection(reported, sent, nowMs);
    if (window !== undefined) {
      // It describes a window that is over by now, but was not when the request was sent.
      if (!this.#end.wasBefore(sent, window) && this.#end.atMs(window) <= nowMs) return;
      this.#observe({ ...window, remaining: 0 }, sent, nowMs);
      if (window.resetAtMs === this.#window?.resetAtMs && this.#end.atMs(this.#window) > nowMs) {
        this.#backoffMs = 0;
        return;
      }
    }
    // Requests in flight together are rejected together: that counts once.
    if (nowMs < this.#closedUntilMs) return;
    this.#backoffMs = Math.min(Math.max(this.#backoffMs * 2, MIN_PAUSE_MS), MAX_WAIT_MS);
    // It may have been about something that is soon over; if not, about the known window.
    const known = this.#backoffMs < WINDOW_PAUSE_MS ? undefined : this.#window;
    const untilResetMs = known === undefined ? 0 : this.#end.atMs(known) - nowMs;
    const pauseMs = Math.max(untilResetMs > 0 ? untilResetMs : this.#backoffMs, retryAfterMs ?? 0);
    this.#closedUntilMs = nowMs + Math.min(pauseMs, MAX_WAIT_MS);
  }

  /** The window that a 429 is about, if its reset is usable, or if it came because the known window ends a little late. */
  #windowOfRejection(
    reported: RateLimitWindow | undefined,
    sent: SentAt,
    nowMs: number,
  ): RateLimitWindow | undefined {
    if (reported !== undefined && this.#end.isPlausible(reported, sent, nowMs)) return reported;
    const known = this.#window;
    if (known === undefined || !this.#end.wasBefore(sent, known)) return undefined;
    return sent.atMs < this.#end.atMs(known) + ROUNDING_MS ? known : undefined;
  }

  /** A 429 of the concurrency limit: it says nothing about the bucket and takes nothing from it. */
  onConcurrencyLimited(): void {
    this.#inFlight -= 1;
  }

  /**
   * Responses arrive in any order: a later reset is a newer window; within a window the smallest `remaining` is right.
   *
   * @returns whether it is the newest window.
   */
  #observe(window: RateLimitWindow, sent: SentAt, nowMs: number): boolean {
    if (this.#window === undefined || this.#end.isPlausible(window, sent, nowMs)) {
      this.#implausible = 0;
    } else if ((this.#implausible += 1) < 2) {
      return false;
    } else {
      this.#implausible = 0;
      this.#end.forgetResets();
      this.#window = undefined;
    }
    const known = this.#window;
    const isNewer = known === undefined || window.resetAtMs > known.resetAtMs;
    // No window lasts this long: the server's clock was set back, or a reset was nonsense.
    const isExpired = known !== undefined && nowMs >= known.sinceMs + MAX_WAIT_MS;
    if (!isNewer && !isExpired && window.resetAtMs < known.resetAtMs) return false;
    this.#end.observe(window, known, sent, nowMs);
    const { limit, remaining, resetAtMs } = window;
    this.#window =
      isNewer || isExpired
        ? { limit, remaining, resetAtMs, sinceMs: nowMs }
        : { limit, remaining: Math.min(remaining, known.remaining), resetAtMs, sinceMs: known.sinceMs };
    return true;
  }

  /**
   * Whether a response was counted in an earlier window. Rounding alone makes the resets of one window differ by a
   * second, and what counts as the current window may be wrong after a nonsensical reset.
   */
  #isPastWindow(window: RateLimitWindow | undefined, nowMs: number): boolean {
    if (window === undefined || this.#window === undefined) return false;
    const isEarlier = window.resetAtMs < this.#window.resetAtMs - ROUNDING_MS;
    return isEarlier && this.#end.atMs(window) <= nowMs;
  }

  /** Since when requests go alone, to find out what the others may do; undefined when that is known. */
  #aloneSinceMs(nowMs: number): number | undefined {
    if (this.#backoffMs > 0) return this.#closedUntilMs;
    if (this.#window === undefined) return this.#hasNoHeaders ? undefined : Number.NEGATIVE_INFINITY;
    // The window may open late, or with another limit.
    const nextOpensAtMs = this.#end.atMs(this.#window);
    return nowMs < nextOpensAtMs ? undefined : nextOpensAtMs;
  }

  /** Requests that were sent before the instant do not delay the one that goes alone; a slow response delays the others for a while. */
  #nextAloneAtMs(sinceMs: number): number {
    if (this.#inFlight === 0 || this.#lastSentAtMs < sinceMs) return Number.NEGATIVE_INFINITY;
    return this.#inFlight < MAX_ALONE ? this.#lastSentAtMs + ALONE_MS : Number.POSITIVE_INFINITY;
  }

  #slotsOf({ limit, remaining }: RateLimitWindow): number {
    const reserved = limit - this.#allowanceOf(limit);
    return Math.max(0, remaining - reserved - this.#inFlight - this.#unaccounted);
  }

  #allowanceOf(limit: number): number {
    // 0.29 * 100 is 28.999999999999996.
    return Math.max(1, Math.floor(limit * this.#share + 1e-9));
  }
}
