import { formatNumber } from '../format.js';
import type { PageData } from '../page-data.js';

import { Details } from './details.js';
import { element, findElement } from './element.js';
import { Grid } from './grid.js';
import { gridColumns } from './grid-row.js';
import { RowList, type RowQuery, type RowSort, type SortKey } from './row-list.js';
import { createStatusFilter } from './status-filter.js';

const SORT_OPTIONS: readonly (readonly [value: SortKey | '', label: string])[] = [
  ['', 'Failures first'],
  ['line', 'Line'],
  ['name', 'Name'],
  ['login', 'Login'],
  ['status', 'Status'],
  ['message', 'Message'],
  ['userStatus', 'Okta status'],
  ['attempts', 'Attempts, most first'],
  ['durationMs', 'Duration, longest first'],
];
/** Keys that are sorted in descending order first. */
const DESCENDING_FIRST: ReadonlySet<SortKey> = new Set(['attempts', 'durationMs']);

/** Sets up the list of rows, with search, sort and filters. */
export function startRows(text: string, data: PageData): void {
  const rows = new RowList(text);
  const details = new Details(data);
  let query: RowQuery = { text: '', status: undefined, cause: undefined, sort: undefined };
  let causeText = '';

  const search = element('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Name, login, message, ID …',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const sort = element(
    'select',
    { id: 'sort' },
    ...SORT_OPTIONS.map(([value, label]) =>
      element('option', { value }, value === 'line' ? data.lineLabel : label),
    ),
  );
  const all = rows.select(query);
  const statusFilter = createStatusFilter(all.statuses.keys(), (status) => change({ status }));
  const failureFilter = element('button', { type: 'button', class: 'failure-filter', hidden: '' });
  const rowsShown = findElement('#rows-shown');
  const grid = new Grid({
    rows,
    columns: gridColumns(data),
    userLink: data.userLink,
    onOpen: (row) => details.show(row),
    onSort: (key) => change({ sort: nextSort(query.sort, key) }),
  });

  const change = (part: Partial<RowQuery>): void => {
    query = { ...query, ...part };
    const selected = rows.select(query);
    grid.show(selected.indexes, query.sort);
    statusFilter.update(selected.statuses, query.status);
    failureFilter.hidden = query.cause === undefined;
    failureFilter.replaceChildren(
      'Only: ',
      element('bdi', {}, causeText),
      element('span', { 'aria-hidden': 'true' }, ' ✕'),
      element('span', { class: 'unseen' }, ', clear filter'),
    );
    const sortKey = query.sort?.key ?? '';
    sort.value = SORT_OPTIONS.some(([value]) => value === sortKey) ? sortKey : '';
    showRowCount(rowsShown, {
      selected: selected.indexes.length,
      inPage: rows.length,
      inRun: data.rows,
    });
  };

  search.addEventListener('input', () => change({ text: search.value }));
  sort.addEventListener('change', () => {
    const key = SORT_OPTIONS.find(([value]) => value === sort.value)?.[0] ?? '';
    change({ sort: key === '' ? undefined : { key, isDescending: DESCENDING_FIRST.has(key) } });
  });
  failureFilter.addEventListener('click', () => {
    change({ cause: undefined });
    search.focus();
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>('#failures button[data-cause]')) {
    button.addEventListener('click', () => {
      search.value = '';
      causeText = button.dataset['message'] ?? '';
      change({ text: '', status: undefined, cause: Number(button.dataset['cause']) });
      findElement('#rows-section').focus({ preventScroll: true });
      findElement('#rows-section').scrollIntoView({ block: 'start' });
    });
  }

  findElement('#rows-app').append(
    element(
      'div',
      { class: 'tools', role: 'search', 'aria-label': 'Rows' },
      element('div', { class: 'field grow' }, element('label', { for: 'search' }, 'Search'), search),
      element('div', { class: 'field' }, element('label', { for: 'sort' }, 'Sort by'), sort),
    ),
    statusFilter.element,
    failureFilter,
    element(
      'p',
      { id: 'grid-help', class: 'unseen' },
      'Use the arrow keys to move between rows, and Enter to open one.',
    ),
    grid.element,
  );
  change({});
}

/** Clicking a header sorts in one direction, then in the other, then not at all. */
function nextSort(sort: RowSort | undefined, key: SortKey): RowSort | undefined {
  const isDescendingFirst = DESCENDING_FIRST.has(key);
  if (sort?.key !== key) return { key, isDescending: isDescendingFirst };
  return sort.isDescending === isDescendingFirst ? { key, isDescending: !isDescendingFirst } : undefined;
}

function showRowCount(
  target: HTMLElement,
  { selected, inPage, inRun }: { readonly selected: number; readonly inPage: number; readonly inRun: number },
): void {
  const count =
    selected === inPage ? formatNumber(inPage) : `${formatNumber(selected)} of ${formatNumber(inPage)}`;
  const note =
    inPage < inRun ? ` on this page, failures first, out of ${formatNumber(inRun)} in the run` : '';
  const link = element('a', { href: 'results.csv' }, 'results.csv');
  target.replaceChildren(`${count} ${inPage === 1 ? 'row' : 'rows'}${note}. Complete list: `, link);
}
