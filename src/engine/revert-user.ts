import type { Profile, User } from '../okta/types.js';

import { isSameValue } from './profile-diff.js';
import type { Change, RowResult, RowOutcome } from '../rows/outcome.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import { profileDigest } from './profile-digest.js';
import { writeWithReadback, type NextStep, type WriteContext } from './write-with-readback.js';

export interface RevertContext extends WriteContext {
  /** Users as well whose profile was changed since. */
  readonly force: boolean;
}

/** What became of a user that a run left, as the org has it now. */
export type UserComparison =
  | { readonly kind: 'as-left'; readonly user: User }
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'gone' };

/** Compares a user with what the run left. */
export function compareWithRun(
  user: User | undefined,
  operation: RemoveOperation | RestoreOperation,
): UserComparison {
  if (user === undefined) return { kind: 'gone' };
  const isAsLeft =
    operation.kind === 'remove'
      ? profileDigest(user.profile) === operation.profileDigest
      : changesMadeSince(user.profile, operation.changes).length === 0;
  return { kind: isAsLeft ? 'as-left' : 'changed', user };
}

/** Takes back what a run did to one user. */
export async function revertUser(
  operation: RemoveOperation | RestoreOperation,
  context: RevertContext,
): Promise<RowOutcome> {
  return operation.kind === 'remove' ? remove(operation, context) : restore(operation, context);
}

/**
 * Deactivates and deletes a user that a run created, unless somebody changed its profile since (Users, "Delete a user":
 * the first DELETE deactivates, the second deletes).
 */
async function remove(operation: RemoveOperation, context: RevertContext): Promise<RowOutcome> {
  const { client, cancellation, force } = context;
  const { oktaId } = operation;
  const next = (user: User | undefined): NextStep => {
    const found = compareWithRun(user, operation);
    if (found.kind === 'gone') return { result: { status: 'removed', oktaId } };
    if (found.kind === 'changed' && !force) {
      const reason = 'Its profile was changed since; --force removes it all the same.';
      return { result: { status: 'kept', oktaId, userStatus: found.user.status, reason } };
    }
    return {
      write: async () => {
        await client.deleteUser(oktaId, { signal: cancellation.signal });
        return undefined;
      },
    };
  };
  return writeWithReadback(operation, context, { next, action: 'removed' });
}

/** Puts former values back where the run's own still stand, and takes the user out of the groups it was put into. */
async function restore(operation: RestoreOperation, context: RevertContext): Promise<RowOutcome> {
  const { client, cancellation, force } = context;
  const { oktaId, changes, joined } = operation;
  let hasLeftGroups = joined.length === 0;
  const next = (user: User | undefined): NextStep => {
    if (user === undefined) {
      const error = { errorCode: 'ERR_USER_GONE', message: 'The user is gone.', requestId: undefined };
      return { result: { status: 'failed', error } };
    }
    const held = force ? [] : changesMadeSince(user.profile, changes);
    const back = changes.filter(
      (change) => !held.includes(change) && !isSameValue(valueOf(user.profile, change), change.from),
    );
    if (back.length === 0 && hasLeftGroups) return { result: restored(operation, user, held) };
    return {
      write: async () => {
        if (back.length > 0) {
          const profile = Object.fromEntries(back.map(({ attribute, from }) => [attribute, from]));
          await client.updateProfile(oktaId, profile, { signal: cancellation.signal });
        }
        if (!hasLeftGroups) {
          for (const groupId of joined) {
            await client.removeFromGroup(groupId, oktaId, { signal: cancellation.signal });
          }
        }
        hasLeftGroups = true;
        return restored(operation, user, held);
      },
    };
  };
  return writeWithReadback(operation, context, { next, action: 'restored' });
}

function restored({ oktaId }: RestoreOperation, { status }: User, held: readonly Change[]): RowResult {
  if (held.length === 0) return { status: 'restored', oktaId };
  const names = held.map(({ attribute }) => attribute).join(', ');
  const reason = `Changed by somebody else since, and left so: ${names}; --force puts back the former values.`;
  return { status: 'kept', oktaId, userStatus: status, reason };
}

/** What somebody changed after the run did; who put the former value back did not. */
function changesMadeSince(profile: Profile, changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => {
    const value = valueOf(profile, change);
    return !isSameValue(value, change.to) && !isSameValue(value, change.from);
  });
}

function valueOf(profile: Profile, { attribute }: Change): Profile[string] {
  return profile[attribute] ?? null;
}
