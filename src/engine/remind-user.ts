import type { FirstDayLog } from '../journal/first-day-log.js';
import { reactionTo } from '../okta/http/failure-reaction.js';
import type { RemindOperation } from '../rows/operation.js';
import { failedWith, OUTCOME_UNKNOWN, type RowOutcome } from '../rows/outcome.js';
import { messageOf } from '../text.js';

import { writeWithReadback, type NextStep, type ReadUser, type WriteContext } from './follow-up-write.js';

/** How often Okta may refuse a reminder for a user whom reads show as waiting; they lag behind by moments. */
const MAX_REJECTIONS = 3;

/** After so many requests in a row without a response, the org is not asked any more: each has cost a person the reminder. */
const MAX_UNKNOWN = 3;

export interface RemindContext extends WriteContext {
  readonly log: Pick<FirstDayLog, 'record' | 'withdraw'>;
  /** When the run started, by the org's clock, epoch milliseconds. */
  readonly startedAtMs: number;
  /** Counts requests without a response since the last one that got one; shared by all users. */
  readonly unknown: { inRow: number };
}

/** Whether a user waits for the first sign-in, or for a new password, with a link that Okta can send again. */
export function isWaiting({ status }: Pick<ReadUser, 'status'>): boolean {
  return status === 'PROVISIONED' || status === 'RECOVERY';
}

/**
 * Sends one user the activation email again, at most once: a request without a response is not repeated, since the email may
 * be on its way.
 */
export async function remindUser(operation: RemindOperation, context: RemindContext): Promise<RowOutcome> {
  const { client, clock, log, startedAtMs, unknown, cancellation } = context;
  const { oktaId } = operation;
  /** The interval between two reminders is measured by the org's clock, whichever machine sends them. */
  const orgNowMs = (): number => client.governor.serverClock.earliest(clock.now());
  let rejections = 0;
  const next = (user: ReadUser | undefined): NextStep => {
    if (user === undefined) return { result: failedWith('ERR_USER_GONE', 'The user no longer exists.') };
    if (!isWaiting(user)) return { result: { status: 'unchanged', oktaId, userStatus: user.status } };
    return {
      write: async (signal) => {
        try {
          await log.record('reminder', oktaId, orgNowMs(), startedAtMs);
        } catch (error) {
          // Nobody is sent anything that would not be remembered.
          cancellation.fail(error);
          return { status: 'not-attempted', reason: cancellation.stopReason() };
        }
        try {
          await client.reactivateUser(oktaId, true, { signal });
          unknown.inRow = 0;
          return { status: 'reminded', oktaId };
        } catch (error) {
          const reaction = reactionTo(error, true);
          if (reaction.kind === 'in-doubt') {
            unknown.inRow += 1;
            if (reaction.isBlocked || unknown.inRow >= MAX_UNKNOWN) cancellation.fail(error);
            return failedWith(
              OUTCOME_UNKNOWN,
              `Unknown outcome: the email may have been sent, so it is not sent again now. ${messageOf(error)}`,
            );
          }
          await log.withdraw('reminder', oktaId, orgNowMs()).catch(cancellation.fail);
          // The run was stopped before the request was sent.
          if (cancellation.isCauseOf(error)) {
            return { status: 'not-attempted', reason: cancellation.stopReason() };
          }
          rejections += 1;
          if (reaction.kind !== 'rejected' || rejections >= MAX_REJECTIONS) throw error;
          // The user may have signed in meanwhile: the next read shows it.
          await client.backOff(rejections, { signal });
          return undefined;
        }
      },
    };
  };
  return writeWithReadback(operation, context, { next, action: 'reminded', writesOnce: true });
}
