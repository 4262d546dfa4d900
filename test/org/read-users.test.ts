import { expect, it } from 'vitest';

import { readUsers } from '../../src/org/read-users.js';
import { createOf, workbench } from '../engine/build.js';

it('finds users whom searches do not have yet, however many', async () => {
  const {
    client,
    okta,
    context: { clock },
  } = await workbench({ orgOptions: { searchLagMs: 60_000 } });
  const rows = Array.from({ length: 120 }, (_, index) => index + 1);
  for (const row of rows) {
    await client.createUser(JSON.stringify(createOf(row).request), { activate: false });
  }
  const ids = okta.users().map(({ id }) => id);

  expect(await idsFound(ids, { client, clock })).toEqual(ids.toSorted());
});

it('reads no more than a few of many users who were deleted', async () => {
  const {
    client,
    okta,
    context: { clock },
  } = await workbench();
  const ids = Array.from({ length: 120 }, (_, index) => `00u${index}`);
  const found: unknown[] = [];

  for await (const { user } of readUsers(ids, { client, clock, signal: new AbortController().signal })) {
    found.push(user);
  }

  expect(found).toEqual(ids.map(() => undefined));
  expect(okta.ledger.requests({ operation: 'getUser' })).toBe(40);
});

it('reads many deleted users at most three times when another one is missing in searches', async () => {
  const {
    client,
    okta,
    context: { clock },
  } = await workbench({ orgOptions: { searchLagMs: 60_000 } });
  await client.createUser(JSON.stringify(createOf(1).request), { activate: false });
  const existing = okta.users().map(({ id }) => id);
  // Not so many that the org is listed.
  const deleted = Array.from({ length: 180 }, (_, index) => `00u${index}`);

  expect(await idsFound([...existing, ...deleted], { client, clock })).toEqual(existing);

  expect(okta.ledger.requests({ operation: 'getUser' })).toBeLessThanOrEqual(3 * 180 + 100);
});

it('reads users that were not found a second time when the org cannot be searched', async () => {
  const { client, okta, context } = await workbench({
    faults: [
      { on: 'listUsers', then: 'okta-error', errorCode: 'E0000031' },
      { on: 'getUser', every: 2, then: 'okta-error', errorCode: 'E0000007' },
    ],
  });
  for (const row of [1, 2, 3, 4, 5]) {
    await client.createUser(JSON.stringify(createOf(row).request), { activate: false });
  }
  const ids = okta.users().map(({ id }) => id);
  const { clock } = context;

  expect(await idsFound(ids, { client, clock })).toEqual(ids.toSorted());
});

it.each([1, 3, 60])(
  'finds %i users whom searches do not have yet and reads find only the fifth time',
  async (count) => {
    const { client, okta, context } = await workbench({
      orgOptions: { searchLagMs: 60_000 },
      faults: [{ on: 'getUser', countedBy: 'login', nth: [1, 2, 3, 4], then: 'not-found' }],
    });
    const rows = Array.from({ length: count }, (_, index) => index + 1);
    for (const row of rows) {
      await client.createUser(JSON.stringify(createOf(row).request), { activate: false });
    }
    const ids = okta.users().map(({ id }) => id);

    expect(await idsFound(ids, { client, clock: context.clock })).toEqual(ids.toSorted());
  },
);

/** The IDs of the users that are found, sorted. */
async function idsFound(
  ids: readonly string[],
  options: Omit<Parameters<typeof readUsers>[1], 'signal'>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const { oktaId, user } of readUsers(ids, {
    ...options,
    signal: new AbortController().signal,
  })) {
    if (user !== undefined) found.push(oktaId);
  }
  return found.toSorted();
}
