import type { PastRun } from '../journal/reader.js';
import type { RemoveOperation, RestoreOperation } from '../rows/operation.js';
import { loginKey } from '../okta/login.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';
import { lineLabelOf } from '../rows/place.js';

import { LoginOrder, type LoginUse } from './login-order.js';

/** What reverts a run, newest row first: exactly what its journal says was written. */
export function* undoOperations(past: PastRun): Generator<RemoveOperation | RestoreOperation> {
  for (let row = past.lastRow; row >= 1; row -= 1) {
    const operation = undoOperationOf(past, row);
    if (operation !== undefined) yield operation;
  }
}

type LoginUseOf = (operation: RemoveOperation | RestoreOperation) => LoginUse;

/** The operations in an order in which the new owner of a login gives it up before its former owner gets it back. */
export function* undoInOrder(
  past: PastRun,
  loginUseOf: LoginUseOf,
): Generator<RemoveOperation | RestoreOperation> {
  const order = new LoginOrder<RemoveOperation | RestoreOperation>();
  for (const operation of undoOperations(past)) {
    if (order.add(operation, loginUseOf(operation))) yield operation;
  }
  yield* order.released();
  yield* order.stuck;
}

/** The login that each operation of an undo needs and gives up. */
export function undoneLogins(past: PastRun): LoginUseOf {
  const former = new Set<string>();
  const handedOn = new Set<string>();
  // Only a sync changes logins.
  const passes = past.description.settings.sync === undefined ? 0 : 2;
  for (let pass = 1; pass <= passes; pass += 1) {
    for (const operation of undoOperations(past)) {
      const { from, to } = loginsOf(operation);
      if (pass === 1 && from !== undefined) former.add(from);
      if (pass === 2 && to !== undefined && former.has(to)) handedOn.add(to);
    }
    if (former.size === 0) break;
  }
  const known = (login: string | undefined): string | undefined =>
    login !== undefined && handedOn.has(login) ? login : undefined;
  return (operation) => {
    const { from, to } = loginsOf(operation);
    return { needs: known(from), gives: known(to) };
  };
}

/** The login that a user had before the run, and the one that the run wrote. */
function loginsOf(operation: RemoveOperation | RestoreOperation): { from?: string; to?: string } {
  if (operation.kind === 'remove') return { to: loginKey(operation.login) };
  const change = operation.changes.find(({ attribute }) => attribute === 'login');
  return typeof change?.from === 'string' && typeof change.to === 'string'
    ? { from: loginKey(change.from), to: loginKey(change.to) }
    : {};
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
  const lineLabel = lineLabelOf(past.description.file);
  const base = { row: { row, line, lineLabel, cells: [] }, login, oktaId: written.oktaId };
  if (written.status === 'created') {
    const { profileDigest, lacks } = written;
    return { kind: 'remove', ...base, profileDigest, ...(lacks && { lacks }) };
  }
  const { changes, joined, left, lifecycle } = written;
  return { kind: 'restore', ...base, changes, joined, left, lifecycle };
}
