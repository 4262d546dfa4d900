import {
  failedWith,
  inDoubt,
  notAttempted,
  OUTCOME_UNKNOWN,
  outcomeOf,
  type RowOutcome,
  type WriteAction,
} from '../rows/outcome.js';
import { NOT_SELECTED, parseSelection } from '../rows/row-selection.js';

import { sendsRows } from './journal-line.js';
import { isLocked } from './lock-file.js';
import type { PastRun } from './reader.js';

/** The state of a run, seen from outside. */
export type RunState =
  /** It came to an orderly end. */
  | 'ended'
  /** A process is working on it. */
  | 'running'
  /** Its process died. */
  | 'interrupted';

const DAMAGED =
  'Unknown outcome: the journal is damaged, so the user may have been created or changed. Look the login up in Okta.';

/** Looks at a run without disturbing it: its lock is not taken. */
export async function runStateOf(
  folder: string,
  past: Pick<PastRun, 'description' | 'end'>,
): Promise<RunState> {
  // The folder of an undo or an activation is next to that of its run, whose lock it holds (`undoFolderOf`).
  const suffix = `-${past.description.command}`;
  const lockedFolder = folder.endsWith(suffix) ? folder.slice(0, -suffix.length) : folder;
  if (await isLocked(`${lockedFolder}/lock`)) return 'running';
  return past.end === undefined ? 'interrupted' : 'ended';
}

/** What an interrupted process may have done for a row in doubt. */
export function interruptedAction(past: Pick<PastRun, 'interruptedUpdate'>, row: number): WriteAction {
  const update = past.interruptedUpdate(row);
  return update === undefined || update.finishes === true ? 'created' : 'updated';
}

/**
 * The outcomes of a run's rows in file order, as far as its journal knows them.
 *
 * For an import that is over, every row has an outcome: rows in doubt are failed, rows for which nothing was sent are not
 * attempted (with line 0 and no login, which the journal does not have). For an import that is running, and for an undo
 * or an activation, only the rows that have an outcome.
 */
export function* outcomesOf(past: PastRun, state: RunState): Generator<RowOutcome> {
  const { description, end } = past;
  const isComplete = sendsRows(description) && state !== 'running';
  const { only } = description.settings;
  const isSelected = only === undefined ? undefined : parseSelection(only);
  const stopped = state === 'interrupted' ? 'The run was interrupted' : 'The run stopped';
  const why = end?.stoppedBecause ? `: ${end.stoppedBecause}` : '.';
  // The number of records of an iterable is not known in advance.
  const rows = Math.max(description.file.records, past.lastRow);
  for (let row = 1; row <= rows; row += 1) {
    const outcome = past.outcomeOf(row);
    if (outcome !== undefined) {
      yield outcome;
      continue;
    }
    if (!isComplete) continue;
    const where = { row, line: 0 };
    const conflict = past.conflictOf(row);
    if (conflict !== undefined) yield conflict;
    else if (past.damage !== undefined && isSelected?.(row) !== false) {
      yield outcomeOf(where, undefined, failedWith(OUTCOME_UNKNOWN, DAMAGED));
    } else if (past.isInDoubt(row)) {
      const result = inDoubt(`${stopped} during this row${why}`, interruptedAction(past, row));
      yield outcomeOf(where, undefined, result, { attempts: 1, durationMs: 0 });
    } else if (isSelected?.(row) === false) yield notAttempted(where, undefined, NOT_SELECTED);
    else yield notAttempted(where, undefined, `${stopped} before this row${why}`);
  }
}
