import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 120_000;

/**
 * Waits until something has happened, such as a request that a sandbox of this process has received. Looks every millisecond, so it must
 * stay true: a state that is only momentary can be missed.
 *
 * @throws {Error} after two minutes, which no machine is slow enough to need.
 */
export async function until(hasHappened: () => boolean): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!hasHappened()) {
    if (performance.now() > untilMs) throw new Error(`It has not happened: ${hasHappened.toString()}`);
    await delay(1);
  }
}
