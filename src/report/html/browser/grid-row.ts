import { statusInfo } from '../../../rows/status-table.js';

import { linkTo, userLinkFor } from './details.js';
import { element } from './element.js';
import type { RowFields, SortKey } from './row-list.js';

export const COLUMNS: readonly { readonly key: SortKey; readonly title: string }[] = [
  { key: 'row', title: 'Row' },
  { key: 'line', title: 'Line' },
  { key: 'login', title: 'Login' },
  { key: 'status', title: 'Status' },
  { key: 'message', title: 'Message' },
  { key: 'userStatus', title: 'Okta status' },
  { key: 'durationMs', title: 'Duration' },
];

/** @param index - among the rows that are shown. */
export function renderRow(row: RowFields, index: number, userLink: string | null): HTMLTableRowElement {
  const { label, tone } = statusInfo(row.status);
  const link = userLinkFor(userLink, row.oktaId);
  const login = element('bdi', {}, row.login);
  const cells: Readonly<Partial<Record<SortKey, Node | string>>> = {
    row: row.row,
    line: row.line,
    login: link === undefined ? login : linkTo(link, row.login === '' ? row.oktaId : row.login),
    status: element('span', { class: `chip tone-${tone}` }, label),
    message: element('bdi', {}, row.message),
    userStatus: row.userStatus,
    durationMs: row.durationMs === '0' ? '' : `${row.durationMs} ms`,
  };
  // On a phone the stylesheet lays rows out as boxes, which removes the implicit roles.
  const tableRow = element('tr', {
    role: 'row',
    id: `row-at-${index}`,
    'aria-rowindex': String(index + 2),
    'data-index': String(index),
  });
  for (const { key } of COLUMNS) {
    const cell = element('td', { role: 'gridcell', class: `c-${key}` }, cells[key] ?? '');
    if (key === 'message' && row.message !== '') cell.title = row.message;
    cell.querySelector('a')?.setAttribute('tabindex', '-1');
    tableRow.append(cell);
  }
  return tableRow;
}

/** Takes the place of rows that are scrolled out of view. */
export function renderSpacer(height: number): HTMLTableRowElement {
  const row = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  row.style.height = `${height}px`;
  return row;
}
