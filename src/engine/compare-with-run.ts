import type { OktaClient } from '../okta/client.js';
import type { Profile, ProfileValue, User } from '../okta/types.js';
import { isListingFailure } from '../org/broken-listing.js';
import type { UserReader } from '../org/user-reader.js';
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
): UserComparison {
  if (user === undefined) return { kind: 'gone' };
  const isAsLeft =
    operation.kind === 'remove'
      ? profileDigest(user.profile) === operation.profileDigest && !isFinishedSince(user, operation.lacks)
      : changedSince(user.profile, operation.changes).length === 0;
  return { kind: isAsLeft ? 'as-left' : 'changed', user };
}

/** Whether a user that a run left unfinished was finished since, by another run or an admin. */
export function isFinishedSince({ status, credentials }: ReadUser, lacks: Lack | undefined): boolean {
  if (lacks === undefined) return false;
  const isStaged = status === 'STAGED' || status === 'DEPROVISIONED';
  return !isStaged || (lacks === 'credentials' && credentials?.password !== undefined);
}

/** Those of a run's changes whose attribute was changed again; an attribute with its former value does not count. */
export function changedSince(profile: Profile, changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => {
    const value = currentValue(profile, change);
    return !isSameValue(value, change.to) && !isSameValue(value, change.from);
  });
}

/** The value of the attribute that a change is about. */
export function currentValue(profile: Profile, { attribute }: Change): ProfileValue {
  return profile[attribute] ?? null;
}

export interface OrgComparison {
  readonly client: Pick<OktaClient, 'listUsers'>;
  readonly reader: UserReader;
  readonly signal: AbortSignal;
}

/** The expression must fit into a URL, and into the Link header that repeats it (`E0000256`). */
const IDS_PER_REQUEST = 50;

/**
 * Compares many users with few requests. Users that the search index does not have as the run left them are also read by
 * ID, since the index lags behind; all of them are, if the org cannot be searched.
 *
 * @throws what the client throws.
 */
export async function* compareWithOrg<O extends RemoveOperation | RestoreOperation>(
  operations: Iterable<O>,
  { client, reader, signal }: OrgComparison,
): AsyncGenerator<{ readonly operation: O; readonly found: UserComparison }> {
  let canSearch = true;
  for (const batch of batches(operations, IDS_PER_REQUEST)) {
    const users = new Map<string, User>();
    try {
      const search = batch.map(({ oktaId }) => `id eq "${oktaId}"`).join(' or ');
      const listing = canSearch
        ? client.listUsers({ search, pageSize: 200 }, { signal, isOptional: true })
        : [];
      for await (const user of listing) users.set(user.id, user);
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
      canSearch = false;
    }
    const read = async (operation: O): Promise<UserComparison> => {
      const listed = compareWithRun(users.get(operation.oktaId), operation);
      if (listed.kind === 'as-left') return listed;
      return compareWithRun(await reader.read(operation.oktaId, signal), operation);
    };
    const found = await Promise.all(batch.map(read));
    for (const [index, operation] of batch.entries()) yield { operation, found: found[index]! };
  }
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
