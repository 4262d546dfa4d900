import type { RateLimitWindow } from './rate-limit-info.js';
import type { ServerClock } from './server-clock.js';

/** Okta's windows last one minute (Okta's rate limits). No header says so, thus no wait is longer than this. */
const MAX_WAIT_MS = 61_000;
/** After a 429 without a usable reset; doubles while they continue. */
const MIN_PAUSE_MS = 1000;
/** Resets are whole seconds; where they are rounded down, windows open up to a second late. */
const MAX_DELAY_MS = 1000;
const DELAY_STEP_MS = 250;

/** When a request was sent. */
export interface SentAt {
  readonly atMs: number;
  /** Lower bound of the server's time, as known then. */
  readonly serverMs: number;
}

/** A bucket's windows, for estimating how long a run will take. */
export interface WindowView {
  /** Requests that this client may send per window, by its share. */
  readonly allowance: number;
  /** Requests of that allowance that may still go into the current window. */
  readonly available: number;
  /** When the next window opens. */
  readonly opensAtMs: number;
}

/** A window, and when a response first reported it. */
interface ObservedWindow extends RateLimitWindow {
  readonly sinceMs: number;
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
  readonly #serverClock: ServerClock;
  #window: ObservedWindow | undefined;
  /** Requests without a response yet: the last reported `remaining` may not include them. */
  #inFlight = 0;
  #lastSentAtMs = Number.NEGATIVE_INFINITY;
  /** Requests that ended without saying whether they were counted: assumed counted until a later request succeeds. */
  #unaccounted = 0;
  #unaccountedAtMs = 0;
  /** Whether a response ever lacked the three headers: then only 429s and the concurrency limit apply. */
  #hasNoHeaders = false;
  /** Whether a window was seen to open when expected. Until then a single request goes first into each new one. */
  #opensOnTime = false;
  /** How long after its reset a window really opens, learned from requests sent after the reset. */
  #openDelayMs = 0;
  /** After a 429 without a usable reset: nothing is sent before this instant, and then one request goes first. */
  #closedUntilMs = 0;
  #backoffMs = 0;

  constructor(share: number, serverClock: ServerClock) {
    this.#share = share;
    this.#serverClock = serverClock;
  }

  /** Requests that may be sent now. Infinity when the org sends no headers. */
  availableSlots(nowMs: number): number {
    if (nowMs < this.#closedUntilMs) return 0;
    if (this.#backoffMs > 0) return this.#singleSlotSince(this.#closedUntilMs);
    if (this.#window === undefined) {
      return this.#hasNoHeaders ? Number.POSITIVE_INFINITY : this.#singleSlotSince(Number.NEGATIVE_INFINITY);
    }
    const { limit, remaining } = this.#window;
    const nextOpensAtMs = this.#nextOpensAtMs(this.#window);
    if (nowMs < nextOpensAtMs) return this.#slotsOf(remaining, limit);
    const single = this.#singleSlotSince(nextOpensAtMs);
    return this.#opensOnTime ? Math.max(single, this.#slotsOf(limit, limit)) : single;
  }

  /** When a bucket without slots opens again; undefined when only the response to a request in flight can open it. */
  opensAtMs(nowMs: number): number | undefined {
    if (nowMs < this.#closedUntilMs) return this.#closedUntilMs;
    if (this.#backoffMs > 0 || this.#window === undefined) return undefined;
    const nextOpensAtMs = this.#nextOpensAtMs(this.#window);
    return nowMs < nextOpensAtMs ? nextOpensAtMs : undefined;
  }

  /** Requests per window, as last reported; undefined before the first response. */
  get limit(): number | undefined {
    return this.#window?.limit;
  }

  /** Undefined while no limit is known. */
  view(nowMs: number): WindowView | undefined {
    if (this.#window === undefined) return undefined;
    return {
      allowance: this.#allowanceOf(this.#window.limit),
      available: this.availableSlots(nowMs),
      opensAtMs: this.#nextOpensAtMs(this.#window),
    };
  }

  /** The current window's reset, by the server's clock; undefined when no window is known to be open. */
  currentResetAtMs(nowMs: number): number | undefined {
    if (this.#backoffMs > 0 || this.#window === undefined) return undefined;
    return nowMs < this.#nextOpensAtMs(this.#window) ? this.#window.resetAtMs : undefined;
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
    if (window === undefined && this.#window && this.#wasOverWhenSent(this.#window, sent)) {
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
    window: RateLimitWindow | undefined,
    retryAfterMs: number | undefined,
    sent: SentAt,
    nowMs: number,
  ): void {
    this.#inFlight -= 1;
    if (window !== undefined) {
      // It describes a window that is over by now, but was not when the request was sent.
      if (!this.#wasOverWhenSent(window, sent) && this.#overAtMs(window) <= nowMs) return;
      if (this.#observe({ ...window, remaining: 0 }, sent, nowMs) && this.#overAtMs(window) > nowMs) {
        this.#backoffMs = 0;
        return;
      }
    }
    // Requests in flight together are rejected together: that counts once.
    if (nowMs < this.#closedUntilMs) return;
    this.#backoffMs = Math.min(Math.max(this.#backoffMs * 2, MIN_PAUSE_MS), MAX_WAIT_MS);
    const untilResetMs = window === undefined ? 0 : this.#overAtMs(window) - nowMs;
    const pauseMs = retryAfterMs ?? (untilResetMs > 0 ? untilResetMs : this.#backoffMs);
    this.#closedUntilMs = nowMs + Math.min(Math.max(pauseMs, MIN_PAUSE_MS), MAX_WAIT_MS);
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
    const known = this.#window;
    const isNewer = known !== undefined && window.resetAtMs > known.resetAtMs;
    // No window lasts this long: the server's clock was set back, or a reset was nonsense.
    const isExpired = known !== undefined && nowMs >= known.sinceMs + MAX_WAIT_MS;
    if (known === undefined || isNewer || isExpired) {
      if (isNewer && this.#wasOverWhenSent(known, sent)) this.#opensOnTime = true;
      const { limit, remaining, resetAtMs } = window;
      this.#window = { limit, remaining, resetAtMs, sinceMs: nowMs };
      return true;
    }
    if (window.resetAtMs < known.resetAtMs) return false;
    const { limit, resetAtMs } = window;
    const remaining = Math.min(window.remaining, known.remaining);
    this.#window = { limit, remaining, resetAtMs, sinceMs: known.sinceMs };
    if (this.#wasOverWhenSent(window, sent) && sent.serverMs < resetAtMs + MAX_DELAY_MS) {
      // Sent after its reset, and still counted in the old window.
      this.#openDelayMs = Math.min(this.#openDelayMs + DELAY_STEP_MS, MAX_DELAY_MS);
      this.#opensOnTime = false;
    }
    return true;
  }

  /**
   * Whether a response was counted in an earlier window. Rounding alone makes the resets of one window differ by a
   * second, and what counts as the current window may be wrong after a nonsensical reset.
   */
  #isPastWindow(window: RateLimitWindow | undefined, nowMs: number): boolean {
    if (window === undefined || this.#window === undefined) return false;
    const isEarlier = window.resetAtMs < this.#window.resetAtMs - MAX_DELAY_MS;
    return isEarlier && this.#overAtMs(window) <= nowMs;
  }

  /** Whether the window was over, as far as known then, when the request was sent. */
  #wasOverWhenSent({ resetAtMs }: RateLimitWindow, sent: SentAt): boolean {
    return sent.serverMs >= resetAtMs + this.#openDelayMs;
  }

  #nextOpensAtMs(window: ObservedWindow): number {
    const overAtMs = this.#overAtMs(window);
    const latestMs = window.sinceMs + MAX_WAIT_MS;
    // Without a Date header the clocks may be minutes apart; a reset in the past then says nothing.
    const isUsable = this.#serverClock.isKnown || overAtMs > window.sinceMs;
    return isUsable ? Math.min(overAtMs, latestMs) : latestMs;
  }

  #overAtMs({ resetAtMs }: RateLimitWindow): number {
    return this.#serverClock.localTimeWhenReached(resetAtMs) + this.#openDelayMs;
  }

  /** The slot of a request that goes alone; requests sent before the instant do not delay it. */
  #singleSlotSince(atMs: number): number {
    return this.#inFlight === 0 || this.#lastSentAtMs < atMs ? 1 : 0;
  }

  #slotsOf(remaining: number, limit: number): number {
    const reserved = limit - this.#allowanceOf(limit);
    return Math.max(0, remaining - reserved - this.#inFlight - this.#unaccounted);
  }

  #allowanceOf(limit: number): number {
    // 0.29 * 100 is 28.999999999999996.
    return Math.max(1, Math.floor(limit * this.#share + 1e-9));
  }
}
