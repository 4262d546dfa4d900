/** Wakes everyone who waits for a change. Unlike `Promise.race`, it leaves no handlers on long-lived promises. */
export class ChangeSignal {
  #listeners: (() => void)[] = [];

  notify(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const wake of listeners) wake();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve));
  }
}
