import { OktaImportError } from '../../src/errors.js';
import { readCsv, type CsvOptions, type CsvTable, type Row } from '../../src/csv/records.js';

/** What came of a file: its table if the header was good, the rows up to the error, and the error if there was one. */
export interface Reading {
  readonly table: Omit<CsvTable, 'rows'> | undefined;
  readonly rows: readonly Row[];
  readonly error: OktaImportError | undefined;
}

/** Reads all of a file. Errors that are not ours are bugs and go through. */
export async function readAll(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<Reading> {
  let table: Reading['table'];
  const rows: Row[] = [];
  try {
    const { rows: source, ...head } = await readCsv(bytes, options);
    table = head;
    for await (const row of source) rows.push(row);
  } catch (error) {
    if (!(error instanceof OktaImportError)) throw error;
    return { table, rows, error };
  }
  return { table, rows, error: undefined };
}

/** A source of bytes that hands them out `chunkBytes` at a time. */
export async function* inChunks(
  content: string | Uint8Array,
  chunkBytes = Infinity,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(content);
  const step = Math.min(chunkBytes, Math.max(bytes.length, 1));
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
