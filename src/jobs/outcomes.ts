import type { OutcomeStatus, RowOutcome } from '../rows/outcome.js';

/** Statuses of each job's outcomes. */
export const IMPORT_STATUSES = [
  'created',
  'updated',
  'unchanged',
  'exists',
  'invalid',
  'failed',
  'not-attempted',
] as const;
export const SYNC_STATUSES = [
  'created',
  'updated',
  'unchanged',
  'suspended',
  'deactivated',
  'leaver',
  'would-create',
  'would-update',
  'would-suspend',
  'would-deactivate',
  'valid',
  'invalid',
  'failed',
  'not-attempted',
] as const;
export const RESUME_STATUSES = [...IMPORT_STATUSES, 'suspended', 'deactivated', 'leaver'] as const;
export const VALIDATE_STATUSES = [
  'valid',
  'would-create',
  'would-update',
  'unchanged',
  'exists',
  'invalid',
  'failed',
  'not-attempted',
] as const;
export const UNDO_STATUSES = ['removed', 'restored', 'kept', 'failed'] as const;
export const ACTIVATE_STATUSES = ['activated', 'unchanged', 'failed'] as const;

/** An outcome with one of these statuses. */
export type OutcomeWith<S extends OutcomeStatus> = RowOutcome extends infer Outcome
  ? Outcome extends RowOutcome
    ? [Outcome['status'] & S] extends [never]
      ? never
      : Outcome & { readonly status: S }
    : never
  : never;

interface WithRecord<Record> {
  /** What the row was made of: the object that the source gave, or the cells of the file by column. */
  readonly record: Record;
}

/**
 * What happened to a person of `syncUsers`, or would happen in a dry run. Rows after those of the file are people who are no
 * longer in it; `leaver` is one who was only reported.
 */
export type SyncOutcome<Record = object> = OutcomeWith<(typeof SYNC_STATUSES)[number]> & WithRecord<Record>;

/** What happened to a row of `resumeRun`. */
export type ResumeOutcome<Record = object> = OutcomeWith<(typeof RESUME_STATUSES)[number]> &
  WithRecord<Record>;

/** What happened to a row of `importUsers`. */
export type ImportOutcome<Record = object> = OutcomeWith<(typeof IMPORT_STATUSES)[number]> &
  WithRecord<Record>;

/** What an import would do with a row. */
export type ValidateOutcome<Record = object> = OutcomeWith<(typeof VALIDATE_STATUSES)[number]> &
  WithRecord<Record>;

/** What happened to a user of `undoRun`. */
export type UndoOutcome = OutcomeWith<(typeof UNDO_STATUSES)[number]>;

/** What happened to a user of `activateRun`. */
export type ActivateOutcome = OutcomeWith<(typeof ACTIVATE_STATUSES)[number]>;

/** @throws {Error} the outcome has another status, which is a bug. */
export function assertStatus<S extends OutcomeStatus>(
  outcome: RowOutcome,
  statuses: readonly S[],
): asserts outcome is RowOutcome & OutcomeWith<S> {
  const known: readonly OutcomeStatus[] = statuses;
  if (!known.includes(outcome.status)) throw new Error(`Row ${outcome.row} must not be ${outcome.status}.`);
}
