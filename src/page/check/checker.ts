import type { Clock } from '../../clock.js';
import { compileChecks, type Checks } from '../../jobs/compile-checks.js';
import { dryRunRows } from '../../jobs/dry-run-rows.js';
import type { OpenOrg } from '../../jobs/job.js';
import type { RowMerging } from '../../jobs/merge-rows.js';
import { resolveOptions, type ResolvedOptions } from '../../jobs/options.js';
import { filePersonOf, PersonResolver } from '../../jobs/people-directory.js';
import { readMetadata } from '../../jobs/prepare-rows.js';
import { explainRepeatedLogin } from '../../jobs/repeated-logins.js';
import { dateSettings } from '../../jobs/start-dates.js';
import type { MappingFile } from '../../mapping/mapping-file.js';
import type { OrgMetadata } from '../../org/org-metadata.js';
import { Cancellation } from '../../rows/cancellation.js';
import type { CompletedRow, RowOutcome } from '../../rows/outcome.js';
import type { Problem } from '../../rows/problem.js';
import type { Row } from '../../rows/row.js';

import { PeopleIndex, type PersonRow } from './people-index.js';
import { RowIndex, UserRows } from './row-index.js';
import type { Sheet } from './sheet.js';

/** What the checks found in a row. */
export interface CheckedRow {
  readonly row: number;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Names of its groups. */
  readonly groups: readonly string[];
  readonly completed: CompletedRow;
}

export interface CheckerOptions {
  readonly sheet: Sheet;
  readonly mappingFile: MappingFile;
  /** Cells of the first rows of the file. */
  readonly samples: readonly (readonly string[])[];
  /** Undefined offline. */
  readonly org: OpenOrg | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Receives each row that was checked. */
  readonly onChecked: (checked: CheckedRow) => void;
}

/** Rows to check before other requests get their turn. */
const BATCH_ROWS = 500;
/** If more than a tenth of the rows have changed, all rows are checked again. */
const MANY = 10;

/** Checks the rows of a sheet with the checks of `validate`, all of them or those that a change concerns. */
export class Checker {
  readonly checks: Checks;
  readonly metadata: OrgMetadata;
  readonly #options: CheckerOptions;
  readonly #resolved: ResolvedOptions;
  readonly #index: RowIndex;
  readonly #users: UserRows;
  readonly #warnings = new Map<number, Problem[]>();
  /** For files whose cells name people. */
  readonly #people: PeopleIndex | undefined;

  private constructor(options: CheckerOptions, resolved: ResolvedOptions, metadata: OrgMetadata) {
    const { sheet, mappingFile, samples, signal } = options;
    this.#options = options;
    this.#resolved = resolved;
    this.metadata = metadata;
    const placeOf = (row: number): Pick<Row, 'line' | 'lineLabel'> => ({
      line: sheet.line(row),
      lineLabel: sheet.lineLabel,
    });
    this.#index = new RowIndex(placeOf);
    this.#users = new UserRows(placeOf);
    this.checks = compileChecks({
      header: sheet.header,
      input: { isOpenEnded: false },
      options: resolved,
      mappingFile,
      samples,
      metadata,
      memory: this.#index,
      onWarning: (warning, { row: { row } }) => {
        const warnings = this.#warnings.get(row);
        if (warnings === undefined) this.#warnings.set(row, [warning]);
        else warnings.push(warning);
      },
    });
    this.#people = this.checks.namesPeople ? new PeopleIndex() : undefined;
    if (this.#people !== undefined) {
      this.checks.usePeople(new PersonResolver(this.#people, options.org?.client, signal));
    }
  }

  /** Reads the schema of the org, if there is one. @throws {ColumnsError} and what the client throws. */
  static async create(options: CheckerOptions): Promise<Checker> {
    const { sheet, mappingFile, org, clock, signal } = options;
    const resolved = {
      ...resolveOptions({
        mapping: mappingFile,
        only: (row) => !sheet.excludedRows.has(row),
        // Hidden rows that are left out are excluded.
        hiddenRows: 'include',
      }),
      dates: dateSettings(mappingFile, clock.now()),
    };
    const metadata = await readMetadata(
      {
        header: sheet.header,
        input: { isOpenEnded: false },
        options: resolved,
        mappingFile,
        client: org?.client,
      },
      { cancellation: new Cancellation(signal), observer: undefined },
    );
    return new Checker(options, resolved, metadata);
  }

  /** @param onProgress - receives the number of rows so far. @throws what the org makes impossible. */
  async checkAll(onProgress: (rows: number) => void): Promise<void> {
    const { sheet } = this.#options;
    const all = Array.from({ length: sheet.rowCount }, (_, index) => index + 1);
    for (const row of all) this.#users.set(row, this.#userOf(row));
    if (this.#people !== undefined) await this.#readPeople(this.#people);
    await this.#checkPasses(all, onProgress);
  }

  /** Checks rows that have changed, and those that the change concerns. */
  async recheck(changed: readonly number[]): Promise<void> {
    if (this.#people !== undefined && changed.length > this.#options.sheet.rowCount / MANY) {
      // Reading all of them is faster then.
      await this.checkAll(() => {});
      return;
    }
    const naming = this.#people?.replace(new Map(changed.map((row) => [row, this.#personRowOf(row)])));
    const before = new Set(changed.map((row) => this.#users.rowsWithLoginOf(row)));
    for (const row of changed) this.#users.set(row, this.#userOf(row));
    const rows = new Set([...changed, ...(naming ?? [])]);
    for (const set of before) for (const row of set?.rows() ?? []) rows.add(row);
    await this.#checkPasses([...rows], () => {});
  }

  async #checkPasses(first: readonly number[], onProgress: (rows: number) => void): Promise<void> {
    this.metadata.groupResolver?.forgetFailures();
    let rows = first;
    while (rows.length > 0) {
      const inOrder = this.#withRowsOfUsers(rows);
      this.#index.begin(inOrder);
      for (const row of inOrder) this.#warnings.delete(row);
      await this.#check(inOrder, onProgress);
      rows = this.#index.end();
    }
  }

  /** The rows of a user are imported together, so they are checked together. */
  #withRowsOfUsers(rows: readonly number[]): readonly number[] {
    const all = new Set(rows);
    if (this.checks.userRows !== undefined && all.size < this.#options.sheet.rowCount) {
      const sets = new Set(rows.map((row) => this.#users.rowsWithLoginOf(row)));
      for (const set of sets) for (const row of set?.rows() ?? []) all.add(row);
    }
    return [...all].toSorted((one, other) => one - other);
  }

  async #check(rows: readonly number[], onProgress: (rows: number) => void): Promise<void> {
    const { clock, onChecked, signal } = this.#options;
    const { checks, metadata } = this;
    // What fails now may work when the next cell is edited.
    const cancellation = new Cancellation(signal);
    const completed = dryRunRows(this.#batches(rows), {
      clock,
      client: undefined,
      groupResolver: metadata.groupResolver,
      isMasteredByOkta: metadata.isMasteredByOkta,
      checks: this.#withAdvice(checks),
      merging: this.#merging(),
      options: this.#resolved,
      expectedRows: 0,
      folder: '',
      cancellation,
    });
    let count = 0;
    for await (const batch of completed) {
      for (const each of batch) {
        const { row, outcome } = each;
        onChecked({
          row: row.row,
          problems: problemsOf(outcome),
          warnings: this.#warnings.get(row.row) ?? [],
          groups: each.user?.groups ?? [],
          completed: each,
        });
        this.#warnings.delete(row.row);
      }
      count += batch.length;
      onProgress(count);
    }
    const { reason } = cancellation;
    cancellation.dispose();
    if (reason?.kind === 'failed') throw reason.error;
  }

  async *#batches(rows: readonly number[]): AsyncGenerator<readonly Row[], void, undefined> {
    const { sheet } = this.#options;
    for (let at = 0; at < rows.length; at += BATCH_ROWS) {
      yield rows.slice(at, at + BATCH_ROWS).map((row) => sheet.row(row));
      if (at + BATCH_ROWS < rows.length) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #merging(): RowMerging | undefined {
    if (this.checks.userRows === undefined) return undefined;
    return { merged: this.#users, isComplete: true, isSent: ({ row }) => this.#isSent(row) };
  }

  /** The first row with a login may not be among those that are checked now. */
  #withAdvice(checks: Checks): Checks {
    const { userRows } = checks;
    if (userRows === undefined) return checks;
    const { sheet } = this.#options;
    const repeatedLogins = {
      remember() {},
      explain(row: Row, firstLine: number) {
        const first = sheet.rowOnLine(firstLine);
        return explainRepeatedLogin(row, first === undefined ? undefined : sheet.row(first), userRows);
      },
    };
    return { ...checks, check: (rows, options) => checks.check(rows, { ...options, repeatedLogins }) };
  }

  async #readPeople(people: PeopleIndex): Promise<void> {
    const { sheet } = this.#options;
    people.clear();
    for (let row = 1; row <= sheet.rowCount; row += 1) {
      people.set(row, this.#personRowOf(row));
      if (row % BATCH_ROWS === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #personRowOf(row: number): PersonRow {
    const mapped = this.checks.mapRow(this.#options.sheet.row(row));
    return {
      person: filePersonOf(mapped),
      names: (mapped.people ?? []).map(({ text }) => text),
      isSent: this.#isSent(row),
    };
  }

  #userOf(row: number): ReturnType<NonNullable<Checks['userRows']>['read']> {
    return this.#isSent(row) ? this.checks.userRows?.read(this.#options.sheet.row(row)) : undefined;
  }

  #isSent(row: number): boolean {
    return !this.#options.sheet.excludedRows.has(row);
  }
}

/** A dry run without users fails a row only if its groups or realm cannot be looked up. */
function problemsOf(outcome: RowOutcome): readonly Problem[] {
  if (outcome.status === 'invalid') return outcome.problems;
  if (outcome.status !== 'failed') return [];
  return [{ code: 'lookup-failed', column: undefined, message: outcome.error.message }];
}
