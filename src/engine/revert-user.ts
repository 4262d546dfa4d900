import type { UserStatus } from '../okta/types.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import {
  failedWith,
  type Change,
  type LifecycleChange,
  type LifecycleStep,
  type RowOutcome,
  type RowResult,
} from '../rows/outcome.js';

import { changedSince, compareWithRun, currentValue, isFinishedSince } from './compare-with-run.js';
import { isSameValue } from './profile-diff.js';
import { writeWithReadback, type NextStep, type ReadUser, type WriteContext } from './follow-up-write.js';

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
 * deactivates the user, the second deletes it (Users, "Delete a user"). When Okta has accepted both, the user counts as gone until
 * `confirmRemovals` looks; only when that is in doubt, it is read again.
 *
 * The user is read by ID before, not listed: a change of the last seconds may be in no listing yet, and a delete is final.
 */
async function remove(operation: RemoveOperation, context: RevertContext): Promise<RowOutcome> {
  const { client, force } = context;
  const { oktaId } = operation;
  let isDeactivated = false;
  let isDeleted = false;
  let timesMissing = 0;
  const next = (user: ReadUser | undefined): NextStep => {
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
        const wasDeactivated = isDeactivated;
        // If it fails, what it did is in doubt.
        isDeactivated = false;
        const existed = await client.deleteUser(oktaId, { signal });
        if (!existed) {
          // The user was just read: the host that responded may not know it yet.
          timesMissing += 1;
          await client.backOff(timesMissing, { signal });
          return undefined;
        }
        if (wasDeactivated) return { status: 'removed', oktaId };
        const { status, transitioningToStatus } = found.user;
        if (transitioningToStatus) return undefined;
        isDeleted ||= status === 'DEPROVISIONED';
        isDeactivated = !isDeleted;
        return isDeleted ? undefined : { user: { ...found.user, status: 'DEPROVISIONED' } };
      },
    };
  };
  return writeWithReadback(operation, context, {
    next,
    action: 'deleted',
    writesOnce: true,
    isDeleted: () => isDeleted,
  });
}

/** Restores former values, unless they were changed since, and the groups and the status that the user had. */
async function restore(operation: RestoreOperation, context: RevertContext): Promise<RowOutcome> {
  const { client, force } = context;
  const { oktaId, changes, joined, left = [], lifecycle } = operation;
  let hasFormerGroups = joined.length + left.length === 0;
  const next = (user: ReadUser | undefined): NextStep => {
    if (user === undefined) return { result: failedWith('ERR_USER_GONE', 'The user no longer exists.') };
    const kept = force ? [] : changedSince(user.profile, changes);
    const toRestore = changes.filter(
      (change) => !kept.includes(change) && !isSameValue(currentValue(user.profile, change), change.from),
    );
    const step = lifecycle && stepBack(lifecycle, user.status);
    if (toRestore.length === 0 && hasFormerGroups && step === undefined) {
      return { result: restored(operation, user, kept) };
    }
    return {
      write: async (signal) => {
        // A deactivated user can be changed only when it is active again, and a suspended one last.
        if (step === 'activate') await client.activateUser(oktaId, false, { signal });
        if (step === 'unsuspend') await client.changeStatus(oktaId, step, { signal });
        if (toRestore.length > 0) {
          const profile = Object.fromEntries(toRestore.map(({ attribute, from }) => [attribute, from]));
          await client.updateProfile(oktaId, profile, { signal });
        }
        if (!hasFormerGroups) {
          for (const groupId of joined) await client.removeFromGroup(groupId, oktaId, { signal });
          for (const groupId of left) await client.addToGroup(groupId, oktaId, { signal });
        }
        hasFormerGroups = true;
        if (step === 'suspend' || step === 'deactivate') await client.changeStatus(oktaId, step, { signal });
        return restored(operation, user, kept);
      },
    };
  };
  return writeWithReadback(operation, context, { next, action: 'restored' });
}

/**
 * What takes a status back; undefined when there is nothing to do, or when the user was given another status since. A user who
 * was activated cannot become staged again.
 */
export function stepBack({ step, from }: LifecycleChange, status: UserStatus): LifecycleStep | undefined {
  switch (step) {
    case 'suspend':
      return status === 'SUSPENDED' ? 'unsuspend' : undefined;
    case 'deactivate':
      return status === 'DEPROVISIONED' ? 'activate' : undefined;
    case 'unsuspend':
      return status === 'ACTIVE' ? 'suspend' : undefined;
    case 'activate':
      return from === 'DEPROVISIONED' && status !== 'DEPROVISIONED' ? 'deactivate' : undefined;
    default:
      return step satisfies never;
  }
}

function restored({ oktaId }: RestoreOperation, { status }: ReadUser, kept: readonly Change[]): RowResult {
  if (kept.length === 0) return { status: 'restored', oktaId };
  const names = kept.map(({ attribute }) => attribute).join(', ');
  const reason = `Changed after the run and therefore not restored: ${names}. Use --force to restore all former values.`;
  return { status: 'kept', oktaId, userStatus: status, reason };
}
