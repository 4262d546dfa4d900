/** How fast the bounds may drift apart between samples: two quartz clocks differ by less than this. */
const DRIFT_RATIO = 0.0001;

/** Below this, knowing the org's clock better would not show. */
const NARROW_ENOUGH_MS = 20;

/**
 * What we know of the org's clock, narrowed by every answer.
 *
 * `Date` has a resolution of one second, so one answer says only that at some moment between sending and receiving
 * the org's clock stood in [date, date + 1 s). Each answer bounds the offset of the two clocks from both sides; many
 * answers together leave little between the bounds (an interval intersection, as in Marzullo's algorithm).
 */
export class OrgClock {
  /** Org time minus ours lies in [lowest, highest], milliseconds. */
  #lowestMs = Number.NEGATIVE_INFINITY;
  #highestMs = Number.POSITIVE_INFINITY;
  #sampledAtMs = 0;
  #shortestRoundTripMs = Number.POSITIVE_INFINITY;

  /** @param dateMs - the answer's `Date`, epoch milliseconds; the other two are by our clock. */
  observe(dateMs: number, sentAtMs: number, receivedAtMs: number): void {
    const lowest = dateMs - receivedAtMs;
    const highest = dateMs + 1000 - sentAtMs;
    const drift = (receivedAtMs - this.#sampledAtMs) * DRIFT_RATIO;
    this.#lowestMs = Math.max(this.#lowestMs - drift, lowest);
    this.#highestMs = Math.min(this.#highestMs + drift, highest);
    // The clocks contradict each other: one of them was set. Only the newest answer counts then.
    if (this.#lowestMs > this.#highestMs) {
      this.#lowestMs = lowest;
      this.#highestMs = highest;
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
    return this.isKnown ? ourMs + (this.#lowestMs + this.#highestMs) / 2 : ourMs;
  }

  /** Whether more answers could narrow the bounds by much: no answer says more than its round trip allows. */
  get canBeNarrowed(): boolean {
    return (
      this.isKnown && this.#highestMs - this.#lowestMs > NARROW_ENOUGH_MS + 2 * this.#shortestRoundTripMs
    );
  }

  /** By our clock: when the org's clock has surely reached `orgMs`. */
  surelyReachedAt(orgMs: number): number {
    return this.isKnown ? orgMs - this.#lowestMs : orgMs;
  }

  /**
   * By our clock: the next moment at which an answer's `Date` would tell us most. Answers are worth asking for while
   * the org's clock may or may not have ticked over to its next second; within that stretch they are spread evenly.
   *
   * @param parts - into how many parts the uncertain stretch is cut.
   */
  nextTellingMoment(ourMs: number, parts: number): number {
    if (!this.isKnown) return ourMs;
    const tick = Math.ceil((ourMs + this.#lowestMs + 1) / 1000) * 1000;
    const opensAtMs = tick - this.#highestMs;
    return Math.max(opensAtMs, ourMs) + (this.#highestMs - this.#lowestMs) / parts;
  }
}
