import type { PastRun } from '../journal/reader.js';
import { writtenChangeOf } from '../rows/outcome.js';

import type { Dataset } from './dataset.js';
import { withoutLeft } from './fold.js';

/**
 * Takes a run back out of its data set, for the rows that an undo reverted: the data set knows about them what it knew before
 * the run. Otherwise the next run would take the restored values for edits in Okta.
 *
 * @param isReverted - whether the undo reverted a row.
 */
export function revertDataset(dataset: Dataset, past: PastRun, isReverted: (row: number) => boolean): void {
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    if (outcome === undefined) continue;
    const recorded = past.members.get(row);
    // Nothing was written for a user who only became a member: there was nothing to revert.
    const isAdoption = outcome.status === 'unchanged' && recorded !== undefined && !recorded.former;
    const written = writtenChangeOf(outcome);
    const oktaId = isAdoption ? outcome.oktaId : isReverted(row) ? written?.oktaId : undefined;
    const member = oktaId === undefined ? undefined : dataset.findById(oktaId);
    if (member === undefined) continue;
    // A leaver has come back.
    if (recorded === undefined) dataset.set(withoutLeft(member));
    else if (recorded.former === undefined) dataset.delete(member);
    else if (member.key !== recorded.key && member.key !== recorded.former.key) {
      // The state was rebuilt since, with other digests.
      dataset.set({ ...withoutLeft(member), row: '', values: '' });
    } else {
      const { former } = recorded;
      const { changes = [], lifecycle } = written?.status === 'updated' ? written : {};
      const isUntouchedSince = member.row === recorded.digest;
      const attributes = changes.map(({ attribute }) => attribute);
      dataset.set(
        isUntouchedSince
          ? former
          : {
              ...dataset.withValuesOf(former, member, attributes),
              key: former.key,
              ...(attributes.includes('login') && { login: former.login }),
              ...(lifecycle && { left: former.left, leftOn: former.leftOn }),
            },
      );
    }
  }
}
