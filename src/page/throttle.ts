const INTERVAL_MS = 250;

/** Calls a function at most four times a second, and once more after the last call. */
export class Throttle {
  readonly #call: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  constructor(call: () => void) {
    this.#call = call;
  }

  call(): void {
    if (this.#timer !== undefined) {
      this.#isDue = true;
      return;
    }
    this.#call();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#isDue) return;
      this.#isDue = false;
      this.call();
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
  }
}
