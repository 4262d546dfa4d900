import type { RowDescriber, ShownField } from '../report/row-describer.js';
import type { CompletedRow } from '../rows/outcome.js';
import { statusInfo } from '../rows/status-table.js';

/** The values of the first rows of a dry run, as they would be sent. Holds no secret. */
export interface RowPreview {
  /** What the lines of the file are called: `line`, or `sheet row`. */
  readonly lineLabel: string;
  readonly fields: readonly ShownField[];
  /** In file order: the first rows, and the first updates in place of some of them. */
  readonly rows: readonly PreviewRow[];
}

export interface PreviewRow {
  /** Line of the file, or row of the sheet. */
  readonly line: number;
  /** What an import would do: `would be created`. */
  readonly status: string;
  /** In the order of the fields; for updates, `old → new`. */
  readonly values: readonly string[];
}

const MAX_ROWS = 5;
/** A nightly file has few updates among many unchanged rows: those are what a preview is for. */
const MAX_UPDATES = 3;

/** Keeps the first rows of a dry run, in whatever order they complete. */
export class PreviewRows {
  readonly #rows = new FirstRows(MAX_ROWS);
  readonly #updates = new FirstRows(MAX_UPDATES);

  add(completed: CompletedRow): void {
    const { status } = completed.outcome;
    if (status !== 'not-attempted') this.#rows.add(completed);
    if (status === 'would-update') this.#updates.add(completed);
  }

  /** @returns undefined when there is nothing to show. */
  preview(describer: RowDescriber | undefined, lineLabel: string): RowPreview | undefined {
    if (describer === undefined) return undefined;
    const shown = new FirstRows(MAX_ROWS);
    const rows = new Set([...this.#updates.rows, ...this.#rows.rows]);
    for (const completed of [...rows].slice(0, MAX_ROWS)) shown.add(completed);
    if (shown.rows.length === 0) return undefined;
    return {
      lineLabel,
      fields: describer.fields,
      rows: shown.rows.map((completed) => ({
        line: completed.outcome.line,
        status: statusInfo(completed.outcome.status).label,
        values: describer.valuesOf(completed),
      })),
    };
  }
}

/** The rows with the lowest numbers, in their order. */
class FirstRows {
  #rows: readonly CompletedRow[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get rows(): readonly CompletedRow[] {
    return this.#rows;
  }

  add(completed: CompletedRow): void {
    const last = this.#rows.at(-1);
    if (this.#rows.length >= this.#max && last !== undefined && completed.row.row > last.row.row) return;
    this.#rows = [...this.#rows, completed]
      .sort((one, other) => one.row.row - other.row.row)
      .slice(0, this.#max);
  }
}
