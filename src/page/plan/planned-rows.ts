import { getsActivationMail, MailPlanner } from '../../engine/mail-plan.js';
import type { ProfileValue } from '../../okta/types.js';
import { outcomeMessage } from '../../report/results-columns.js';
import type { RowDescriber } from '../../report/row-describer.js';
import type { CompletedRow, RowOutcome } from '../../rows/outcome.js';
import { statusInfo } from '../../rows/status-table.js';
import { REDACTED } from '../../text.js';

import type { PlannedRow, PlannedRowsPage, PlannedRowsQuery, PlanState } from '../api/plan.js';
import { inOrder } from '../counts.js';
import { forPage } from '../for-page.js';

interface StoredRow {
  readonly shown: Omit<PlannedRow, 'isExcluded' | 'label'>;
  /** Where an activation email would go; undefined for none. */
  readonly mailTo: string | undefined;
  /** Names or IDs. */
  readonly groups: readonly string[];
}

/** Totals of a plan without the rows that were left out since. */
export interface RemainingRows {
  readonly counts: Readonly<Record<string, number>>;
  readonly mails: PlanState['mails'];
  readonly groupsToCreate: readonly string[];
}

/** The rows of a plan, without their cells: what a table shows of them. */
export class PlannedRows {
  readonly #rows: StoredRow[] = [];
  readonly #activates: boolean;
  #isSorted = true;

  /** @param activates - whether new users are activated. */
  constructor(activates: boolean) {
    this.#activates = activates;
  }

  /** @param describer - undefined when nothing may be shown of the rows. */
  add({ row, outcome, user }: CompletedRow, describer: RowDescriber | undefined): void {
    const completed = { row, outcome, user };
    const previous = this.#rows.at(-1);
    if (previous !== undefined && previous.shown.row > outcome.row) this.#isSorted = false;
    this.#rows.push({
      shown: {
        row: outcome.row,
        line: outcome.line,
        login: outcome.login ?? '',
        name: describer?.nameOf(completed) ?? '',
        status: outcome.status,
        changes: changesOf(completed, describer),
        message: messageOf(outcome),
      },
      mailTo: this.#activates ? mailOf(completed) : undefined,
      groups: user?.groups ?? [],
    });
  }

  /**
   * @param excluded - rows that are unticked now.
   * @param groups - what all rows together would create, and those that everyone joins.
   */
  without(
    excluded: ReadonlySet<number>,
    { toCreate, ofAll }: { readonly toCreate: readonly string[]; readonly ofAll: readonly string[] },
  ): RemainingRows {
    const counts: Record<string, number> = {};
    const mails = new MailPlanner();
    const used = new Set<string>();
    for (const { shown, mailTo, groups } of this.#rows) {
      const { row, status } = shown;
      const actual = excluded.has(row) ? 'not-attempted' : status;
      counts[actual] = (counts[actual] ?? 0) + 1;
      if (excluded.has(row) || !isWrite(status)) continue;
      if (mailTo !== undefined) mails.add({ profile: { email: mailTo } });
      if (toCreate.length > 0) for (const group of [...groups, ...ofAll]) used.add(group.toLowerCase());
    }
    const { mails: count, domains } = mails.plan();
    return {
      counts: inOrder(counts),
      mails: { count, domains: domains.map(({ domain, mails: each }) => ({ domain, count: each })) },
      groupsToCreate: toCreate.filter((group) => used.has(group.toLowerCase())),
    };
  }

  /** In the order of the file. @param excluded - rows that are unticked now. */
  page(
    { status, search = '', offset, limit }: PlannedRowsQuery,
    excluded: readonly number[],
  ): PlannedRowsPage {
    if (!this.#isSorted) {
      this.#rows.sort((one, other) => one.shown.row - other.shown.row);
      this.#isSorted = true;
    }
    const wanted = search.trim().toLowerCase();
    const unticked = new Set(excluded);
    const found = this.#rows.filter(
      ({ shown: row }) =>
        (status === undefined ||
          row.status === status ||
          (status === 'not-attempted' && unticked.has(row.row))) &&
        (wanted === '' ||
          [row.login, row.name, row.message ?? ''].some((text) => text.toLowerCase().includes(wanted))),
    );
    return {
      total: found.length,
      rows: found.slice(offset, offset + limit).map(({ shown: row }) => ({
        ...row,
        label: statusInfo(row.status).label,
        isExcluded: unticked.has(row.row),
      })),
    };
  }
}

function isWrite(status: string): boolean {
  return status === 'would-create' || status === 'would-update';
}

function mailOf({ outcome, user }: CompletedRow): string | undefined {
  if (outcome.status !== 'would-create' || user === undefined) return undefined;
  const { email } = user.request.profile;
  return getsActivationMail(user.request) && typeof email === 'string' ? email : undefined;
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
