import type { OktaClient } from '../okta/client.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import type { Problem } from '../rows/problem.js';
import type { IfExists } from '../journal/journal-line.js';

import type { RowRules } from './compile-checks.js';

/** What decides what becomes of people, the same for `importUsers` and `validateUsers`. All of it has a default. */
export interface RowOptions {
  /** Which column feeds which attribute: `parseMappingFile`, `readPreset`. Columns are recognised by name without one. */
  readonly mapping?: MappingFile | undefined;
  /** Columns that feed nothing. */
  readonly ignoreColumns?: readonly string[] | undefined;
  /** Whether people are created active (default), or staged. */
  readonly activate?: boolean | undefined;
  /** Whether people choose a new password when they first sign in; default false. */
  readonly changePassword?: boolean | undefined;
  /** Names or ids of groups that everyone joins. */
  readonly groups?: readonly string[] | undefined;
  /** Whether groups that the org does not have are created; default false: their rows are invalid. */
  readonly createGroups?: boolean | undefined;
  /** Name or id of the user type of everyone whose record says none; default: the org's default type. */
  readonly userType?: string | undefined;
  /** What becomes of a row whose login is taken: it fails (default), is left alone, or the user is brought up to date. */
  readonly ifExists?: IfExists | undefined;
  /** Whether an empty cell empties the attribute of a user who is there; default false: it says nothing. */
  readonly clearEmpty?: boolean | undefined;
  /** Row numbers, from 1, for which it is true are done; the others come out as `not-attempted`. */
  readonly only?: ((row: number) => boolean) | undefined;
  /** Most operations under way; default 10. How many requests they make of it is the client's to bound. */
  readonly concurrency?: number | undefined;
  /**
   * How many records there will be, where the source cannot tell: decides whether people who are there already are looked
   * for one by one (default), or listed.
   */
  readonly expectedRows?: number | undefined;
  /** Is told what is odd and keeps no row from being sent, and what of the org cannot be read. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
  /** Ends the work: no row is begun any more, those under way are finished, and then its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Something that is odd. */
export interface Warning extends Pick<Problem, 'column' | 'message'> {
  /** Number of the record, from 1; undefined for what concerns all of them. */
  readonly row: number | undefined;
  readonly login: string | undefined;
}

/** The options of `validateUsers`. */
export interface ValidateUsersOptions extends RowOptions {
  /** The org that is asked about its attributes, groups, types and logins; offline without one. */
  readonly client?: OktaClient | undefined;
}

/** The options of `importUsers`. */
export interface ImportUsersOptions extends RowOptions {
  /** Stays the caller's: it is not closed. */
  readonly client: OktaClient;
  /**
   * A folder for the journal, made when it is not there. Attempts are written to it before they are sent, so that an import
   * that died can be called again with the same source, folder and options: rows that have an outcome come out with it
   * again and are not sent, those in doubt are settled, the others are done. Without one, whoever calls again after a crash
   * should use `ifExists`.
   */
  readonly journal?: string | undefined;
}

/** Options with their defaults. @throws {RangeError} */
export function rulesOf(options: RowOptions): RowRules {
  return {
    activate: options.activate ?? true,
    changePassword: options.changePassword ?? false,
    groups: options.groups ?? [],
    userType: options.userType,
    ignoreColumns: options.ignoreColumns ?? [],
    ifExists: options.ifExists ?? 'fail',
    clearEmpty: options.clearEmpty ?? false,
  };
}

/** @throws {RangeError} */
export function concurrencyOf({ concurrency = 10 }: RowOptions): number {
  if (Number.isInteger(concurrency) && concurrency > 0) return concurrency;
  throw new RangeError(`concurrency is a whole number above 0, not ${concurrency}.`);
}
