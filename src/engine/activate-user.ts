import type { Clock } from '../clock.js';
import type { User } from '../okta/types.js';

import type { PastRun } from '../journal/reader.js';
import { writtenChangeOf, type RowResult, type RowOutcome } from '../rows/outcome.js';
import type { ActivateOperation, Planned } from '../rows/operation.js';
import { writeWithReadback, type NextStep, type WriteContext } from './write-with-readback.js';
import type { Cancellation } from '../rows/cancellation.js';

/** `activated` has a resolution of one second, and two of Okta's hosts need not agree to the second. */
const ACTIVATED_TOLERANCE_MS = 2000;

/** The users that a run created staged, in file order. */
export function* stagedUsers(past: PastRun): Generator<ActivateOperation> {
  for (let row = 1; row <= past.description.file.records; row += 1) {
    const outcome = past.outcomeOf(row);
    const change = outcome && writtenChangeOf(outcome);
    if (outcome === undefined || change?.status !== 'created' || change.userStatus !== 'STAGED') continue;
    const { line, login } = outcome;
    yield { kind: 'activate', row: { row, line, cells: [] }, login: login ?? '', oktaId: change.oktaId };
  }
}

/** Lets at most so many operations a minute through, evenly: each may be a mail. */
export async function* paced(
  planned: Iterable<Planned<ActivateOperation>>,
  {
    perMinute,
    clock,
    cancellation,
  }: { readonly perMinute: number; readonly clock: Clock; readonly cancellation: Cancellation },
): AsyncGenerator<readonly Planned<ActivateOperation>[]> {
  let nextAtMs = clock.now();
  for (const item of planned) {
    if (item.kind === 'activate' && !cancellation.isAborted) {
      const waitMs = nextAtMs - clock.now();
      if (waitMs > 0) {
        await clock.sleep(waitMs, cancellation.signal).catch((error: unknown) => {
          // The run is being stopped: what is left is not attempted.
          if (!cancellation.isAborted) throw error;
        });
      }
      nextAtMs = Math.max(nextAtMs, clock.now()) + 60_000 / perMinute;
    }
    yield [item];
  }
}

export interface ActivateContext extends WriteContext {
  /** Whether Okta mails people the link with which they choose a password. */
  readonly sendEmail: boolean;
  /** When this activation began, by the org's clock, epoch milliseconds. */
  readonly sinceMs: number;
}

/** Activates one user, unless somebody did already. Nobody is mailed twice: Okta refuses to activate who is active. */
export async function activateStagedUser(
  operation: ActivateOperation,
  context: ActivateContext,
): Promise<RowOutcome> {
  const { client, cancellation, sendEmail, sinceMs } = context;
  const { oktaId } = operation;
  const next = (user: User | undefined, writes: number): NextStep => {
    if (user === undefined) return { result: failed('ERR_USER_GONE', 'The user is gone.') };
    const { status, activated } = user;
    switch (status) {
      case 'STAGED':
        return {
          write: async () => {
            await client.activateUser(oktaId, sendEmail, { signal: cancellation.signal });
            return { status: 'activated', oktaId };
          },
        };
      case 'DEPROVISIONED':
        return { result: failed('ERR_DEPROVISIONED', 'The user was deactivated since, and stays so.') };
      default: {
        // By us: in a try whose answer was lost, or before this activation was interrupted.
        const activatedByThisRun =
          writes > 0 || Date.parse(activated ?? '') >= sinceMs - ACTIVATED_TOLERANCE_MS;
        return {
          result: activatedByThisRun
            ? { status: 'activated', oktaId }
            : { status: 'unchanged', oktaId, userStatus: status },
        };
      }
    }
  };
  return writeWithReadback(operation, context, { next, action: 'activated' });
}

function failed(errorCode: string, message: string): RowResult {
  return { status: 'failed', error: { errorCode, message, requestId: undefined } };
}
