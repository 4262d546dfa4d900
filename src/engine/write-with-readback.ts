import { MAX_ATTEMPTS, backoffMs, reactionTo } from '../okta/http/retry.js';
import type { User } from '../okta/types.js';

import type { ApplyContext } from './apply-context.js';
import { toReportedError } from './row-error.js';
import { JournalError } from '../journal/journal.js';
import { inDoubt, notAttempted, type RowResult, type RowOutcome } from '../rows/outcome.js';
import type { Operation } from '../rows/operation.js';
import { messageOf } from '../text.js';

/** What is needed to do something to users that a run left. */
export type WriteContext = Pick<ApplyContext, 'client' | 'journal' | 'clock' | 'random' | 'cancellation'>;

/** What is next for a user: nothing, or one write, which may be the last. */
export type NextStep =
  | { readonly result: RowResult }
  | { readonly write: () => Promise<RowResult | undefined> };

/**
 * Works on one user until it has an ending, journaled.
 *
 * The user is read before every write, so that a write whose answer was lost is never taken for one that failed, and a
 * repetition after a crash goes on where it was.
 *
 * @param next - decides, from the user as the org has it now; undefined when there is none.
 * @param deed - what is done to the user, for words about a write whose outcome is unknown.
 */
export async function writeWithReadback(
  operation: Exclude<Operation, { kind: 'create' }>,
  context: WriteContext,
  {
    next,
    action,
  }: { readonly next: (user: User | undefined, writes: number) => NextStep; readonly action: string },
): Promise<RowOutcome> {
  const { clock, journal, cancellation } = context;
  const { row, login } = operation;
  const startedAtMs = clock.now();
  const { result, writes } = await writeUntilDone(operation, context, next, action);
  const durationMs = Math.round(clock.now() - startedAtMs);
  const outcome = { row: row.row, line: row.line, login, attempts: writes, durationMs, ...result };
  await journal.recordOutcome(outcome).catch((error: unknown) => {
    if (!(error instanceof JournalError)) throw error;
    cancellation.fail(error);
  });
  return outcome;
}

async function writeUntilDone(
  operation: Exclude<Operation, { kind: 'create' }>,
  { client, clock, journal, random, cancellation }: WriteContext,
  next: (user: User | undefined, writes: number) => NextStep,
  action: string,
): Promise<{ readonly result: RowResult; readonly writes: number }> {
  const { row, login, oktaId } = operation;
  const unfinishedResult = (reason: string): RowResult =>
    writes === 0 ? notAttempted(row, login, cancellation.stopReason()) : inDoubt(reason, action);
  let writes = 0;
  for (let failures = 0; ;) {
    try {
      if (cancellation.isAborted) return { result: unfinishedResult(cancellation.stopReason()), writes };
      const step = next(await client.getUser(oktaId, { signal: cancellation.signal }), writes);
      if ('result' in step) return { result: step.result, writes };
      if (writes === 0) {
        await journal.recordAttempt(operation, client.governor.serverClock.earliest(clock.now()));
      }
      writes += 1;
      const result = await step.write();
      if (result !== undefined) return { result, writes };
    } catch (error) {
      if (error instanceof JournalError) {
        cancellation.fail(error);
        return { result: unfinishedResult(error.message), writes };
      }
      if (cancellation.isCauseOf(error)) continue;
      const reaction = reactionTo(error, true);
      failures += 1;
      if (reaction.kind === 'stop') {
        cancellation.fail(error);
        return { result: unfinishedResult(messageOf(error)), writes };
      }
      if (reaction.kind === 'rejected' || failures >= MAX_ATTEMPTS) {
        return { result: { status: 'failed', error: toReportedError(error, () => undefined) }, writes };
      }
      await clock.sleep(backoffMs(failures, random()), cancellation.signal).catch(() => {
        // The run is being stopped: the loop sees it.
      });
    }
  }
}
