import { STATUSES, statusInfo } from '../../../rows/status-table.js';

import { formatNumber } from '../format.js';

import { element } from './element.js';

export interface StatusFilter {
  readonly element: HTMLElement;
  /**
   * Shows how many rows each button would show, and which one is pressed.
   *
   * @param counts - of the rows that match the search.
   * @param selected - undefined for all.
   */
  update(counts: ReadonlyMap<string, number>, selected: string | undefined): void;
}

/** A button for every status that a row has, and one for all rows. */
export function createStatusFilter(
  statuses: Iterable<string>,
  onChange: (status: string | undefined) => void,
): StatusFilter {
  const present = new Set(statuses);
  const known = STATUSES.map(({ status }) => status).filter((status) => present.has(status));
  const numbers = new Map<string | undefined, HTMLElement>();
  const buttons = new Map<string | undefined, HTMLButtonElement>();
  const add = (status: string | undefined, label: string): HTMLButtonElement => {
    const number = element('b');
    const button = element('button', { type: 'button', 'aria-pressed': 'false' }, label, ' ', number);
    button.addEventListener('click', () => onChange(status));
    buttons.set(status, button);
    numbers.set(status, number);
    return button;
  };
  add(undefined, 'all');
  for (const status of new Set([...known, ...present])) {
    const { label, tone } = statusInfo(status);
    add(status, label).className = `tone-${tone} s-${status}`;
  }
  return {
    element: element(
      'div',
      { class: 'statuses', role: 'group', 'aria-label': 'Status' },
      ...buttons.values(),
    ),
    update(counts, selected) {
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      for (const [status, button] of buttons) {
        button.setAttribute('aria-pressed', String(status === selected));
        const count = status === undefined ? total : (counts.get(status) ?? 0);
        numbers.get(status)?.replaceChildren(formatNumber(count));
      }
    },
  };
}
