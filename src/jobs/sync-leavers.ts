import type { PastRun } from '../journal/reader.js';
import type { ChangeOperation, Planned } from '../rows/operation.js';
import { decided } from '../rows/outcome.js';
import type { Row } from '../rows/row.js';
import type { Leaver } from '../sync/leavers.js';

/** A row after those of the file, for a person who is no longer in it. */
export interface LeaverRow {
  readonly row: Row;
  /** Undefined for one of whom only an earlier process of the run knew. */
  readonly leaver: Leaver | undefined;
}

/** Gives every leaver a row; in a resumed run the same as before, whatever happened to the org meanwhile. */
export function numberLeavers(
  leavers: readonly Leaver[],
  fileRows: number,
  past: PastRun | undefined,
): readonly LeaverRow[] {
  const rowOf = past === undefined ? new Map<string, number>() : formerRows(past, fileRows);
  const byRow = new Map<number, Leaver>();
  const others: Leaver[] = [];
  for (const leaver of leavers) {
    const row = rowOf.get(leaver.member.oktaId);
    if (row === undefined) others.push(leaver);
    else byRow.set(row, leaver);
  }
  const taken = new Set(rowOf.values());
  const numbered: LeaverRow[] = [];
  for (let row = fileRows + 1; taken.size > 0 || others.length > 0; row += 1) {
    const leaver = taken.delete(row) ? byRow.get(row) : others.shift();
    numbered.push({ row: { row, line: 0, cells: [] }, leaver });
  }
  return numbered;
}

/** What is done for a leaver. */
export function leaverOperation(
  { row, leaver }: LeaverRow,
  past: PastRun | undefined,
): Planned<ChangeOperation> {
  const settled = past?.outcomeOf(row.row);
  if (settled !== undefined) return { kind: 'decided', row, outcome: settled };
  // An earlier process of the run may have done it already.
  const interrupted = past?.interruptedUpdate(row.row);
  const step = interrupted?.lifecycle?.step ?? leaver?.action;
  const user = leaver?.user;
  const login = user === undefined ? past?.loginInDoubt(row.row) : user.profile.login;
  const oktaId = leaver?.member.oktaId ?? interrupted?.oktaId ?? '';
  if (leaver === undefined && interrupted === undefined) {
    return decided(row, login, { status: 'not-attempted', reason: 'The person is no longer a leaver.' });
  }
  if (step === undefined || login === undefined) {
    return decided(row, login, { status: 'leaver', oktaId, reason: leaver?.reason ?? '' });
  }
  const reason = leaver?.reason;
  return {
    kind: 'change',
    row,
    login,
    oktaId,
    user,
    changes: [],
    joins: [],
    leaves: [],
    lifecycle: step,
    reason,
  };
}

/** Rows of leavers by Okta ID, from what an earlier process of the run wrote. */
function formerRows(past: PastRun, fileRows: number): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = fileRows + 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    const oktaId =
      outcome !== undefined && 'oktaId' in outcome ? outcome.oktaId : past.interruptedUpdate(row)?.oktaId;
    if (oktaId !== undefined) rows.set(oktaId, row);
  }
  return rows;
}
