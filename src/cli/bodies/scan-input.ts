import { readCsv, type Found } from '../../csv/records.js';
import type { Source } from '../../csv/source.js';
import { unescapeHeader } from '../../mapping/generated-file.js';
import { noCounts } from '../../rows/counts.js';
import type { RunDescription } from '../../journal/journal-line.js';

import { aboutFile, type RowFlags } from './load-mapping.js';
import type { OutputFlags } from './finish.js';
import { showProgress } from '../show-progress.js';
import type { CommandContext } from '../command-context.js';

/** What reading the file once, before anything is sent, tells of it. */
export interface Survey {
  readonly found: Found;
  readonly header: readonly string[];
  readonly records: number;
}

/** The flags that decide how a file is read, and whether it is shown how far that is. */
interface SurveyFlags {
  readonly rows: RowFlags;
  readonly talk: OutputFlags;
}

/**
 * Reads the file to its end once: its hash, its dialect, how many records it has, and that all of it can be read. A large
 * file takes a while: it is shown how far that is.
 *
 * @throws what `readCsv` throws; nothing has been sent then.
 */
export async function surveyFile(
  source: Source,
  { rows, talk }: SurveyFlags,
  signal: AbortSignal,
  surroundings: CommandContext,
): Promise<Survey> {
  return whileShown(source, talk, surroundings, () => survey(source, rows, signal));
}

/**
 * Surveys the file of a run that goes on. Where the bytes are those of then, this version of the program would find what it found then,
 * so only their hash is told anew; except where more was found than the journal says, as with an encoding that had to be guessed.
 *
 * @throws what `readCsv` throws.
 */
export async function surveyAgain(
  source: Source,
  { description, rows, talk }: SurveyFlags & { readonly description: RunDescription },
  signal: AbortSignal,
  surroundings: CommandContext,
): Promise<Survey> {
  const { encoding, delimiter, records, sha256 } = description.file;
  return whileShown(source, talk, surroundings, async () => {
    if (description.version !== surroundings.version || encoding !== 'utf-8') {
      return survey(source, rows, signal);
    }
    for await (const _ of source.read()) signal.throwIfAborted();
    if (source.sha256 !== sha256) return survey(source, rows, signal);
    const found = { encoding, delimiter, notices: [] };
    const { header, batches } = await readCsv(source.read(), { ...rows, found });
    // Begun and left, so that what was opened is closed.
    for await (const _ of batches) break;
    return { found, header: unescapeHeader(header), records };
  });
}

async function survey(source: Source, flags: RowFlags, signal: AbortSignal): Promise<Survey> {
  try {
    const table = await readCsv(source.read(), flags);
    let records = 0;
    for await (const rows of table.batches) {
      records += rows.length;
      signal.throwIfAborted();
    }
    return { found: table.found(), header: unescapeHeader(table.header), records };
  } catch (error) {
    throw aboutFile(error, source.name);
  }
}

async function whileShown<T>(
  source: Source,
  talk: OutputFlags,
  surroundings: CommandContext,
  read: () => Promise<T>,
): Promise<T> {
  const counts = noCounts();
  const watched = { name: source.name, doing: 'reading', counts: () => counts, source };
  const progress = showProgress(talk, surroundings, watched);
  try {
    return await read();
  } finally {
    progress?.stop();
  }
}
