import type { PageFacts } from '../page-data.js';
import { STATUSES, statusInfo } from '../../../rows/status-table.js';

import { Details } from './details.js';
import { element, found } from './element.js';
import { Grid } from './grid.js';
import { RowList, type SortKey, type Wish } from './row-list.js';

const SORTS: readonly (readonly [value: string, words: string])[] = [
  ['', 'Bad rows first'],
  ['row', 'Row'],
  ['login', 'Login'],
  ['status', 'Status'],
  ['message', 'Message'],
  ['userStatus', 'Status in Okta'],
  ['attempts', 'Tries, most first'],
  ['durationMs', 'Took, longest first'],
];
/** Where the largest is what is looked for. */
const LARGEST_FIRST: ReadonlySet<string> = new Set(['attempts', 'durationMs']);

/** The list of rows, to search, to sort and to filter. */
export function startRows(text: string, facts: PageFacts): void {
  const rows = new RowList(text);
  const details = new Details(facts.userLink);
  let wish: Wish = { query: '', status: undefined, cause: undefined, sort: undefined };

  const search = element('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Login, message, id …',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const sort = element(
    'select',
    { id: 'sort' },
    ...SORTS.map(([value, words]) => element('option', { value }, words)),
  );
  const statuses = statusButtons(rows, (status) => change({ status }));
  const cause = element('button', { type: 'button', class: 'cause-filter', hidden: '' });
  const shown = found('#rows-shown');
  const grid = new Grid({
    rows,
    userLink: facts.userLink,
    onOpen: (row) => details.show(row),
    onSort: (key) => change({ sort: sortAfter(wish.sort, key) }),
  });

  const change = (part: Partial<Wish>): void => {
    wish = { ...wish, ...part };
    const selected = rows.select(wish);
    grid.show(selected, wish.sort);
    statuses.mark(wish.status);
    cause.hidden = wish.cause === undefined;
    cause.replaceChildren(
      'Only: ',
      element('bdi', {}, wish.cause?.fragment || wish.cause?.code || ''),
      element('span', { 'aria-hidden': 'true' }, ' ✕'),
      element('span', { class: 'unseen' }, ', show all causes'),
    );
    sort.value = SORTS.some(([value]) => value === (wish.sort?.key ?? '')) ? (wish.sort?.key ?? '') : '';
    sayHowMany(shown, { selected: selected.length, inPage: rows.length, inRun: facts.rows });
  };

  search.addEventListener('input', () => change({ query: search.value }));
  sort.addEventListener('change', () => {
    const key = sort.value as SortKey | '';
    change({ sort: key === '' ? undefined : { key, isDescending: LARGEST_FIRST.has(key) } });
  });
  cause.addEventListener('click', () => {
    change({ cause: undefined });
    search.focus();
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>('.causes button[data-code]')) {
    button.addEventListener('click', () => {
      search.value = '';
      const { code = '', fragment = '' } = button.dataset;
      change({ query: '', status: undefined, cause: { code, fragment } });
      found('#rows-section').focus({ preventScroll: true });
      found('#rows-section').scrollIntoView({ block: 'start' });
    });
  }

  found('#rows-app').append(
    element(
      'div',
      { class: 'tools', role: 'search', 'aria-label': 'Rows' },
      element('div', { class: 'field grow' }, element('label', { for: 'search' }, 'Search'), search),
      element('div', { class: 'field' }, element('label', { for: 'sort' }, 'Order'), sort),
    ),
    statuses.element,
    cause,
    element(
      'p',
      { id: 'grid-help', class: 'unseen' },
      'Arrow keys move from row to row, Enter shows all of a row.',
    ),
    grid.element,
  );
  change({});
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** A click on a head: ascending, then descending, then as it was. */
function sortAfter(sort: Wish['sort'], key: SortKey): Wish['sort'] {
  const isDescendingFirst = LARGEST_FIRST.has(key);
  if (sort?.key !== key) return { key, isDescending: isDescendingFirst };
  return sort.isDescending === isDescendingFirst ? { key, isDescending: !isDescendingFirst } : undefined;
}

function statusButtons(
  rows: RowList,
  choose: (status: string | undefined) => void,
): { element: HTMLElement; mark: (status: string | undefined) => void } {
  const counts = rows.countByStatus();
  const known = STATUSES.map(({ status }) => status).filter((status) => counts.has(status));
  const statuses = [...new Set([...known, ...counts.keys()])];
  const buttons = new Map<string | undefined, HTMLButtonElement>();
  const add = (status: string | undefined, word: string, count: number): void => {
    const button = element('button', { type: 'button', 'aria-pressed': 'false' }, word, ' ');
    button.append(element('b', {}, count.toLocaleString('en-US')));
    if (status !== undefined) button.className = `tone-${statusInfo(status).tone}`;
    button.addEventListener('click', () => choose(status));
    buttons.set(status, button);
  };
  add(undefined, 'all', rows.length);
  for (const status of statuses) add(status, statusInfo(status).label, counts.get(status) ?? 0);
  return {
    element: element(
      'div',
      { class: 'statuses', role: 'group', 'aria-label': 'Status' },
      ...buttons.values(),
    ),
    mark: (status) => {
      for (const [own, button] of buttons) button.setAttribute('aria-pressed', String(own === status));
    },
  };
}

function sayHowMany(
  shown: HTMLElement,
  { selected, inPage, inRun }: { readonly selected: number; readonly inPage: number; readonly inRun: number },
): void {
  const words =
    selected === inPage ? `${number(inPage)} rows` : `${number(selected)} of ${number(inPage)} rows`;
  const link = element('a', { href: 'results.csv' }, 'results.csv');
  const rest =
    inPage < inRun
      ? [`, of ${number(inRun)} in the run: bad ones before others. All are in `]
      : ['; all are in '];
  shown.replaceChildren(words, ...rest, link);
}
