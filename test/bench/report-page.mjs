// How long does it take until the page of a large run is usable?
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launchChromium } from '../browser/chromium.mjs';
import { CLI, run } from './child.mjs';
import { FLAGS } from './import.mjs';
import { startInstantOrg } from './orgs.mjs';
import { median, result } from './result.mjs';

const MOST_SECONDS = 2;

export async function reportPage({ workplace, isQuick }) {
  const rows = isQuick ? 5000 : 100_000;
  const reports = await workplace.reports();
  const org = await startInstantOrg();
  try {
    const flags = [...FLAGS, '--concurrency', '50', '--reports', reports, '--run-id', 'shown'];
    await run([CLI, 'import', await workplace.people(rows), ...flags], { env: org.env });
  } finally {
    org.close();
  }
  const page = pathToFileURL(join(reports, 'shown', 'report.html')).href;
  const browser = await launchChromium();
  const took = [];
  try {
    for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
      took.push(await secondsUntilUsable(browser, page, rows));
    }
  } finally {
    await browser.close();
  }
  const seconds = median(took);
  return {
    results: [
      result({
        bench: `report page, ${rows} rows`,
        against: 'seconds',
        ratio: seconds,
        atMost: MOST_SECONDS,
        figures: `${seconds.toFixed(2)} s until a search has found a row`,
      }),
    ],
  };
}

/** Opens the page, shows rows, and finds the last person of the file. */
async function secondsUntilUsable(browser, url, rows) {
  const page = await browser.newPage();
  const startedAtMs = performance.now();
  await page.goto(url);
  await page.locator('tbody tr[data-index]').first().waitFor();
  await page.locator('#search').fill(`person.${rows}@example.com`);
  await page.locator('#rows-shown', { hasText: /^\D*1 of / }).waitFor();
  const seconds = (performance.now() - startedAtMs) / 1000;
  await page.close();
  return seconds;
}
