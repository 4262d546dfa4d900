/** A command that can be run next about a run. */
export type NextAction = 'report' | 'resume' | 'import' | 'sync' | 'activate' | 'verify' | 'undo';

/** What decides what can be done next about a run. */
export type RunSituation =
  | ImportSituation
  | {
      readonly kind: 'undo' | 'activate' | 'remind';
      readonly isRunning: boolean;
      readonly isComplete: boolean;
    }
  | { readonly kind: 'dry-run'; readonly isSync: boolean; readonly isComplete: boolean };

export interface ImportSituation {
  readonly kind: 'import' | 'sync';
  readonly isRunning: boolean;
  /** It has rows that it has not reached. */
  readonly isStopped: boolean;
  readonly isDamaged: boolean;
  /** Rows with an unknown outcome. */
  readonly inDoubt: number;
  /** Rows that are invalid or have failed. */
  readonly badRows: number;
  /** It has created or changed users. */
  readonly hasChanges: boolean;
  /** It has created users who are still to be activated. */
  readonly hasStaged: boolean;
  readonly undo: 'none' | 'begun' | 'done';
}

/** What can be done next about a run, the most pressing first. */
export function nextActions(run: RunSituation): readonly NextAction[] {
  switch (run.kind) {
    case 'dry-run':
      return run.isComplete ? [run.isSync ? 'sync' : 'import'] : [];
    case 'remind':
      return [];
    case 'undo':
    case 'activate':
      return run.isRunning || run.isComplete ? [] : [run.kind];
    case 'import':
    case 'sync':
      return afterImport(run);
    default:
      return run satisfies never;
  }
}

function afterImport(run: ImportSituation): NextAction[] {
  if (run.isRunning) return ['report'];
  if (run.undo !== 'none') return run.undo === 'done' ? [] : ['undo'];
  const isToBeResumed = !run.isDamaged && (run.isStopped || run.inDoubt > 0);
  // Unknown outcomes have to be settled first, unless the damage of the journal prevents that.
  const isSettled = run.inDoubt === 0 || run.isDamaged;
  const actions: readonly (readonly [NextAction, boolean])[] = [
    ['resume', isToBeResumed],
    ['import', !isToBeResumed && !run.isDamaged && run.kind === 'import' && run.badRows > 0],
    ['report', run.isDamaged],
    ['activate', isSettled && run.hasStaged],
    ['verify', run.hasChanges],
    ['undo', isSettled && run.hasChanges],
  ];
  return actions.flatMap(([action, isPossible]) => (isPossible ? [action] : []));
}
