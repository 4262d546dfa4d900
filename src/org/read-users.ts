import type { Clock } from '../clock.js';
import type { ListUsersQuery, OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

import { isListingFailure } from './broken-listing.js';
import { UserReader } from './user-reader.js';

/** A user of the org; `user` is undefined when it does not exist any more. */
export interface FoundUser {
  readonly oktaId: string;
  readonly user: User | undefined;
}

const USERS_PER_PAGE = 200;
/** The expression must fit into a URL, and into the Link header that repeats it (`E0000256`). */
const IDS_PER_REQUEST = 50;
/** Up to this number of requests, the users are read without asking how large the org is. */
const FEW_REQUESTS = 4;
/** After so many users whom neither a listing nor a read has, the rest is not read: the search index does not lag behind. */
const MAX_CONFIRMED = 50;
const READS_AT_ONCE = 10;

/**
 * Reads many users by ID with few requests: fifty per search, or by pages of the whole org if those are fewer. Yields every ID once,
 * in any order. Where listings fail, users are read one by one.
 *
 * @throws what the client throws.
 */
export async function* readUsers(
  ids: Iterable<string>,
  {
    client,
    clock,
    signal,
  }: {
    readonly client: OktaClient;
    readonly clock: Pick<Clock, 'sleep'>;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<FoundUser> {
  const reader = new UserReader({ client, clock });
  let canList = true;
  // A user whom neither a search nor a read finds is gone; one whom only a read does not find may exist.
  const readOne = (oktaId: string): Promise<User | undefined> =>
    canList ? client.getUser(oktaId, { signal }) : reader.read(oktaId, signal);
  const remaining = new Set(ids);
  const listed = async function* (query: ListUsersQuery): AsyncGenerator<FoundUser> {
    if (!canList) return;
    try {
      const users = client.listUsers({ ...query, pageSize: USERS_PER_PAGE }, { signal, isOptional: true });
      for await (const user of users) {
        if (remaining.delete(user.id)) yield { oktaId: user.id, user };
      }
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
      canList = false;
    }
  };
  if (await isListingCheaper(remaining.size, client, signal)) yield* listed({});
  // Deactivated users are in no page of the org.
  for (const batch of batches(remaining, IDS_PER_REQUEST)) {
    yield* listed({ search: batch.map((id) => `id eq "${id}"`).join(' or ') });
  }
  let confirmed = 0;
  for (const batch of batches(remaining, READS_AT_ONCE)) {
    const isRead = !canList || confirmed < MAX_CONFIRMED;
    const read = async (oktaId: string): Promise<FoundUser> => ({
      oktaId,
      user: isRead ? await readOne(oktaId) : undefined,
    });
    const found = await Promise.all(batch.map(read));
    confirmed += found.filter(({ user }) => user === undefined).length;
    yield* found;
  }
}

async function isListingCheaper(users: number, client: OktaClient, signal: AbortSignal): Promise<boolean> {
  const searches = Math.ceil(users / IDS_PER_REQUEST);
  if (searches <= FEW_REQUESTS) return false;
  const inOrg = await client.countUsers({ signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return undefined;
  });
  return inOrg !== undefined && Math.ceil(inOrg / USERS_PER_PAGE) < searches;
}

/** As the items are when the iteration begins. */
function* batches<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  const all = [...items];
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
