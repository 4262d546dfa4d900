import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';

import type { CheckState, EditResult, FixRequest, GridRow, RowsQuery } from '../../api/check.js';
import type { Page } from '../page-context.js';
import type { RequestError } from '../request-error.js';
import { texts } from '../texts.js';
import { lineText } from '../texts/lines.js';
import { toRequestError } from '../use-action.js';
import { RowCache } from './row-cache.js';

const words = texts.check;

export type Show = RowsQuery['show'];

export interface Filter {
  readonly show: Show;
  readonly group: string | undefined;
  readonly search: string;
}

/** A cell by its position in the list. */
export interface Position {
  readonly index: number;
  readonly column: number;
}

/** What the step Check shows, and what can be done in it. */
export interface CheckModel {
  readonly check: ReadonlySignal<CheckState>;
  readonly filter: Signal<Filter>;
  /** Rows of the list. */
  readonly total: Signal<number>;
  /** The cell that has the focus when the grid has it. */
  readonly position: Signal<Position>;
  readonly error: Signal<RequestError | undefined>;
  /** Grows when rows were read: what reads the cache is drawn again. */
  readonly drawing: Signal<number>;
  readonly cache: RowCache;
  /** Indexes of the columns that are shown, in order. */
  readonly columns: ReadonlySignal<readonly number[]>;
  /** Whether the file is a workbook, so that its lines are sheet rows. */
  readonly isWorkbook: boolean;
  /** Text: the file to which the lines belong. */
  readonly file: string;
  /** The row at the position. */
  readonly current: ReadonlySignal<GridRow | undefined>;
  columnName(column: number): string;
  isSecret(column: number): boolean;
  /** Shows another list, or the same as it is now. */
  list(filter: Partial<Filter>): void;
  move(position: Position): void;
  edit(row: Pick<GridRow, 'row' | 'line'>, column: number, value: string): Promise<void>;
  fix(fix: FixRequest, done: string): Promise<boolean>;
  exclude(row: Pick<GridRow, 'row' | 'line'>, isExcluded: boolean): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Moves to another wrong cell. @returns whether there is one. */
  goToProblem(direction: 1 | -1): Promise<boolean>;
  /** Called when the state has changed, perhaps in another tab. */
  follow(check: CheckState): void;
}

export function createCheckModel(page: Page, initial: CheckState): CheckModel {
  const { api, store } = page;
  const filter = signal<Filter>({
    // All rows of a failed.csv need attention, also those that only the org refused.
    show: initial.attentionRows > 0 && !initial.header.includes('_error') ? 'attention' : 'all',
    group: undefined,
    search: '',
  });
  const check = computed(() => store.check.value ?? initial);
  const total = signal(-1);
  // Not at a number that a file of failed rows begins with.
  const uses = store.state.peek()?.columns?.columns.map(({ use }) => use.kind) ?? [];
  const firstUsed = Math.max(
    uses.findIndex((kind) => kind !== 'ignore'),
    initial.header.findIndex((_, index) => !initial.addedColumns.includes(index)),
    0,
  );
  const position = signal<Position>({ index: 0, column: firstUsed });
  const error = signal<RequestError | undefined>(undefined);
  const isWorkbook = store.state.peek()?.file?.found.kind === 'workbook';
  const drawing = signal(0);
  let list = newListName();
  let revision = initial.revision;

  const query = () => ({ ...filter.peek(), search: filter.peek().search || undefined, view: list });
  const draw = (): void => {
    drawing.value += 1;
  };
  const cache = new RowCache(
    (part) => api.readRows({ ...query(), ...part }),
    (rows) => {
      total.value = rows;
      error.value = undefined;
      draw();
    },
    (thrown) => {
      error.value = toRequestError(thrown);
    },
  );
  /** Problems of the whole row are shown for each of its cells. */
  const shownColumn = (column = position.peek().column): number =>
    check.peek().addedColumns.includes(column) ? position.peek().column : column;
  const perform = async (request: () => Promise<EditResult>, said: string): Promise<boolean> => {
    try {
      const result = await request();
      error.value = undefined;
      revision = result.check.revision;
      store.check.value = result.check;
      cache.update(result.rows);
      if (result.isPartial) cache.refresh();
      if (result.cell !== undefined) {
        const { index, column } = result.cell;
        position.value = { index, column: shownColumn(column) };
      }
      draw();
      page.announce(said);
      return true;
    } catch (thrown) {
      error.value = toRequestError(thrown);
      return false;
    }
  };
  return {
    check,
    filter,
    total,
    position,
    error,
    drawing,
    cache,
    isWorkbook,
    file: initial.addedColumns.length > 0 ? words.importedFile : (store.state.peek()?.file?.name ?? ''),
    columns: computed(() => {
      const { header, extraColumns, addedColumns } = check.value;
      const all = Array.from({ length: header.length + extraColumns }, (_, index) => index);
      const added = new Set(addedColumns);
      return added.size === 0 ? all : all.filter((index) => !added.has(index));
    }),
    current: computed(() => {
      void drawing.value;
      return cache.row(position.value.index);
    }),
    columnName: (column) => check.peek().header[column] ?? words.unnamed(column + 1),
    isSecret: (column) => check.peek().secretColumns.includes(column),
    list(change) {
      list = newListName();
      filter.value = { ...filter.peek(), ...change };
      total.value = -1;
      position.value = { index: 0, column: position.peek().column };
      cache.clear();
      draw();
    },
    move(next) {
      position.value = next;
    },
    async edit({ row, line }, column, value) {
      await perform(() => api.edit([{ row, column, value }]), words.edited(lineText(isWorkbook, line)));
    },
    fix: (request, done) => perform(() => api.applyFix(request), done),
    async exclude({ row, line }, isExcluded) {
      await perform(() => api.exclude({ rows: [row], isExcluded }), words.edited(lineText(isWorkbook, line)));
    },
    async undo() {
      if (check.peek().canUndo) await perform(() => api.undoEdit(query()), words.undone);
    },
    async redo() {
      if (check.peek().canRedo) await perform(() => api.redoEdit(query()), words.redone);
    },
    async goToProblem(direction) {
      const { index, column } = position.peek();
      const row = cache.row(index)?.row ?? 0;
      try {
        const { found } = await api.readNextProblem(query(), { row, column, direction });
        if (found === undefined) page.announce(words.noOther);
        else {
          const column = shownColumn(found.column);
          position.value = { index: found.index, column };
          const name = check.peek().header[column] ?? words.unnamed(column + 1);
          page.announce(words.detail.editOf(name, lineText(isWorkbook, found.line)));
        }
        return found !== undefined;
      } catch (thrown) {
        error.value = toRequestError(thrown);
        return false;
      }
    },
    follow(next) {
      if (next.revision <= revision || next.status === 'running') return;
      revision = next.revision;
      cache.refresh();
    },
  };
}

/** Different in each tab. */
function newListName(): string {
  return crypto.randomUUID();
}
