import type { User } from '../okta/types.js';
import { userStatusText } from '../org/user-status.js';
import type { Secret } from '../secret.js';
import { failedWith, OUTCOME_UNKNOWN, type ReportedError, type RowResult } from '../rows/outcome.js';

/** How the create of one row ended. */
export type CreateResult =
  | {
      readonly status: 'created';
      readonly user: User;
      readonly requestId: string | undefined;
      /** A generated password that the user certainly has. */
      readonly password?: Secret | undefined;
    }
  /** The user exists and is that of the row, but lacks its credentials. */
  | { readonly status: 'unfinished'; readonly user: User }
  /** The login already exists. `user`: who has it, if that is known. */
  | { readonly status: 'taken'; readonly user: User | undefined; readonly error: ReportedError }
  | Exclude<RowResult, { status: 'created' }>;

/** Whether looking for the user of a rejected create has found it, or can find out nothing more. */
export function isDecided(result: CreateResult): boolean {
  const isFound = result.status === 'created' || result.status === 'unfinished';
  return isFound || (result.status === 'failed' && result.error.errorCode === OUTCOME_UNKNOWN);
}

export function takenBy(user: User): CreateResult {
  const message = `This login already exists in Okta (user ${user.id}, ${userStatusText(user.status)}).`;
  return { status: 'taken', user, error: failedWith('ERR_LOGIN_TAKEN', message).error };
}

/** The evidence is contradictory, and looking again finds nothing new until somebody changes the user. */
export function conflictWith({ id }: User, reason: string): CreateResult {
  const message = `Unknown outcome: ${reason} Compare this row with user ${id} in Okta.`;
  return { ...failedWith(OUTCOME_UNKNOWN, message), conflict: id };
}
