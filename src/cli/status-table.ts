import type { StatusCounts, StatusReport } from '../jobs/status.js';
import { ACCOUNT_STATES, type AccountState } from '../org/account-state.js';
import { BYTE_ORDER_MARK, csvLine } from '../report/csv-writer.js';
import { escapeControlCharacters, plural } from '../text.js';

import { alignColumns } from './table.js';

export type StatusFormat = 'table' | 'csv' | 'json';

const LABELS: Readonly<Record<AccountState, string>> = {
  staged: 'staged',
  invited: 'invited',
  recovery: 'password reset',
  passwordExpired: 'new password due',
  active: 'active',
  locked: 'locked',
  suspended: 'suspended',
  deactivated: 'deactivated',
  gone: 'gone',
};

/** What everybody wants to see, even if it is nobody. */
const ALWAYS_SHOWN: ReadonlySet<AccountState> = new Set(['staged', 'invited', 'active']);

const NO_VALUE = '(none)';

/** The status as text for stdout. */
export function formatStatus(report: StatusReport, format: StatusFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(toJson(report), undefined, 2)}\n`;
    case 'csv':
      return csvOf(report);
    case 'table':
      return tableOf(report)
        .map((line) => `${line}\n`)
        .join('');
    default:
      return format satisfies never;
  }
}

/** `Run it (https://…): 9 of 12 people are active (75%), 3 are invited.` */
export function statusText({ cohort, orgUrl, total }: StatusReport): string {
  const { people, active, signedIn } = total;
  const name = cohort.charAt(0).toUpperCase() + cohort.slice(1);
  const share = people === 0 ? '' : ` (${Math.round((active / people) * 100)}%)`;
  const text = `${name} (${orgUrl}): ${active} of ${plural(people, 'person', 'people')} active${share}, ${signedIn} signed in so far.`;
  return escapeControlCharacters(text);
}

function toJson({ cohort, orgUrl, at, total, by }: StatusReport): object {
  return {
    cohort,
    org: orgUrl,
    at,
    ...total,
    ...(by && { by: by.name, values: by.values.map(({ value, counts }) => ({ value, ...counts })) }),
  };
}

function csvOf({ total, by }: StatusReport): string {
  const states = ['people', ...ACCOUNT_STATES, 'signedIn'] as const;
  const line = (name: string, counts: StatusCounts): string =>
    csvLine([name, ...states.map((state) => String(counts[state]))]);
  const rows = by?.values.map(({ value, counts }) => line(value ?? '', counts)) ?? [line('all', total)];
  return [BYTE_ORDER_MARK + csvLine([by?.name ?? 'group', ...states]), ...rows].join('');
}

function tableOf({ total, by }: StatusReport): string[] {
  const states = ACCOUNT_STATES.filter((state) => ALWAYS_SHOWN.has(state) || total[state] > 0);
  if (by === undefined) {
    return alignColumns(states.map((state) => [LABELS[state], numberOf(total[state])]));
  }
  const row = (name: string, counts: StatusCounts): string[] => [
    name,
    numberOf(counts.people),
    ...states.map((state) => numberOf(counts[state])),
  ];
  return alignColumns([
    [by.name.toUpperCase(), 'PEOPLE', ...states.map((state) => LABELS[state].toUpperCase())],
    ...by.values.map(({ value, counts }) => row(value ?? NO_VALUE, counts)),
    row('Total', total),
  ]);
}

function numberOf(count: number): string {
  return String(count);
}
