import type { ProfileValue } from '../../okta/types.js';
import { outcomeMessage } from '../../report/results-columns.js';
import type { RowDescriber } from '../../report/row-describer.js';
import type { CompletedRow, RowOutcome } from '../../rows/outcome.js';
import { statusInfo } from '../../rows/status-table.js';
import { REDACTED } from '../../text.js';

import type { PlannedRow, PlannedRowsPage, PlannedRowsQuery } from '../api/plan.js';
import { forPage } from '../for-page.js';

type StoredRow = Omit<PlannedRow, 'isExcluded' | 'label'>;

/** The rows of a plan, without their cells: what a table shows of them. */
export class PlannedRows {
  readonly #rows: StoredRow[] = [];
  #isSorted = true;

  /** @param describer - undefined when nothing may be shown of the rows. */
  add({ row, outcome, user }: CompletedRow, describer: RowDescriber | undefined): void {
    const completed = { row, outcome, user };
    const previous = this.#rows.at(-1);
    if (previous !== undefined && previous.row > outcome.row) this.#isSorted = false;
    this.#rows.push({
      row: outcome.row,
      line: outcome.line,
      login: outcome.login ?? '',
      name: describer?.nameOf(completed) ?? '',
      status: outcome.status,
      changes: changesOf(completed, describer),
      message: messageOf(outcome),
    });
  }

  /** In the order of the file. @param excluded - rows that are unticked now. */
  page(
    { status, search = '', offset, limit }: PlannedRowsQuery,
    excluded: readonly number[],
  ): PlannedRowsPage {
    if (!this.#isSorted) {
      this.#rows.sort((one, other) => one.row - other.row);
      this.#isSorted = true;
    }
    const wanted = search.trim().toLowerCase();
    const found = this.#rows.filter(
      (row) =>
        (status === undefined || row.status === status) &&
        (wanted === '' ||
          [row.login, row.name, row.message ?? ''].some((text) => text.toLowerCase().includes(wanted))),
    );
    const unticked = new Set(excluded);
    return {
      total: found.length,
      rows: found.slice(offset, offset + limit).map((row) => ({
        ...row,
        label: statusInfo(row.status).label,
        isExcluded: unticked.has(row.row),
      })),
    };
  }
}

function messageOf(outcome: RowOutcome): string | undefined {
  // The changes say it.
  if (outcome.status === 'would-update') return undefined;
  return forPage(outcomeMessage(outcome)) || undefined;
}

function changesOf(completed: CompletedRow, describer: RowDescriber | undefined): PlannedRow['changes'] {
  const { outcome } = completed;
  if (outcome.status !== 'would-update') return [];
  const values = describer?.valuesOf(completed);
  const shown = new Map(describer?.fields.map(({ name }, index) => [name, values?.[index] ?? '']));
  const changes = outcome.changes.map(({ attribute, from, to }) => {
    const isHidden = shown.get(attribute) === undefined || shown.get(attribute) === REDACTED;
    const text = (value: ProfileValue): string => (isHidden && value !== null ? REDACTED : textOf(value));
    return { attribute, from: text(from), to: text(to) };
  });
  const others = outcome.changed.filter((name) => !changes.some(({ attribute }) => attribute === name));
  return [
    ...changes,
    ...others.map((attribute) => ({ attribute, from: '', to: shown.get(attribute) ?? '' })),
  ];
}

function textOf(value: ProfileValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join('; ') : String(value);
}
