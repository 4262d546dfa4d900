import type { Notice } from './state.js';

export interface CheckState {
  /** Grows with every change of a row. */
  readonly revision: number;
  readonly status: 'running' | 'ready' | 'failed';
  readonly checkedRows: number;
  /** Text: what the check waits for. */
  readonly wait: string | undefined;
  /** Rows of the file, unticked ones included. */
  readonly rows: number;
  readonly validRows: number;
  readonly problemRows: number;
  readonly warningRows: number;
  /** Rows with a problem or a warning. */
  readonly attentionRows: number;
  readonly editedRows: number;
  readonly excludedRows: number;
  /** Whether the org's schema and groups were checked as well. */
  readonly isOnline: boolean;
  readonly header: readonly string[];
  /** How many cells the longest row has beyond the header. They are shown as columns without a name. */
  readonly extraColumns: number;
  /** Indexes of columns whose cells are masked. They can be typed anew, but not read. */
  readonly secretColumns: readonly number[];
  /** Indexes of columns that this program has added to the file, such as `_error`. They are not shown. */
  readonly addedColumns: readonly number[];
  /** The most frequent first. */
  readonly groups: readonly ProblemGroup[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly problem: Notice | undefined;
}

export interface ProblemGroup {
  /** For `RowsQuery.group`. */
  readonly id: string;
  readonly code: string;
  readonly severity: 'problem' | 'warning';
  readonly columns: readonly number[];
  /** One sentence, without values of rows. */
  readonly title: string;
  readonly rows: number;
  /** Fixes that can be made in all rows of the group. */
  readonly fixes: readonly {
    readonly id: FixId;
    readonly label: string;
    /** How many cells it would change; rows for `exclude`. */
    readonly cells: number;
  }[];
}

export type FixId =
  | 'trim'
  | 'lower-case'
  | 'upper-case'
  | 'title-case'
  | 'country-code'
  | 'date-format'
  | 'did-you-mean'
  | 'clean-text'
  | 'exclude';

/** What can be done to any column. */
export type ColumnFix = Extract<FixId, 'trim' | 'lower-case' | 'upper-case' | 'title-case'>;

export interface RowsQuery {
  readonly show: 'attention' | 'problems' | 'warnings' | 'edited' | 'excluded' | 'all';
  readonly group?: string | undefined;
  /** Rows with this text in any cell that is not secret, in any case. */
  readonly search?: string | undefined;
  readonly offset: number;
  /** At most 500. */
  readonly limit: number;
  /** Which cells of the rows to send; all by default. A file can have thousands of columns. */
  readonly firstColumn?: number | undefined;
  readonly columns?: number | undefined;
  /**
   * Names a list of rows: as long as it stays the same, so do the rows, and a row that was corrected does not vanish under the cursor.
   * Another name asks for a new list.
   */
  readonly view?: string | undefined;
}

/** Which list of rows. */
export type RowsFilter = Pick<RowsQuery, 'show' | 'group' | 'search' | 'view'>;

export interface RowsPage {
  /** Of `CheckState`. */
  readonly revision: number;
  /** Rows that match. */
  readonly total: number;
  readonly rows: readonly GridRow[];
}

export interface GridRow {
  /** From 1. */
  readonly row: number;
  /** Line of the file, or row of the sheet. */
  readonly line: number;
  /** As edited, from the `firstColumn` that was asked for, in the order of the header; secret ones masked, long ones cut. */
  readonly cells: readonly string[];
  /** Indexes of cells that are cut: `GET /api/cell?row=&column=` has the whole text, as a `CellText`. */
  readonly cut: readonly number[];
  /** Indexes of edited cells. */
  readonly edited: readonly number[];
  readonly problems: readonly CellProblem[];
  readonly isExcluded: boolean;
  /** Why the row failed in an earlier run, if the file has the failed rows of one. */
  readonly failure: string | undefined;
  /** All of its cells are masked, since any of them may be a secret in the wrong column. */
  readonly isMasked: boolean;
}

export interface CellText {
  readonly text: string;
}

/** A wrong cell, and the position of its row in the view; undefined if there is no other. */
export interface NextProblem {
  readonly found:
    | { readonly index: number; readonly row: number; readonly line: number; readonly column: number }
    | undefined;
}

export interface CellProblem {
  readonly code: string;
  readonly severity: 'problem' | 'warning';
  /** The cells that it is about; empty for the whole row. */
  readonly columns: readonly number[];
  readonly message: string;
  /** The text of the cell that would solve it. */
  readonly suggestion: string | undefined;
}

export interface Edit {
  readonly row: number;
  readonly column: number;
  readonly value: string;
}

/** The rows that an edit changed, checked again; other rows can be among them, such as the other row with the same login. */
export interface EditResult {
  readonly rows: readonly GridRow[];
  /** More rows have changed than `rows` has: read the grid again. */
  readonly isPartial: boolean;
  /** Of undo and redo: the first cell that has changed, without a column for a row that was left out or taken back. */
  readonly cell?: { readonly index: number; readonly column?: number | undefined } | undefined;
  readonly check: CheckState;
}

/** Changes many cells in one undo step. */
export type FixRequest =
  | { readonly kind: 'group'; readonly group: string; readonly fix: FixId }
  /** In all rows of the file. */
  | { readonly kind: 'column'; readonly column: number; readonly fix: ColumnFix }
  | {
      readonly kind: 'replace';
      readonly column: number;
      readonly find: string;
      readonly replaceWith: string;
      /** Whether the whole cell must be equal to `find`. */
      readonly isWholeCell: boolean;
      readonly isCaseSensitive: boolean;
    };

export interface FixPreview {
  readonly cells: number;
  /** The first ten. */
  readonly examples: readonly {
    readonly row: number;
    readonly line: number;
    readonly column: number;
    readonly from: string;
    readonly to: string;
  }[];
}

export interface ExcludedChange {
  readonly rows: readonly number[] | { readonly group: string };
  readonly isExcluded: boolean;
}
