import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';

import type { IfExists } from '../journal/journal-line.js';
import { Memberships } from '../org/memberships.js';
import { UserLookup } from '../org/user-lookup.js';

/** What a run knows of the people who are in the org already, and what it does about them. */
export interface ExistingUserPolicy {
  readonly ifExists: Exclude<IfExists, 'fail'>;
  readonly users: UserLookup;
  readonly memberships: Memberships;
  close(): Promise<void>;
}

/**
 * @param options.rows - how many rows will ask.
 * @param options.folder - where a listing of the org can keep its file.
 * @returns undefined when taken logins fail, so that nobody need be looked for.
 */
export function createExistingUserPolicy(
  ifExists: IfExists,
  options: {
    readonly client: OktaClient;
    readonly clock: Clock;
    readonly rows: number;
    readonly folder: string;
  },
): ExistingUserPolicy | undefined {
  if (ifExists === 'fail') return undefined;
  const { client, rows } = options;
  const users = new UserLookup(options);
  const memberships = new Memberships({ client, rows, isBulk: users.isBulk });
  return { ifExists, users, memberships, close: () => users.close() };
}
