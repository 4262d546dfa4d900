import { statusInfo } from '../../../rows/status-table.js';
import type { PageData } from '../page-data.js';

import { linkTo, userLinkFor } from './details.js';
import { element } from './element.js';
import type { RowFields, SortKey } from './row-list.js';

export interface GridColumn {
  readonly key: SortKey;
  readonly title: string;
}

/** The columns of the table: a dry run also shows the value of every attribute. */
export function gridColumns({
  lineLabel,
  fields,
}: Pick<PageData, 'lineLabel' | 'fields'>): readonly GridColumn[] {
  return [
    { key: 'line', title: lineLabel },
    { key: 'name', title: 'Name' },
    { key: 'login', title: 'Login' },
    { key: 'status', title: 'Status' },
    { key: 'message', title: 'Message' },
    { key: 'userStatus', title: 'Okta status' },
    ...fields.map((title, index) => ({ key: `value-${index}`, title }) as const),
  ];
}

export interface RenderedRow {
  readonly row: RowFields;
  /** Among the rows that are shown. */
  readonly index: number;
  readonly columns: readonly GridColumn[];
  readonly userLink: string | null;
}

export function renderRow({ row, index, columns, userLink }: RenderedRow): HTMLTableRowElement {
  const { label, tone } = statusInfo(row.status);
  const link = userLinkFor(userLink, row.oktaId);
  const login = element('bdi', {}, row.login);
  const cells: Readonly<Partial<Record<SortKey, Node | string>>> = {
    line: row.line,
    name: element('bdi', {}, row.name),
    login: link === undefined ? login : linkTo(link, row.login === '' ? row.oktaId : row.login),
    status: element('span', { class: `chip tone-${tone}` }, label),
    message: element('bdi', {}, row.message),
    userStatus: row.userStatus,
  };
  // On a phone the stylesheet lays rows out as boxes, which removes the implicit roles.
  const tableRow = element('tr', {
    role: 'row',
    id: `row-at-${index}`,
    'aria-rowindex': String(index + 2),
    'data-index': String(index),
  });
  let value = 0;
  for (const { key, title } of columns) {
    const content = cells[key];
    const cell =
      content === undefined
        ? valueCell(row.values[value++] ?? '')
        : element('td', { role: 'gridcell', class: `c-${key}` }, content);
    if (key === 'line') cell.dataset['label'] = title.toLowerCase();
    if (cell.textContent !== '' && key !== 'status') cell.title = cell.textContent ?? '';
    cell.querySelector('a')?.setAttribute('tabindex', '-1');
    tableRow.append(cell);
  }
  return tableRow;
}

function valueCell(text: string): HTMLTableCellElement {
  const change = text.includes(' → ') ? ' changed' : '';
  return element('td', { role: 'gridcell', class: `c-value${change}` }, element('bdi', {}, text));
}

/** Takes the place of rows that are scrolled out of view. */
export function renderSpacer(height: number): HTMLTableRowElement {
  const row = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  row.style.height = `${height}px`;
  return row;
}
