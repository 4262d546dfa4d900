import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

import { OktaImportError } from '../errors.js';
import type { Finished, Outcome } from '../rows/outcome.js';

/** A report file cannot be written. What happened stands in the journal all the same. */
export class ReportError extends OktaImportError {
  override readonly code = 'ERR_REPORT';

  constructor(path: string, cause: unknown) {
    super(
      `The report ${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        hint: 'Make room on the disk; "report" makes the reports of a run again.',
        cause,
      },
    );
  }
}

export interface CsvFilesOptions {
  readonly folder: string;
  /** The file's own columns. */
  readonly header: readonly string[];
  /** The file's own delimiter, for `failed.csv`. */
  readonly delimiter: string;
  /** Indexes of columns whose cells are secrets. */
  readonly secretColumns: ReadonlySet<number>;
}

export const RESULT_COLUMNS = [
  'row',
  'line',
  'login',
  'status',
  'oktaId',
  'userStatus',
  'attempts',
  'durationMs',
  'errorCode',
  'message',
  'requestId',
] as const;

/** What `failed.csv` has in place of a secret. */
export const REDACTED = '[redacted]';
/** What `failed.csv` has in place of a cell that a record lacks; the surplus of one that has too many goes into its last. */
const MISSING = '[missing]';
/** Columns that we add to `failed.csv`. */
const OUR_COLUMNS = ['_line', '_error'];

/**
 * Writes `results.csv`, a line for every record in file order, and `failed.csv`, the records to mend.
 *
 * Takes the rows in any order; holds those that are ahead of the next one in the file.
 */
export class CsvFiles {
  readonly #results: CsvFile;
  readonly #failed: CsvFile;
  readonly #options: CsvFilesOptions;
  /** Which of the file's columns go into `failed.csv`: all but those of an earlier `failed.csv`. */
  readonly #kept: readonly number[];
  readonly #ahead = new Map<number, Finished>();
  #nextRow = 1;

  constructor(options: CsvFilesOptions) {
    this.#options = options;
    this.#kept = options.header.flatMap((name, index) => (OUR_COLUMNS.includes(name) ? [] : [index]));
    this.#results = new CsvFile(join(options.folder, 'results.csv'), ',');
    this.#failed = new CsvFile(join(options.folder, 'failed.csv'), options.delimiter);
  }

  async open(): Promise<void> {
    await this.#results.write(RESULT_COLUMNS);
    await this.#failed.write([
      ...this.#kept.map((index) => this.#options.header[index] ?? ''),
      ...OUR_COLUMNS,
    ]);
  }

  /**
   * @returns something to wait for now and then, since a promise for each row would cost more than its line; it rejects with a
   *   `ReportError`.
   */
  add(item: Finished): Promise<void> | undefined {
    if (item.row.row !== this.#nextRow) {
      this.#ahead.set(item.row.row, item);
      return undefined;
    }
    this.#append(item);
    for (let next = this.#ahead.get(this.#nextRow); next; next = this.#ahead.get(this.#nextRow)) {
      this.#ahead.delete(this.#nextRow);
      this.#append(next);
    }
    return this.#results.isFull || this.#failed.isFull ? this.#flush() : undefined;
  }

  /** How many lines stand in `results.csv`. */
  get rowsWritten(): number {
    return this.#nextRow - 1;
  }

  /**
   * Ends both files.
   *
   * @param records - how many records the file has; those that never came get a line made by `missing`.
   * @throws {ReportError}
   */
  async close(records: number, missing: (row: number) => Outcome): Promise<void> {
    while (this.#nextRow <= records) {
      const row = this.#nextRow;
      await this.add({ row: { row, line: 0, cells: [] }, outcome: missing(row) });
    }
    await this.#results.close();
    await this.#failed.close();
  }

  #append({ row, outcome }: Finished): void {
    this.#nextRow += 1;
    this.#results.append(resultFields(outcome));
    const isToMend = outcome.status === 'invalid' || outcome.status === 'failed';
    // A record that could not be read any more has nothing to mend.
    if (!isToMend || row.cells.length === 0) return;
    const cells = this.#shown(row.cells);
    this.#failed.append([
      ...this.#kept.map((index) => cells[index] ?? MISSING),
      String(outcome.line),
      messageOf(outcome),
    ]);
  }

  async #flush(): Promise<void> {
    await this.#results.flush();
    await this.#failed.flush();
  }

  /** The cells as they may be shown, one a column: a record of the wrong length must not look mended. */
  #shown(cells: readonly string[]): readonly string[] {
    const { header, secretColumns } = this.#options;
    const surplus = cells.slice(header.length).filter((cell) => cell.trim() !== '');
    // Where cells are too many or too few, a secret may stand beside its column.
    const shift =
      surplus.length > 0 ? cells.length - header.length : Math.max(0, header.length - cells.length);
    const firstSecret =
      secretColumns.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...secretColumns) - shift;
    const isSecret = (index: number): boolean =>
      shift === 0 ? secretColumns.has(index) : index >= firstSecret;
    const shown = cells
      .slice(0, header.length)
      .map((cell, index) => (cell !== '' && isSecret(index) ? REDACTED : cell));
    if (surplus.length === 0) return shown;
    const cut = secretColumns.size > 0 ? surplus.map(() => REDACTED) : surplus;
    const last = shown.length - 1;
    return shown.map((cell, index) => (index === last ? `${cell} [surplus: ${cut.join(' | ')}]` : cell));
  }
}

export function resultFields(outcome: Outcome): readonly string[] {
  const { row, line, login, status, attempts, durationMs } = outcome;
  const user = outcome.status === 'failed' ? outcome.done : outcome;
  const oktaId = user !== undefined && 'oktaId' in user ? user.oktaId : '';
  const userStatus = user !== undefined && 'userStatus' in user ? user.userStatus : '';
  return [
    String(row),
    line === 0 ? '' : String(line),
    login ?? '',
    status,
    oktaId,
    userStatus,
    String(attempts),
    String(durationMs),
    errorCodeOf(outcome),
    messageOf(outcome),
    requestIdOf(outcome) ?? '',
  ];
}

function errorCodeOf(outcome: Outcome): string {
  if (outcome.status === 'failed') return outcome.error.errorCode;
  if (outcome.status === 'invalid') return [...new Set(outcome.problems.map(({ code }) => code))].join(' ');
  return '';
}

/** What happened to a row, in one line of words. */
export function messageOf(outcome: Outcome): string {
  switch (outcome.status) {
    case 'failed':
      return outcome.error.message;
    case 'not-attempted':
    case 'kept':
      return outcome.because;
    case 'invalid':
      return outcome.problems
        .map(({ column, message }) => (column === undefined ? message : `${column}: ${message}`))
        .join(' ');
    case 'updated':
      return changedNames(outcome).join(', ');
    case 'would-update':
      return outcome.changed.join(', ');
    default:
      return '';
  }
}

/** What an update changed, in names. */
function changedNames({
  changes,
  joined,
}: Pick<Extract<Outcome, { status: 'updated' }>, 'changes' | 'joined'>): string[] {
  return [...changes.map(({ attribute }) => attribute), ...(joined.length > 0 ? ['groups'] : [])];
}

function requestIdOf(outcome: Outcome): string | undefined {
  if (outcome.status === 'created' || outcome.status === 'updated') return outcome.requestId;
  return outcome.status === 'failed' ? outcome.error.requestId : undefined;
}

/** How much text is gathered before it is handed to the system. */
const BLOCK_CHARACTERS = 64 * 1024;

/** One line of a CSV that people open: RFC 4180, formulas neutralised. */
export const csvLine: (fields: readonly string[]) => string = csvLineWith(',');

function csvLineWith(delimiter: string): (fields: readonly string[]) => string {
  const delimiterUnit = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // Nearly every field stands as it is, which one look tells.
  const suspect = new RegExp(`["\\r\\n${delimiterUnit}]|^[\\s'=+\\-@]|\\s$`);
  const isSpecial = (text: string): boolean => /["\r\n]|^\s|\s$/.test(text) || text.includes(delimiter);
  const field = (value: string): string => {
    if (!suspect.test(value)) return value;
    const text = neutralizeFormula(value);
    return isSpecial(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (fields) => `${fields.map(field).join(delimiter)}\r\n`;
}

/** One CSV file that is being written, UTF-8. */
export class CsvFile {
  readonly #path: string;
  readonly #stream: WriteStream;
  readonly #line: (fields: readonly string[]) => string;
  #block = '';
  #error: unknown;

  constructor(path: string, delimiter: string) {
    this.#path = path;
    this.#line = csvLineWith(delimiter);
    this.#stream = createWriteStream(path, { mode: 0o600 });
    this.#stream.on('error', (error) => (this.#error ??= error));
  }

  /** Gathers a line. Whoever appends has to flush when much is gathered. */
  append(fields: readonly string[]): void {
    this.#block += this.#line(fields);
  }

  get isFull(): boolean {
    return this.#block.length >= BLOCK_CHARACTERS;
  }

  async write(fields: readonly string[]): Promise<void> {
    this.append(fields);
    if (this.isFull) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    try {
      this.#stream.end();
      await finished(this.#stream);
    } catch (error) {
      throw new ReportError(this.#path, error);
    }
  }

  /** Hands what is gathered to the system. @throws {ReportError} */
  async flush(): Promise<void> {
    const block = this.#block;
    this.#block = '';
    if (this.#error !== undefined) throw new ReportError(this.#path, this.#error);
    if (this.#stream.write(block)) return;
    try {
      await once(this.#stream, 'drain');
    } catch (error) {
      throw new ReportError(this.#path, error);
    }
  }
}

/**
 * A cell that a spreadsheet would run as a formula gets a quote in front, and so does one that has it already, so that
 * `import` can take exactly one away (OWASP, "CSV Injection").
 */
export function neutralizeFormula(cell: string): string {
  return /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
