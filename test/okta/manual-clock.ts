import { setImmediate as afterMicrotasks } from 'node:timers/promises';

import type { Clock } from '../../src/clock.js';

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Time that only passes when a test advances it. Sleepers wake in order of their times. */
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

  /** The number of sleepers. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Advances the time, waking sleepers on the way. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await afterMicrotasks();
    while ((this.#next()?.atMs ?? Number.POSITIVE_INFINITY) <= untilMs) await this.#wakeNext();
    this.#nowMs = untilMs;
  }

  /** Advances the time until the promise settles. @throws when nothing is left to wake. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    await afterMicrotasks();
    while (!state.isSettled) {
      if (this.#next() === undefined) throw new Error('Deadlock: the promise is pending and nothing sleeps.');
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
