import { readCsv, type CsvOptions, type Found, type Row } from '../csv/records.js';
import { openSource } from '../csv/source.js';
import { unescapeHeader } from '../mapping/generated-file.js';

/** A record by column. What is absent, undefined or null is an empty cell. */
export type PersonRecord = Readonly<Record<string, string | null | undefined>>;

/** Where people come from: a file as people have them, or records that a program made. */
export type PeopleSource = CsvSource | RecordsSource;

/** CSV, compressed with gzip or not, or an Excel workbook. */
export interface CsvSource extends Omit<CsvOptions, 'found'> {
  /**
   * Path of the file, or its bytes. It is read twice, once to see that all of it can be read: bytes are kept meanwhile in
   * a nameless temporary file.
   */
  readonly csv: string | AsyncIterable<Uint8Array>;
}

/** Records, taken one at a time as there is room for the next. */
export interface RecordsSource {
  readonly records: AsyncIterable<PersonRecord> | Iterable<PersonRecord>;
  /** Names of the columns; those of the first record by default. A record with a column beyond them is invalid. */
  readonly columns?: readonly string[] | undefined;
}

/** People whose columns are known. */
export interface OpenPeople {
  readonly header: readonly string[];
  /** Single use. */
  readonly rows: AsyncIterable<Row>;
  /** How many there are; undefined for records. */
  readonly count: number | undefined;
  /** What tells these people from others: for a journal. */
  readonly file: {
    readonly name: string;
    readonly path: string;
    readonly sizeBytes: number;
    readonly sha256: string;
    readonly encoding: string;
    readonly delimiter: string;
  };
  close(): Promise<void>;
}

/**
 * Opens a source, and reads a file once to its end.
 *
 * @param signal - ends a wait for a source that gives nothing: its rows are then over.
 * @throws what `readCsv` and `openSource` throw.
 */
export async function openPeople(source: PeopleSource, signal: AbortSignal): Promise<OpenPeople> {
  return 'csv' in source ? openCsv(source, signal) : openRecords(source, signal);
}

async function openCsv({ csv, ...options }: CsvSource, signal: AbortSignal): Promise<OpenPeople> {
  const file =
    typeof csv === 'string' ? await openSource(csv, nothing(), signal) : await openSource('-', csv, signal);
  try {
    const { header, found, count } = await survey(file.read(), options, signal);
    const { rows } = await readCsv(file.read(), { found });
    const { name, path, sizeBytes, sha256 = '' } = file;
    const { encoding, delimiter } = found;
    return {
      header,
      rows: untilAborted(rows, signal),
      count,
      file: { name, path, sizeBytes, sha256, encoding, delimiter },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function survey(
  bytes: AsyncIterable<Uint8Array>,
  options: CsvOptions,
  signal: AbortSignal,
): Promise<{ header: readonly string[]; found: Found; count: number }> {
  const table = await readCsv(bytes, options);
  let count = 0;
  for await (const _ of table.rows) {
    count += 1;
    signal.throwIfAborted();
  }
  return { header: unescapeHeader(table.header), found: table.found(), count };
}

async function openRecords({ records, columns }: RecordsSource, signal: AbortSignal): Promise<OpenPeople> {
  const iterator = untilAborted(asyncOf(records), signal);
  const first = await iterator.next();
  const header = columns ?? (first.done === true ? [] : Object.keys(first.value));
  return {
    header,
    rows: rowsOf(first, iterator, header),
    count: undefined,
    file: { name: 'records', path: '', sizeBytes: 0, sha256: '', encoding: 'utf-8', delimiter: ',' },
    close: async () => void (await iterator.return()),
  };
}

async function* rowsOf(
  first: IteratorResult<PersonRecord, void>,
  rest: AsyncGenerator<PersonRecord, void>,
  header: readonly string[],
): AsyncGenerator<Row, void> {
  const known = new Set(header);
  let row = 0;
  for (let next = first; next.done !== true; next = await rest.next()) {
    const record = next.value;
    row += 1;
    const surplus = Object.keys(record).filter((column) => !known.has(column));
    const cells = [...header, ...surplus].map((column) => record[column] ?? '');
    yield { row, line: row, cells };
  }
}

async function* asyncOf<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void> {
  yield* items;
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

/** The items up to the signal, which does not wait for the next one to come. */
async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  const iterator = items[Symbol.asyncIterator]();
  let isStalled = false;
  try {
    while (!signal.aborted) {
      const next = await orAborted(iterator.next(), signal);
      isStalled = next === undefined;
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    // A source that never gives the next item would never be closed either.
    const closing = Promise.resolve(iterator.return?.());
    if (isStalled) closing.catch(() => {});
    else await closing;
  }
}

/** @returns undefined when the signal came first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
