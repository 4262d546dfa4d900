import type { Clock } from '../../clock.js';
import { OktaImportError } from '../../errors.js';
import type { OpenOrg } from '../../jobs/job.js';
import { waitOf } from '../../jobs/track-progress.js';
import type { MappingFile } from '../../mapping/mapping-file.js';
import type {
  CheckState,
  EditResult,
  ExcludedChange,
  FixPreview,
  FixRequest,
  NextProblem,
  RowsFilter,
  RowsPage,
  RowsQuery,
} from '../api/check.js';
import type { Notice } from '../api/state.js';
import { StepNotReadyError } from '../page-error.js';
import { waitText } from '../wait-text.js';
import type { CheckStep, OpenTable } from '../steps.js';

import { createCheckParts, type CheckParts } from './check-parts.js';
import { changeOf, previewOf } from './fixes.js';
import { groupsOf } from './problem-view.js';
import type { StartCell } from './row-views.js';
import type { Sheet, SheetChange } from './sheet.js';
import { writeEditedCsv } from './write-edited-csv.js';

export interface SheetCheckOptions {
  readonly table: OpenTable;
  readonly mappingFile: MappingFile;
  readonly connect: (() => Promise<OpenOrg>) | undefined;
  readonly clock: Clock;
  /** Reads the rows, or returns those with the edits so far. */
  readonly openSheet: (signal: AbortSignal, onProgress: (rows: number) => void) => Promise<Sheet>;
  /** Called while rows are read and checked, at most a few times a second. */
  readonly onProgress: () => void;
  /** Called when all rows were checked, or the check has failed. */
  readonly onEnd: () => void;
}

const PROGRESS_MS = 200;
const WAIT_MS = 1000;
/** Cells of the rows in a response to an edit. */
const MAX_RESULT_CELLS = 10_000;
const MAX_RESULT_ROWS = 100;

/** The step Check: the rows of the file with their edits, and what is wrong with them. */
export class SheetCheck implements CheckStep {
  readonly #options: SheetCheckOptions;
  readonly #closing = new AbortController();
  #status: CheckState['status'] = 'running';
  #problem: Notice | undefined;
  /** A mistake of the program, for the next request to report. */
  #bug: unknown;
  #parts: CheckParts | undefined;
  #org: OpenOrg | undefined;
  #revision = 1;
  #version = 1;
  #readRows = 0;
  #checkedRows = 0;
  #progressAtMs = 0;
  /** What was checked since the last response. */
  #checked = new Set<number>();
  /** Changes are made one after the other. */
  #queue: Promise<unknown>;

  /** Starts the check; `finished` tells when it has ended. */
  constructor(options: SheetCheckOptions) {
    this.#options = options;
    this.#queue = this.#start();
  }

  /** Resolves when the first check and all changes so far are done. */
  get finished(): Promise<unknown> {
    return this.#queue;
  }

  /** While the schema and the groups of the org are read. */
  get #wait(): string | undefined {
    if (this.#status !== 'running' || this.#org === undefined) return undefined;
    return waitText(waitOf(this.#org.client, this.#options.clock.now()));
  }

  get state(): CheckState {
    const parts = this.#parts;
    const sheet = parts?.sheet;
    const rows = sheet?.rowCount ?? this.#readRows;
    const excludedRows = sheet?.excludedRows.size ?? 0;
    const problemRows = parts?.store.problemRows.size ?? 0;
    return {
      revision: this.#revision,
      status: this.#status,
      checkedRows: this.#checkedRows,
      wait: this.#wait,
      rows,
      validRows: Math.max(0, this.#checkedRows - excludedRows - problemRows),
      problemRows,
      warningRows: parts?.store.warningRows.size ?? 0,
      attentionRows: parts?.store.size ?? 0,
      editedRows: sheet?.editedRows.size ?? 0,
      excludedRows,
      isOnline: parts?.checker.metadata.groupResolver !== undefined,
      header: sheet?.header ?? this.#options.table.header,
      extraColumns: sheet?.extraColumns ?? 0,
      secretColumns: [...(parts?.checker.checks.secretColumns ?? [])],
      addedColumns: [...(parts?.grid.addedColumns ?? [])],
      groups: parts === undefined ? [] : groupsOf(parts.store, parts.sheet.header),
      canUndo: sheet?.canUndo ?? false,
      canRedo: sheet?.canRedo ?? false,
      problem: this.#problem,
    };
  }

  /** What edits can name. */
  get limits(): { readonly rows: number; readonly columns: number } {
    const { sheet, grid } = this.#ready();
    return { rows: sheet.rowCount, columns: grid.columns };
  }

  get hasEdits(): boolean {
    return this.#parts?.sheet.differsFromFile ?? false;
  }

  get excludedRows(): readonly number[] {
    return [...(this.#parts?.sheet.excludedRows ?? [])].toSorted((one, other) => one - other);
  }

  get version(): number {
    return this.#version;
  }

  async writeCsv(path: string): Promise<void> {
    await this.#queue;
    const { sheet, store } = this.#ready();
    await writeEditedCsv(path, sheet, store);
  }

  rows(query: RowsQuery): RowsPage {
    const { views, grid } = this.#ready();
    const rows = views.rows(query);
    const { offset, limit, firstColumn, columns } = query;
    return {
      revision: this.#revision,
      total: rows.length,
      rows: [...rows.subarray(offset, offset + limit)].map((row) => grid.row(row, firstColumn, columns)),
    };
  }

  next(filter: RowsFilter, from: StartCell): NextProblem {
    return this.#ready().views.next(filter, from);
  }

  cellText(row: number, column: number): string {
    return this.#ready().grid.text(row, column);
  }

  preview(fix: FixRequest): FixPreview {
    const parts = this.#ready();
    return previewOf(changeOf(fix, parts), parts);
  }

  edit(change: SheetChange): Promise<EditResult> {
    return this.#change(({ sheet }) => sheet.change(change));
  }

  fix(fix: FixRequest): Promise<EditResult> {
    return this.#change((parts) => parts.sheet.change(changeOf(fix, parts)));
  }

  exclude({ rows, isExcluded }: ExcludedChange): Promise<EditResult> {
    return this.#change(({ sheet, store }) => {
      const numbers = 'group' in rows ? [...(store.group(rows.group)?.rows ?? [])] : rows;
      const known = numbers.filter((row) => sheet.has(row));
      return sheet.change({ cells: [], excluded: { rows: known, isExcluded } });
    });
  }

  /** @param list - in which the changed cell is shown. */
  undo(list: RowsFilter): Promise<EditResult> {
    return this.#change(
      ({ sheet }) => sheet.undo(),
      ({ sheet, views }) => views.placeOf(list, sheet.undoCell),
    );
  }

  redo(list: RowsFilter): Promise<EditResult> {
    return this.#change(
      ({ sheet }) => sheet.redo(),
      ({ sheet, views }) => views.placeOf(list, sheet.redoCell),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#queue.catch(() => {});
    await this.#org?.close();
  }

  async #start(): Promise<void> {
    const { signal } = this.#closing;
    const { openSheet, connect, mappingFile, table, clock, onProgress } = this.#options;
    const ticker = setInterval(() => {
      if (this.#wait !== undefined) onProgress();
    }, WAIT_MS);
    try {
      const sheet = await openSheet(signal, (rows) => {
        this.#readRows = rows;
        this.#progress();
      });
      this.#org = await connect?.();
      const parts = await createCheckParts({
        sheet,
        table,
        mappingFile,
        org: this.#org,
        clock,
        signal,
        onChecked: (row) => this.#checked.add(row),
      });
      this.#parts = parts;
      await parts.checker.checkAll((rows) => {
        this.#checkedRows = rows;
        this.#progress();
      });
      await parts.suggestGroups();
      this.#succeed(sheet);
    } catch (error) {
      this.#fail(error);
    }
    clearInterval(ticker);
    this.#checked.clear();
    this.#revision += 1;
    this.#options.onEnd();
  }

  #change(
    make: (parts: CheckParts) => readonly number[],
    findCell: (parts: CheckParts) => EditResult['cell'] = () => undefined,
  ): Promise<EditResult> {
    const result = this.#queue.then(async () => {
      const parts = this.#ready();
      const cell = findCell(parts);
      const { cellVersion } = parts.sheet;
      const changed = make(parts);
      this.#checked = new Set(changed);
      this.#revision += 1;
      try {
        // What failed before has left rows unchecked.
        await (this.#status === 'failed' ? parts.checker.checkAll(() => {}) : parts.checker.recheck(changed));
        await parts.suggestGroups();
        this.#succeed(parts.sheet);
      } catch (error) {
        this.#fail(error);
      }
      if (this.#bug !== undefined) throw this.#bug;
      // When a row is left out, another one with the same login may become valid.
      const concernsOthers = this.#checked.size > changed.length;
      if (parts.sheet.cellVersion !== cellVersion || concernsOthers) this.#version += 1;
      return { ...this.#resultOf(changed, parts), cell };
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  #resultOf(changed: readonly number[], { grid }: CheckParts): EditResult {
    const checked = this.#checked;
    this.#checked = new Set();
    const all = [...new Set([...changed, ...checked])];
    const limit = Math.max(1, Math.min(MAX_RESULT_ROWS, Math.floor(MAX_RESULT_CELLS / (grid.columns + 1))));
    return {
      rows: all.slice(0, limit).map((row) => grid.row(row)),
      isPartial: all.length > limit,
      check: this.state,
    };
  }

  #ready(): CheckParts {
    if (this.#bug !== undefined) throw this.#bug;
    if (this.#parts === undefined || this.#status === 'running') {
      throw new StepNotReadyError('The rows are still being checked.', {
        hint: 'Wait until the check has ended.',
      });
    }
    return this.#parts;
  }

  #succeed({ rowCount }: Sheet): void {
    this.#checkedRows = rowCount;
    this.#status = 'ready';
    this.#problem = undefined;
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#status = 'failed';
    const isExpected = error instanceof OktaImportError;
    const message = isExpected ? error.message : 'Internal error. This is a bug in okta-csv-import.';
    const hint = isExpected ? error.hint : 'See the terminal for details, and report it.';
    this.#problem = { id: 'check-failed', severity: 'error', message, hint };
    if (!(error instanceof OktaImportError)) this.#bug = error;
  }

  #progress(): void {
    const now = this.#options.clock.now();
    if (now - this.#progressAtMs < PROGRESS_MS) return;
    this.#progressAtMs = now;
    this.#options.onProgress();
  }
}
