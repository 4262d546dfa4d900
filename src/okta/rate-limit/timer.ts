import type { Clock } from '../../clock.js';

/** Fires once at the instant it is set to; setting it again replaces that instant. */
export class Timer {
  readonly #clock: Clock;
  readonly #onFire: () => void;
  #pending: { readonly atMs: number; readonly cancel: AbortController } | undefined;

  constructor(clock: Clock, onFire: () => void) {
    this.#clock = clock;
    this.#onFire = onFire;
  }

  /** @param atMs - local time; undefined for never, which leaves no timer behind. */
  set(atMs: number | undefined): void {
    if (this.#pending?.atMs === atMs) return;
    this.#pending?.cancel.abort();
    this.#pending = undefined;
    if (atMs === undefined) return;
    const pending = { atMs, cancel: new AbortController() };
    this.#pending = pending;
    this.#clock.sleep(atMs - this.#clock.now(), pending.cancel.signal).then(
      () => {
        if (this.#pending !== pending) return;
        this.#pending = undefined;
        this.#onFire();
      },
      () => {
        // Canceled.
      },
    );
  }
}
