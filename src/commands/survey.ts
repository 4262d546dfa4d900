import { readCsv, type Found } from '../csv/records.js';
import type { Source } from '../csv/source.js';
import { restoredHeader } from '../people/user-request.js';

import { aboutFile, type RowFlags } from './checks.js';

/** What reading the file once, before anything is sent, tells of it. */
export interface Survey {
  readonly found: Found;
  readonly header: readonly string[];
  readonly records: number;
}

/**
 * Reads the file to its end once: its hash, its dialect, how many records it has, and that all of it can be read.
 *
 * @throws what `readCsv` throws; nothing has been sent then.
 */
export async function surveyFile(source: Source, flags: RowFlags, signal: AbortSignal): Promise<Survey> {
  try {
    const table = await readCsv(source.read(), flags);
    let records = 0;
    for await (const rows of table.batches) {
      records += rows.length;
      signal.throwIfAborted();
    }
    return { found: table.found(), header: restoredHeader(table.header), records };
  } catch (error) {
    throw aboutFile(error, source.name);
  }
}
