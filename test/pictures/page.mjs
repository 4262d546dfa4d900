// Creates the pictures of the local page for docs/page.md: `npm run pictures`. Needs Chromium: see `CHROMIUM_PATH` in CONTRIBUTING.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launchChromium } from '../browser/chromium.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PICTURES = process.argv[2] ?? join(ROOT, 'docs/pictures');
const PROGRAM = join(ROOT, 'dist/cli.js');
const WIDE = { width: 1040, height: 700 };
const NARROW = { width: 400, height: 760 };

await mkdir(PICTURES, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'okta-csv-import-pictures-'));
await cp(join(ROOT, 'fixtures/new-colleagues.xlsx'), join(folder, 'new-colleagues.xlsx'));
// Slow, so that the run can be seen.
const sandbox = start(['sandbox', '--port=0', '--latency', '250'], {});
const settings = Object.fromEntries((await firstOutput(sandbox)).split('\n').map((line) => line.split('=')));
const ui = start(['ui', 'new-colleagues.xlsx', '--concurrency=1'], settings);
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto((await firstOutput(ui)).trim());
  await importWorkbook(page);
} finally {
  await browser.close();
  ui.kill();
  sandbox.kill();
  await rm(folder, { recursive: true, force: true });
}

function start(args, env) {
  const options = {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  };
  return spawn(process.execPath, [PROGRAM, ...args], options);
}

async function firstOutput(child) {
  const [printed] = await once(child.stdout, 'data');
  return printed.toString('utf8');
}

/** The steps as their reader goes through them. */
async function importWorkbook(page) {
  await page.getByRole('radio', { name: 'Leave hidden rows out' }).click();
  await page.getByRole('link', { name: 'Next: Columns' }).waitFor();
  await take(page, 'file');
  await page.getByRole('link', { name: 'Next: Columns' }).click();
  await page.getByText('Vorname').first().waitFor();
  await take(page, 'columns');
  await page.getByRole('link', { name: 'Next: Check' }).click();
  await page.getByRole('grid').waitFor();
  await page.getByRole('radio', { name: /^All rows / }).click();
  await page.getByText('kaethe.weissmueller@example.com').first().click();
  await page.keyboard.press('End');
  await page.getByText('Österreich').first().click();
  await page.getByRole('button', { name: 'Use “AT”' }).waitFor();
  await take(page, 'check');
  await page.getByRole('link', { name: 'Next: Plan' }).click();
  await page.getByRole('button', { name: 'Import 47 rows …' }).waitFor();
  await take(page, 'plan');
  await page.getByRole('button', { name: 'Import 47 rows …' }).click();
  await page.getByRole('button', { name: /^Import into / }).click();
  await page.getByText(/^2\d of 60 rows$/).waitFor();
  await take(page, 'run');
  await page.getByRole('link', { name: 'Next: Report' }).click();
  await page.getByText('were imported.').first().waitFor();
  await take(page, 'report');
  await page.getByRole('link', { name: 'Runs' }).first().click();
  await page.getByRole('row').nth(1).waitFor();
  await take(page, 'runs');
}

/** Light, dark and narrow. */
async function take(page, step) {
  for (const { name, colorScheme, viewport } of [
    { name: 'light', colorScheme: 'light', viewport: WIDE },
    { name: 'dark', colorScheme: 'dark', viewport: WIDE },
    { name: 'narrow', colorScheme: 'light', viewport: NARROW },
  ]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await page.evaluate(showHome, { folder, host: new URL(settings.OKTA_CLIENT_ORGURL).host });
    await page.evaluate(untilDrawn);
    await page.screenshot({ path: join(PICTURES, `page-${step}-${name}.png`) });
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Waits until a new color scheme is drawn completely. */
async function untilDrawn() {
  for (let frame = 0; frame < 10; frame += 1) await new Promise((done) => requestAnimationFrame(done));
}

/** Replaces the temporary folder and the sandbox by what a reader may have. */
function showHome({ folder, host }) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode } = walker;
    const shown = currentNode.data
      .replaceAll(`http://${host}`, 'https://acme.okta.com')
      .replaceAll(host, 'acme.okta.com')
      .replaceAll(folder, '/home/ada');
    if (shown !== currentNode.data) currentNode.data = shown;
  }
}
