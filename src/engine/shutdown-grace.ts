import type { Clock } from '../clock.js';

/** How long a run that is being stopped still tries to find out what came of a write. */
export const SETTLE_GRACE_MS = 10_000;

/**
 * Lets something go on for a while after the run was told to stop: what should still be found out, but not at any
 * price.
 *
 * @param act - gets a signal that aborts, with the stop's own reason, `graceMs` after the stop.
 */
export async function withGrace<T>(
  {
    signal,
    graceMs,
    clock,
  }: { readonly signal: AbortSignal; readonly graceMs: number; readonly clock: Clock },
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const over = new AbortController();
  const begin = (): void => {
    clock.sleep(graceMs, over.signal).then(
      () => late.abort(signal.reason),
      () => {
        // It was over before.
      },
    );
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  try {
    return await act(late.signal);
  } finally {
    signal.removeEventListener('abort', begin);
    over.abort();
  }
}
