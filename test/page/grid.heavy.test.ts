import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launchChromium } from '../browser/chromium.mjs';
import { checkScene, type CheckScene } from './check-scene.js';
import { openInBrowser, screenProblems } from './open-browser-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const HEADER = 'login,email,firstName,lastName,countryCode,title';

interface GridScene extends CheckScene {
  readonly page: Page;
  /** The line of the file, the column and the text of the cell with the focus. */
  readonly focused: () => Promise<string>;
  /** The names of the columns. */
  readonly heads: () => Promise<readonly string[]>;
}

async function gridScene(content: string, name = 'people.csv'): Promise<GridScene> {
  const scene = await checkScene({ content, name });
  const page = await openInBrowser(browser, scene.server.createAddress());
  await page.goto(`${scene.server.url}/check`);
  await page.locator('[role="gridcell"][tabindex="0"]').waitFor();
  const focused = async (): Promise<string> => {
    const row = page.locator('[role="row"]', { has: page.locator('[role="gridcell"]:focus') });
    // While the grid moves, none has it.
    if ((await row.count()) === 0) return '';
    const number = await row.locator('[role="rowheader"] > span:last-child').textContent();
    const cell = page.locator('[role="gridcell"]:focus');
    const [column, text] = [
      await cell.getAttribute('aria-colindex'),
      await cell.locator('.grid-text').textContent(),
    ];
    return `${number} ${HEADER.split(',')[Number(column) - 2]} ${text}`;
  };
  const heads = () => page.getByRole('columnheader').allTextContents();
  return { ...scene, page, focused, heads };
}

const person = (login: string, country = 'NG', title = 'Engineer') =>
  `${login},${login},Amara,Okafor,${country},${title}`;

const FILE = `${HEADER}
${person('amara@example.com', 'Germany')}
${person('yuki@example.com')}
${person('noor@example.com', 'Japan')}
${person('amara@example.com')}
`;

describe('the grid', () => {
  it('is worked through with the keyboard alone', async () => {
    const { page, focused, server } = await gridScene(FILE);
    const cell = page.locator('[role="gridcell"][tabindex="0"]');
    await cell.focus();
    await expect.poll(focused).toBe('2 login amara@example.com');

    // A problem, what it is, and what would solve it.
    await page.keyboard.press('F8');
    await expect.poll(focused).toBe('2 countryCode Germany');
    expect(
      await page.locator(`[id="${await cell.getAttribute('aria-describedby')}"]`).textContent(),
    ).toContain('is not a country code');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Use “DE”');
    await page.keyboard.press('Enter');
    await page.locator('.grid-cell-edited', { hasText: 'DE' }).waitFor();
    await expect.poll(focused).toBe('2 countryCode DE');

    // Edit, cancel, undo and redo.
    await page.keyboard.press('F8');
    await expect.poll(focused).toBe('4 countryCode Japan');
    await page.keyboard.press('F2');
    await page.keyboard.type('nonsense');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('4 countryCode Japan');
    await page.keyboard.type('JP');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('5 countryCode NG');
    await page.locator('.grid-cell-edited', { hasText: 'JP' }).waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(focused).toBe('4 countryCode Japan');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+y');
    await expect.poll(focused).toBe('4 countryCode JP');

    // Move.
    await page.keyboard.press('Control+Home');
    await expect.poll(focused).toBe('2 login amara@example.com');
    await page.keyboard.press('End');
    await expect.poll(focused).toBe('2 title Engineer');
    await page.keyboard.press('Control+End');
    await expect.poll(focused).toBe('5 title Engineer');
    await page.keyboard.press('Home');
    await page.keyboard.type('amara.okafor@example.com');
    await page.keyboard.press('Tab');
    await expect.poll(focused).toBe('5 email amara@example.com');
    await page.locator('.grid-cell-edited', { hasText: 'amara.okafor@example.com' }).waitFor();
    await expect.poll(() => server.session.check?.state.problemRows).toBe(0);
  });

  it('fixes all cells of a kind after it has shown them', async () => {
    const { page, server } = await gridScene(FILE);

    await page.getByRole('button', { name: /^Use country codes \(2\)/ }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('row').allTextContents()).toEqual([
      'LineBeforeAfter',
      '2GermanyDE',
      '4JapanJP',
    ]);
    await dialog.getByRole('button', { name: 'Change 2 cells' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Leave out 1 row/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave out 1 row' }).click();

    await page.getByText('None of the 3 rows has a problem. 1 row is left out.').waitFor();
    expect(server.session.check?.excludedRows).toEqual([4]);
  });

  it('hides the columns that this program added to the failed rows, and shows why each row failed', async () => {
    const failed = [
      `_problem,${HEADER},_line,_error`,
      `,${person('amara@example.com', 'Germany')},17,The org refused it.`,
      `,${person('noor@example.com', 'NG')},23,Name is too long.`,
    ];
    const { page, focused, heads } = await gridScene(`${failed.join('\n')}\n`, 'failed.csv');

    expect(await heads()).toEqual(['Line', ...HEADER.split(',')]);
    expect(await page.locator('[role="grid"]').getAttribute('aria-colcount')).toBe(
      String(HEADER.split(',').length + 1),
    );
    await page.getByText('The org refused it.').waitFor();
    await page.getByText('Line 17 of the file that was imported').waitFor();
    await page.locator('[role="gridcell"][tabindex="0"]').focus();
    await page.keyboard.press('Control+End');
    await expect.poll(focused).toBe('23 title Engineer');
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe('23 login noor@example.com');
    await page.keyboard.press('F8');
    await expect.poll(focused).toBe('17 countryCode Germany');
    await page.getByRole('button', { name: 'Find and replace' }).click();
    const choices = page.getByRole('dialog').getByLabel('Column').locator('option');
    expect(await choices.allTextContents()).toEqual(HEADER.split(','));
  });

  it('finds and replaces in a column', async () => {
    const { page } = await gridScene(FILE);

    await page.getByRole('button', { name: 'Find and replace' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Column').selectOption({ label: 'title' });
    await dialog.getByLabel('Find', { exact: true }).fill('engineer');
    await dialog.getByLabel('Replace with').fill('Developer');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByRole('button', { name: 'Change 4 cells' }).click();
    await dialog.waitFor({ state: 'detached' });

    await expect
      .poll(() => page.locator('.grid-body .grid-cell-edited', { hasText: 'Developer' }).count())
      .toBe(3);
  });

  it('shows hostile cells as the texts that they are', async () => {
    const hostile = [
      '<img src=x onerror="throw 1">',
      '=HYPERLINK("http://evil.example")',
      '\u001b[31mred',
      'مرحبا (1)',
      '👩‍💻 emoji',
      'x'.repeat(32_000),
    ];
    const lines = hostile.map((text, index) =>
      person(`p${index}@example.com`, 'NG', `"${text.replaceAll('"', '""')}"`),
    );
    const { page } = await gridScene(`${HEADER}\n${lines.join('\n')}\n`);

    await page.getByRole('radio', { name: 'All rows 6' }).check();
    const shown = page.locator('.grid-body [aria-colindex="7"] .grid-text');
    await expect.poll(() => shown.count()).toBe(6);

    expect(await shown.allTextContents()).toEqual(hostile.map((text) => text.slice(0, 300)));
    expect(await page.locator('.grid img').count()).toBe(0);
  });

  it('has no findings of axe, and fits into a narrow window', async () => {
    const { page } = await gridScene(FILE);

    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole('button', { name: /^Use country codes/ }).click();
    await page.getByRole('button', { name: 'Change 2 cells' }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });
});

it('100,000 rows: the page draws and reads only what is visible, and answers at once', async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) =>
    person(`person${index}@example.com`, index % 2 === 0 ? 'Germany' : 'NG'),
  );
  const { page, focused } = await gridScene(`${HEADER}\n${lines.join('\n')}\n`);
  let requests = 0;
  page.on('request', () => (requests += 1));
  await page.getByRole('radio', { name: 'All rows 100,000' }).check();
  await page.getByText('person1@example.com').first().waitFor();
  expect(await page.locator('[role="grid"]').getAttribute('aria-rowcount')).toBe('100001');
  await page.locator('[role="gridcell"][tabindex="0"]').focus();

  // How long a key takes until the cell has the focus and is drawn.
  const took = async (key: string): Promise<number> => {
    const start = performance.now();
    await page.keyboard.press(key);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    return performance.now() - start;
  };
  const times: number[] = [];
  for (let step = 0; step < 40; step += 1) times.push(await took('ArrowDown'));
  await expect.poll(focused).toBe('42 login person40@example.com');
  await page.keyboard.press('Control+End');
  await page.locator('.grid-text', { hasText: 'person99999@example.com' }).first().waitFor();
  await expect.poll(focused).toBe('100,001 title Engineer');
  for (let step = 0; step < 20; step += 1) times.push(await took('PageUp'));

  const median = times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Infinity;
  const drawn = await page.locator('.grid-row').count();
  const renderer = await rendererMemory(page);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  console.log(
    `key to drawn: median ${median.toFixed(0)} ms; ${drawn} rows drawn; ${requests} requests; heap ${(usedSize / 1e6).toFixed(0)} MB; renderer ${renderer.join(', ')} MB`,
  );
  expect(drawn).toBeLessThan(60);
  expect(requests).toBeLessThan(40);
  expect(usedSize).toBeLessThan(100_000_000);
  for (const megabytes of renderer) expect(megabytes).toBeLessThan(400);
  expect(median).toBeLessThan(100);
});

/** The memory (PSS) of each renderer process, in MB. Available on Linux only. */
async function rendererMemory(page: Page): Promise<readonly number[]> {
  const session = await (page.context().browser() ?? browser).newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.flatMap(({ type, id }) => {
    const rollup = `/proc/${id}/smaps_rollup`;
    if (type !== 'renderer' || !existsSync(rollup)) return [];
    const [, kilobytes] = /^Pss: +(\d+) kB$/m.exec(readFileSync(rollup, 'utf8')) ?? [];
    return kilobytes === undefined ? [] : [Math.round(Number(kilobytes) / 1000)];
  });
}
