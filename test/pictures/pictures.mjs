// Creates the README's pictures of the report page: `npm run pictures`. Needs Chromium: see `CHROMIUM_PATH` in CONTRIBUTING.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { launchChromium } from '../browser/chromium.mjs';
import { runForPictures } from './run.mjs';

const PICTURES = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

const run = await runForPictures();
const browser = await launchChromium();
try {
  await mkdir(PICTURES, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({
      colorScheme,
      viewport: { width: 1200, height: 1280 },
      deviceScaleFactor: 1.5,
    });
    await page.goto(pathToFileURL(join(run, 'report.html')).href);
    await page.waitForSelector('#latency canvas');
    await page.evaluate(showHome, dirname(dirname(run)));
    await page.screenshot({ path: join(PICTURES, `report-${colorScheme}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  await rm(dirname(dirname(run)), { recursive: true, force: true });
}

/** Replaces the temporary folder in the commands by one that a reader may have. */
function showHome(folder) {
  for (const element of document.querySelectorAll('.steps bdi, .steps code')) {
    element.textContent = element.textContent.replaceAll(folder, '/home/ada');
  }
}
