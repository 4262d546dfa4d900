import { expect, it } from 'vitest';

import { readUsers } from '../../src/org/read-users.js';
import { createOf, workbench } from '../engine/build.js';

it('finds users whom searches do not have yet, however many', async () => {
  const { client, okta } = await workbench({ orgOptions: { searchLagMs: 60_000 } });
  const rows = Array.from({ length: 120 }, (_, index) => index + 1);
  for (const row of rows) {
    await client.createUser(JSON.stringify(createOf(row).request), { activate: false });
  }
  const ids = okta.users().map(({ id }) => id);
  const found: string[] = [];

  for await (const { oktaId, user } of readUsers(ids, { client, signal: new AbortController().signal })) {
    if (user !== undefined) found.push(oktaId);
  }

  expect(found.toSorted()).toEqual(ids.toSorted());
});

it('reads no more than a few of many users who were deleted', async () => {
  const { client, okta } = await workbench();
  const ids = Array.from({ length: 120 }, (_, index) => `00u${index}`);
  const found: unknown[] = [];

  for await (const { user } of readUsers(ids, { client, signal: new AbortController().signal })) {
    found.push(user);
  }

  expect(found).toEqual(ids.map(() => undefined));
  expect(okta.ledger.requests({ operation: 'getUser' })).toBe(50);
});
