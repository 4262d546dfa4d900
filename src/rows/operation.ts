import type { Row } from './row.js';
import type { CreateUserOptions, User, UserRequest } from '../okta/types.js';

import type { Change, Lack, LifecycleChange, LifecycleStep, RowOutcome } from './outcome.js';
import type { Problem } from './problem.js';

/** Create the user of a row, or do what `--if-exists` asks for when the login is already taken. */
export interface CreateOperation {
  readonly kind: 'create';
  readonly row: Row;
  readonly login: string;
  /** Without attributes that are null, and with at most 20 groups: what one create accepts. */
  readonly request: UserRequest;
  readonly options: CreateUserOptions;
  /** IDs of the groups beyond those 20, joined after the user was created. */
  readonly moreGroupIds?: readonly string[] | undefined;
  /** Names of the groups as the row has them, by ID. */
  readonly groupNames?: ReadonlyMap<string, string> | undefined;
  /** Attributes that an update empties (`--clear-empty`). */
  readonly cleared?: readonly string[] | undefined;
  /** Problems that block a create but not an update of an existing user. */
  readonly createProblems?: readonly Problem[] | undefined;
  /** See `RowOutcome`. */
  readonly startsOn?: string | undefined;
  /** How the person signs in for the first time, if that is written to a file (`--links`). */
  readonly firstSignIn?: FirstSignIn | undefined;
}

/**
 * What the file of links gets for a person: a password that is made when the row is sent; the link of an activation without an email;
 * or only the note that the row gives a password.
 */
export type FirstSignIn =
  /** `length` is that of the mapping; a policy of the org can require more. */
  | { readonly kind: 'password'; readonly length: number }
  | { readonly kind: 'link' }
  | { readonly kind: 'note' };

/** A value that is known only when the user of another row exists. */
export interface PendingLink {
  readonly attribute: string;
  /** The row of the person, and their login. */
  readonly row: number;
  readonly login: string;
}

/** Undo: delete a user that the run created. */
export interface RemoveOperation {
  readonly kind: 'remove';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
  /** Of the profile as the run left it. */
  readonly profileDigest: string;
  /** What the run left undone. */
  readonly lacks?: Lack | undefined;
}

/** Undo: restore the former values of a user that the run updated, and remove it from the groups that it joined. */
export interface RestoreOperation {
  readonly kind: 'restore';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
  readonly changes: readonly Change[];
  /** Group IDs. */
  readonly joined: readonly string[];
  /** See `WrittenChange`. */
  readonly left?: readonly string[] | undefined;
  readonly lifecycle?: LifecycleChange | undefined;
}

/** Activate a user that a run created as staged. */
export interface ActivateOperation {
  readonly kind: 'activate';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
  /** See `RowOutcome`. */
  readonly startsOn?: string | undefined;
}

/** Send the activation email again to a user who has not signed in yet. */
export interface RemindOperation {
  readonly kind: 'remind';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
}

/** Change an existing user whom `sync` knows by ID. */
export interface ChangeOperation {
  readonly kind: 'change';
  readonly row: Row;
  readonly login: string;
  readonly oktaId: string;
  /** As the org was listed; undefined to read the user first. */
  readonly user: Pick<User, 'status' | 'type' | 'profile' | 'credentials'> | undefined;
  readonly changes: readonly Change[];
  /** Group IDs. */
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
  readonly lifecycle?: LifecycleStep | undefined;
  /** Why the user is suspended or deactivated, as a sentence. */
  readonly reason?: string | undefined;
  /** See the outcome `updated`. */
  readonly keptEdits?: readonly string[] | undefined;
}

/** What is to be done for one row. */
export type Operation =
  | CreateOperation
  | ChangeOperation
  | RemoveOperation
  | RestoreOperation
  | ActivateOperation
  | RemindOperation;

/** A row on its way to the worker pool: still to be applied, or already decided. */
export type Planned<O extends Operation = Operation> =
  | O
  | { readonly kind: 'decided'; readonly row: Row; readonly outcome: RowOutcome };
