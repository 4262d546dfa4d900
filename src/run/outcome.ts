import type { Row } from '../csv/records.js';
import type { CreateUserOptions, UserRequest, UserStatus } from '../okta/types.js';
import type { Problem } from '../people/problem.js';

/** What we intend to do for a row. */
export interface CreateOperation {
  readonly kind: 'create';
  readonly row: Row;
  readonly login: string;
  readonly request: UserRequest;
  readonly options: CreateUserOptions;
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

export type Operation = CreateOperation | RemoveOperation;

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
  /** Creates sent for this row. */
  readonly attempts: number;
  /** From the first attempt to the outcome, milliseconds. */
  readonly durationMs: number;
}

/** What became of a row. */
export type Outcome = OutcomeBase &
  (
    | {
        readonly status: 'created';
        readonly oktaId: string;
        readonly userStatus: UserStatus;
        /** Of the profile as Okta answered with it; see `profileDigest`. */
        readonly profileDigest: string;
        readonly requestId: string | undefined;
      }
    | { readonly status: 'invalid'; readonly problems: readonly Problem[] }
    | { readonly status: 'failed'; readonly error: ReportedError }
    | { readonly status: 'not-attempted'; readonly because: string }
    | { readonly status: 'valid' | 'would-create' }
    /** `undo`: the user is deleted. */
    | { readonly status: 'removed'; readonly oktaId: string }
    /** `undo`: the user is somebody else's by now. */
    | {
        readonly status: 'kept';
        readonly oktaId: string;
        readonly userStatus: UserStatus;
        readonly because: string;
      }
  );

export type OutcomeStatus = Outcome['status'];

/** `ReportedError.errorCode` of a row whose create may or may not have happened; `resume` settles it. */
export const OUTCOME_UNKNOWN = 'ERR_OUTCOME_UNKNOWN';

/** What is reported of such a row. */
export function outcomeUnknown(why: string): ReportedError {
  return {
    errorCode: OUTCOME_UNKNOWN,
    message: `The user may or may not have been created; "resume" finds out. ${why}`,
    requestId: undefined,
  };
}

/** A row on its way to the runner: to be done, or decided already. */
export type Planned<O extends Operation = Operation> =
  | O
  | { readonly kind: 'decided'; readonly row: Row; readonly outcome: Outcome };

/** A row that has its outcome. */
export interface Finished {
  readonly row: Row;
  readonly outcome: Outcome;
}

/** The outcome of a row that nothing was sent for. */
export function notAttempted(row: Row, login: string | undefined, because: string): Outcome {
  return {
    row: row.row,
    line: row.line,
    login,
    attempts: 0,
    durationMs: 0,
    status: 'not-attempted',
    because,
  };
}
