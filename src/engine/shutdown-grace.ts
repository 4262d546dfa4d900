import type { Clock } from '../clock.js';

/** How long a run that is being stopped still tries to find out what happened to a write. */
export const SETTLE_GRACE_MS = 10_000;

/**
 * Lets an action continue for a limited time after the run was stopped.
 *
 * @param options.graceMs - asked when `signal` aborts: milliseconds that the action still has.
 * @param act - gets a signal that aborts when that time is over, with the reason of `signal`.
 */
export async function withGrace<T>(
  {
    signal,
    graceMs,
    clock,
  }: { readonly signal: AbortSignal; readonly graceMs: () => number; readonly clock: Clock },
  act: (graceSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const grace = new AbortController();
  const done = new AbortController();
  const startGrace = (): void => {
    clock.sleep(graceMs(), done.signal).then(
      () => grace.abort(signal.reason),
      () => {
        // The action ended first.
      },
    );
  };
  if (signal.aborted) startGrace();
  else signal.addEventListener('abort', startGrace, { once: true });
  try {
    return await act(grace.signal);
  } finally {
    signal.removeEventListener('abort', startGrace);
    done.abort();
  }
}
