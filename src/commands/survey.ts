import { readCsv, type Found } from '../csv/records.js';
import type { Source } from '../csv/source.js';
import { restoredHeader } from '../people/user-request.js';

import { noCounts } from '../report/summary.js';

import { aboutFile, type RowFlags } from './checks.js';
import type { TalkFlags } from './ending.js';
import { showProgress } from './show-progress.js';
import type { Surroundings } from './surroundings.js';

/** What reading the file once, before anything is sent, tells of it. */
export interface Survey {
  readonly found: Found;
  readonly header: readonly string[];
  readonly records: number;
}

/**
 * Reads the file to its end once: its hash, its dialect, how many records it has, and that all of it can be read. A large
 * file takes a while: it is shown how far that is.
 *
 * @throws what `readCsv` throws; nothing has been sent then.
 */
export async function surveyFile(
  source: Source,
  { rows, talk }: { readonly rows: RowFlags; readonly talk: TalkFlags },
  signal: AbortSignal,
  surroundings: Surroundings,
): Promise<Survey> {
  const counts = noCounts();
  const progress = showProgress(talk, surroundings, {
    name: source.name,
    doing: 'reading',
    counts: () => counts,
    source,
  });
  try {
    return await surveyed(source, rows, signal);
  } finally {
    progress?.stop();
  }
}

async function surveyed(source: Source, flags: RowFlags, signal: AbortSignal): Promise<Survey> {
  try {
    const table = await readCsv(source.read(), flags);
    let records = 0;
    for await (const _ of table.rows) {
      records += 1;
      signal.throwIfAborted();
    }
    return { found: table.found(), header: restoredHeader(table.header), records };
  } catch (error) {
    throw aboutFile(error, source.name);
  }
}
