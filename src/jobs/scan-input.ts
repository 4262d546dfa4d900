import type { CsvOptions, DetectedFormat } from '../csv/csv-table.js';
import type { RunDescription } from '../journal/journal-line.js';
import { noCounts } from '../rows/counts.js';

import type { Input, InputScan } from './input.js';
import type { JobContext } from './job.js';
import type { Run } from './run.js';
import { trackProgress } from './track-progress.js';

/**
 * Reads the input to its end once, before anything is sent: its hash, its dialect, its number of rows, and that all of it
 * can be read. Progress is reported, because a large file takes a while.
 *
 * @param earlier - what an earlier process of the run found in the file.
 * @throws what `readCsv` throws.
 */
export async function scanInput(
  input: Input,
  options: CsvOptions,
  context: JobContext,
  earlier?: RunDescription,
): Promise<InputScan> {
  const stop = trackProgress(
    { name: input.name, phase: 'scanning', counts: noCounts(), bytes: () => input.bytes() },
    context,
  );
  try {
    const { signal } = context.cancellation;
    return await input.scan({ options, signal, earlier, version: context.version });
  } finally {
    stop();
  }
}

/** What the summary of a run keeps of a file. */
export function readFileOf(input: Input, { encoding, delimiter, sheet }: DetectedFormat): Run['file'] {
  const { name, isEdited } = input.file;
  return { name, isEdited, sha256: input.sha256 ?? '', encoding, delimiter, sheet };
}

/** What the journal keeps of a file, so that it is read alike when the run is resumed. */
export function describeFile(
  input: Input,
  { found, rows }: InputScan,
  secretColumns: ReadonlySet<number>,
): RunDescription['file'] {
  const { encoding, delimiter, sheet, headerLine, joinedHeader, guessedOnLine } = found;
  return {
    ...input.file,
    sha256: input.sha256 ?? '',
    encoding,
    delimiter,
    sheet,
    headerLine,
    joinedHeader,
    guessedOnLine,
    records: rows ?? 0,
    secretColumns: [...secretColumns],
  };
}
