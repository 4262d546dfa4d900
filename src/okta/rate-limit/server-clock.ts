/** How fast the bounds may drift apart between samples: two quartz clocks differ by less than this. */
const DRIFT_RATIO = 0.0001;

/** By so much the clocks of the org's hosts may differ, or a server's cached `Date` lag behind. More: a clock was set. */
const HOST_SKEW_MS = 250;

/** Below this, knowing the org's clock better would not show. */
const NARROW_ENOUGH_MS = 10;

/**
 * What we know of the org's clock, narrowed by every answer.
 *
 * `Date` has a resolution of one second, so one answer says only that at some moment between sending and receiving
 * the org's clock stood in [date, date + 1 s). Each answer bounds the offset of the two clocks from both sides; many
 * answers together leave little between the bounds (an interval intersection, as in Marzullo's algorithm).
 */
export class ServerClock {
  /** Org time minus ours lies in [lowest, highest], milliseconds. */
  #lowestMs = Number.NEGATIVE_INFINITY;
  #highestMs = Number.POSITIVE_INFINITY;
  #sampledAtMs = 0;
  #shortestRoundTripMs = Number.POSITIVE_INFINITY;

  /** @param dateMs - the answer's `Date`, epoch milliseconds; the other two are by our clock. */
  observe(dateMs: number, sentAtMs: number, receivedAtMs: number): void {
    const driftMs = Math.max(0, receivedAtMs - this.#sampledAtMs) * DRIFT_RATIO;
    const before = { lowestMs: this.#lowestMs - driftMs, highestMs: this.#highestMs + driftMs };
    const lowestMs = dateMs - receivedAtMs;
    const highestMs = dateMs + 1000 - sentAtMs;
    const contradictionMs = Math.max(lowestMs - before.highestMs, before.lowestMs - highestMs);
    if (contradictionMs > HOST_SKEW_MS) {
      // One of the clocks was set: what earlier answers said is void.
      this.#lowestMs = lowestMs;
      this.#highestMs = highestMs;
    } else {
      // Where the newest answer contradicts the earlier ones by a little, they give way as far as it demands.
      this.#lowestMs = Math.min(Math.max(before.lowestMs, lowestMs), highestMs);
      this.#highestMs = Math.max(Math.min(before.highestMs, highestMs), this.#lowestMs);
    }
    this.#sampledAtMs = receivedAtMs;
    this.#shortestRoundTripMs = Math.min(this.#shortestRoundTripMs, receivedAtMs - sentAtMs);
  }

  get isKnown(): boolean {
    return this.#lowestMs !== Number.NEGATIVE_INFINITY;
  }

  /** The org's time, at the least: never later than it really is, so that nobody wakes before a reset. Ours if unknown. */
  earliest(ourMs: number): number {
    return this.isKnown ? ourMs + this.#lowestMs : ourMs;
  }

  /** The org's time, at the most. */
  latest(ourMs: number): number {
    return this.isKnown ? ourMs + this.#highestMs : ourMs;
  }

  /** The middle of what is possible, for words and records. */
  estimate(ourMs: number): number {
    return (this.earliest(ourMs) + this.latest(ourMs)) / 2;
  }

  /** By our clock: when the org's clock has surely reached `orgMs`. */
  localTimeWhenReached(orgMs: number): number {
    return this.isKnown ? orgMs - this.#lowestMs : orgMs;
  }

  /** Whether more answers could narrow the bounds by much: no answer says more than its round trip allows. */
  get canBeNarrowed(): boolean {
    const widthMs = this.#highestMs - this.#lowestMs;
    return this.isKnown && widthMs > NARROW_ENOUGH_MS + 2 * this.#shortestRoundTripMs;
  }

  /**
   * By our clock: when to send the next of `requests` that may wait until the org's clock reaches `untilOrgMs`, so that
   * their answers' `Date`s tell us most; undefined when no moment before then would tell us anything.
   *
   * An answer is worth having while the org's clock may or may not have ticked over to its next second. The requests
   * are shared out among the ticks to come, and within one such stretch they are spread evenly.
   */
  nextProbeTime(ourMs: number, untilOrgMs: number, requests: number): number | undefined {
    const tickMs = (Math.floor(this.earliest(ourMs) / 1000) + 1) * 1000;
    const ticks = Math.ceil((untilOrgMs - tickMs) / 1000);
    if (ticks < 1 || requests < 1) return undefined;
    const opensAtMs = Math.max(tickMs - this.#highestMs, ourMs);
    const closesAtMs = this.localTimeWhenReached(tickMs);
    const momentMs = opensAtMs + (closesAtMs - opensAtMs) / (Math.ceil(requests / ticks) + 1);
    return this.latest(momentMs) < untilOrgMs ? momentMs : undefined;
  }
}
