import type { Clock } from '../clock.js';
import type { ListUsersQuery, OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

import { isListingFailure } from './broken-listing.js';

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
const READS_AT_ONCE = 10;
/** Pauses between rounds of searches and reads for users who were not found. */
const PAUSES_MS = [250, 500, 1000, 2000];
/** The same once a later round has found a user, which shows that a single 404 proves little. */
const MORE_PAUSES_MS = [...PAUSES_MS, 500, 500, 500, 500, 500, 500];
/** If there are more users, not all are read in every round, unless one of the last two has found someone. */
const READ_OFTEN = 100;
/** Number of users missing from searches that are read, unless one of them turns out to exist: then all are. */
const SAMPLE = 8;

/**
 * Reads many users by ID with few requests: fifty per search, or by pages of the whole org if those are fewer. Yields every ID once,
 * in any order. Where listings fail, users are read one by one.
 *
 * Searches lag behind writes, and reads were seen to answer 404 and 200 in turn (okta-sdk-java#303): a user counts as gone only after
 * several rounds of searches and reads, the last of which found no one.
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
  let canList = true;
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
  const searched = async function* (): AsyncGenerator<FoundUser> {
    for (const batch of batches(remaining, IDS_PER_REQUEST)) {
      yield* listed({ search: batch.map((id) => `id eq "${id}"`).join(' or ') });
    }
  };
  const read = async function* (some: readonly string[]): AsyncGenerator<FoundUser> {
    for (const batch of batches(some, READS_AT_ONCE)) {
      const users = await Promise.all(batch.map((oktaId) => client.getUser(oktaId, { signal })));
      for (const [index, oktaId] of batch.entries()) {
        const user = users[index];
        if (user !== undefined && remaining.delete(oktaId)) yield { oktaId, user };
      }
    }
  };
  if (await isListingCheaper(remaining.size, client, signal)) yield* listed({});
  // Deactivated users are in no page of the org.
  yield* searched();
  /** Whether a later round has found a user. */
  let hasComeBack = false;
  let emptyRounds = 0;
  for (let round = 0; remaining.size > 0; round += 1) {
    const before = remaining.size;
    const isFirstLook = !canList && round === 0;
    // The search index catches up within seconds.
    if (round === 2 || round === 4 || (round === 1 && hasComeBack)) yield* searched();
    const isReadOften = remaining.size <= READ_OFTEN || emptyRounds < 2;
    const readsAll = (hasComeBack && isReadOften) || (!canList && round <= 1);
    yield* read(readsAll ? [...remaining] : sampleOf(remaining));
    const hasFound = remaining.size < before;
    if (hasFound && !isFirstLook) hasComeBack = true;
    emptyRounds = hasFound ? 0 : emptyRounds + 1;
    const pauseMs = (hasComeBack ? MORE_PAUSES_MS : PAUSES_MS)[Math.max(0, emptyRounds - 1)];
    if (pauseMs === undefined) break;
    await clock.sleep(pauseMs, signal);
  }
  for (const oktaId of remaining) yield { oktaId, user: undefined };
}

/** Evenly spread, because the users created last are the ones that searches still miss. */
function sampleOf(ids: ReadonlySet<string>): readonly string[] {
  const all = [...ids];
  if (all.length <= SAMPLE) return all;
  const step = (all.length - 1) / (SAMPLE - 1);
  return Array.from({ length: SAMPLE }, (_, index) => all[Math.round(index * step)] ?? '');
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
