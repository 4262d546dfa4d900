import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openNamedFile } from '../../src/page/file/file-routes.js';
import { launchChromium } from '../browser/chromium.mjs';
import { sheetRows, workbookOf } from '../csv/build-workbook.js';
import { openInBrowser, screenProblems } from './open-browser-page.js';
import { pageScene, type PageScene } from './page-client.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function scene(): Promise<PageScene & { readonly page: Page }> {
  const opened = await pageScene();
  return { ...opened, page: await openInBrowser(browser, opened.server.createAddress()) };
}

/** The step Columns of a file that was dropped. */
async function columnsScene(csv: string = PEOPLE) {
  const opened = await scene();
  await drop(opened.page, 'people.csv', csv);
  await opened.page.getByRole('link', { name: 'Next: Columns' }).click();
  await opened.page.getByRole('heading', { level: 1, name: 'What the columns mean' }).waitFor();
  return opened;
}

/** Drops a file on the page, as from a file manager. */
async function drop(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(content).toString('base64');
  const transfer = await page.evaluateHandle(
    `(() => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}));
      return transfer;
    })()`,
  );
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await page.locator('.file-name', { hasText: name }).waitFor();
}

const PEOPLE = [
  'Staff of 2026;;;;',
  'E-Mail;Vorname;Nachname;Badge;צבע',
  'yuki@example.com;Yuki;Sato;17;יוקי סאטו',
  'omar@example.com;Omar;Haddad;18;עומר חדאד',
  '',
].join('\n');

const WORKBOOK = workbookOf({
  'Read me': { rows: sheetRows([['How to fill in this workbook']]) },
  People: {
    rows: sheetRows([
      ['Staff of 2026'],
      ['login', 'firstName', 'lastName'],
      ['yuki@example.com', 'Yuki', 'Sato'],
      { cells: ['omar@example.com', 'Omar', 'Haddad'], attributes: 'hidden="1"' },
    ]),
  },
});

describe('the step File', () => {
  it('takes a dropped workbook, another sheet, hidden rows and another header row', async () => {
    const { page, server } = await scene();
    expect(await screenProblems(page)).toEqual([]);
    await drop(page, 'people.xlsx', WORKBOOK);
    await page.getByText('so sheet "People" is read.').waitFor();

    const sheet = page.getByLabel('Sheet');
    await sheet.selectOption({ label: 'Read me (1 row, 1 column)' });
    await page.getByText('so sheet "People" is read.').waitFor({ state: 'detached' });
    await sheet.selectOption({ label: 'People (4 rows, 3 columns)' });
    await page.getByLabel('Leave hidden rows out').check();
    await page.getByText('2 rows, 3 columns ·').waitFor();
    await page.getByRole('button', { name: 'Use as header: row 3' }).click();
    await page.getByText('1 row, 3 columns ·').waitFor();
    expect(await page.evaluate('document.activeElement.className')).toBe('table-frame');

    expect(server.session.file?.table).toMatchObject({
      header: ['yuki@example.com', 'Yuki', 'Sato'],
      reading: { sheet: 'People', hiddenRows: 'skip', headerRow: 3 },
    });
    await page.getByRole('button', { name: 'Detect everything again' }).click();
    await page.getByText('so sheet "People" is read.').waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it('takes one file at a time, and is not replaced by one that is dropped on another step', async () => {
    const { page } = await scene();
    await drop(page, 'people.csv', PEOPLE);
    const transfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      for (const name of ['a.csv', 'b.csv']) transfer.items.add(new File(['login'], name));
      return transfer;
    })()`);
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
    await page.getByText('These are several files.').waitFor();
    await page.getByRole('link', { name: 'Next: Columns' }).click();

    const isLeftToTheBrowser = await page.evaluate(
      `document.querySelector('main').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true }))`,
    );

    expect(isLeftToTheBrowser).toBe(false);
  });

  it('shows the first rows with right-to-left text, and works without a mouse', async () => {
    const { page, server } = await scene();
    await drop(page, 'people.csv', PEOPLE);
    expect(await screenProblems(page)).toEqual([]);
    const cell = page.getByRole('cell', { name: 'יוקי סאטו' });
    expect(await cell.getAttribute('dir')).toBe('auto');

    await page.getByLabel('Delimiter').focus();
    await page.keyboard.press('ArrowUp');
    await page.getByText('1 column', { exact: false }).first().waitFor();
    expect(server.session.file?.state.reading).toEqual({ delimiter: ',' });
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT');
    await page.keyboard.press('ArrowDown');
    await page.getByText('2 rows, 5 columns ·').waitFor();
    await page.getByRole('link', { name: 'Next: Columns' }).focus();
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { level: 1, name: 'What the columns mean' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });

  it('stays readable while the file is being read', async () => {
    const { page } = await scene();
    await drop(page, 'people.csv', PEOPLE);
    const parts = page.locator('.file-parts[aria-busy="false"]');
    await parts.waitFor();
    // Reading a small file takes no time, so the state that it has meanwhile is set by hand.
    await parts.evaluate((element: { ariaBusy: string | null }) => void (element.ariaBusy = 'true'));

    expect(await screenProblems(page)).toEqual([]);
  });

  it('says that the named file has changed on disk, and reads it again', async () => {
    const { page, server, at } = await scene();
    const path = join(at.folder, at.file('people.csv', 'login\nyuki@example.com\n'));
    await openNamedFile(server.session, path);
    await page.getByText('1 row, 1 column ·').waitFor();

    writeFileSync(path, 'login\nyuki@example.com\nomar@example.com\n');
    await page.getByText('people.csv has changed on disk since it was read.').waitFor();
    await page.getByRole('button', { name: 'Read again' }).click();

    await page.getByText('2 rows, 1 column ·').waitFor();
    await page.getByText('has changed on disk').waitFor({ state: 'detached' });
    expect(server.session.file?.state).toMatchObject({ rows: 2, hasChanged: false });
  });

  it('takes 100 MB without holding it in memory', async () => {
    const { page, server, at } = await scene();
    const row = `yuki@example.com,${'x'.repeat(980)}\n`;
    const path = join(at.folder, at.file('large.csv', `login,title\n${row.repeat(100_000)}`));
    const before = process.memoryUsage().rss;

    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByText('100,000 rows, 2 columns ·').waitFor({ timeout: 60_000 });

    expect(server.session.file?.state.sizeBytes).toBeGreaterThan(99_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });
});

describe('the step Columns', () => {
  it('maps a column with the keyboard only, and saves the mapping that the command line takes', async () => {
    const { page, server } = await columnsScene();
    const badge = page.getByRole('combobox', { name: 'What Badge feeds' });
    await badge.focus();

    await page.keyboard.type('employee');
    await page.getByRole('option', { name: 'Employee number' }).waitFor();
    expect(await badge.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await badge.inputValue()).toBe('');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const active = await badge.getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active ?? ''}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.type('number');
    await page.keyboard.press('Enter');
    await expect.poll(() => badge.inputValue()).toBe('Employee number');
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('What Badge feeds');
    await page.getByRole('button', { name: 'Ignore it' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Next: Check' }).waitFor();
    expect(await page.evaluate('document.activeElement.className')).toBe('column-cards');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save mapping' }).press('Enter'),
    ]);
    expect(download.suggestedFilename()).toBe('people.yaml');
    const yaml = readFileSync(await download.path(), 'utf8');
    expect(yaml).toBe(server.session.columns?.state.yaml);
    expect(yaml).toContain('employeeNumber: Badge');
  });

  it('has options for dates and values, with what would be sent, and loads a mapping', async () => {
    const { page, server, at } = await columnsScene('Mail;Land;Seit\nyuki@example.com;Japan;03.11.2026\n');
    await page.getByRole('combobox', { name: 'What Seit feeds' }).fill('cost');
    await page.keyboard.press('Enter');
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Seit' }) });
    await card.getByText('Options').click();
    await card.getByLabel('Date format').fill('dd.MM.yyyy');
    await card.getByLabel('Replace values').fill('never');
    await card.getByText('This line has no equals sign: never').waitFor();
    await card.getByLabel('Replace values').fill('never = 31.12.2026');
    await card.getByRole('button', { name: 'Apply' }).click();
    await card.getByText('2026-11-03').waitFor();
    expect(await screenProblems(page)).toEqual([]);

    const mapping = join(
      at.folder,
      at.file('staff.yaml', 'profile: { login: Mail }\nignore: [Land, Seit]\n'),
    );
    const large = { name: 'people.yaml', mimeType: 'text/yaml', buffer: Buffer.alloc(3_000_000, '#') };
    await page.locator('input[type=file]').setInputFiles(large);
    await page.getByText('people.yaml is too large for a mapping file.').waitFor();
    await page.locator('input[type=file]').setInputFiles(mapping);
    await page.getByText('Loaded from staff.yaml').waitFor();
    expect(server.session.columns?.mappingFile?.ignore).toHaveLength(2);
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();
    await page.getByText('Loaded from staff.yaml').waitFor({ state: 'detached' });
  });

  it('shows hostile names and cells as text', async () => {
    const hostile = '<img src=x onerror="document.title=1">';
    const quoted = `"${hostile.replaceAll('"', '""')}"`;
    const { page } = await columnsScene(`login,${quoted}\nyuki@example.com,${quoted}\n`);

    await page.getByRole('heading', { name: hostile }).waitFor();

    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('combobox', { name: hostile }).fill('<script>');
    await page.getByText('No attribute has this name.').waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it('stays usable with 5,000 columns', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => (index === 0 ? 'login' : `Question ${index}`));
    const { page, server } = await columnsScene(
      `${names.join(',')}\n${names.map((_, index) => `x${index}@example.com`).join(',')}\n`,
    );
    await page.getByText('Columns 1 to 50 of 5,000').waitFor();
    expect(await page.locator('*').count()).toBeLessThan(3000);

    await page.getByLabel('Find a column').fill('Question 4321');
    const field = page.getByRole('combobox', { name: 'What Question 4321 feeds' });
    await field.fill('nick');
    await page.keyboard.press('Enter');
    await expect.poll(() => server.session.columns?.state.columns[4321]?.use.kind).toBe('attribute');
    await page.getByRole('button', { name: 'Ignore all' }).click();

    await page.getByRole('link', { name: 'Next: Check' }).waitFor();
  });
});
