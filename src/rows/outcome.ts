import type { Row } from './row.js';
import type { ProfileValue, UserRequest, UserStatus } from '../okta/types.js';

import type { Problem } from './problem.js';

/** What an update did to one attribute; null is no value. */
export interface Change {
  readonly attribute: string;
  readonly from: ProfileValue;
  readonly to: ProfileValue;
}

/** A lifecycle operation of Okta on a user (Users, "Lifecycle operations"). */
export type LifecycleStep = 'activate' | 'unsuspend' | 'suspend' | 'deactivate';

/** A lifecycle operation that a run did, and the status of the user before it. */
export interface LifecycleChange {
  readonly step: LifecycleStep;
  readonly from: UserStatus;
}

/** What was written to the org for a row, even if the row failed in the end. `undo` reverts it. */
export type WrittenChange =
  | {
      readonly status: 'created';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly profileDigest: string;
      /** What the user still lacks, so that importing its row again finishes it. Undefined for nothing. */
      readonly lacks?: Lack | undefined;
    }
  | {
      readonly status: 'updated';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly changes: readonly Change[];
      /** IDs of the groups that the user joined. */
      readonly joined: readonly string[];
      /** Only by `sync`: IDs of the managed groups that the user left, and what was done to its status. */
      readonly left?: readonly string[] | undefined;
      readonly lifecycle?: LifecycleChange | undefined;
    };

/** `credentials`: Okta rejected them after it had created the user. `activation`: the user is still staged. */
export type Lack = 'credentials' | 'activation';

/** Why a row failed. Never holds a secret. */
export interface ReportedError {
  /** Okta's (`E0000001`) or this program's (`ERR_OUTCOME_UNKNOWN`). */
  readonly errorCode: string;
  readonly message: string;
  /** `X-Okta-Request-Id` of the response that decided the row. */
  readonly requestId: string | undefined;
  /** The columns that feed the attributes that Okta rejected. Absent if Okta names none, and from older journals. */
  readonly columns?: readonly string[] | undefined;
}

interface OutcomeBase {
  /** Row number; the first row after the header is 1. */
  readonly row: number;
  /** Line of the file on which the row starts. */
  readonly line: number;
  readonly login: string | undefined;
  /** How many writes were sent for this row. */
  readonly attempts: number;
  /** From the first attempt to the outcome, milliseconds. */
  readonly durationMs: number;
  /** The IDs of people whom the row names are still to be written. */
  readonly awaitsPeople?: boolean | undefined;
  /** The start date of a person whose user was created staged, `YYYY-MM-DD`. */
  readonly startsOn?: string | undefined;
}

/** An outcome without its row. */
export type RowResult =
  | {
      readonly status: 'created';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      /** Of the profile in Okta's response; see `profileDigest`. */
      readonly profileDigest: string;
      readonly requestId: string | undefined;
    }
  | {
      readonly status: 'updated';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly changes: readonly Change[];
      /** IDs of the groups that the user joined. */
      readonly joined: readonly string[];
      /** Only by `sync`: attributes that were edited in Okta, and that the file did not change. */
      readonly keptEdits?: readonly string[] | undefined;
      /** See `WrittenChange`. */
      readonly left?: readonly string[] | undefined;
      readonly lifecycle?: LifecycleChange | undefined;
      readonly requestId: string | undefined;
    }
  /** `unchanged`: the user already is as the row wants it. `exists`: left alone because of `--if-exists skip`. */
  | {
      readonly status: 'unchanged' | 'exists';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      /** The row of the same user that was sent, with the groups of this one. */
      readonly mergedInto?: number | undefined;
      /** Where that row stands: `row 3 (line 4)`. Absent from older journals. */
      readonly mergedIntoPlace?: string | undefined;
      /** Only by `sync`; see `updated`. */
      readonly keptEdits?: readonly string[] | undefined;
    }
  | { readonly status: 'invalid'; readonly problems: readonly Problem[] }
  | {
      readonly status: 'failed';
      readonly error: ReportedError;
      readonly written?: WrittenChange | undefined;
      /** ID of a user that may be the result of this row, although the evidence is contradictory. */
      readonly conflict?: string | undefined;
    }
  | { readonly status: 'not-attempted'; readonly reason: string }
  /** `sync`: a user who is no longer in the file, or whose end date has passed, was suspended or deactivated. */
  | {
      readonly status: 'suspended' | 'deactivated';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly lifecycle: LifecycleChange;
      /** What else was written for a person of the file; see `updated`. */
      readonly changes?: readonly Change[] | undefined;
      readonly joined?: readonly string[] | undefined;
      readonly left?: readonly string[] | undefined;
      /** Why, as a sentence. Absent from older journals. */
      readonly reason?: string | undefined;
    }
  /** `sync`: a user who is no longer in the file was left alone. */
  | {
      readonly status: 'leaver' | 'would-suspend' | 'would-deactivate';
      readonly oktaId: string;
      readonly reason: string;
    }
  | { readonly status: 'valid' | 'would-create' }
  | {
      readonly status: 'would-update';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      /** Attributes that would be written. */
      readonly changes: readonly Change[];
      /** Names of attributes; `groups` when the user would join groups. */
      readonly changed: readonly string[];
    }
  /** `undo`: the user was deleted. */
  | { readonly status: 'removed'; readonly oktaId: string }
  /** `undo`: the user is as it was before the run. */
  | { readonly status: 'restored'; readonly oktaId: string }
  /** `activate`: the user is active, and Okta sent the activation email if one was requested. */
  | { readonly status: 'activated'; readonly oktaId: string }
  /** `remind`: Okta sent the activation email again. */
  | { readonly status: 'reminded'; readonly oktaId: string }
  /** `undo`: left alone because the user was changed after the run. */
  | {
      readonly status: 'kept';
      readonly oktaId: string;
      readonly userStatus: UserStatus;
      readonly reason: string;
    };

/** How a row ended. */
export type RowOutcome = OutcomeBase & RowResult;

export type OutcomeStatus = RowOutcome['status'];

/** What a row says about its user. */
export interface MappedUser {
  readonly request: UserRequest;
  /** Names or IDs. */
  readonly groups: readonly string[];
  /** Name or ID of the user type. */
  readonly type: string | undefined;
}

/** A row with its outcome. */
export interface CompletedRow {
  readonly row: Row;
  readonly outcome: RowOutcome;
  /** Known in a dry run. */
  readonly user?: MappedUser | undefined;
}

/** The outcome of a row; by default of one for which nothing was sent. */
export function outcomeOf(
  { row, line }: Pick<Row, 'row' | 'line'>,
  login: string | undefined,
  result: RowResult,
  { attempts, durationMs } = NOTHING_SENT,
): RowOutcome {
  return { row, line, login, attempts, durationMs, ...result };
}

const NOTHING_SENT = { attempts: 0, durationMs: 0 };

/** A row that needs no operation: its outcome is already known. */
export function decided(
  row: Row,
  login: string | undefined,
  result: RowResult,
): { readonly kind: 'decided' } & CompletedRow {
  return { kind: 'decided', row, outcome: outcomeOf(row, login, result) };
}

/** The outcome of a row for which nothing was sent. */
export function notAttempted(
  row: Pick<Row, 'row' | 'line'>,
  login: string | undefined,
  reason: string,
): RowOutcome {
  return outcomeOf(row, login, { status: 'not-attempted', reason });
}

export function failedWith(errorCode: string, message: string): Extract<RowResult, { status: 'failed' }> {
  return { status: 'failed', error: { errorCode, message, requestId: undefined } };
}

/** `ReportedError.errorCode` of a row whose write may or may not have happened; `resume` finds out. */
export const OUTCOME_UNKNOWN = 'ERR_OUTCOME_UNKNOWN';

/** `ReportedError.errorCode` of a row whose group or realm could not be looked up. */
export const LOOKUP_FAILED = 'ERR_LOOKUP_FAILED';

/** What a write may have done to a user, and which command finds out. */
const WRITE_ACTIONS = {
  created: 'resume',
  updated: 'resume',
  'added to groups': 'resume',
  deleted: 'undo again',
  restored: 'undo again',
  activated: 'activate again',
  reminded: 'status',
} as const;

export type WriteAction = keyof typeof WRITE_ACTIONS;

/**
 * The result of a row whose write may or may not have happened.
 *
 * @param reason - one or more sentences.
 */
export function inDoubt(
  reason: string,
  action: WriteAction = 'created',
): Extract<RowResult, { status: 'failed' }> {
  return failedWith(
    OUTCOME_UNKNOWN,
    `Unknown outcome: the user may have been ${action}. Run ${WRITE_ACTIONS[action]} to find out. ${reason}`,
  );
}

/** What was written to the org for a row; undefined for nothing, or nothing that is known. */
export function writtenChangeOf(outcome: RowOutcome): WrittenChange | undefined {
  if (outcome.status === 'failed') return outcome.written;
  if (outcome.status === 'suspended' || outcome.status === 'deactivated') {
    const { changes = [], joined = [] } = outcome;
    return { ...outcome, status: 'updated', changes, joined };
  }
  return outcome.status === 'created' || outcome.status === 'updated' ? outcome : undefined;
}
