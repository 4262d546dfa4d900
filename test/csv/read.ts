import { toCsvOptions } from '../../src/jobs/csv-options.js';
import { OktaImportError } from '../../src/errors.js';
import type { Row } from '../../src/rows/row.js';
import type { CsvOptions, CsvTable, DetectedFormat } from '../../src/csv/csv-table.js';
import { readCsv } from '../../src/csv/read-csv.js';

/** The result of reading a file: its table if the header was valid, the rows before any error, and the error. */
export interface Reading {
  readonly table:
    | (Omit<CsvTable, 'rows' | 'batches' | 'found' | 'columns'> &
        Omit<DetectedFormat, 'notices' | 'warnings' | 'headerLine'>)
    | undefined;
  readonly rows: readonly Row[];
  /** The warnings as well. */
  readonly notices: readonly string[];
  readonly error: OktaImportError | undefined;
}

/** Reads a whole file as a job does. Throws other errors than `OktaImportError`, which are bugs. */
export async function readAll(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): Promise<Reading> {
  let table: CsvTable | undefined;
  const rows: Row[] = [];
  let error: OktaImportError | undefined;
  try {
    table = await readCsv(bytes, { ...toCsvOptions({}), ...options });
    // It is the same for all rows of a file.
    for await (const { lineLabel: _, ...row } of table.rows) rows.push(row);
  } catch (thrown) {
    if (!(thrown instanceof OktaImportError)) throw thrown;
    error = thrown;
  }
  if (table === undefined) return { table, rows, notices: [], error };
  const { header, headerLine } = table;
  const { notices, warnings = [], ...found } = table.found();
  return { table: { ...found, header, headerLine }, rows, notices: [...notices, ...warnings], error };
}

/** Yields bytes, `chunkBytes` at a time. */
export async function* inChunks(
  content: string | Uint8Array,
  chunkBytes = Infinity,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(content);
  const step = Math.min(chunkBytes, Math.max(bytes.length, 1));
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
