import type { IfExists } from '../journal/journal-line.js';
import { Memberships } from '../org/memberships.js';
import { UserLookup, type UserLookupOptions } from '../org/user-lookup.js';

/** What to do with existing users, and how to find them. */
export interface ExistingUserPolicy {
  readonly ifExists: Exclude<IfExists, 'fail'>;
  readonly users: UserLookup;
  readonly memberships: Memberships;
  close(): Promise<void>;
}

/** @returns undefined when rows with existing logins fail, so that no users have to be looked up. */
export function createExistingUserPolicy(
  ifExists: IfExists,
  options: UserLookupOptions,
): ExistingUserPolicy | undefined {
  if (ifExists === 'fail') return undefined;
  const { client, rows } = options;
  const users = new UserLookup(options);
  const memberships = new Memberships({ client, rows, isBulk: users.isBulk });
  return { ifExists, users, memberships, close: () => users.close() };
}
