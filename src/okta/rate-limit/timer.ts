import type { Clock } from '../../clock.js';

/** Rings once at the instant it is set to; setting it anew replaces what it was set to. */
export class Timer {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { readonly atMs: number; readonly cancel: AbortController } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param atMs - by our clock; undefined for never, which leaves no timer behind. */
  set(atMs: number | undefined): void {
    if (this.#set?.atMs === atMs) return;
    this.#set?.cancel.abort();
    this.#set = undefined;
    if (atMs === undefined) return;
    const set = { atMs, cancel: new AbortController() };
    this.#set = set;
    this.#clock.sleep(atMs - this.#clock.now(), set.cancel.signal).then(
      () => {
        if (this.#set !== set) return;
        this.#set = undefined;
        this.#ring();
      },
      () => {
        // Cancelled.
      },
    );
  }
}
