import type { Clock } from '../clock.js';
import type { PastRun } from '../journal/reader.js';
import type { ActivationLink } from '../okta/activation-link.js';
import { isAlreadyActive } from '../okta/errors.js';
import type { UsersAhead } from '../org/users-ahead.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { ActivateOperation, Planned, RemindOperation } from '../rows/operation.js';
import { failedWith, writtenChangeOf, type RowOutcome } from '../rows/outcome.js';
import { lineLabelOf } from '../rows/place.js';

import { writeWithReadback, type NextStep, type ReadUser, type WriteContext } from './follow-up-write.js';
import { announceLink, isLinkPending, keepLink, reissueLink, type LinkContext } from './keep-link.js';

/** `activated` has a resolution of one second, and the clocks of two Okta hosts may differ by a second. */
const ACTIVATED_TOLERANCE_MS = 2000;

/** How often Okta may say that a user is active whom reads show as staged; they lag behind by moments. */
const MAX_REJECTIONS = 4;

/** The users that a run created as staged, in file order. */
export function* stagedUsers(past: PastRun): Generator<ActivateOperation> {
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    const written = outcome && writtenChangeOf(outcome);
    if (outcome === undefined || written?.status !== 'created' || written.userStatus !== 'STAGED') continue;
    // Only with their credentials would they be as their rows want them.
    if (outcome.status === 'failed' && written.lacks === 'credentials') continue;
    const { line, login = '', startsOn } = outcome;
    const { oktaId } = written;
    yield {
      kind: 'activate',
      row: { row, line, lineLabel: lineLabelOf(past.description.file), cells: [] },
      login,
      oktaId,
      ...(startsOn !== undefined && { startsOn }),
    };
  }
}

/** Passes at most `perMinute` operations on per minute, evenly spaced: each may send an email. */
export async function* paced<O extends ActivateOperation | RemindOperation>(
  planned: Iterable<Planned<O>>,
  {
    perMinute,
    clock,
    cancellation,
  }: { readonly perMinute: number; readonly clock: Clock; readonly cancellation: Cancellation },
): AsyncGenerator<readonly Planned<O>[]> {
  let nextAtMs = clock.now();
  for (const item of planned) {
    if (item.kind !== 'decided' && !cancellation.isAborted) {
      const waitMs = nextAtMs - clock.now();
      if (waitMs > 0) {
        await clock.sleep(waitMs, cancellation.signal).catch((error: unknown) => {
          // The run is being stopped: the remaining rows are not attempted.
          if (!cancellation.isAborted) throw error;
        });
      }
      nextAtMs = Math.max(nextAtMs, clock.now()) + 60_000 / perMinute;
    }
    yield [item];
  }
}

export interface ActivateContext extends WriteContext, LinkContext {
  /** Whether Okta sends users the email with the link to choose a password. */
  readonly sendEmail: boolean;
  /** When this activation started, by the org's clock, epoch milliseconds. */
  readonly sinceMs: number;
  /** The users as they were listed a moment ago; undefined to read each. */
  readonly ahead?: Pick<UsersAhead, 'find'> | undefined;
}

/**
 * Activates one user, unless it is active already. Nobody gets two emails, since Okta rejects activating an active user: so it
 * does no harm if a user who is listed as staged has been activated by now. One who was deactivated since is brought back.
 */
export async function activateStagedUser(
  operation: ActivateOperation,
  context: ActivateContext,
): Promise<RowOutcome> {
  const { client, sendEmail, links, sinceMs, cancellation } = context;
  const { oktaId } = operation;
  let rejections = 0;
  const listed = await findStaged(oktaId, context);
  const next = (user: ReadUser | undefined, writes: number): NextStep => {
    if (user === undefined) return { result: failedWith('ERR_USER_GONE', 'The user no longer exists.') };
    const { status, activated } = user;
    switch (status) {
      case 'STAGED':
        return {
          write: async (signal) => {
            let link: ActivationLink | undefined;
            if (!(await announceLink(oktaId, context))) {
              return { status: 'not-attempted', reason: cancellation.stopReason() };
            }
            try {
              link = await client.activateUser(oktaId, sendEmail, { signal });
            } catch (error) {
              // One without a response may have activated the user.
              if (!isAlreadyActive(error)) throw error;
              rejections += 1;
              if (rejections >= MAX_REJECTIONS) throw error;
              // Somebody else, or a request that was sent twice, was faster: the next read shows the user as active.
              await client.backOff(rejections, { signal });
              return undefined;
            }
            const hasPassword = user.credentials?.password !== undefined;
            return keepLink(user, hasPassword ? undefined : link, operation, context);
          },
        };
      case 'DEPROVISIONED':
        return {
          result: failedWith(
            'ERR_DEPROVISIONED',
            'The user was deactivated after the run, and is not reactivated.',
          ),
        };
      default: {
        // By an attempt without a response, or before this activation was interrupted.
        const wasActivatedByThisRun =
          writes > rejections ||
          isLinkPending(oktaId, context) ||
          Date.parse(activated ?? '') >= sinceMs - ACTIVATED_TOLERANCE_MS;
        // Its link was issued, and lost before it was kept.
        if (links !== undefined && wasActivatedByThisRun && !links.has(oktaId)) {
          return {
            write: async (signal) => {
              const canReissue = status === 'PROVISIONED' || status === 'RECOVERY';
              const link = canReissue ? await reissueLink(oktaId, context, signal) : undefined;
              return keepLink(user, link, operation, context);
            },
          };
        }
        return {
          result: wasActivatedByThisRun
            ? { status: 'activated', oktaId }
            : { status: 'unchanged', oktaId, userStatus: status },
        };
      }
    }
  };
  return writeWithReadback(operation, context, {
    next,
    action: 'activated',
    writesOnce: true,
    known: listed,
  });
}

/** @returns undefined for a user who has to be read first: who is not staged, as far as is known. */
async function findStaged(
  oktaId: string,
  { ahead, cancellation: { signal } }: ActivateContext,
): Promise<ReadUser | undefined> {
  try {
    const user = await ahead?.find(oktaId, signal);
    return user?.status === 'STAGED' ? user : undefined;
  } catch {
    // The read that follows fails as well, and is reported.
    return undefined;
  }
}
