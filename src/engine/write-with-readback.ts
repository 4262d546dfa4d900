import { MAX_ATTEMPTS, backoffMs, reactionTo } from '../okta/http/retry.js';
import type { User } from '../okta/types.js';

import type { ApplyContext } from './apply-context.js';
import { explain } from './row-error.js';
import { JournalError } from '../journal/journal.js';
import { inDoubt, notAttempted, type Ending, type Operation, type Outcome } from '../rows/outcome.js';
import { messageOf } from '../text.js';

/** What is needed to do something to users that a run left. */
export type WorkContext = Pick<ApplyContext, 'client' | 'journal' | 'clock' | 'random' | 'cancellation'>;

/** What is next for a user: nothing, or one write, which may be the last. */
export type Step = { readonly ending: Ending } | { readonly act: () => Promise<Ending | undefined> };

/**
 * Works on one user until it has an ending, journaled.
 *
 * The user is read before every write, so that a write whose answer was lost is never taken for one that failed, and a
 * repetition after a crash goes on where it was.
 *
 * @param next - decides, from the user as the org has it now; undefined when there is none.
 * @param deed - what is done to the user, for words about a write whose outcome is unknown.
 */
export async function workOn(
  operation: Exclude<Operation, { kind: 'create' }>,
  context: WorkContext,
  { next, deed }: { readonly next: (user: User | undefined, writes: number) => Step; readonly deed: string },
): Promise<Outcome> {
  const { clock, journal, cancellation } = context;
  const { row, login } = operation;
  const startedAtMs = clock.now();
  const { ending, writes } = await work(operation, context, next, deed);
  const durationMs = Math.round(clock.now() - startedAtMs);
  const outcome = { row: row.row, line: row.line, login, attempts: writes, durationMs, ...ending };
  await journal.recordOutcome(outcome).catch((error: unknown) => {
    if (!(error instanceof JournalError)) throw error;
    cancellation.fail(error);
  });
  return outcome;
}

async function work(
  operation: Exclude<Operation, { kind: 'create' }>,
  { client, clock, journal, random, cancellation }: WorkContext,
  next: (user: User | undefined, writes: number) => Step,
  deed: string,
): Promise<{ readonly ending: Ending; readonly writes: number }> {
  const { row, login, oktaId } = operation;
  const unfinished = (why: string): Ending =>
    writes === 0 ? notAttempted(row, login, cancellation.stopReason()) : inDoubt(why, deed);
  let writes = 0;
  for (let failures = 0; ;) {
    try {
      if (cancellation.isAborted) return { ending: unfinished(cancellation.stopReason()), writes };
      const step = next(await client.getUser(oktaId, { signal: cancellation.signal }), writes);
      if ('ending' in step) return { ending: step.ending, writes };
      if (writes === 0) {
        await journal.recordAttempt(operation, client.governor.serverClock.earliest(clock.now()));
      }
      writes += 1;
      const ending = await step.act();
      if (ending !== undefined) return { ending, writes };
    } catch (error) {
      if (error instanceof JournalError) {
        cancellation.fail(error);
        return { ending: unfinished(error.message), writes };
      }
      if (cancellation.isCauseOf(error)) continue;
      const reaction = reactionTo(error, true);
      failures += 1;
      if (reaction.kind === 'stop') {
        cancellation.fail(error);
        return { ending: unfinished(messageOf(error)), writes };
      }
      if (reaction.kind === 'refused' || failures >= MAX_ATTEMPTS) {
        return { ending: { status: 'failed', error: explain(error, () => undefined) }, writes };
      }
      await clock.sleep(backoffMs(failures, random()), cancellation.signal).catch(() => {
        // The run is being stopped: the loop sees it.
      });
    }
  }
}
