import { plural } from '../text.js';

import { lossTexts, sampleText } from './undo-losses.js';
import type { UndoPlan } from './undo.js';

/** What an undo would do, and what it cannot restore: a sentence per line. */
export function undoPlanLines(plan: UndoPlan): string[] {
  const { orgUrl, runId, losses, remove, restore, changed, gone, restoredEarlier, force } = plan;
  const lines = [`${orgUrl}, run ${runId}: ${undoActions(plan)}.`];
  if (remove.count > 0) lines.push(`To be deleted: ${sampleText(remove)}`);
  if (restore.count > 0) lines.push(`To be restored: ${sampleText(restore)}`);
  if (changed.count > 0) {
    const action = force
      ? 'will also be undone (--force)'
      : 'will be kept (--force undoes these changes as well)';
    lines.push(`${plural(changed.count, 'user')} changed since the run ${action}: ${sampleText(changed)}`);
  }
  lines.push(...lossTexts(losses));
  if (gone > 0) lines.push(`${plural(gone, 'user')} no longer ${gone === 1 ? 'exists' : 'exist'}.`);
  if (restoredEarlier > 0) {
    lines.push(
      `${plural(restoredEarlier, 'user')} ${restoredEarlier === 1 ? 'was' : 'were'} restored by an earlier undo.`,
    );
  }
  return lines;
}

function undoActions({ remove, restore, restoreStatus }: UndoPlan): string {
  const status = restoreStatus > 0 ? `, ${restoreStatus} of them to the former status` : '';
  const restored = `${plural(restore.count, 'user')} that it updated will be restored${status}`;
  if (remove.count === 0) return restore.count === 0 ? 'there is nothing to undo' : restored;
  const deleted = `${plural(remove.count, 'user')} that it created will be permanently deleted`;
  return restore.count === 0 ? deleted : `${deleted}, ${restored}`;
}
