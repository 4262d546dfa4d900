import { OktaImportError } from '../../errors.js';
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
import type { CheckStep } from '../steps.js';

import type { CheckParts } from './check-parts.js';
import { checkStateOf, rowsPageOf, shownRowsOf } from './check-views.js';
import { CheckWork, type CheckWorkOptions } from './check-work.js';
import { changeOf, previewOf } from './fixes.js';
import type { StartCell } from './row-views.js';
import type { SheetChange } from './sheet.js';
import { writeEditedCsv } from './write-edited-csv.js';

export interface SheetCheckOptions extends CheckWorkOptions {
  /** Shared by all checks of the page, so that no tab mistakes a new check for an old one. */
  readonly nextRevision: () => number;
  /** Called while rows are read and checked, at most a few times a second. */
  readonly onProgress: () => void;
  /** Called when all rows were checked, or the check has failed. */
  readonly onEnd: () => void;
}

const PROGRESS_MS = 200;
const WAIT_MS = 1000;

/** The step Check: the rows of the file with their edits, and what is wrong with them. */
export class SheetCheck implements CheckStep {
  readonly #options: SheetCheckOptions;
  readonly #work: CheckWork;
  #status: CheckState['status'] = 'running';
  #problem: Notice | undefined;
  /** A mistake of the program, for the next request to report. */
  #bug: unknown;
  #revision: number;
  #version = 1;
  #readRows = 0;
  #checkedRows = 0;
  #progressAtMs = 0;
  /** What was checked since the last response. */
  #checked = new Set<number>();
  /** Changes are made one after the other. */
  #queue: Promise<unknown>;

  /** Starts the check. */
  constructor(options: SheetCheckOptions) {
    this.#options = options;
    this.#revision = options.nextRevision();
    this.#work = new CheckWork(options, {
      onRead: (rows) => {
        this.#readRows = rows;
        this.#progress();
      },
      onProgress: (rows) => {
        this.#checkedRows = rows;
        this.#progress();
      },
      onChecked: (row) => this.#checked.add(row),
    });
    this.#queue = this.#start();
  }

  /** Also waits for the first check. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** While the schema and the groups of the org are read. */
  get #wait(): string | undefined {
    return this.#status === 'running' ? this.#work.wait : undefined;
  }

  get state(): CheckState {
    return checkStateOf(this.#work.parts, {
      revision: this.#revision,
      status: this.#status,
      checkedRows: this.#checkedRows,
      readRows: this.#readRows,
      wait: this.#wait,
      header: this.#options.table.header,
      problem: this.#problem,
    });
  }

  /** What edits can name. */
  get limits(): { readonly rows: number; readonly columns: number } {
    const { sheet, grid } = this.#ready();
    return { rows: sheet.rowCount, columns: grid.columns };
  }

  get hasEdits(): boolean {
    return this.#work.parts?.sheet.differsFromFile ?? false;
  }

  get excludedRows(): readonly number[] {
    return [...(this.#work.parts?.sheet.excludedRows ?? [])].toSorted((one, other) => one - other);
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
    return { revision: this.#revision, ...rowsPageOf(this.#ready(), query) };
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
    const closed = this.#work.close();
    await this.#queue.catch(() => {});
    await closed;
  }

  async #start(): Promise<void> {
    const { onProgress, onEnd } = this.#options;
    const ticker = setInterval(() => {
      if (this.#wait !== undefined) onProgress();
    }, WAIT_MS);
    try {
      await this.#work.start();
      this.#succeed();
    } catch (error) {
      this.#fail(error);
    }
    clearInterval(ticker);
    this.#checked.clear();
    this.#revision = this.#options.nextRevision();
    onEnd();
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
      this.#revision = this.#options.nextRevision();
      // Before the rows are checked again, which may take long: an earlier plan lacks the change.
      if (parts.sheet.cellVersion !== cellVersion) this.#version += 1;
      try {
        // A failed check has left rows unchecked.
        await this.#work.recheck(parts, this.#status === 'failed' ? undefined : changed);
        this.#succeed();
      } catch (error) {
        this.#fail(error);
      }
      if (this.#bug !== undefined) throw this.#bug;
      // When a row is left out, another one with the same login may become valid.
      if (this.#checked.size > changed.length) this.#version += 1;
      return { ...this.#resultOf(changed, parts), cell };
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  #resultOf(changed: readonly number[], { grid }: CheckParts): EditResult {
    const all = new Set([...changed, ...this.#checked]);
    this.#checked = new Set();
    return { ...shownRowsOf(all, grid), check: this.state };
  }

  #ready(): CheckParts {
    if (this.#bug !== undefined) throw this.#bug;
    const { parts } = this.#work;
    if (parts === undefined || this.#status === 'running') {
      throw new StepNotReadyError('The rows are still being checked.', {
        hint: 'Wait until the check has ended.',
      });
    }
    return parts;
  }

  #succeed(): void {
    this.#checkedRows = this.#work.parts?.sheet.rowCount ?? 0;
    this.#status = 'ready';
    this.#problem = undefined;
  }

  #fail(error: unknown): void {
    if (this.#work.isClosed) return;
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
