import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/index.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';
import { launchChromium } from '../browser/chromium.mjs';
import { interceptedOrg, oktaError, type Interceptor } from '../helpers/intercepted-org.js';

import { openInBrowser, screenProblems } from './open-browser-page.js';
import { pageScene, type PageScene } from './page-client.js';
import { HEADER, pageOrg } from './run-scene.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const SHOTS = process.env['SHOTS'];

interface Scene extends PageScene {
  readonly page: Page;
  readonly okta: Sandbox;
  readonly host: string;
}

/** A page on the step Plan, with rows that were checked, in a browser. */
async function planScene(
  csv: string,
  { intercept = () => undefined, ...options }: SandboxOptions & { readonly intercept?: Interceptor } = {},
): Promise<Scene> {
  const okta = await startSandbox({ rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  const org = await interceptedOrg(okta, intercept);
  const scene = await pageScene({ org: pageOrg(org.url, okta.token) });
  scene.at.file('people.csv', csv);
  await openNamedFile(scene.server.session, join(scene.at.folder, 'people.csv'));
  await scene.client.json('POST', '/api/check');
  await scene.client.untilState(({ check }) => check?.status === 'ready');
  const page = await openInBrowser(browser, scene.server.createAddress());
  await page.goto(`${scene.server.url}/plan`);
  return { ...scene, page, okta, host: new URL(org.url).host };
}

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: `${SHOTS}/${name}-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 400, height: 800 });
  await page.screenshot({ path: `${SHOTS}/${name}-400.png`, fullPage: true });
  if (size !== null) await page.setViewportSize(size);
}

const NAMES = [
  'Amara Okafor',
  'Noor Haddad',
  'ليلى منصور',
  'דוד כהן',
  'Zoë Brontë',
  'Nguyễn Thị Hoa',
  'Søren Kjær',
];

function staff(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const [first = '', last = ''] = (NAMES[index % NAMES.length] ?? '').split(/ (?=\S+$)/);
    const login = `p${index + 1}@example.com`;
    return `${login},${login},${first},${last},Sales`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

describe('the way from the plan to the undo', () => {
  it('plans, imports with a failure, and undoes', async () => {
    const existing = {
      login: 'p2@example.com',
      email: 'p2@example.com',
      firstName: 'Noor',
      lastName: 'Haddad',
    };
    const { page, okta, host } = await planScene(staff(12), {
      seed: { users: [{ profile: { ...existing, department: 'Support' } }] },
      intercept: ({ method, body }) =>
        method === 'POST' && body?.profile?.['login'] === 'p5@example.com'
          ? oktaError(400, 'E0000001', 'Api validation failed: lastName', 'lastName: The field is too long')
          : undefined,
    });

    // Plan
    const start = page.getByRole('button', { name: 'Import 11 rows …' });
    await start.waitFor();
    await page.getByLabel('Update the user').check();
    await page.getByRole('button', { name: 'Import 12 rows …' }).waitFor();
    await page.getByText('To be updated 1').waitFor();
    const changed = page.getByRole('row').filter({ hasText: 'p2@example.com' });
    expect(await changed.innerText()).toMatch(/department\s+Support\s*→\s*Sales/);
    expect(await page.locator('.command code').innerText()).toMatch(
      /^okta-csv-import import .*people\.csv .*--if-exists update/,
    );
    await shot(page, 'plan');
    expect(await screenProblems(page)).toEqual([]);

    // A row is left out.
    await page.getByLabel('Import line 13, p12@example.com').uncheck();
    await page.getByText('Left out 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Import 11 rows …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import 11 rows?' });
    await dialog.getByText(host, { exact: true }).waitFor();
    await shot(page, 'confirm');
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: `Import into ${host}` }).click();

    // Run
    await page.getByText('10 of 11 rows were imported. 1 row was left out.').first().waitFor();
    await shot(page, 'run-ended');
    expect(await screenProblems(page)).toEqual([]);
    expect(okta.ledger.created).toHaveLength(9);
    await page.getByRole('link', { name: 'Next: Report' }).click();

    // Report
    await page.getByRole('heading', { level: 1, name: 'Import of people.csv' }).waitFor();
    await page.getByRole('cell', { name: /The field is too long/ }).waitFor();
    await shot(page, 'report');
    expect(await screenProblems(page)).toEqual([]);
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open the report' }).click();
    const report = await opened;
    await report.getByRole('heading', { level: 1 }).waitFor();
    expect(await report.evaluate('window.origin')).toBe('null');
    await report.close();

    // Undo
    await page.getByRole('button', { name: 'Undo' }).click();
    const undo = page.getByRole('dialog', { name: 'Undo this run?' });
    await undo.getByText('9 users that it created will be permanently deleted').waitFor();
    const confirm = undo.getByRole('button', { name: `Undo in ${host}` });
    expect(await confirm.isDisabled()).toBe(true);
    await shot(page, 'undo');
    expect(await screenProblems(page)).toEqual([]);
    await undo.getByLabel(`Type ${host} to confirm`).fill(host);
    await confirm.click();
    await page.getByText('10 of 10 users were deleted or restored.').first().waitFor();
    expect(okta.users().map(({ profile }) => profile['department'])).toEqual(['Support']);

    // Runs
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('row').filter({ hasText: 'Undone' }).waitFor();
    await shot(page, 'runs');
    expect(await screenProblems(page)).toEqual([]);
  });

  it('shows a run in progress in a second tab, pauses it, and resumes it from the list of runs', async () => {
    let isHeld = true;
    const waiting: (() => void)[] = [];
    let creates = 0;
    const { page, okta, host, server } = await planScene(staff(60), {
      async intercept({ method, path }) {
        if (method !== 'POST' || path !== '/api/v1/users') return undefined;
        creates += 1;
        if (creates > 20 && isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
        return undefined;
      },
    });
    await page.getByRole('button', { name: 'Import 60 rows …' }).click();
    await page.getByRole('button', { name: `Import into ${host}` }).click();
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await page.getByText('20 of 60 rows').waitFor();
    expect(await bar.getAttribute('value')).toBe('20');
    await shot(page, 'run');
    expect(await screenProblems(page)).toEqual([]);

    const second = await page.context().newPage();
    await second.goto(server.url);
    await second.getByRole('heading', { level: 1, name: 'Importing people.csv' }).waitFor();
    await page.close();
    await second.getByRole('button', { name: 'Pause' }).click();
    await second.getByText('Pausing: requests in flight are finished …').waitFor();
    isHeld = false;
    for (const letGo of waiting) letGo();
    await second
      .getByText(/Paused: \d+ of 60 rows were imported\./)
      .first()
      .waitFor();

    await second.getByRole('link', { name: 'Runs', exact: true }).click();
    await second.getByRole('button', { name: /^Resume: / }).click();
    await second.getByRole('button', { name: `Resume in ${host}` }).click();
    await second.getByText('60 of 60 rows were imported.').first().waitFor();
    expect(okta.ledger.created).toHaveLength(60);
    expect(okta.ledger.createsOfTakenLogins).toEqual([]);
  });

  it('takes the failed rows back into Check, and sends them again', async () => {
    let isRefused = true;
    const { page, okta, host } = await planScene(staff(5), {
      intercept: ({ method, body }) =>
        isRefused && method === 'POST' && body?.profile?.['login'] === 'p5@example.com'
          ? oktaError(400, 'E0000001', 'Api validation failed: lastName', 'lastName: The field is too long')
          : undefined,
    });
    await page.getByRole('button', { name: 'Import 5 rows …' }).click();
    await page.getByRole('button', { name: `Import into ${host}` }).click();
    await page.getByRole('link', { name: 'Next: Report' }).click();
    isRefused = false;

    await page.getByRole('link', { name: 'All runs' }).click();
    await page.locator('.badge-warning', { hasText: 'Ended, 1 failed' }).waitFor();
    await page.getByRole('button', { name: 'Correct failed rows' }).click();
    await page.getByRole('heading', { level: 1, name: 'Check the rows' }).waitFor();
    await page.getByText('Failed in the earlier run').waitFor();
    await page.getByText('The field is too long').first().waitFor();
    const next = page.getByRole('link', { name: 'Plan', exact: true });
    await next.click();
    await page.getByRole('button', { name: 'Import 1 row …' }).click();
    await page.getByRole('button', { name: `Import into ${host}` }).click();

    await page.getByText('In the end, 5 of 5 rows of people.csv succeeded.').first().waitFor();
    expect(okta.ledger.created).toHaveLength(5);
    expect(okta.ledger.createsOfTakenLogins).toEqual([]);
  });
});
