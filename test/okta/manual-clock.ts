import { setImmediate as afterMicrotasks } from 'node:timers/promises';

import type { Clock } from '../../src/clock.js';

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. Those who sleep wake in the order of their alarms. */
export class ManualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(nowMs = Date.UTC(2026, 2, 2, 12, 45)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        atMs: this.#nowMs + Math.max(ms, 0),
        order: (this.#order += 1),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass, with everything that happens meanwhile. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await afterMicrotasks();
    while ((this.#next()?.atMs ?? Number.POSITIVE_INFINITY) <= untilMs) await this.#wakeNext();
    this.#nowMs = untilMs;
  }

  /** Lets time pass until the promise settles. @throws when everybody waits and nobody sleeps. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    await afterMicrotasks();
    while (!state.isSettled) {
      if (this.#next() === undefined) throw new Error('Everybody waits and nobody sleeps: a deadlock.');
      await this.#wakeNext();
    }
    return promise;
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (
        next === undefined ||
        sleeper.atMs < next.atMs ||
        (sleeper.atMs === next.atMs && sleeper.order < next.order)
      ) {
        next = sleeper;
      }
    }
    return next;
  }

  async #wakeNext(): Promise<void> {
    const next = this.#next();
    if (next === undefined) return;
    this.#sleepers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.wake();
    await afterMicrotasks();
  }
}
