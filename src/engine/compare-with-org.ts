import { DigestTable } from '../digest-table.js';
import type { OktaClient } from '../okta/client.js';
import type { User, UserStatus } from '../okta/types.js';
import { isListingFailure } from '../org/broken-listing.js';
import { searchUsersById, USERS_PER_SEARCH } from '../org/search-by-id.js';
import type { UserReader } from '../org/user-reader.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';

import { compareWithRun, type UserComparison } from './compare-with-run.js';
import { RowNumbers } from './merged-rows.js';

type RevertOperation = RemoveOperation | RestoreOperation;

/** What a run did, by row. */
export interface RevertOperations {
  /** In the order in which they are to be compared; a new iteration at each call. */
  readonly all: () => Iterable<RevertOperation>;
  readonly ofRow: (row: number) => RevertOperation | undefined;
}

/** A comparison; of a user whom a listing has as the run left it, only the status is kept. */
export type OrgComparison =
  | Exclude<UserComparison, { kind: 'as-left' }>
  | { readonly kind: 'as-left'; readonly user: Pick<User, 'status'> };

export interface CompareOptions {
  readonly client: Pick<OktaClient, 'listUsers' | 'countUsers'>;
  readonly reader: UserReader;
  readonly signal: AbortSignal;
  /** Rows whose users were changed a moment ago: listings and searches may show them as they were before. */
  readonly changedLately?: ReadonlySet<number> | undefined;
  /** Whether a user whose values are those before the run has changed; an undo has nothing to do for it. */
  readonly formerCounts?: boolean | undefined;
}

const USERS_PER_PAGE = 200;
/** From so many users on, pages of the org's users can take fewer requests than searches for theirs. */
const MANY_USERS = 4 * USERS_PER_PAGE;
/** How many users are compared at a time, if nearly all of them were listed. */
const MAX_BATCH = 5000;

/** What a listing shows of a row's user; 0 if it has not listed the user. */
const CHANGED = 1;
/** From here on: as the run left it, in the status of that index. */
const AS_LEFT = 2;
const LISTED_STATUSES: readonly UserStatus[] = [
  'ACTIVE',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'PROVISIONED',
  'RECOVERY',
  'STAGED',
  'SUSPENDED',
];

/**
 * Compares many users with few requests: with a listing of the org, if that takes fewer than searches, and those that it
 * lacks by searches. Users whom neither has as the run left them are also read by ID, since both lag behind; all of them
 * are, if the org can be neither listed nor searched.
 *
 * @throws what the client throws.
 */
export async function* compareWithOrg(
  operations: RevertOperations,
  options: CompareOptions,
): AsyncGenerator<{ readonly operation: RevertOperation; readonly found: OrgComparison }> {
  const { client, reader, signal, changedLately } = options;
  const how = { formerCounts: options.formerCounts === true };
  const listed = await compareWithListing(operations, options);
  let canSearch = true;
  for (const batch of batches(operations.all(), listed)) {
    const users = new Map<string, User>();
    try {
      const unlisted = batch.filter(({ row }) => listed.get(row.row) === 0);
      if (canSearch && unlisted.length > 0) {
        const ids = unlisted.map(({ oktaId }) => oktaId);
        for await (const user of searchUsersById(client, ids, signal)) users.set(user.id, user);
      }
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
      canSearch = false;
    }
    const read = async (operation: RevertOperation): Promise<OrgComparison> => {
      if (changedLately?.has(operation.row.row) === true) {
        return compareWithRun(await reader.read(operation.oktaId, signal), operation, how);
      }
      const status = LISTED_STATUSES[listed.get(operation.row.row) - AS_LEFT];
      if (status !== undefined) return { kind: 'as-left', user: { status } };
      const searched = compareWithRun(users.get(operation.oktaId), operation, how);
      if (searched.kind === 'as-left') return searched;
      return compareWithRun(await reader.read(operation.oktaId, signal), operation, how);
    };
    const found = await Promise.all(batch.map(read));
    for (const [index, operation] of batch.entries()) yield { operation, found: found[index]! };
  }
}

/** Batches with as many users as one search can take, besides those that were listed. */
function* batches(operations: Iterable<RevertOperation>, listed: RowNumbers): Generator<RevertOperation[]> {
  let batch: RevertOperation[] = [];
  let unlisted = 0;
  for (const operation of operations) {
    batch.push(operation);
    if (listed.get(operation.row.row) === 0) unlisted += 1;
    if (unlisted < USERS_PER_SEARCH && batch.length < MAX_BATCH) continue;
    yield batch;
    batch = [];
    unlisted = 0;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Lists the users of the org, as long as that takes fewer requests than searches.
 *
 * @returns by row: whether the user was listed, and as the run left it. Deactivated users are never listed.
 */
async function compareWithListing(
  { all, ofRow }: RevertOperations,
  { client, signal, formerCounts = false }: CompareOptions,
): Promise<RowNumbers> {
  const listed = new RowNumbers();
  const rows = new DigestTable();
  let missing = 0;
  for (const { row, oktaId } of all()) {
    if (rows.setIfAbsent(oktaId, row.row) === undefined) missing += 1;
  }
  if (missing < MANY_USERS) return listed;
  const searches = Math.ceil(missing / USERS_PER_SEARCH);
  // An org in which the run created them has at least as many users.
  const freePages = Math.ceil(missing / USERS_PER_PAGE) + 1;
  let pages = 0;
  let users = 0;
  try {
    for await (const user of client.listUsers({ pageSize: USERS_PER_PAGE }, { signal, isOptional: true })) {
      if (users % USERS_PER_PAGE === 0) pages += 1;
      if (pages === freePages + 1 && users % USERS_PER_PAGE === 0) {
        const count = await client.countUsers({ signal });
        if (count === undefined || count / USERS_PER_PAGE >= searches) return listed;
      }
      users += 1;
      const row = rows.find(user.id);
      const operation = row === undefined ? undefined : ofRow(row);
      if (operation === undefined || row === undefined) continue;
      if (listed.get(row) === 0) missing -= 1;
      // One who is being deactivated may still be listed, as deactivated.
      const status = LISTED_STATUSES.indexOf(user.status);
      const isAsLeft = status >= 0 && compareWithRun(user, operation, { formerCounts }).kind === 'as-left';
      listed.set(row, isAsLeft ? AS_LEFT + status : CHANGED);
      if (missing === 0) return listed;
    }
  } catch (error) {
    if (signal.aborted || !isListingFailure(error)) throw error;
  }
  return listed;
}
