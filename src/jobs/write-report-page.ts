import { join } from 'node:path';

import { systemClock } from '../clock.js';
import { writeRunPage } from '../report/html/run-page.js';
import { PAGE_FILE } from '../report/html/write-page.js';
import { readJournal } from '../journal/reader.js';
import { outcomesOf, runStateOf } from '../journal/journal-outcomes.js';

import { programVersion } from './program-version.js';

/**
 * Makes `report.html` in the folder of a run, of `import` and of `importUsers` with a journal alike. The run may still be
 * going on: it is not disturbed, and the page says so.
 *
 * @param folder - The one that holds `journal.ndjson`.
 * @returns The path of the page.
 * @throws {DamagedJournalError} There is no journal that can be read.
 * @throws {ReportError} The page cannot be written.
 */
export async function writeReportPage(folder: string): Promise<string> {
  const past = await readJournal(folder);
  try {
    const state = await runStateOf(folder, past);
    await writeRunPage({
      folder,
      past,
      state,
      outcomes: () => outcomesOf(past, state),
      version: await programVersion(),
      createdAt: new Date(systemClock.now()).toISOString(),
    });
    return join(folder, PAGE_FILE);
  } finally {
    past.close();
  }
}
