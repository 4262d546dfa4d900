import type { Profile, User } from '../okta/types.js';

import { isSameValue } from './profile-diff.js';
import type { Change, Ending, Outcome, RemoveOperation, RestoreOperation } from '../rows/outcome.js';
import { profileDigest } from './profile-digest.js';
import { workOn, type Step, type WorkContext } from './write-with-readback.js';

export interface TakeBackContext extends WorkContext {
  /** Users as well whose profile was changed since. */
  readonly force: boolean;
}

/** What became of a user that a run left, as the org has it now. */
export type Found =
  | { readonly kind: 'as-left'; readonly user: User }
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'gone' };

/** Compares a user with what the run left. */
export function compare(user: User | undefined, operation: RemoveOperation | RestoreOperation): Found {
  if (user === undefined) return { kind: 'gone' };
  const isAsLeft =
    operation.kind === 'remove'
      ? profileDigest(user.profile) === operation.profileDigest
      : heldChanges(user.profile, operation.changes).length === 0;
  return { kind: isAsLeft ? 'as-left' : 'changed', user };
}

/** Takes back what a run did to one user. */
export async function takeBack(
  operation: RemoveOperation | RestoreOperation,
  context: TakeBackContext,
): Promise<Outcome> {
  return operation.kind === 'remove' ? remove(operation, context) : restore(operation, context);
}

/**
 * Deactivates and deletes a user that a run created, unless somebody changed its profile since (Users, "Delete a user":
 * the first DELETE deactivates, the second deletes).
 */
async function remove(operation: RemoveOperation, context: TakeBackContext): Promise<Outcome> {
  const { client, cancellation, force } = context;
  const { oktaId } = operation;
  const next = (user: User | undefined): Step => {
    const found = compare(user, operation);
    if (found.kind === 'gone') return { ending: { status: 'removed', oktaId } };
    if (found.kind === 'changed' && !force) {
      const because = 'Its profile was changed since; --force removes it all the same.';
      return { ending: { status: 'kept', oktaId, userStatus: found.user.status, because } };
    }
    return {
      act: async () => {
        await client.deleteUser(oktaId, { signal: cancellation.signal });
        return undefined;
      },
    };
  };
  return workOn(operation, context, { next, deed: 'removed' });
}

/** Puts former values back where the run's own still stand, and takes the user out of the groups it was put into. */
async function restore(operation: RestoreOperation, context: TakeBackContext): Promise<Outcome> {
  const { client, cancellation, force } = context;
  const { oktaId, changes, joined } = operation;
  let hasLeft = joined.length === 0;
  const next = (user: User | undefined): Step => {
    if (user === undefined) {
      const error = { errorCode: 'ERR_USER_GONE', message: 'The user is gone.', requestId: undefined };
      return { ending: { status: 'failed', error } };
    }
    const held = force ? [] : heldChanges(user.profile, changes);
    const back = changes.filter(
      (change) => !held.includes(change) && !isSameValue(valueOf(user.profile, change), change.from),
    );
    if (back.length === 0 && hasLeft) return { ending: restored(operation, user, held) };
    return {
      act: async () => {
        if (back.length > 0) {
          const profile = Object.fromEntries(back.map(({ attribute, from }) => [attribute, from]));
          await client.updateProfile(oktaId, profile, { signal: cancellation.signal });
        }
        if (!hasLeft) {
          for (const groupId of joined) {
            await client.removeFromGroup(groupId, oktaId, { signal: cancellation.signal });
          }
        }
        hasLeft = true;
        return restored(operation, user, held);
      },
    };
  };
  return workOn(operation, context, { next, deed: 'restored' });
}

function restored({ oktaId }: RestoreOperation, { status }: User, held: readonly Change[]): Ending {
  if (held.length === 0) return { status: 'restored', oktaId };
  const names = held.map(({ attribute }) => attribute).join(', ');
  const because = `Changed by somebody else since, and left so: ${names}; --force puts back the former values.`;
  return { status: 'kept', oktaId, userStatus: status, because };
}

/** What somebody changed after the run did; who put the former value back did not. */
function heldChanges(profile: Profile, changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => {
    const value = valueOf(profile, change);
    return !isSameValue(value, change.to) && !isSameValue(value, change.from);
  });
}

function valueOf(profile: Profile, { attribute }: Change): Profile[string] {
  return profile[attribute] ?? null;
}
