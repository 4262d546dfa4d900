import type { RecordedMember } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';

import type { Dataset, Member } from './dataset.js';

/**
 * Adds the outcome of one row to a data set: the same from the outcomes of a process and from the journal of one that was
 * killed.
 *
 * @param recorded - what the journal says about the person of the row.
 * @param today - `YYYY-MM-DD`.
 */
export function foldOutcome(
  dataset: Dataset,
  outcome: RowOutcome,
  recorded: RecordedMember | undefined,
  today: string,
): void {
  const written = writtenChangeOf(outcome);
  const oktaId = written?.oktaId ?? ('oktaId' in outcome ? outcome.oktaId : undefined);
  if (oktaId === undefined) return;
  const former = dataset.findById(oktaId);
  // A failed row is written again the next time: nothing of it counts as written.
  const isComplete = outcome.status !== 'failed';
  const member = recorded === undefined ? former : toMember(dataset, recorded, oktaId, today, isComplete);
  if (member === undefined) return;
  const left = leftBy(outcome, former, recorded !== undefined);
  dataset.set({ ...withoutLeft(member), ...(left && { left }) });
}

/** Adds the outcomes that the journal of a run has to a data set. */
export function foldRun(dataset: Dataset, past: PastRun): void {
  const today = past.description.settings.sync?.today ?? past.description.startedAt.slice(0, 10);
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    if (outcome !== undefined) foldOutcome(dataset, outcome, past.members.get(row), today);
  }
}

function toMember(
  dataset: Dataset,
  { key, login, digest, values, isStaged }: RecordedMember,
  oktaId: string,
  today: string,
  isComplete: boolean,
): Member {
  const base = { key, login, oktaId, seen: today, ...(isStaged && { isStaged }) };
  if (!isComplete) return { ...base, row: '', values: '' };
  return { ...base, row: digest, values: dataset.packValues(values) };
}

/** How the user has left; undefined for a user who has not, or who has come back. */
function leftBy(outcome: RowOutcome, former: Member | undefined, isInFile: boolean): Member['left'] {
  if (outcome.status === 'suspended' || outcome.status === 'deactivated') return outcome.status;
  const step = writtenChangeOf(outcome)?.status === 'updated' ? stepOf(outcome) : undefined;
  if (step === 'unsuspend' || step === 'activate') return undefined;
  return isInFile && outcome.status === 'created' ? undefined : former?.left;
}

function stepOf(outcome: RowOutcome): string | undefined {
  const written = writtenChangeOf(outcome);
  return written?.status === 'updated' ? written.lifecycle?.step : undefined;
}

function withoutLeft({ left: _left, missingSince: _missingSince, ...member }: Member): Member {
  return member;
}
