import { Cancellation } from '../rows/cancellation.js';

import type { CommandContext } from './command-context.js';

/** A cancellation that the first SIGINT or SIGTERM aborts. */
export function cancelOnInterrupt(context: CommandContext): Cancellation {
  const cancellation = new Cancellation();
  context.onInterrupt((signal) => cancellation.abort({ kind: 'interrupted', signal }));
  return cancellation;
}

/** The same for a run, which finishes the rows in progress first. */
export function cancelRunOnInterrupt(
  context: CommandContext,
  { quiet }: { readonly quiet: boolean },
): Cancellation {
  const cancellation = cancelOnInterrupt(context);
  context.onInterrupt((signal) => {
    const lines = [
      '',
      'Finishing requests in flight. Press Ctrl-C again to quit now; you can resume either way.',
    ];
    context.terminal.log('run.interrupted', { signal }, quiet ? [] : lines);
  });
  return cancellation;
}
