import { ServerClock } from '../okta/rate-limit/server-clock.js';

/**
 * The clock that stamps `created` on users, estimated from the creates that were answered.
 *
 * Until the first of them, the `Date` of responses has to do, which can be seconds ahead of `created`; in an org behind a
 * gateway that removes it, this machine's clock.
 */
export class CreatedClock {
  readonly #dates: ServerClock;
  /** `created` has a resolution of one second, as `Date` has. */
  readonly #answers = new ServerClock();

  /** @param dates - the clock of the `Date` header. */
  constructor(dates: ServerClock) {
    this.#dates = dates;
  }

  get isCalibrated(): boolean {
    return this.#answers.isKnown;
  }

  /**
   * Learns from a create that was answered.
   *
   * @param createdMs - `created` of the user; the other two are local time.
   * @returns after the first one: what to add to earlier times of this clock, milliseconds.
   */
  observe(createdMs: number, sentAtMs: number, receivedAtMs: number): number | undefined {
    if (Number.isNaN(createdMs)) return undefined;
    const earlier = this.isCalibrated ? undefined : this.earliest(receivedAtMs);
    this.#answers.observe(createdMs, sentAtMs, receivedAtMs);
    return earlier === undefined ? undefined : this.earliest(receivedAtMs) - earlier;
  }

  /** Lower bound of the clock's time at a local time. */
  earliest(localMs: number): number {
    return (this.isCalibrated ? this.#answers : this.#dates).earliest(localMs);
  }

  latest(localMs: number): number {
    return (this.isCalibrated ? this.#answers : this.#dates).latest(localMs);
  }
}
