import type { PastRun } from '../journal/reader.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';

/** What reverts a run, newest row first: exactly what its journal says was written. */
export function* undoOperations(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = past.lastRow; row >= 1; row -= 1) yield* revertOperations(past, row);
}

/** The same in file order, to look at the users without reverting anything. */
export function* undoOperationsInFileOrder(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = 1; row <= past.lastRow; row += 1) yield* revertOperations(past, row);
}

/** Whether an undo completed a row; users that were kept, and rows that failed, are tried again by the next undo. */
export function isReverted({ status }: RowOutcome): boolean {
  return status === 'removed' || status === 'restored';
}

/** None or one. */
function* revertOperations(past: PastRun, row: number): Generator<RemoveOperation | RestoreOperation> {
  const outcome = past.outcomeOf(row);
  const written = outcome && writtenChangeOf(outcome);
  if (outcome === undefined || written === undefined) return;
  const { line, login = '' } = outcome;
  const base = { row: { row, line, cells: [] }, login, oktaId: written.oktaId };
  if (written.status === 'created') {
    const { profileDigest, lacks } = written;
    yield { kind: 'remove', ...base, profileDigest, ...(lacks && { lacks }) };
  } else {
    const { changes, joined, left, lifecycle } = written;
    yield { kind: 'restore', ...base, changes, joined, left, lifecycle };
  }
}
