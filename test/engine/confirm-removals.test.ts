import { expect, it } from 'vitest';

import { systemClock } from '../../src/clock.js';
import { confirmRemovals } from '../../src/engine/confirm-removals.js';
import { Journal } from '../../src/journal/journal.js';
import { Cancellation } from '../../src/rows/cancellation.js';
import { outcomeOf, type CompletedRow } from '../../src/rows/outcome.js';
import { sandboxAndClient } from '../okta/sandbox-client.js';

import { description, rowOf, tempFolder } from './build.js';

it('reports the users who were deleted before an undo breaks off', async () => {
  const { client } = await sandboxAndClient({});
  const journal = await Journal.create(await tempFolder(), description);
  const removed = [1, 2, 3].map((number): CompletedRow => {
    const row = rowOf(number);
    return { row, outcome: outcomeOf(row, undefined, { status: 'removed', oktaId: `00u${number}` }) };
  });
  const rows = async function* (): AsyncGenerator<readonly CompletedRow[]> {
    yield removed;
    throw new Error('The lock is lost.');
  };
  const reported: CompletedRow[] = [];

  const confirming = async (): Promise<void> => {
    const context = { client, journal, clock: systemClock, cancellation: new Cancellation() };
    for await (const batch of confirmRemovals(rows(), context)) reported.push(...batch);
  };

  await expect(confirming()).rejects.toThrow('The lock is lost.');
  expect(reported).toEqual(removed);
  await journal.close();
});
