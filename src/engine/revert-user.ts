import type { User } from '../okta/types.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import { failedWith, type Change, type RowOutcome, type RowResult } from '../rows/outcome.js';

import { changedSince, compareWithRun, currentValue, isFinishedSince } from './compare-with-run.js';
import { isSameValue } from './profile-diff.js';
import { writeWithReadback, type NextStep, type WriteContext } from './follow-up-write.js';

export interface RevertContext extends WriteContext {
  /** Also revert users that were changed after the run. */
  readonly force: boolean;
}

/** Reverts what a run did to one user. */
export async function revertUser(
  operation: RemoveOperation | RestoreOperation,
  context: RevertContext,
): Promise<RowOutcome> {
  return operation.kind === 'remove' ? remove(operation, context) : restore(operation, context);
}

/**
 * Deactivates and deletes a user that a run created, unless its profile was changed since. Two writes: the first DELETE
 * deactivates the user, the second deletes it (Users, "Delete a user").
 */
async function remove(operation: RemoveOperation, context: RevertContext): Promise<RowOutcome> {
  const { client, force } = context;
  const { oktaId } = operation;
  let isDeleted = false;
  const next = (user: User | undefined): NextStep => {
    const found = compareWithRun(user, operation);
    if (found.kind === 'gone') return { result: { status: 'removed', oktaId } };
    if (found.kind === 'changed' && !force) {
      const what = isFinishedSince(found.user, operation.lacks)
        ? 'The user was finished after the run.'
        : 'The profile was changed after the run.';
      const reason = `${what} Use --force to delete the user anyway.`;
      return { result: { status: 'kept', oktaId, userStatus: found.user.status, reason } };
    }
    return {
      write: async (signal) => {
        const existed = await client.deleteUser(oktaId, { signal });
        const { status, transitioningToStatus } = found.user;
        isDeleted ||= existed && status === 'DEPROVISIONED' && !transitioningToStatus;
        return undefined;
      },
    };
  };
  return writeWithReadback(operation, context, { next, action: 'deleted', isDeleted: () => isDeleted });
}

/** Restores former values, unless they were changed since, and removes the user from the groups that it joined. */
async function restore(operation: RestoreOperation, context: RevertContext): Promise<RowOutcome> {
  const { client, force } = context;
  const { oktaId, changes, joined } = operation;
  let hasLeftGroups = joined.length === 0;
  const next = (user: User | undefined): NextStep => {
    if (user === undefined) return { result: failedWith('ERR_USER_GONE', 'The user no longer exists.') };
    const kept = force ? [] : changedSince(user.profile, changes);
    const toRestore = changes.filter(
      (change) => !kept.includes(change) && !isSameValue(currentValue(user.profile, change), change.from),
    );
    if (toRestore.length === 0 && hasLeftGroups) return { result: restored(operation, user, kept) };
    return {
      write: async (signal) => {
        if (toRestore.length > 0) {
          const profile = Object.fromEntries(toRestore.map(({ attribute, from }) => [attribute, from]));
          await client.updateProfile(oktaId, profile, { signal });
        }
        if (!hasLeftGroups) {
          for (const groupId of joined) await client.removeFromGroup(groupId, oktaId, { signal });
        }
        hasLeftGroups = true;
        return restored(operation, user, kept);
      },
    };
  };
  return writeWithReadback(operation, context, { next, action: 'restored' });
}

function restored({ oktaId }: RestoreOperation, { status }: User, kept: readonly Change[]): RowResult {
  if (kept.length === 0) return { status: 'restored', oktaId };
  const names = kept.map(({ attribute }) => attribute).join(', ');
  const reason = `Changed after the run and therefore not restored: ${names}. Use --force to restore all former values.`;
  return { status: 'kept', oktaId, userStatus: status, reason };
}
