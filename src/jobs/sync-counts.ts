import type { RecordedMember, RecordedUpdate } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import type { SyncCounts } from '../report/summary.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';
import type { ExistingPersonPlan, PersonPlan } from '../sync/plan-person.js';

export function noSyncCounts(dataset: string): SyncCounts {
  return { dataset, joiners: 0, movers: 0, renames: 0, keptEdits: 0, leavers: 0, returners: 0, adopted: 0 };
}

/** What a sync did, by its journal; undefined for another run. */
export function syncCountsOf(past: PastRun): SyncCounts | undefined {
  const { settings, file } = past.description;
  if (settings.sync === undefined) return undefined;
  const counts = noSyncCounts(settings.sync.dataset);
  for (let row = 1; row <= past.lastRow; row += 1) {
    const outcome = past.outcomeOf(row);
    if (row > file.records) counts.leavers += 1;
    else if (outcome !== undefined) countOutcome(counts, outcome, past.members.get(row));
  }
  return counts;
}

/** Counts what is planned for a person of the file. */
export function countPerson(counts: SyncCounts, plan: PersonPlan): void {
  if (plan.kind === 'create') counts.joiners += 1;
  if (plan.kind !== 'existing') return;
  const isLeaver = plan.lifecycle === 'suspend';
  if (isLeaver) counts.leavers += 1;
  if (movedAttributes(plan).length > 0 && !plan.isReturner) counts.movers += 1;
  if (isRename(plan.changes)) counts.renames += 1;
  if (plan.kept.length > 0) counts.keptEdits += 1;
  // Without --reactivate, a deactivated user stays as it is.
  if (plan.isReturner && plan.lifecycle !== undefined) counts.returners += 1;
  if (plan.origin === 'adopted') counts.adopted += 1;
}

/**
 * Counts what was done for a person of the file.
 *
 * @param recorded - what the data set is to know about the person.
 */
export function countOutcome(
  counts: SyncCounts,
  outcome: RowOutcome,
  recorded: RecordedMember | undefined,
): void {
  const written = writtenChangeOf(outcome);
  if (written?.status === 'created') {
    counts.joiners += 1;
    return;
  }
  const isKnown = written !== undefined || 'oktaId' in outcome;
  if (isKnown && recorded !== undefined && recorded.former === undefined) counts.adopted += 1;
  if ('keptEdits' in outcome && outcome.keptEdits !== undefined) counts.keptEdits += 1;
  if (written === undefined) return;
  countWritten(counts, { ...written, joins: written.joined, leaves: written.left });
}

function countWritten(
  counts: SyncCounts,
  { changes, joins, leaves = [], lifecycle }: Omit<RecordedUpdate, 'oktaId'>,
): void {
  const { step, from } = lifecycle ?? {};
  const isReturner = step === 'unsuspend' || (step === 'activate' && from === 'DEPROVISIONED');
  if (isReturner) counts.returners += 1;
  else if (step === 'suspend') counts.leavers += 1;
  if (isRename(changes)) counts.renames += 1;
  const isMover = changes.length + joins.length + leaves.length > 0 || step === 'activate';
  if (isMover && !isReturner) counts.movers += 1;
}

/** Names of attributes; `groups` and `status` for what is no attribute. */
export function changedAttributes(plan: ExistingPersonPlan): string[] {
  return plan.lifecycle === 'suspend' ? [...movedAttributes(plan), 'status'] : movedAttributes(plan);
}

/** The same, except for people whose last day has passed: those are leavers. */
export function movedAttributes({ changes, joins, leaves, lifecycle }: ExistingPersonPlan): string[] {
  const names = changes.map(({ attribute }) => attribute);
  if (joins.length + leaves.length > 0) names.push('groups');
  if (lifecycle !== undefined && lifecycle !== 'suspend') names.push('status');
  return names;
}

/** Whether a person has a new login or email address. */
export function isRename(changes: ExistingPersonPlan['changes']): boolean {
  return changes.some(({ attribute }) => attribute === 'login' || attribute === 'email');
}
