import type { PastRun } from './reader.js';
import { isLocked } from './lock.js';
import { inDoubt, notAttempted, type RowOutcome } from '../rows/outcome.js';
import { parseSelection } from '../rows/row-selection.js';

/** How far a run is that is looked at from outside. */
export type RunState =
  /** It came to an orderly end. */
  | 'ended'
  /** A process is at work on it just now. */
  | 'running'
  /** Its process is gone without having said anything. */
  | 'interrupted';

/** Looks at a run without disturbing it: its lock is not taken. */
export async function runStateOf(folder: string, past: PastRun): Promise<RunState> {
  // An undo or an activation has a folder beside that of its run, whose lock it holds (`undoFolderOf`).
  const suffix = `-${past.description.command}`;
  const locked = folder.endsWith(suffix) ? folder.slice(0, -suffix.length) : folder;
  if (await isLocked(`${locked}/lock`)) return 'running';
  return past.end === undefined ? 'interrupted' : 'ended';
}

/**
 * What became of a run's rows, in their order, as far as its journal knows.
 *
 * Of an import that is over every record has its outcome: rows in doubt are failed, rows that nothing was sent for are
 * not attempted (their lines and logins stand in the file, not in the journal). Of one that is going on, and of a run
 * over another run, only the rows that have an outcome.
 */
export function* outcomesOf(past: PastRun, state: RunState): Generator<RowOutcome> {
  const { description, end } = past;
  const isWhole = description.command === 'import' && state !== 'running';
  const isSelected =
    description.settings.only === undefined ? undefined : parseSelection(description.settings.only);
  const reason =
    state === 'interrupted'
      ? 'The run broke off before this row.'
      : `The run stopped before this row${end?.stoppedBecause ? `: ${end.stoppedBecause}` : '.'}`;
  // How many records people have that come one by one is not known beforehand.
  const rows = Math.max(description.file.records, past.lastRow);
  for (let row = 1; row <= rows; row += 1) {
    const outcome = past.outcomeOf(row);
    if (outcome !== undefined) yield outcome;
    else if (isWhole) {
      const unread = { row, line: 0, cells: [] };
      const why = isSelected?.(row) === false ? 'Left out by --only.' : reason;
      const open = notAttempted(unread, undefined, why);
      if (past.inDoubtSinceMs(row) === undefined) yield open;
      else yield { ...open, attempts: 1, ...inDoubt(reason, past.interruptedUpdate(row) && 'updated') };
    }
  }
}
