import type { RateLimitWindow } from './rate-limit-info.js';
import type { ServerClock } from './server-clock.js';

/** Okta's windows last one minute (Okta's rate limits). No header says so, thus no wait is longer than this. */
export const MAX_WAIT_MS = 61_000;
const MAX_WINDOW_MS = 60_000;
/**
 * How long after its reset a window may really open: resets are whole seconds, possibly rounded down, and the hosts behind
 * the two headers may have different clocks. Each 429 that shows it leads to the next of these.
 */
const OPEN_DELAYS_MS = [0, 350, 1000, 3000, 10_000];
/** Without a `Date`: where in the time in which the window may end to try next, by the number of 429s so far. */
const TRIES = [1 / 12, 1 / 24, 1 / 3];

/** How far a reset may be from the end of its window: it is in whole seconds. */
export const ROUNDING_MS = 1000;

/** Resets and `Date` headers that differ by more than this come from unrelated clocks. */
const TOLERANCE_MS = 10_000;

/** Responses that are still under way may have been counted in the window too. */
const MIN_STEP_MS = 1000;

/** When a request was sent. */
export interface SentAt {
  readonly atMs: number;
  /** Lower bound of the server's time, as known then. */
  readonly serverMs: number;
}

/** A window, and when a response first reported it. */
export interface ObservedWindow extends RateLimitWindow {
  readonly sinceMs: number;
}

/**
 * When the windows of one bucket end, in local time, learned from the responses.
 *
 * With `Date` headers, that is when the server's clock reaches the reset. Without them, or if the resets contradict them,
 * resets alone bound the difference of the clocks: a request that was counted in a window came before its reset, and no
 * window is longer than a minute. The local clock is tried first, if it lies within the bounds, and no more than three tries
 * are too early.
 */
export class WindowEnd {
  readonly #serverClock: ServerClock;
  #delayIndex = 0;
  /** The clock of the resets minus the local one lies in [lowest, highest], milliseconds. */
  #lowestMs = Number.NEGATIVE_INFINITY;
  #highestMs = Number.POSITIVE_INFINITY;
  /** No window is longer. */
  #longestMs = MAX_WINDOW_MS;
  #earlyTries = 0;
  /** Once a window has followed another one, waiting as long again is certainly enough, and earlier tries are up to this. */
  #mostEarlyTries: number | undefined;

  constructor(serverClock: ServerClock) {
    this.#serverClock = serverClock;
  }

  /** When requests will be counted in the next window, as far as known. */
  atMs({ resetAtMs, sinceMs }: RateLimitWindow & { readonly sinceMs?: number }): number {
    const latestMs = sinceMs === undefined ? Number.POSITIVE_INFINITY : sinceMs + MAX_WAIT_MS;
    if (this.usesDate) {
      return Math.min(this.#serverClock.localTimeWhenReached(resetAtMs) + this.#delayMs, latestMs);
    }
    const longestMs = sinceMs === undefined ? latestMs : sinceMs + this.#longestMs + ROUNDING_MS;
    return this.#guessMs(resetAtMs, Math.min(resetAtMs - this.#lowestMs, longestMs));
  }

  /** Whether the window was over, as far as known then, when the request was sent. */
  wasBefore(sent: SentAt, window: RateLimitWindow & { readonly sinceMs?: number }): boolean {
    return this.usesDate ? sent.serverMs >= window.resetAtMs + this.#delayMs : sent.atMs >= this.atMs(window);
  }

  /** Whether the reset fits the `Date` headers, or the earlier resets if those do not fit them. */
  isPlausible(window: RateLimitWindow, sent: SentAt, nowMs: number): boolean {
    const known = this.usesDate ? this.#dateBounds : this.#resetBounds;
    return areClose(boundsOf(window, MAX_WINDOW_MS, sent, nowMs), known);
  }

  /** The clock of the resets was set. */
  forgetResets(): void {
    this.#lowestMs = Number.NEGATIVE_INFINITY;
    this.#highestMs = Number.POSITIVE_INFINITY;
  }

  /** A response was counted in the window, which is the known one or follows it. */
  observe(window: RateLimitWindow, known: ObservedWindow | undefined, sent: SentAt, nowMs: number): void {
    const isSame = window.resetAtMs === known?.resetAtMs;
    const wasEarly = isSame && this.wasBefore(sent, known);
    if (this.usesDate) {
      // Sent after its reset, and still counted in the old window.
      const isDelay = wasEarly && sent.serverMs < window.resetAtMs + (OPEN_DELAYS_MS.at(-1) ?? 0);
      if (isDelay && this.#delayIndex < OPEN_DELAYS_MS.length - 1) this.#delayIndex += 1;
    } else if (wasEarly) {
      this.#earlyTries += 1;
    }
    let { lowestMs, highestMs } = boundsOf(window, this.#longestMs, sent, nowMs);
    if (known !== undefined && window.resetAtMs > known.resetAtMs) {
      this.#longestMs = Math.min(this.#longestMs, window.resetAtMs - known.resetAtMs + ROUNDING_MS);
      this.#mostEarlyTries ??= this.#earlyTries === 0 ? 1 : TRIES.length;
      // The earlier window is over, perhaps since just before its reset, which may be rounded up.
      lowestMs = Math.max(lowestMs, known.resetAtMs - ROUNDING_MS - nowMs);
    }
    // If the newest response contradicts earlier ones, it wins.
    this.#lowestMs = Math.min(Math.max(this.#lowestMs, lowestMs), highestMs);
    this.#highestMs = Math.max(Math.min(this.#highestMs, highestMs), this.#lowestMs);
  }

  /** Whether `Date` headers are known and come from the clock of the resets. */
  get usesDate(): boolean {
    return this.#serverClock.isKnown && areClose(this.#resetBounds, this.#dateBounds);
  }

  get #resetBounds(): OffsetBounds {
    return { lowestMs: this.#lowestMs, highestMs: this.#highestMs };
  }

  get #dateBounds(): OffsetBounds {
    return { lowestMs: this.#serverClock.earliest(0), highestMs: this.#serverClock.latest(0) };
  }

  get #delayMs(): number {
    return OPEN_DELAYS_MS[this.#delayIndex] ?? 0;
  }

  #guessMs(resetAtMs: number, latestMs: number): number {
    const earliestMs = resetAtMs - this.#highestMs;
    const isLocalPossible = resetAtMs >= earliestMs && resetAtMs <= latestMs;
    if (this.#mostEarlyTries === undefined && this.#earlyTries === 0 && isLocalPossible) return resetAtMs;
    const tryAtMs = earliestMs + (latestMs - earliestMs) * this.#partToTry();
    return Math.min(Math.max(tryAtMs, earliestMs + MIN_STEP_MS), latestMs);
  }

  #partToTry(): number {
    if (this.#mostEarlyTries === undefined) return TRIES[this.#earlyTries] ?? 1;
    return this.#earlyTries < this.#mostEarlyTries ? 1 / 2 : 1;
  }
}

/** Of a server's clock minus the local one, milliseconds. */
interface OffsetBounds {
  readonly lowestMs: number;
  readonly highestMs: number;
}

/** What a response says about the clock of the resets: the window had not ended yet, and had begun when it arrived. */
function boundsOf(
  { resetAtMs }: RateLimitWindow,
  longestMs: number,
  sent: SentAt,
  nowMs: number,
): OffsetBounds {
  return { lowestMs: resetAtMs - longestMs - ROUNDING_MS - nowMs, highestMs: resetAtMs - sent.atMs };
}

function areClose(one: OffsetBounds, other: OffsetBounds): boolean {
  return one.lowestMs <= other.highestMs + TOLERANCE_MS && other.lowestMs <= one.highestMs + TOLERANCE_MS;
}
