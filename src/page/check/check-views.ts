import type { CheckState, EditResult, RowsPage, RowsQuery } from '../api/check.js';

import type { CheckParts } from './check-parts.js';
import type { GridRows } from './grid-rows.js';
import { groupsOf } from './problem-view.js';

/** Cells of the rows in a response to an edit. */
const MAX_RESULT_CELLS = 10_000;
const MAX_RESULT_ROWS = 100;

/** The progress of a check. */
export interface CheckProgress extends Pick<
  CheckState,
  'revision' | 'status' | 'checkedRows' | 'wait' | 'header' | 'problem'
> {
  /** So far, until all of them are read. */
  readonly readRows: number;
}

/** What the page shows of a check. @param parts - undefined while the rows are read. */
export function checkStateOf(
  parts: CheckParts | undefined,
  { readRows, ...progress }: CheckProgress,
): CheckState {
  const { sheet, store, grid, checker } = parts ?? {};
  const excludedRows = sheet?.excludedRows.size ?? 0;
  const problemRows = store?.problemRows.size ?? 0;
  return {
    ...progress,
    header: sheet?.header ?? progress.header,
    rows: sheet?.rowCount ?? readRows,
    validRows: Math.max(0, progress.checkedRows - excludedRows - problemRows),
    problemRows,
    warningRows: store?.warningRows.size ?? 0,
    attentionRows: store?.size ?? 0,
    editedRows: sheet?.editedRows.size ?? 0,
    excludedRows,
    isOnline: checker?.metadata.groupResolver !== undefined,
    extraColumns: sheet?.extraColumns ?? 0,
    secretColumns: [...(checker?.checks.secretColumns ?? [])],
    addedColumns: [...(grid?.addedColumns ?? [])],
    groups: parts === undefined ? [] : groupsOf(parts.store, parts.sheet.header),
    canUndo: sheet?.canUndo ?? false,
    canRedo: sheet?.canRedo ?? false,
  };
}

/** A part of a list of rows. */
export function rowsPageOf({ views, grid }: CheckParts, query: RowsQuery): Omit<RowsPage, 'revision'> {
  const rows = views.rows(query);
  const { offset, limit, firstColumn, columns } = query;
  return {
    total: rows.length,
    rows: [...rows.subarray(offset, offset + limit)].map((row) => grid.row(row, firstColumn, columns)),
  };
}

/** The rows affected by an edit, up to the limit of a response. */
export function shownRowsOf(
  rows: ReadonlySet<number>,
  grid: GridRows,
): Pick<EditResult, 'rows' | 'isPartial'> {
  const limit = Math.max(1, Math.min(MAX_RESULT_ROWS, Math.floor(MAX_RESULT_CELLS / (grid.columns + 1))));
  return {
    rows: [...rows].slice(0, limit).map((row) => grid.row(row)),
    isPartial: rows.size > limit,
  };
}
