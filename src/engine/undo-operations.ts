import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

import type { PastRun } from '../journal/reader.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import { compareWithRun, type UserComparison } from './revert-user.js';

/** What would take back a run, newest first: exactly what its journal says was written. */
export function* undoOperations(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = past.description.file.records; row >= 1; row -= 1) yield* revertOperationsOf(row, past);
}

/** The same in file order, for whoever only looks. */
export function* undoOperationsInFileOrder(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = 1; row <= past.description.file.records; row += 1) yield* revertOperationsOf(row, past);
}

/** Whether an undo did what it was to do for a row: what was kept may go the next time, and what failed may succeed. */
export function isReverted({ status }: RowOutcome): boolean {
  return status === 'removed' || status === 'restored';
}

function* revertOperationsOf(row: number, past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  const outcome = past.outcomeOf(row);
  const operation = outcome && revertOperationOf(outcome);
  if (operation !== undefined) yield operation;
}

function revertOperationOf(outcome: RowOutcome): RemoveOperation | RestoreOperation | undefined {
  const { row, line, login } = outcome;
  const base = { row: { row, line, cells: [] }, login: login ?? '' };
  const change = writtenChangeOf(outcome);
  switch (change?.status) {
    case 'created':
      return { kind: 'remove', ...base, oktaId: change.oktaId, profileDigest: change.profileDigest };
    case 'updated':
      return {
        kind: 'restore',
        ...base,
        oktaId: change.oktaId,
        changes: change.changes,
        joined: change.joined,
      };
    default:
      return undefined;
  }
}

/** Ids asked for at a time: the expression has to fit into a URL and into the Link header that repeats it (`E0000256`). */
const IDS_A_REQUEST = 50;

/**
 * Looks at many users for few requests: pairs each operation with what the org has now.
 *
 * What the search index does not know is read by id, since the index lags behind.
 */
export async function* compareWithOrg<O extends RemoveOperation | RestoreOperation>(
  operations: Iterable<O>,
  client: OktaClient,
  signal: AbortSignal,
): AsyncGenerator<{ readonly operation: O; readonly found: UserComparison }> {
  for (const batch of batches(operations, IDS_A_REQUEST)) {
    const search = batch.map(({ oktaId }) => `id eq "${oktaId}"`).join(' or ');
    const users = new Map<string, User>();
    for await (const user of client.listUsers({ search, pageSize: 200 }, { signal })) {
      users.set(user.id, user);
    }
    for (const operation of batch) {
      const listed = compareWithRun(users.get(operation.oktaId), operation);
      const found =
        listed.kind === 'as-left'
          ? listed
          : compareWithRun(await client.getUser(operation.oktaId, { signal }), operation);
      yield { operation, found };
    }
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
