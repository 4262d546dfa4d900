import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { activateRun, createOktaClient, importUsers, startSandbox, undoRun } from '../../src/index.js';
import type { RunProgress } from '../../src/jobs/run-observer.js';

it.each([
  ['activate', activateRun],
  ['undo', undoRun],
] as const)('%s reports its progress with the number of users', async (_, followUp) => {
  const okta = await startSandbox({ rateLimits: false });
  const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token });
  const folder = join(mkdtempSync(join(tmpdir(), 'okta-csv-import-follow-up-')), 'run');
  onTestFinished(async () => {
    await client.close();
    await okta.close();
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });
  const records = ['ann', 'bo', 'cy', 'not an address'].map((name) => {
    const login = name.includes(' ') ? name : `${name}@example.com`;
    return { login, email: login, firstName: name, lastName: 'Family' };
  });
  for await (const _ of importUsers({ records }, { client, journal: folder, activate: false }));

  const progress: RunProgress[] = [];
  for await (const _ of followUp(folder, {
    client,
    observer: { progress: (state) => progress.push(state) },
  }));

  expect(progress.length).toBeGreaterThanOrEqual(2);
  expect(progress.map(({ rows }) => rows)).toEqual(progress.map(() => 3));
  expect(progress.at(-1)?.counts.total).toBe(3);
});
