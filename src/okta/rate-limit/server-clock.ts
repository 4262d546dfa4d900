/** How fast the bounds may drift apart between samples: two quartz clocks differ by less than this. */
const DRIFT_RATIO = 0.0001;

/** How far the clocks of the org's hosts may differ, or a cached `Date` lag behind. A larger jump means a clock was set. */
const HOST_SKEW_MS = 250;

/** A better estimate than this would make no difference. */
const PRECISE_ENOUGH_MS = 10;

/**
 * An estimate of the org's clock, narrowed by every response.
 *
 * `Date` has a resolution of one second, so a response only says that at some moment between sending and receiving, the
 * server's clock was in [date, date + 1 s). Each response bounds the offset of the two clocks on both sides; many
 * responses together leave little between the bounds (an interval intersection, as in Marzullo's algorithm).
 */
export class ServerClock {
  /** Server time minus local time lies in [lowest, highest], milliseconds. */
  #lowestMs = Number.NEGATIVE_INFINITY;
  #highestMs = Number.POSITIVE_INFINITY;
  #sampledAtMs = 0;
  #shortestRoundTripMs = Number.POSITIVE_INFINITY;

  /** @param dateMs - the response's `Date`, epoch milliseconds; the other two are local time. */
  observe(dateMs: number, sentAtMs: number, receivedAtMs: number): void {
    const driftMs = Math.max(0, receivedAtMs - this.#sampledAtMs) * DRIFT_RATIO;
    const before = { lowestMs: this.#lowestMs - driftMs, highestMs: this.#highestMs + driftMs };
    const lowestMs = dateMs - receivedAtMs;
    const highestMs = dateMs + 1000 - sentAtMs;
    const contradictionMs = Math.max(lowestMs - before.highestMs, before.lowestMs - highestMs);
    if (contradictionMs > HOST_SKEW_MS) {
      // One of the clocks was set: earlier samples are void.
      this.#lowestMs = lowestMs;
      this.#highestMs = highestMs;
    } else {
      // Where the newest sample contradicts earlier ones by a little, those give way just far enough.
      this.#lowestMs = Math.min(Math.max(before.lowestMs, lowestMs), highestMs);
      this.#highestMs = Math.max(Math.min(before.highestMs, highestMs), this.#lowestMs);
    }
    this.#sampledAtMs = receivedAtMs;
    this.#shortestRoundTripMs = Math.min(this.#shortestRoundTripMs, receivedAtMs - sentAtMs);
  }

  get isKnown(): boolean {
    return this.#lowestMs !== Number.NEGATIVE_INFINITY;
  }

  /** Lower bound of the server's time: never later than it really is. The local time while nothing is known. */
  earliest(localMs: number): number {
    return this.isKnown ? localMs + this.#lowestMs : localMs;
  }

  /** Upper bound of the server's time. */
  latest(localMs: number): number {
    return this.isKnown ? localMs + this.#highestMs : localMs;
  }

  /** The middle between the bounds, for display. */
  estimate(localMs: number): number {
    return (this.earliest(localMs) + this.latest(localMs)) / 2;
  }

  /** The local time at which the server's clock has certainly reached `serverMs`. */
  localTimeWhenReached(serverMs: number): number {
    return this.isKnown ? serverMs - this.#lowestMs : serverMs;
  }

  /** Whether more samples could narrow the bounds noticeably; no sample is more precise than its round trip. */
  get canBeNarrowed(): boolean {
    const widthMs = this.#highestMs - this.#lowestMs;
    return this.isKnown && widthMs > PRECISE_ENOUGH_MS + 2 * this.#shortestRoundTripMs;
  }

  /**
   * When to send the next of `requests` that may wait until the server's clock reaches `untilServerMs`, so that the
   * `Date`s of their responses narrow the bounds most. Local time; undefined when no earlier moment would help.
   *
   * A response is informative while the server's clock may or may not have ticked over to its next second. The requests
   * are divided among the ticks to come, and spread evenly within the uncertain stretch around each.
   */
  nextProbeTime(localMs: number, untilServerMs: number, requests: number): number | undefined {
    const tickMs = (Math.floor(this.earliest(localMs) / 1000) + 1) * 1000;
    const ticks = Math.ceil((untilServerMs - tickMs) / 1000);
    if (ticks < 1 || requests < 1) return undefined;
    const opensAtMs = Math.max(tickMs - this.#highestMs, localMs);
    const closesAtMs = this.localTimeWhenReached(tickMs);
    const probeAtMs = opensAtMs + (closesAtMs - opensAtMs) / (Math.ceil(requests / ticks) + 1);
    return this.latest(probeAtMs) < untilServerMs ? probeAtMs : undefined;
  }
}
