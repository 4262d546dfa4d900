import type { Row } from '../csv/records.js';
import type { CreateUserOptions, ProfileValue, UserRequest, UserStatus } from '../okta/types.js';
import type { Problem } from './problem.js';

/** What we intend to do for a row: create the user, unless the run is to do something else where the login is taken. */
export interface CreateOperation {
  readonly kind: 'create';
  readonly row: Row;
  readonly login: string;
  /** Without attributes that are null, and with the first twenty groups only: what one create can take. */
  readonly request: UserRequest;
  readonly options: CreateUserOptions;
  /** Ids of the groups beyond those: joined once the user is there. */
  readonly moreGroupIds?: readonly string[] | undefined;
  /** Attributes that an update is to empty (`--clear-empty`). */
  readonly cleared?: readonly string[] | undefined;
  /** What keeps the row from being a create, and does not matter when the user is there already. */
  readonly createProblems?: readonly Problem[] | undefined;
}

/** To take back what a run did: a user that it created goes. */
export interface RemoveOperation {
  readonly kind: 'remove';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
  /** Of the profile as it was when the run had created the user. */
  readonly profileDigest: string;
}

/** To take back what a run did: a user that it updated gets its former values, and leaves the groups it was put into. */
export interface RestoreOperation {
  readonly kind: 'restore';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
  readonly changes: readonly Change[];
  /** Ids of groups. */
  readonly joined: readonly string[];
}

/** A user that a run created staged becomes active. */
export interface ActivateOperation {
  readonly kind: 'activate';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
}

export type Operation = CreateOperation | RemoveOperation | RestoreOperation | ActivateOperation;

/** What an update did to one attribute; null for no value. */
export interface Change {
  readonly attribute: string;
  readonly from: ProfileValue;
  readonly to: ProfileValue;
}

/** What was written to the org for a row, even if the row failed in the end: `undo` takes it back. */
export type WrittenChange =
  | {
      readonly status: 'created';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly profileDigest: string;
    }
  | {
      readonly status: 'updated';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly changes: readonly Change[];
      readonly joined: readonly string[];
    };

/** Why a row failed, in a form that can be reported: never with a secret. */
export interface ReportedError {
  /** Okta's (`E0000001`) or ours (`ERR_OUTCOME_UNKNOWN`). */
  readonly errorCode: string;
  readonly message: string;
  /** `X-Okta-Request-Id` of the answer that decided. */
  readonly requestId: string | undefined;
}

interface OutcomeBase {
  /** Number of the record, from 1. */
  readonly row: number;
  /** Physical line on which the record starts. */
  readonly line: number;
  readonly login: string | undefined;
  /** How many times a write was sent for this row. */
  readonly attempts: number;
  /** From the first attempt to the outcome, milliseconds. */
  readonly durationMs: number;
}

/** How a row ended. */
export type RowResult =
  | {
      readonly status: 'created';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      /** Of the profile as Okta answered with it; see `profileDigest`. */
      readonly profileDigest: string;
      readonly requestId: string | undefined;
    }
  | {
      readonly status: 'updated';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly changes: readonly Change[];
      /** Ids of the groups that the user was put into. */
      readonly joined: readonly string[];
      readonly requestId: string | undefined;
    }
  /** The user is as the row wants it, or is left alone under `--if-exists skip`. */
  | {
      readonly status: 'unchanged' | 'exists';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
    }
  | { readonly status: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly status: 'failed'; readonly error: ReportedError; readonly written?: WrittenChange | undefined }
  | { readonly status: 'not-attempted'; readonly reason: string }
  | { readonly status: 'valid' | 'would-create' }
  | {
      readonly status: 'would-update';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      /** Names of attributes; `groups` for groups that would be joined. */
      readonly changed: readonly string[];
    }
  /** `undo`: the user is deleted. */
  | { readonly status: 'removed'; readonly oktaId: string }
  /** `undo`: the user is as it was before the run. */
  | { readonly status: 'restored'; readonly oktaId: string }
  /** `activate`: the user is active, and has had the mail if one was asked for. */
  | { readonly status: 'activated'; readonly oktaId: string }
  /** `undo`: somebody changed the user since. */
  | {
      readonly status: 'kept';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly reason: string;
    };

/** What became of a row. */
export type RowOutcome = OutcomeBase & RowResult;

/** What was written to the org for a row; undefined for nothing, or nothing that is known. */
export function writtenChangeOf(outcome: RowOutcome): WrittenChange | undefined {
  if (outcome.status === 'failed') return outcome.written;
  return outcome.status === 'created' || outcome.status === 'updated' ? outcome : undefined;
}

export type OutcomeStatus = RowOutcome['status'];

/** `ReportedError.errorCode` of a row whose write may or may not have happened; `resume` settles it. */
export const OUTCOME_UNKNOWN = 'ERR_OUTCOME_UNKNOWN';

/** What is reported of such a row. */
export function outcomeUnknown(reason: string, action = 'created'): ReportedError {
  return {
    errorCode: OUTCOME_UNKNOWN,
    message: `The user may or may not have been ${action}; "resume" finds out. ${reason}`,
    requestId: undefined,
  };
}

/** A row on its way to the runner: to be done, or decided already. */
export type Planned<O extends Operation = Operation> =
  | O
  | { readonly kind: 'decided'; readonly row: Row; readonly outcome: RowOutcome };

/** A row that has its outcome. */
export interface CompletedRow {
  readonly row: Row;
  readonly outcome: RowOutcome;
}

/** What is reported of such a row, as an ending. */
export function inDoubt(reason: string, action?: string): Extract<RowResult, { status: 'failed' }> {
  return { status: 'failed', error: outcomeUnknown(reason, action) };
}

/** The outcome of a row that nothing was sent for. */
export function notAttempted(row: Row, login: string | undefined, reason: string): RowOutcome {
  return {
    row: row.row,
    line: row.line,
    login,
    attempts: 0,
    durationMs: 0,
    status: 'not-attempted',
    reason,
  };
}
