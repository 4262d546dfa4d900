import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { createOktaClient, importUsers, startSandbox, writeReportPage } from '../../src/index.js';

it('the library writes the page of an import with a journal, during the import and afterwards', async () => {
  const okta = await startSandbox({ rateLimits: false });
  const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token });
  const folder = mkdtempSync(join(tmpdir(), 'okta-csv-import-page-'));
  onTestFinished(async () => {
    await client.close();
    await okta.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const records = ['amara', 'bjorn', 'chloe', 'no address'].map((name) => {
    const login = name.includes(' ') ? name : `${name}@example.com`;
    return { login, email: login, firstName: name, lastName: 'Family' };
  });
  const pages: string[] = [];

  for await (const _ of importUsers({ records }, { client, journal: folder })) {
    if (pages.length === 0) pages.push(readFileSync(await writeReportPage(folder), 'utf8'));
  }
  pages.push(readFileSync(await writeReportPage(folder), 'utf8'));

  expect(pages[0]).toContain('The run is still in progress.');
  expect(pages[1]).toContain('3 of 4 users are in 127.0.0.1');
  expect(pages[1]).toContain('1 needs attention.');
});
