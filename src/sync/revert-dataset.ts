import type { PastRun } from '../journal/reader.js';
import { writtenChangeOf } from '../rows/outcome.js';

import type { Dataset, Member } from './dataset.js';

/**
 * Takes a run back out of its data set, for the rows that an undo reverted: the data set knows about them what it knew before
 * the run. Otherwise the next run would take the restored values for edits in Okta.
 *
 * @param isReverted - whether the undo reverted a row.
 */
export function revertDataset(dataset: Dataset, past: PastRun, isReverted: (row: number) => boolean): void {
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = isReverted(row) ? past.outcomeOf(row) : undefined;
    const oktaId = outcome && writtenChangeOf(outcome)?.oktaId;
    const member = oktaId === undefined ? undefined : dataset.findById(oktaId);
    if (member === undefined) continue;
    const recorded = past.members.get(row);
    // A leaver has come back.
    if (recorded === undefined) dataset.set(withoutLeft(member));
    else if (recorded.former === undefined) dataset.delete(member);
    else if (recorded.former.key === member.key || recorded.key === member.key) dataset.set(recorded.former);
    // The state was rebuilt since, with other digests.
    else dataset.set({ ...withoutLeft(member), row: '', values: '' });
  }
}

function withoutLeft({ left: _left, ...member }: Member): Member {
  return member;
}
