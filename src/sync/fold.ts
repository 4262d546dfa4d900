import type { RecordedMember, RecordedUpdate } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import type { UserStatus } from '../okta/types.js';
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
  const isPartial = outcome.status === 'failed';
  const changes = written?.status === 'updated' ? written.changes : [];
  const member =
    recorded === undefined
      ? former
      : isPartial
        ? partlyWritten(dataset, recorded, { oktaId, changes }, today)
        : toMember(dataset, recorded, oktaId, today);
  if (member === undefined) return;
  const left = leftBy(outcome, former, recorded !== undefined);
  const missingSince = recorded === undefined && isOfLeaver(outcome) ? member.missingSince : undefined;
  const leftOn = left !== undefined && left === former?.left ? former.leftOn : today;
  dataset.set({
    ...withoutLeft(member),
    ...(left && { left, leftOn }),
    ...(missingSince && { missingSince }),
  });
}

function isOfLeaver({ status }: RowOutcome): boolean {
  return status === 'leaver' || status === 'suspended' || status === 'deactivated';
}

/** Adds an update that may have been written to a data set. */
export function foldUnknownUpdate(
  dataset: Dataset,
  update: RecordedUpdate,
  recorded: RecordedMember | undefined,
  today: string,
): void {
  if (recorded !== undefined) dataset.set(partlyWritten(dataset, recorded, update, today));
}

/** Adds the outcomes that the journal of a run has to a data set. */
export function foldRun(dataset: Dataset, past: PastRun): void {
  const today = dayOf(past);
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    if (outcome !== undefined) foldOutcome(dataset, outcome, past.members.get(row), today);
  }
}

/** The day of a run, `YYYY-MM-DD`. */
export function dayOf({ description }: PastRun): string {
  return description.settings.sync?.today ?? description.startedAt.slice(0, 10);
}

function toMember(
  dataset: Dataset,
  { key, login, digest, values, isStaged }: RecordedMember,
  oktaId: string,
  today: string,
): Member {
  const isStagedNow = isStaged && { isStaged };
  return { key, login, oktaId, row: digest, values: dataset.packValues(values), seen: today, ...isStagedNow };
}

/**
 * The member whose row failed or has an unknown outcome. Some attributes may have the values of the file by now, and others
 * those of the file before: whatever differs from the next file is written, but an edit in Okta of another attribute is kept.
 */
function partlyWritten(
  dataset: Dataset,
  { key, login, isStaged, former: recordedFormer }: RecordedMember,
  { oktaId, changes }: Pick<RecordedUpdate, 'oktaId' | 'changes'>,
  today: string,
): Member {
  const former = dataset.findById(oktaId);
  if (former === undefined || recordedFormer === undefined) {
    return { key, login, oktaId, row: '', values: '', seen: today, ...(isStaged && { isStaged }) };
  }
  const attributes = changes.map(({ attribute }) => attribute);
  const newLogin = attributes.includes('login') && { login };
  return { ...dataset.withoutValues(former, attributes), ...newLogin, key, seen: today };
}

/** How the user has left; undefined for a user who has not, or who has come back. */
function leftBy(outcome: RowOutcome, former: Member | undefined, isInFile: boolean): Member['left'] {
  if (outcome.status === 'suspended' || outcome.status === 'deactivated') return outcome.status;
  const written = writtenChangeOf(outcome);
  const step = written?.status === 'updated' ? written.lifecycle?.step : undefined;
  if (step === 'unsuspend' || step === 'activate') return undefined;
  // An admin may have brought the user back.
  const isBack = 'userStatus' in outcome && !LEFT.has(outcome.userStatus);
  return isInFile && isBack ? undefined : former?.left;
}

const LEFT: ReadonlySet<UserStatus> = new Set(['SUSPENDED', 'DEPROVISIONED']);

/** Without what is only known of people who have left. */
export function withoutLeft({
  left: _left,
  leftOn: _leftOn,
  missingSince: _missingSince,
  ...member
}: Member): Member {
  return member;
}
