import { describe, expect, it } from 'vitest';

import { compareWithOrg } from '../../src/engine/compare-with-org.js';
import { profileDigest } from '../../src/engine/profile-digest.js';
import { UserReader } from '../../src/org/user-reader.js';
import type { RemoveOperation } from '../../src/rows/operation.js';
import { sandboxAndClient } from '../okta/sandbox-client.js';

import { profileOf, rowOf } from './build.js';

const MANY = 1000;

/** An org whose first users were created by a run. */
async function orgOf({ rows, others = 0 }: { readonly rows: number; readonly others?: number }) {
  const users = Array.from({ length: rows + others }, (_, index) => ({ profile: profileOf(index + 1) }));
  const { okta, client } = await sandboxAndClient({ rateLimits: false, seed: { users } });
  const operations = okta.users().flatMap(({ id, profile }, index): RemoveOperation[] => {
    const row = rowOf(index + 1);
    const operation = { kind: 'remove', row, login: profile.login, oktaId: id } as const;
    return index < rows ? [{ ...operation, profileDigest: profileDigest(profile) }] : [];
  });
  const compare = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    const compared = compareWithOrg(
      { all: () => operations, ofRow: (row) => operations[row - 1] },
      {
        client,
        reader: new UserReader({ client, clock: { sleep: async () => {} } }),
        signal: new AbortController().signal,
      },
    );
    for await (const { operation, found: comparison } of compared) {
      expect(operation).toBe(operations[found.length]);
      found.push(comparison.kind);
    }
    return found;
  };
  const userOf = (row: number): string => operations[row - 1]?.oktaId ?? '';
  return { okta, client, compare, userOf };
}

function asLeft(rows: number, except: Readonly<Record<number, string>> = {}): readonly string[] {
  return Array.from({ length: rows }, (_, index) => except[index + 1] ?? 'as-left');
}

describe('users of a run are compared with the org', () => {
  it.each([
    { rows: 1, others: 0, requests: 1 },
    { rows: 50, others: 0, requests: 1 },
    { rows: 120, others: 0, requests: 3 },
    { rows: 799, others: 0, requests: 16 },
    // The owner of the token is listed as well.
    { rows: MANY, others: 0, requests: 6 },
    { rows: MANY, others: 1500, requests: 13 + 1 },
    // 41 pages would be more than 20 searches: the first seven pages are read before the users are counted.
    { rows: MANY, others: 7000, requests: 7 + 1 + 20 },
  ])('with $requests requests for $rows of them beside $others others', async ({ requests, ...org }) => {
    const { okta, compare } = await orgOf(org);
    const before = okta.ledger.requests();

    expect(await compare()).toEqual(asLeft(org.rows));
    expect(okta.ledger.requests() - before).toBeLessThanOrEqual(requests);
  });

  it.each([60, MANY])('so that changed, deactivated and deleted ones are found among %d', async (rows) => {
    const { okta, client, compare, userOf } = await orgOf({ rows });
    await client.updateProfile(userOf(7), { title: 'Lead' });
    await client.changeStatus(userOf(20), 'deactivate');
    await client.deleteUser(userOf(31));
    await client.deleteUser(userOf(31));
    const before = okta.ledger.requests();

    expect(await compare()).toEqual(asLeft(rows, { 7: 'changed', 31: 'gone' }));
    // One search has those that the listing lacks; those that are not as left are read, one of them until it is surely gone.
    const pages = rows === MANY ? 5 + 1 : 2;
    expect(okta.ledger.requests() - before).toBeLessThanOrEqual(pages + 1 + 5 + 1);
  });

  it('by searches when the org cannot be listed, and one by one when it cannot be searched either', async () => {
    const { okta, compare } = await orgOf({ rows: MANY });
    okta.addFault({ on: 'listUsers', query: { search: false }, then: 'okta-error', errorCode: 'E0000031' });
    expect(await compare()).toEqual(asLeft(MANY));
    expect(okta.ledger.requests({ operation: 'getUser' })).toBe(0);

    okta.addFault({ on: 'listUsers', query: { search: true }, then: 'okta-error', errorCode: 'E0000031' });
    expect(await compare()).toEqual(asLeft(MANY));
    expect(okta.ledger.requests({ operation: 'getUser' })).toBe(MANY);
  });
});
