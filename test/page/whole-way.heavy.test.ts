import { once } from 'node:events';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { launchChromium } from '../browser/chromium.mjs';
import { orgSettings, startCli } from '../helpers/cli.js';
import { messyWorkbook } from '../helpers/messy-workbook.js';
import { workplace } from '../helpers/workplace.js';

import { keyboard, mouse, type Hands } from './hands.js';
import { openInBrowser, screenProblems } from './open-browser-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const workbook = messyWorkbook();
const workbookName = 'new-colleagues.xlsx';
it('a messy workbook is dropped, mapped, corrected, planned, imported, and taken back, with the mouse', async () => {
  const okta = await startSandbox({ seed: demoSeed });
  onTestFinished(() => okta.close());
  const before = okta.users().length;
  const page = await openUi([], orgSettings(okta));
  const problems: string[] = [];
  const look = async (): Promise<void> => void problems.push(...(await screenProblems(page)));

  await importWorkbook(page, mouse, new URL(okta.url).host, look);
  expect(okta.users().length).toBe(before + 60);
  await look();
  await undo(page, mouse, new URL(okta.url).host);
  expect(okta.users().length).toBe(before + 59);
  await page.getByRole('link', { name: 'Runs' }).first().click();
  await look();
  const first = page.getByRole('row').filter({ hasText: '59 created' });
  await undo(page, mouse, new URL(okta.url).host, first);

  expect(okta.users().length).toBe(before);
  expect([...new Set(problems)]).toEqual([]);
});

it('the same works with the keyboard only', async () => {
  const page = await openUi(['--sandbox'], {});

  await importWorkbook(page, keyboard, 'the sandbox org', async () => {});
  await undo(page, keyboard, undefined);

  expect(await heading(page)).toMatch(/^Undo of /);
});

async function openUi(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Page> {
  const running = startCli(['ui', '--port=0', ...args], { at: workplace(), env });
  const [printed] = (await once(running.process.stdout!, 'data')) as [Buffer];
  return openInBrowser(browser, printed.toString('utf8').trim());
}

/** From the file to the report, and one failure that is corrected and sent again. */
async function importWorkbook(
  page: Page,
  hands: Hands,
  org: string,
  look: () => Promise<void>,
): Promise<void> {
  await look();
  await hands.takeFile(page, { name: workbookName, bytes: workbook.bytes });
  await page.getByText(`so sheet "${workbook.sheet}" is read.`).waitFor();
  await page.getByText('First choose what happens to the hidden rows.').waitFor();
  await look();
  await hands.choose(page.getByRole('radio', { name: 'Leave hidden rows out' }));
  await look();
  await next(page, hands, 'Columns', 'What the columns mean');
  await look();
  await next(page, hands, 'Check', 'Check the rows');
  await page.getByRole('grid').waitFor();
  await look();
  await hands.choose(page.getByRole('radio', { name: /^Problems / }));
  // With the mouse still over the choice.
  await look();
  // Arabic reads from the right, whatever is beside it.
  await page.locator('.grid-text:dir(rtl)').filter({ hasText: 'الزهراني' }).waitFor();
  await correctCells(page, hands);
  await look();
  await next(page, hands, 'Plan', 'What would happen');
  await startImport(page, hands, { rows: 59, org }, look);

  await page.getByText('59 of 60 rows were imported. 1 row was left out.').first().waitFor();
  await look();
  // The address of the page's sandbox org is meaningless, so it is not shown.
  if (org === 'the sandbox org') {
    const main = page.locator('main').filter({ hasText: 'no email is sent', hasNotText: '127.0.0.1' });
    await main.waitFor();
  }
  await hands.activate(page.getByRole('button', { name: 'Correct failed rows' }));
  await page.getByRole('grid').waitFor();
  await page.getByText('juergen.gross@example.com').first().waitFor();
  // The grid is at the first column that feeds anything.
  await page.locator('.check-detail').getByRole('heading', { name: 'E-Mail*' }).waitFor();
  await hands.goToCell(page, 'juergen.gross@example.com');
  await hands.editCell(page, 'juergen.gross.2@example.com');
  await page.getByText(/^Line \d+ was changed and checked\.$/).waitFor({ state: 'attached' });
  await next(page, hands, 'Plan', 'What would happen');
  await startImport(page, hands, { rows: 1, org }, look);
  await page.getByText('1 of 1 row was imported.').first().waitFor();
}

/** Corrects one cell after the other, as the grid leads to them. */
async function correctCells(page: Page, hands: Hands): Promise<void> {
  const panel = page.locator('.check-detail');
  const remaining = new Set(workbook.wrongCells);
  for (let tries = 0; remaining.size > 0 && tries < 100; tries += 1) {
    const { line, column } = await hands.nextProblem(page);
    const name = workbook.columns[column] ?? '';
    await panel.getByRole('heading', { name, exact: true }).waitFor();
    await panel.getByText(`Sheet row ${line} of ${workbookName}`).waitFor();
    const found = [...remaining].find((cell) => cell.line === line && cell.column === name);
    if (found === undefined) continue;
    await hands.editCell(page, found.right);
    await page.getByText(`Sheet row ${line} was changed and checked.`).waitFor({ state: 'attached' });
    remaining.delete(found);
  }
  expect([...remaining]).toEqual([]);
  await page.getByRole('radio', { name: 'Problems 0' }).waitFor();
}

async function startImport(
  page: Page,
  hands: Hands,
  { rows, org }: { readonly rows: number; readonly org: string },
  look: () => Promise<void>,
): Promise<void> {
  const name = rows === 1 ? 'Import 1 row …' : `Import ${rows} rows …`;
  await page.getByRole('button', { name, disabled: false }).waitFor();
  await look();
  await hands.activate(page.getByRole('button', { name }));
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await look();
  await hands.activate(dialog.getByRole('button', { name: `Import into ${org}` }));
  await page.getByRole('link', { name: 'Next: Report' }).waitFor();
  await look();
  await hands.activate(page.getByRole('link', { name: 'Next: Report' }));
}

async function undo(
  page: Page,
  hands: Hands,
  host: string | undefined,
  within: Page | ReturnType<Page['getByRole']> = page,
): Promise<void> {
  await hands.activate(within.getByRole('button', { name: /^Undo/ }).first());
  const dialog = page.getByRole('dialog', { name: 'Undo this run?' });
  const start = dialog.getByRole('button', { name: /^Undo in / });
  await start.waitFor();
  if (host !== undefined) await hands.type(dialog.getByLabel(`Type ${host} to confirm`), host);
  await hands.activate(start);
  await page.getByRole('heading', { level: 1, name: /^Undo of / }).waitFor();
}

async function next(page: Page, hands: Hands, step: string, title: string): Promise<void> {
  await page.getByRole('link', { name: `Next: ${step}` }).waitFor();
  await hands.activate(page.getByRole('link', { name: `Next: ${step}` }));
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

function heading(page: Page): Promise<string> {
  return page.getByRole('heading', { level: 1 }).innerText();
}
