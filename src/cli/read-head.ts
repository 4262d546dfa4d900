import type { CsvOptions } from '../csv/csv-table.js';
import { readCsv } from '../csv/read-csv.js';
import type { Source } from '../csv/source.js';
import { takeSamples, type Samples } from '../jobs/sample-rows.js';

/** The beginning of a file. */
export interface FileHead {
  readonly header: readonly string[];
  /** Cells of the first rows. */
  readonly samples: Samples;
}

/** Reads the header and some rows. @throws what `readCsv` throws up to the header. */
export async function readHead(source: Source, options: CsvOptions): Promise<FileHead> {
  const { header, batches } = await readCsv(source.read(), options);
  const { samples, batches: all } = await takeSamples(batches);
  try {
    // Started and ended at once, which closes the file.
    for await (const _ of all) break;
  } catch {
    // What is wrong with a row does not matter here.
  }
  return { header, samples };
}
