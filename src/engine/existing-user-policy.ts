import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';

import type { IfExists } from '../journal/journal.js';
import { Memberships } from '../org/memberships.js';
import { People } from '../org/user-lookup.js';

/** What a run knows of the people who are in the org already, and what it does about them. */
export interface Existing {
  readonly then: Exclude<IfExists, 'fail'>;
  readonly people: People;
  readonly memberships: Memberships;
  close(): Promise<void>;
}

/**
 * @param options.rows - how many rows will ask.
 * @param options.folder - where a listing of the org can keep its file.
 * @returns undefined when taken logins fail, so that nobody need be looked for.
 */
export function lookAtExisting(
  then: IfExists,
  options: {
    readonly client: OktaClient;
    readonly clock: Clock;
    readonly rows: number;
    readonly folder: string;
  },
): Existing | undefined {
  if (then === 'fail') return undefined;
  const { client, rows } = options;
  const people = new People(options);
  const memberships = new Memberships({ client, rows, areMany: people.areMany });
  return { then, people, memberships, close: () => people.close() };
}
