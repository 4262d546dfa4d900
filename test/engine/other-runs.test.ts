import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { OtherRuns } from '../../src/engine/other-runs.js';
import { Journal } from '../../src/journal/journal.js';
import { createdOutcome, description, tempFolder } from './build.js';

const DAY_MS = 24 * 3_600_000;

/** A run of some days ago that created the user of a row. */
async function runOf(reports: string, runId: string, row: number, daysAgo: number): Promise<void> {
  const folder = join(reports, runId);
  await mkdir(folder);
  const journal = await Journal.create(folder, { ...description, runId });
  await journal.recordOutcome(createdOutcome(row));
  await journal.close();
  const at = new Date(Date.now() - daysAgo * DAY_MS);
  await utimes(join(folder, 'journal.ndjson'), at, at);
}

function userOf(row: number, daysAgo: number): Parameters<OtherRuns['claimOf']>[0] {
  const login = `user${row}@example.com`;
  const created = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
  return { id: `00u${row}`, created, profile: { login } };
}

it('knows the users of old runs although it was just asked about a new user', async () => {
  const reports = await tempFolder();
  await runOf(reports, 'new', 1, 0);
  await runOf(reports, 'old', 2, 30);
  const runs = new OtherRuns(join(reports, 'this'), description.org, { now: () => 0 });

  expect(await runs.claimOf(userOf(1, 0))).toBe('created');
  expect(await runs.claimOf(userOf(2, 31))).toBe('created');
  expect(await runs.claimOf(userOf(3, 31))).toBeUndefined();
});

it('knows them when it is asked about both at the same time', async () => {
  const reports = await tempFolder();
  await runOf(reports, 'new', 1, 0);
  await runOf(reports, 'old', 2, 30);
  const runs = new OtherRuns(join(reports, 'this'), description.org, { now: () => 0 });

  const claims = await Promise.all([userOf(1, 0), userOf(2, 31)].map((user) => runs.claimOf(user)));

  expect(claims).toEqual(['created', 'created']);
});
