import type { Profile, ProfileValue } from '../okta/types.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import type { Change, Lack } from '../rows/outcome.js';

import type { ReadUser } from './follow-up-write.js';
import { isSameValue } from './profile-diff.js';
import { profileDigest } from './profile-digest.js';

/** How a user in the org compares with what a run left. */
export type UserComparison =
  | { readonly kind: 'as-left'; readonly user: ReadUser }
  | { readonly kind: 'changed'; readonly user: ReadUser }
  | { readonly kind: 'gone' };

/** @param user - undefined when it does not exist. */
export function compareWithRun(
  user: ReadUser | undefined,
  operation: RemoveOperation | RestoreOperation,
  { formerCounts = false }: { readonly formerCounts?: boolean } = {},
): UserComparison {
  if (user === undefined) return { kind: 'gone' };
  const isAsLeft =
    operation.kind === 'remove'
      ? profileDigest(user.profile) === operation.profileDigest && !isFinishedSince(user, operation.lacks)
      : changedSince(user.profile, operation.changes, formerCounts).length === 0;
  return { kind: isAsLeft ? 'as-left' : 'changed', user };
}

/** Whether a user that a run left unfinished was finished since, by another run or an admin. */
export function isFinishedSince({ status, credentials }: ReadUser, lacks: Lack | undefined): boolean {
  if (lacks === undefined) return false;
  const isStaged = status === 'STAGED' || status === 'DEPROVISIONED';
  return !isStaged || (lacks === 'credentials' && credentials?.password !== undefined);
}

/** Those of a run's changes whose attribute was changed again. @param formerCounts - also back to its former value. */
export function changedSince(
  profile: Profile,
  changes: readonly Change[],
  formerCounts = false,
): readonly Change[] {
  return changes.filter((change) => {
    const value = currentValue(profile, change);
    return !isSameValue(value, change.to) && (formerCounts || !isSameValue(value, change.from));
  });
}

/** The value of the attribute that a change is about. */
export function currentValue(profile: Profile, { attribute }: Change): ProfileValue {
  return profile[attribute] ?? null;
}
