import type { Row } from '../rows/row.js';
import type { CsvOptions, DetectedFormat } from '../csv/csv-table.js';
import { readCsv } from '../csv/read-csv.js';
import { openSource, type Source } from '../csv/source.js';
import { OktaImportError } from '../errors.js';
import type { RunDescription } from '../journal/journal-line.js';
import { unescapeHeader } from '../mapping/generated-file.js';
import { CanceledError } from '../rows/cancellation.js';
import { lineLabelOf } from '../rows/place.js';

import { foundEarlier } from './csv-options.js';
import { HiddenRows } from './hidden-rows.js';
import { withOwnLines } from './own-lines.js';
import type { RunProgress } from './run-observer.js';
import { SAMPLE_ROWS, takeSamples, type Samples } from './sample-rows.js';

/** Where rows come from: a file, or records of a program. */
export type InputSource<T extends object = object> = CsvSource | RecordsSource<T>;

/** CSV, compressed with gzip or not, or an Excel workbook. */
export interface CsvSource {
  /**
   * Path of the file, or its bytes. An import reads the file twice, first to check that all of it can be read; bytes are kept
   * in an unnamed temporary file.
   */
  readonly csv: string | AsyncIterable<Uint8Array>;
}

/** Records, pulled one at a time. */
export interface RecordsSource<T extends object = object> {
  /**
   * Values by column: strings, numbers, booleans, null, and arrays of those for attributes and groups that take several.
   * The columns are the keys of all records: a missing key is an empty cell, and a key that first appears in a later record
   * is recognized then.
   */
  readonly records: AsyncIterable<T> | Iterable<T>;
}

/** A row, with its record, if it has one: then its cells are filled in when it is mapped. */
export interface InputRow extends Row {
  readonly record?: object;
}

/** An input that is open. */
export interface Input {
  /** Whether the header may grow: later records can bring keys of their own. */
  readonly isOpenEnded: boolean;
  /** For messages. */
  readonly name: string;
  readonly file: Pick<RunDescription['file'], 'name' | 'path' | 'sizeBytes' | 'isEdited'>;
  /** Hexadecimal; undefined until the input was read to its end, and for records. */
  readonly sha256: string | undefined;
  /** Progress of the current reading; undefined if unknown. */
  bytes(): RunProgress['bytes'];
  /** Reads all of a file once, or the first record, which has the first columns. */
  scan(options: ScanOptions): Promise<InputScan>;
  /**
   * Reads the rows, once.
   *
   * @param options - `found` by an earlier scan, or what is known about the file.
   * @param signal - ends a wait for the next record.
   */
  read(options: CsvOptions, signal: AbortSignal): Promise<InputTable>;
  close(): Promise<void>;
}

interface ScanOptions {
  readonly options: CsvOptions;
  readonly signal: AbortSignal;
  /** What an earlier process of the run found. The same version finds the same in the same bytes. */
  readonly earlier?: Pick<RunDescription, 'file' | 'settings' | 'version'> | undefined;
  readonly version: string;
}

/** What is known of an input before its rows are processed. */
export interface InputScan {
  /** Empty when there are no records. */
  readonly header: readonly string[];
  /** The index of each column in the file; empty for records. */
  readonly columns: readonly number[];
  readonly found: DetectedFormat;
  /** Number of rows; undefined for records, until their end. */
  readonly rows: number | undefined;
  readonly hidden: HiddenRows;
  readonly samples: Samples;
}

export interface InputTable {
  readonly header: readonly string[];
  readonly delimiter: string;
  readonly batches: AsyncIterable<readonly InputRow[]>;
  /** Final when all rows were read, as are `hidden`. */
  readonly found: () => DetectedFormat;
  readonly hidden: HiddenRows;
  readonly samples: Samples;
}

/**
 * @param editedFrom - name of the file of which the source is an edited copy: the input is named for it.
 * @throws {UnreadableFileError}
 */
export async function openInput(
  source: InputSource,
  signal: AbortSignal,
  editedFrom?: string | undefined,
): Promise<Input> {
  if (!('csv' in source)) return openRecords(source.records);
  const { csv } = source;
  return fileInput(
    await (typeof csv === 'string' ? openSource(csv, noBytes(), signal) : openSource('-', csv, signal)),
    editedFrom,
  );
}

function fileInput(source: Source, editedFrom: string | undefined): Input {
  const { path, sizeBytes } = source;
  const name = editedFrom ?? source.name;
  const file = { name, path, sizeBytes, ...(editedFrom !== undefined && { isEdited: true }) };
  return {
    isOpenEnded: false,
    name,
    file,
    get sha256() {
      return source.sha256;
    },
    bytes: () => (path === '' ? undefined : { read: source.readBytes, of: sizeBytes }),
    scan: (options) => naming(name, () => scanFile(source, options)),
    read: (options) =>
      naming(name, async () => {
        const table = await readCsv(source.read(), options);
        const hidden = new HiddenRows();
        const header = unescapeHeader(table.header);
        const rows = withOwnLines(header, table.batches, lineLabelOf(file));
        const { samples, batches } = await takeSamples(hidden.counted(rows));
        return { ...table, header, batches: namingAll(name, batches), hidden, samples };
      }),
    close: () => source.close(),
  };
}

async function scanFile(
  source: Source,
  { options, signal, earlier, version }: ScanOptions,
): Promise<InputScan> {
  let found: DetectedFormat | undefined;
  if (earlier !== undefined) {
    for await (const _ of source.read()) signal.throwIfAborted();
    if (source.sha256 === earlier.file.sha256) {
      found = foundEarlier(earlier);
      // The same version reads the same in the same bytes.
      const isScanned = earlier.version === version && earlier.file.encoding === 'utf-8';
      if (isScanned) return scanHeader(source, found, earlier.file.records);
    }
  }
  const table = await readCsv(source.read(), { ...options, found });
  const hidden = new HiddenRows();
  let count = 0;
  const samples: (readonly string[])[] = [];
  for await (const rows of hidden.counted(table.batches)) {
    count += rows.length;
    if (samples.length < SAMPLE_ROWS) {
      samples.push(...rows.slice(0, SAMPLE_ROWS - samples.length).map(({ cells }) => cells));
    }
    signal.throwIfAborted();
  }
  const { columns, header } = table;
  return { found: table.found(), header: unescapeHeader(header), columns, rows: count, hidden, samples };
}

async function scanHeader(source: Source, found: DetectedFormat, rows: number): Promise<InputScan> {
  const table = await readCsv(source.read(), { found });
  const { samples, batches } = await takeSamples(table.batches);
  // Started and ended at once, which closes the file.
  for await (const _ of batches) break;
  // What happens to hidden rows was decided when the run started.
  const { columns, header } = table;
  return { found, header: unescapeHeader(header), columns, rows, hidden: new HiddenRows(), samples };
}

function openRecords(records: RecordsSource['records']): Input {
  const found: DetectedFormat = { encoding: 'utf-8', delimiter: ',', notices: [] };
  const iterator = rowsOf(records);
  let first: IteratorResult<InputRow, void> | undefined;
  let isStalled = false;
  const next = async (signal: AbortSignal): Promise<IteratorResult<InputRow, void> | undefined> => {
    const result = await orAborted(iterator.next(), signal);
    isStalled = result === undefined;
    return result;
  };
  const scan = async (signal: AbortSignal): Promise<InputScan> => {
    first ??= await next(signal);
    const record = first?.value?.record;
    const header = record === undefined ? [] : Object.keys(record);
    return { header, columns: [], found, rows: undefined, hidden: new HiddenRows(), samples: [] };
  };
  return {
    isOpenEnded: true,
    name: 'records',
    file: { name: 'records', path: '', sizeBytes: 0 },
    sha256: undefined,
    bytes: () => undefined,
    scan: ({ signal }) => scan(signal),
    async read(_, signal) {
      const { header } = await scan(signal);
      return {
        header,
        delimiter: ',',
        batches: batchesOf(first, () => next(signal), signal),
        found: () => found,
        hidden: new HiddenRows(),
        samples: [],
      };
    },
    async close() {
      const closing = iterator.return();
      // A source that never yields the next record never closes either.
      if (isStalled) closing.catch(() => {});
      else await closing;
    },
  };
}

async function* rowsOf(records: RecordsSource['records']): AsyncGenerator<InputRow, void> {
  let row = 0;
  for await (const record of records) {
    row += 1;
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new TypeError(`Record ${row} must be an object with a value for each column.`);
    }
    yield { row, line: row, cells: [], record };
  }
}

async function* batchesOf(
  first: IteratorResult<InputRow, void> | undefined,
  pull: () => Promise<IteratorResult<InputRow, void> | undefined>,
  signal: AbortSignal,
): AsyncGenerator<readonly InputRow[], void> {
  let next = first;
  while (next !== undefined && next.done !== true && !signal.aborted) {
    yield [next.value];
    next = signal.aborted ? undefined : await pull();
  }
}

/** @returns undefined if the signal aborts first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function* noBytes(): AsyncGenerator<Uint8Array, void> {}

async function naming<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw withFileName(error, name);
  }
}

async function* namingAll<T>(name: string, items: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* items;
  } catch (error) {
    throw withFileName(error, name);
  }
}

/** An error about a file names the file. */
function withFileName(error: unknown, name: string): unknown {
  if (
    error instanceof OktaImportError &&
    !(error instanceof CanceledError) &&
    !error.message.includes(name)
  ) {
    error.message = `${name}: ${error.message}`;
  }
  return error;
}
