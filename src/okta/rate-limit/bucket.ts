import type { ServerClock } from './server-clock.js';
import type { RateLimitWindow } from './rate-limit-headers.js';

/** Okta's windows are a minute long (Rate limits, "Model"); no header says so, thus nobody waits longer than this. */
const LONGEST_WAIT_MS = 61_000;
/** After a 429 that does not say when to come back; doubles while they go on. */
const LEAST_PAUSE_MS = 1000;
/** Resets are whole seconds; where they are rounded down, windows open up to a second late. */
const MOST_LATE_MS = 1000;
const LATE_STEP_MS = 250;

/**
 * Which bucket of Okta's a request counts against (Rate limits, "Endpoint → bucket map"). Only used to keep apart what
 * is counted apart: how large a bucket is comes from the headers alone.
 *
 * @param path - with or without a query.
 */
export function bucketOf(method: string, path: string): string {
  const [, , , area, id, rest] = path.replace(/\?.*/s, '').split('/');
  if (area === 'users') {
    if (id === undefined || rest !== undefined) return '/api/v1/users';
    return method === 'GET' ? 'GET /api/v1/users/{id}' : '/api/v1/users/{id}';
  }
  if (area === 'groups') {
    return id === undefined || rest !== undefined ? '/api/v1/groups' : '/api/v1/groups/{id}';
  }
  return '/api/v1';
}

/** When a request was sent. */
export interface SentAt {
  readonly atMs: number;
  /** By the org's clock, as far as it was known then: the least that it can have been. */
  readonly orgMs: number;
}

/** A bucket's windows, for whoever reckons how long a run will take. */
export interface WindowView {
  /** Requests that we may send a window, at our share. */
  readonly allowance: number;
  /** Those of them that may still go into the present window. */
  readonly available: number;
  /** When the next window opens. */
  readonly opensAtMs: number;
}

/** A window of the bucket, as answers tell of it. */
interface HeardWindow {
  readonly state: RateLimitWindow;
  /** When an answer first told of it. */
  readonly sinceMs: number;
}

/**
 * One bucket's window as far as answers have told, and how many requests we may send into it. Pure state: the governor
 * does the waiting. Instants are epoch milliseconds of our clock, except `resetAtMs`, which is the org's.
 *
 * Our share is a share of the whole: when others use up their part of the window and more, we stop earlier, so that
 * the part of the limit outside our share is never touched by us.
 */
export class Bucket {
  readonly #share: number;
  readonly #serverClock: ServerClock;
  #window: HeardWindow | undefined;
  /** Sent and not yet answered: the `remaining` last heard may not have counted them. */
  #inFlight = 0;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  /** Ended without an answer that says whether they were counted: taken as counted until a later request is answered. */
  #uncounted = 0;
  #uncountedAtMs = 0;
  /** Whether the org has ever answered without the three headers: then only 429s and the concurrency limit hold us. */
  #hasNoHeaders = false;
  /** Whether a window was seen to open when we thought it would. Until then each new one is tried with one request. */
  #opensOnTime = false;
  /** How long after its reset a window really opens, learned from answers to requests sent after the reset. */
  #lateMs = 0;
  /** A 429 without a usable reset: nobody sends before this instant, and then one request goes first. */
  #closedUntilMs = 0;
  #barePauseMs = 0;

  constructor(share: number, serverClock: ServerClock) {
    this.#share = share;
    this.#serverClock = serverClock;
  }

  /** Requests that may be sent now. Infinity when the org sends no headers. */
  places(nowMs: number): number {
    if (nowMs < this.#closedUntilMs) return 0;
    if (this.#barePauseMs > 0) return this.#oneSince(this.#closedUntilMs);
    if (this.#window === undefined) {
      return this.#hasNoHeaders ? Number.POSITIVE_INFINITY : this.#oneSince(Number.NEGATIVE_INFINITY);
    }
    const { limit, remaining } = this.#window.state;
    const opensAgainAtMs = this.#opensAgainAtMs(this.#window);
    if (nowMs < opensAgainAtMs) return this.#ours(remaining, limit);
    const one = this.#oneSince(opensAgainAtMs);
    return this.#opensOnTime ? Math.max(one, this.#ours(limit, limit)) : one;
  }

  /** When a bucket without places opens again; undefined when only the answer to a request under way can open it. */
  opensAtMs(nowMs: number): number | undefined {
    if (nowMs < this.#closedUntilMs) return this.#closedUntilMs;
    if (this.#barePauseMs > 0 || this.#window === undefined) return undefined;
    const opensAgainAtMs = this.#opensAgainAtMs(this.#window);
    return nowMs < opensAgainAtMs ? opensAgainAtMs : undefined;
  }

  /** Requests a window, as last heard; undefined before the first answer. */
  get limit(): number | undefined {
    return this.#window?.state.limit;
  }

  /** How the bucket's windows look to us; undefined while no limit is known. */
  view(nowMs: number): WindowView | undefined {
    if (this.#window === undefined) return undefined;
    const { limit } = this.#window.state;
    return {
      allowance: this.#ourPart(limit),
      available: this.places(nowMs),
      opensAtMs: this.#opensAgainAtMs(this.#window),
    };
  }

  /** The reset, by the org's clock, until which `places` are what is left of a window; undefined when they are not. */
  lastUntilMs(nowMs: number): number | undefined {
    if (this.#barePauseMs > 0 || this.#window === undefined) return undefined;
    return nowMs < this.#opensAgainAtMs(this.#window) ? this.#window.state.resetAtMs : undefined;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  take(nowMs: number): void {
    this.#inFlight += 1;
    this.#takenAtMs = nowMs;
  }

  /** The request never left this machine. */
  giveBack(): void {
    this.#inFlight -= 1;
  }

  /** No answer of the org's came, but the request may have been counted. */
  lost(nowMs: number): void {
    this.#inFlight -= 1;
    this.#uncounted += 1;
    this.#uncountedAtMs = nowMs;
  }

  /** An answer of the org's other than a 429. */
  answered(state: RateLimitWindow | undefined, sent: SentAt, nowMs: number): void {
    if (sent.atMs >= this.#closedUntilMs) this.#barePauseMs = 0;
    if (state === undefined) this.#hasNoHeaders = true;
    // The headers have ceased: what they last said is of a window that is over.
    if (state === undefined && this.#window && this.#wasReached(this.#window.state, sent)) {
      this.#window = undefined;
    }
    const isHeard = state !== undefined && this.#hear(state, sent, nowMs);
    if (!isHeard && !this.#isOfPastWindow(state, nowMs)) {
      this.lost(nowMs);
      return;
    }
    this.#inFlight -= 1;
    if (isHeard && sent.atMs > this.#uncountedAtMs) this.#uncounted = 0;
  }

  /**
   * A 429 that is not the concurrency limit's.
   *
   * @param retryAfterMs - how long the answer asks us to wait, if it says.
   */
  refused(
    state: RateLimitWindow | undefined,
    retryAfterMs: number | undefined,
    sent: SentAt,
    nowMs: number,
  ): void {
    this.#inFlight -= 1;
    if (state !== undefined) {
      // Of a window that is over by now, as was to be expected when it was sent.
      if (!this.#wasReached(state, sent) && this.#reachedAtMs(state) <= nowMs) return;
      if (this.#hear({ ...state, remaining: 0 }, sent, nowMs) && this.#reachedAtMs(state) > nowMs) {
        this.#barePauseMs = 0;
        return;
      }
    }
    // Requests that were under way together are refused together: that is one piece of news.
    if (nowMs < this.#closedUntilMs) return;
    this.#barePauseMs = Math.min(Math.max(this.#barePauseMs * 2, LEAST_PAUSE_MS), LONGEST_WAIT_MS);
    const statedMs = state === undefined ? 0 : this.#reachedAtMs(state) - nowMs;
    const pauseMs = retryAfterMs ?? (statedMs > 0 ? statedMs : this.#barePauseMs);
    this.#closedUntilMs = nowMs + Math.min(Math.max(pauseMs, LEAST_PAUSE_MS), LONGEST_WAIT_MS);
  }

  /** The concurrency limit's 429: its headers say nothing of the bucket, and it takes nothing from it. */
  refusedForConcurrency(): void {
    this.#inFlight -= 1;
  }

  /**
   * Answers arrive in any order: a later reset is a newer window; within a window the least remaining is the truth.
   *
   * @returns whether the state is that of the newest window.
   */
  #hear(state: RateLimitWindow, sent: SentAt, nowMs: number): boolean {
    const window = this.#window;
    const isNewer = window !== undefined && state.resetAtMs > window.state.resetAtMs;
    // No window lasts so long: the org's clock was set back, or a reset was nonsense.
    const isOutlived = window !== undefined && nowMs >= window.sinceMs + LONGEST_WAIT_MS;
    if (window === undefined || isNewer || isOutlived) {
      if (isNewer && this.#wasReached(window.state, sent)) this.#opensOnTime = true;
      this.#window = { state, sinceMs: nowMs };
      return true;
    }
    if (state.resetAtMs < window.state.resetAtMs) return false;
    const remaining = Math.min(state.remaining, window.state.remaining);
    const { limit, resetAtMs } = state;
    this.#window = { state: { limit, remaining, resetAtMs }, sinceMs: window.sinceMs };
    if (this.#wasReached(state, sent) && sent.orgMs < state.resetAtMs + MOST_LATE_MS) {
      // Sent after its reset, and the window was still the old one.
      this.#lateMs = Math.min(this.#lateMs + LATE_STEP_MS, MOST_LATE_MS);
      this.#opensOnTime = false;
    }
    return true;
  }

  /**
   * Whether it was counted, and not in the present window. Rounding alone makes the resets of a window differ by a second; and what we
   * take for the present window may be another, if an answer told of a reset that was nonsense.
   */
  #isOfPastWindow(state: RateLimitWindow | undefined, nowMs: number): boolean {
    if (state === undefined || this.#window === undefined) return false;
    const isEarlier = state.resetAtMs < this.#window.state.resetAtMs - MOST_LATE_MS;
    return isEarlier && this.#reachedAtMs(state) <= nowMs;
  }

  /** Whether the window was over, as far as we knew, when the request was sent. */
  #wasReached(state: RateLimitWindow, sent: SentAt): boolean {
    return sent.orgMs >= state.resetAtMs + this.#lateMs;
  }

  #opensAgainAtMs({ state, sinceMs }: HeardWindow): number {
    const reachedAtMs = this.#reachedAtMs(state);
    const atTheLatestMs = sinceMs + LONGEST_WAIT_MS;
    // Without a Date header our clocks may be minutes apart; a reset in the past then says nothing.
    const isUsable = this.#serverClock.isKnown || reachedAtMs > sinceMs;
    return isUsable ? Math.min(reachedAtMs, atTheLatestMs) : atTheLatestMs;
  }

  #reachedAtMs(state: RateLimitWindow): number {
    return this.#serverClock.localTimeWhenReached(state.resetAtMs) + this.#lateMs;
  }

  /** The place of the one request that goes first; those that went before the instant do not hold it up. */
  #oneSince(atMs: number): number {
    return this.#inFlight === 0 || this.#takenAtMs < atMs ? 1 : 0;
  }

  #ours(remaining: number, limit: number): number {
    return Math.max(0, remaining - (limit - this.#ourPart(limit)) - this.#inFlight - this.#uncounted);
  }

  #ourPart(limit: number): number {
    // 0.29 * 100 is 28.999999999999996.
    return Math.max(1, Math.floor(limit * this.#share + 1e-9));
  }
}
