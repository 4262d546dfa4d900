import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/index.js';
import type { CheckState } from '../../src/page/api/check.js';
import type { PlanState } from '../../src/page/api/plan.js';
import type { RunView } from '../../src/page/api/run.js';
import type { PageSession } from '../../src/page/session.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';
import { launchChromium } from '../browser/chromium.mjs';

import { openInBrowser, screenProblems, untilShown } from './open-browser-page.js';
import { pageScene, type PageScene } from './page-client.js';
import { HEADER, OPTIONS, pageOrg } from './run-scene.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitaensmuetze'.repeat(3);
const CSV = `${HEADER},${LONG}
amara@example.com,amara@example.com,Amara,Okafor,Sales,x
noor@example.com,noor@example.com,,Haddad,Sales,${LONG}
amara@example.com,amara@example.com,ليلى,منصور,${LONG},x
`;

interface Scene extends PageScene {
  readonly page: Page;
  readonly session: PageSession;
}

/** A page in a browser with rows that were checked. */
async function scene(step: string): Promise<Scene> {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  const opened = await pageScene({ org: pageOrg(okta.url, okta.token) });
  const { session } = opened.server;
  await openNamedFile(session, join(opened.at.folder, opened.at.file('people.csv', CSV)));
  await opened.client.json('PUT', '/api/mapping', { kind: 'ignore-undecided' });
  await opened.client.json('POST', '/api/check');
  await opened.client.untilState(({ check }) => check?.status === 'ready');
  const page = await openInBrowser(browser, opened.server.createAddress());
  await page.goto(`${opened.server.url}/${step}`);
  await untilShown(page);
  return { ...opened, page, session };
}

/** Keeps a request of the page waiting, until the test ends. */
async function hold(page: Page, path: string): Promise<void> {
  await page.route(path, () => {});
}

/** Rejects a request of the page as the program does. */
async function refuse(page: Page, path: string): Promise<void> {
  await page.route(path, (route) =>
    route.fulfill({
      status: 422,
      json: {
        error: {
          code: 'ERR_PAGE_STEP',
          message: `The org refused ${LONG}.`,
          hint: `Correct ${LONG}, then try again.`,
        },
      },
    }),
  );
}

const RUN: RunView = {
  runId: 'it',
  action: 'import',
  name: `${LONG}.csv`,
  org: `${LONG}.okta.com`,
  isSandbox: false,
  isWorkbook: true,
  status: 'running',
  rows: 60,
  doneRows: 3,
  leftOut: 0,
  counts: { created: 1, failed: 2 },
  rowsPerMinute: 60,
  timeLeftMs: 60_000,
  wait: undefined,
  requests: { sent: 3, rateLimited: 1 },
  failures: [{ row: 1, line: 2, login: `${LONG}@example.com`, message: `${LONG} is too long.` }],
  warnings: [LONG],
  result: undefined,
};

function showRun(session: PageSession, view: RunView): void {
  session.replaceRun({ view, ended: Promise.resolve(0), pause: () => {} });
}

function showPlan(session: PageSession, change: Partial<PlanState>): Promise<void> {
  const state: PlanState = {
    status: 'ready',
    options: OPTIONS,
    rows: 3,
    checkedRows: 0,
    counts: { 'would-create': 1, invalid: 2 },
    groupsToCreate: [LONG],
    mails: { count: 1, domains: [{ domain: `${LONG}.example`, count: 1 }] },
    startLater: 0,
    requests: 2,
    minutes: 12,
    wait: undefined,
    command: `okta-csv-import import ${LONG}`,
    warnings: [LONG],
    problem: undefined,
    ...change,
  };
  return session.replace('plan', {
    state,
    rows: () => ({ total: 0, rows: [] }),
    planned: undefined,
    take() {},
    release: () => Promise.resolve(),
    markUsed() {},
    close: () => Promise.resolve(),
  });
}

function showCheck(session: PageSession, change: Partial<CheckState>): Promise<void> {
  const { state } = session.check!;
  return session.replace('check', {
    state: { ...state, ...change },
    hasEdits: false,
    excludedRows: [],
    version: 1,
    settled: () => Promise.resolve(),
    writeCsv: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
}

describe('every transient state of a screen has enough contrast and accessible names, and fits into 400 pixels', () => {
  it.each<readonly [string, string, (scene: Scene) => Promise<void>]>([
    [
      'a file on its way',
      'file',
      async ({ page }) => {
        await hold(page, '**/api/file?*');
        await page.locator('input[type=file]').setInputFiles({
          name: `${LONG}.csv`,
          mimeType: 'text/csv',
          buffer: Buffer.from(CSV),
        });
        await page.getByText('Copying the file …').waitFor();
      },
    ],
    [
      'a file that is held over the page',
      'file',
      async ({ page }) => {
        await page.evaluate(
          `document.querySelector('main').dispatchEvent(new DragEvent('dragenter', { dataTransfer: new DataTransfer(), bubbles: true }))`,
        );
      },
    ],
    [
      'a file that was refused',
      'file',
      async ({ page }) => {
        await refuse(page, '**/api/file?*');
        await page.locator('input[type=file]').setInputFiles({
          name: 'people.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from(CSV),
        });
        await page.getByRole('alert').waitFor();
      },
    ],
    [
      'a file that is read again',
      'file',
      async ({ page }) => {
        await hold(page, '**/api/reading');
        await page.getByRole('button', { name: /again/i }).click();
        await page.locator('[aria-busy="true"], [aria-disabled="true"]').first().waitFor();
      },
    ],
    [
      'a file that has changed',
      'file',
      async ({ page, session }) => {
        session.notify({ id: 'file-changed', severity: 'warning', message: LONG, hint: LONG });
        await page.getByText(LONG, { exact: true }).first().waitFor();
      },
    ],
    [
      'a mapping that was refused',
      'columns',
      async ({ page }) => {
        await refuse(page, '**/api/mapping');
        await page.locator('input[type=file][accept*=yaml]').setInputFiles({
          name: 'people.yaml',
          mimeType: 'text/yaml',
          buffer: Buffer.from('profile: {}'),
        });
        await page.getByRole('alert').waitFor();
      },
    ],
    [
      'no column to show',
      'columns',
      async ({ page }) => {
        await page.getByLabel('Find a column').fill('nothing');
        await page.getByText('No columns found').waitFor();
      },
    ],
    [
      'rows that are being checked',
      'check',
      async ({ page, session }) => {
        await showCheck(session, { status: 'running', checkedRows: 1, revision: 1 });
        await page.getByRole('progressbar').waitFor();
      },
    ],
    [
      'a file without rows',
      'check',
      async ({ page, session }) => {
        await showCheck(session, { rows: 0, checkedRows: 0, validRows: 0, problemRows: 0 });
        await page.getByText('There are no rows below the header').waitFor();
      },
    ],
    [
      'a check that waits for the org',
      'check',
      async ({ page, session }) => {
        await showCheck(session, { status: 'running', revision: 1, wait: `Waiting for ${LONG}` });
        await page.getByText(`Waiting for ${LONG}`).waitFor();
      },
    ],
    [
      'a check that has failed',
      'check',
      async ({ page, session }) => {
        const problem = { id: 'check-failed', severity: 'error', message: LONG, hint: LONG } as const;
        await showCheck(session, { status: 'failed', problem, checkedRows: 0 });
        await page.getByRole('button', { name: 'Check again' }).waitFor();
      },
    ],
    [
      'a row that is left out, and a cell that is typed',
      'check',
      async ({ page }) => {
        await page.getByRole('radio', { name: /^All rows/ }).check();
        await page.getByRole('button', { name: 'Leave out this row' }).click();
        await page.getByText('This row is left out').waitFor();
        await page.locator('[role="gridcell"][tabindex="0"]').dblclick();
        await page.locator('.grid-cell-editing textarea').waitFor();
      },
    ],
    [
      'no row in the list, and an edit that was refused',
      'check',
      async ({ page }) => {
        await refuse(page, '**/api/excluded');
        await page.getByRole('button', { name: 'Leave out this row' }).click();
        await page.getByRole('alert').waitFor();
        await page.getByRole('radio', { name: /^Edited/ }).check();
        await page.getByText('No row was edited.').waitFor();
      },
    ],
    [
      'a fix without a preview yet',
      'check',
      async ({ page }) => {
        await hold(page, '**/api/fixes/preview');
        await page
          .getByRole('button', { name: /^Leave out \d rows?: / })
          .first()
          .click();
        await page.getByRole('dialog').waitFor();
      },
    ],
    [
      'a plan in progress that waits',
      'runs',
      async ({ page, session }) => {
        await showPlan(session, { status: 'running', checkedRows: 1, wait: `Waiting for ${LONG}` });
        await page.getByRole('link', { name: 'Plan', exact: true }).click();
        await page.getByText(`Waiting for ${LONG}`).waitFor();
      },
    ],
    [
      'a plan that is asked for',
      'runs',
      async ({ page }) => {
        await hold(page, '**/api/plan');
        await page.getByRole('link', { name: 'Plan', exact: true }).click();
        await page.getByRole('heading', { level: 1, name: 'What would happen' }).waitFor();
      },
    ],
    [
      'a plan that was refused',
      'runs',
      async ({ page }) => {
        await refuse(page, '**/api/plan');
        await page.getByRole('link', { name: 'Plan', exact: true }).click();
        await page.getByRole('alert').waitFor();
      },
    ],
    [
      'a run that is confirmed',
      'plan',
      async ({ page }) => {
        await hold(page, '**/api/run');
        await page.getByRole('button', { name: 'Import 1 row …' }).click();
        await page
          .getByRole('dialog')
          .getByRole('button', { name: /^Import into/ })
          .click();
        await page.locator('.spinner').waitFor();
      },
    ],
    [
      'a run that was refused',
      'plan',
      async ({ page }) => {
        await refuse(page, '**/api/run');
        await page.getByRole('button', { name: 'Import 1 row …' }).click();
        await page
          .getByRole('dialog')
          .getByRole('button', { name: /^Import into/ })
          .click();
        await page.getByRole('dialog').getByRole('alert').waitFor();
      },
    ],
    [
      'a run that begins',
      'runs',
      async ({ page, session }) => {
        showRun(session, { ...RUN, rows: undefined, doneRows: 0, counts: {}, failures: [], warnings: [] });
        await page.getByRole('link', { name: 'Run', exact: true }).click();
        await page.getByRole('progressbar').waitFor();
      },
    ],
    [
      'a run that waits and is paused, with failures and notes',
      'runs',
      async ({ page, session }) => {
        showRun(session, { ...RUN, status: 'pausing', wait: `Waiting for ${LONG}` });
        await page.getByRole('link', { name: 'Run', exact: true }).click();
        await page.getByText('1 note').click();
        await page.getByText('Pausing: requests in flight').waitFor();
      },
    ],
    [
      'runs while one is in progress',
      'runs',
      async ({ page, session }) => {
        showRun(session, RUN);
        await page.getByText('A run is in progress. Wait').waitFor();
      },
    ],
    [
      'runs that are being read',
      'file',
      async ({ page }) => {
        await hold(page, '**/api/runs');
        await page.getByRole('link', { name: 'Runs', exact: true }).click();
        await page.getByRole('progressbar').waitFor();
      },
    ],
    [
      'runs that cannot be read',
      'file',
      async ({ page }) => {
        await refuse(page, '**/api/runs');
        await page.getByRole('link', { name: 'Runs', exact: true }).click();
        await page.getByRole('alert').waitFor();
      },
    ],
    [
      'an org that is checked',
      'file',
      async ({ page }) => {
        await hold(page, '**/api/org');
        await page.locator('.org').click();
        await page.getByRole('dialog').getByLabel('API token').fill('secret');
        await page.getByRole('button', { name: 'Use this org' }).click();
        await page.locator('.spinner').waitFor();
      },
    ],
    [
      'an org that was refused',
      'file',
      async ({ page }) => {
        await refuse(page, '**/api/org');
        await page.locator('.org').click();
        await page.getByRole('dialog').getByLabel('API token').fill('secret');
        await page.getByRole('button', { name: 'Use this org' }).click();
        await page.getByRole('dialog').getByRole('alert').waitFor();
      },
    ],
    [
      'a program that is not reached yet',
      'file',
      async ({ page }) => {
        await hold(page, '**/api/state');
        await page.reload({ waitUntil: 'commit' });
        await page.getByText('Connecting to the program').waitFor();
      },
    ],
  ])('%s', async (_, step, arrange) => {
    const opened = await scene(step);

    await arrange(opened);

    expect(await screenProblems(opened.page)).toEqual([]);
    expect(opened.errors).toEqual([]);
  });

  it('the plan of an undo and of an activation: loading, refused, with choices, and empty', async () => {
    const opened = await scene('plan');
    const { page, session } = opened;
    await page.getByLabel('Create them staged').check();
    await page.getByRole('button', { name: 'Import 1 row …' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Import into/ })
      .click();
    await expect.poll(() => session.run?.view.status, { timeout: 60_000 }).toBe('ended');
    await page.goto(`${opened.server.url}/runs`);
    const plans = `**/api/runs/${session.run?.view.runId}/plan`;

    const problems: string[] = [];
    await hold(page, plans);
    await page.getByRole('button', { name: /^Activate: / }).click();
    await page.getByRole('dialog').getByRole('progressbar').waitFor();
    problems.push(...(await screenProblems(page)));
    await page.unroute(plans);
    await page.keyboard.press('Escape');

    await refuse(page, plans);
    await page.getByRole('button', { name: /^Activate: / }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    problems.push(...(await screenProblems(page)));
    await page.unroute(plans);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: /^Activate: / }).click();
    await page.getByLabel('Write letters to print').check();
    await page.getByText('letters.html').first().waitFor();
    await page.getByLabel('Maximum activations per minute').fill('0');
    await page.getByLabel('Maximum activations per minute').blur();
    await page.getByText('The number of emails per minute must be above 0').waitFor();
    expect(await page.getByRole('button', { name: /^Activate in / }).isDisabled()).toBe(true);
    problems.push(...(await screenProblems(page)));
    await page.getByLabel('Maximum activations per minute').fill('');
    await page.getByLabel('Maximum activations per minute').blur();
    await page.getByRole('button', { name: /^Activate in / }).click();
    await page.getByRole('link', { name: 'Next: Report' }).click();
    await page.getByRole('link', { name: 'letters.html' }).waitFor();
    problems.push(...(await screenProblems(page)));

    expect([...new Set(problems)]).toEqual([]);
  });
});
