import { STATUSES, statusInfo } from '../../../rows/status-table.js';

import { formatNumber } from '../format.js';

import { element } from './element.js';

export interface StatusFilter {
  readonly element: HTMLElement;
  /** Shows which status is selected; undefined for all. */
  select(status: string | undefined): void;
}

/** A button for every status that a row has, and one for all rows. */
export function createStatusFilter(
  counts: ReadonlyMap<string, number>,
  onChange: (status: string | undefined) => void,
): StatusFilter {
  const known = STATUSES.map(({ status }) => status).filter((status) => counts.has(status));
  const statuses = [...new Set([...known, ...counts.keys()])];
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const buttons = new Map<string | undefined, HTMLButtonElement>();
  const add = (status: string | undefined, label: string, count: number): HTMLButtonElement => {
    const number = element('b', {}, formatNumber(count));
    const button = element('button', { type: 'button', 'aria-pressed': 'false' }, label, ' ', number);
    button.addEventListener('click', () => onChange(status));
    buttons.set(status, button);
    return button;
  };
  add(undefined, 'all', total);
  for (const status of statuses) {
    const { label, tone } = statusInfo(status);
    add(status, label, counts.get(status) ?? 0).className = `tone-${tone}`;
  }
  return {
    element: element(
      'div',
      { class: 'statuses', role: 'group', 'aria-label': 'Status' },
      ...buttons.values(),
    ),
    select(selected) {
      for (const [status, button] of buttons) {
        button.setAttribute('aria-pressed', String(status === selected));
      }
    },
  };
}
