import type { PastRun } from '../journal/reader.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';

/** What reverts a run, newest row first: exactly what its journal says was written. */
export function* undoOperations(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = past.lastRow; row >= 1; row -= 1) {
    const operation = undoOperationOf(past, row);
    if (operation !== undefined) yield operation;
  }
}

/** The same in file order, to look at the users without reverting anything. */
export function* undoOperationsInFileOrder(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = 1; row <= past.lastRow; row += 1) {
    const operation = undoOperationOf(past, row);
    if (operation !== undefined) yield operation;
  }
}

/** Whether an undo completed a row; users that were kept, and rows that failed, are tried again by the next undo. */
export function isReverted({ status }: RowOutcome): boolean {
  return status === 'removed' || status === 'restored';
}

/** @returns undefined for a row that wrote nothing. */
export function undoOperationOf(past: PastRun, row: number): RemoveOperation | RestoreOperation | undefined {
  const outcome = past.outcomeOf(row);
  const written = outcome && writtenChangeOf(outcome);
  if (outcome === undefined || written === undefined) return undefined;
  const { line, login = '' } = outcome;
  const base = { row: { row, line, cells: [] }, login, oktaId: written.oktaId };
  if (written.status === 'created') {
    const { profileDigest, lacks } = written;
    return { kind: 'remove', ...base, profileDigest, ...(lacks && { lacks }) };
  }
  const { changes, joined, left, lifecycle } = written;
  return { kind: 'restore', ...base, changes, joined, left, lifecycle };
}
