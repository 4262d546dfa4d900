import { statusInfo } from '../../../rows/status-table.js';

import { linkTo, userLinkFor } from './details.js';
import { element } from './element.js';
import type { RowList, ShownRow, SortKey } from './row-list.js';

export interface GridOptions {
  readonly rows: RowList;
  readonly userLink: string | null;
  readonly onOpen: (row: ShownRow) => void;
  readonly onSort: (key: SortKey) => void;
}

const COLUMNS: readonly { readonly key: SortKey; readonly title: string }[] = [
  { key: 'row', title: 'Row' },
  { key: 'line', title: 'Line' },
  { key: 'login', title: 'Login' },
  { key: 'status', title: 'Status' },
  { key: 'message', title: 'Message' },
  { key: 'userStatus', title: 'In Okta' },
  { key: 'durationMs', title: 'Took' },
];
/** Rows that are drawn beyond what can be seen, at either end. */
const BEYOND = 12;
/** Rows that go onto paper. */
const PRINTED = 200;

/**
 * The table: only the rows that can be seen are in the document, however many there are.
 *
 * An ARIA grid with one stop for the Tab key: arrows, Page Up and Down, Home and End move, Enter opens a row. What a
 * screen reader cannot find in the document it is told by `aria-rowcount` and `aria-rowindex`.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #table: HTMLTableElement;
  readonly #body = element('tbody', { role: 'rowgroup' });
  readonly #onPaper = element('p', { class: 'on-paper' }, `Printed: the first ${PRINTED} of these rows.`);
  readonly #headers = new Map<SortKey, HTMLTableCellElement>();
  #selected: readonly number[] = [];
  #active = 0;
  #isWhole = false;

  constructor(options: GridOptions) {
    this.#options = options;
    const heads = COLUMNS.map(({ key, title }) => this.#head(key, title));
    this.#table = element(
      'table',
      { role: 'grid', tabindex: '0', 'aria-labelledby': 'rows-title', 'aria-describedby': 'grid-help' },
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row', 'aria-rowindex': '1' }, ...heads)),
      this.#body,
    );
    this.element = element('div', { class: 'grid-scroll' }, this.#table, this.#onPaper);
    this.element.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(this.element);
    this.#table.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('click', (event) => this.#onClick(event));
    // Paper has no scroll bar.
    window.addEventListener('beforeprint', () => this.#setWhole(true));
    window.addEventListener('afterprint', () => this.#setWhole(false));
  }

  /** Shows other rows, or the same in another order. */
  show(selected: readonly number[], sort: { key: SortKey; isDescending: boolean } | undefined): void {
    this.#selected = selected;
    this.#onPaper.hidden = selected.length <= PRINTED;
    this.#active = 0;
    this.#table.setAttribute('aria-rowcount', String(selected.length + 1));
    for (const [key, head] of this.#headers) {
      const direction = sort?.isDescending ? 'descending' : 'ascending';
      head.setAttribute('aria-sort', sort?.key === key ? direction : 'none');
    }
    this.element.scrollTop = 0;
    this.#draw();
  }

  #head(key: SortKey, title: string): HTMLTableCellElement {
    // Within a grid the Tab key stops once; the heads are reached with a click, and the sort by key has its own field.
    const button = element('button', { type: 'button', tabindex: '-1' }, title);
    button.addEventListener('click', () => this.#options.onSort(key));
    const head = element(
      'th',
      { role: 'columnheader', scope: 'col', class: `c-${key}`, 'aria-sort': 'none' },
      button,
    );
    this.#headers.set(key, head);
    return head;
  }

  /** What the stylesheet says, which knows how wide the window is. */
  get #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.element).getPropertyValue('--row-height')) || 40;
  }

  #draw(): void {
    const { length } = this.#selected;
    const height = this.#rowHeight;
    const { scrollTop, clientHeight } = this.element;
    const first = this.#isWhole ? 0 : Math.max(0, Math.floor(scrollTop / height) - BEYOND);
    const visible = Math.ceil(clientHeight / height) + 2 * BEYOND;
    const end = Math.min(length, this.#isWhole ? PRINTED : first + visible);
    const rows: HTMLTableRowElement[] = [];
    for (let place = first; place < end; place += 1) rows.push(this.#row(place));
    if (length === 0) {
      const cell = element('td', { role: 'gridcell', colspan: '4', class: 'none' }, 'No rows are like that.');
      rows.push(element('tr', { role: 'row' }, cell));
    }
    this.#body.replaceChildren(
      spacer(first * height),
      ...rows,
      spacer(this.#isWhole ? 0 : Math.max(0, length - end) * height),
    );
    this.#markActive();
  }

  #row(place: number): HTMLTableRowElement {
    const row = this.#options.rows.at(this.#selected[place] ?? 0);
    const { label, tone } = statusInfo(row.status);
    const link = userLinkFor(this.#options.userLink, row.oktaId);
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
    // The roles are what tags say already, until a phone's layout makes boxes of them.
    const made = element('tr', {
      role: 'row',
      id: `row-at-${place}`,
      'aria-rowindex': String(place + 2),
      'data-place': String(place),
    });
    for (const { key } of COLUMNS) {
      const cell = element('td', { role: 'gridcell', class: `c-${key}` }, cells[key] ?? '');
      if (key === 'message' && row.message !== '') cell.title = row.message;
      cell.querySelector('a')?.setAttribute('tabindex', '-1');
      made.append(cell);
    }
    return made;
  }

  #markActive(): void {
    for (const row of this.#body.querySelectorAll('[aria-selected]')) row.removeAttribute('aria-selected');
    const active = this.#body.querySelector(`#row-at-${this.#active}`);
    active?.setAttribute('aria-selected', 'true');
    if (active === null) this.#table.removeAttribute('aria-activedescendant');
    else this.#table.setAttribute('aria-activedescendant', active.id);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.#table) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight) - 2);
    const last = this.#selected.length - 1;
    const target: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: last,
    };
    const place = target[event.key];
    if (place !== undefined) this.#moveTo(Math.max(0, Math.min(last, place)));
    else if (event.key === 'Enter' || event.key === ' ') this.#open(this.#active);
    else return;
    event.preventDefault();
  }

  #moveTo(place: number): void {
    this.#active = place;
    const height = this.#rowHeight;
    const headHeight = this.#table.tHead?.offsetHeight ?? 0;
    const top = place * height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    const room = clientHeight - headHeight - height;
    if (top > scrollTop + room) this.element.scrollTop = top - room;
    this.#draw();
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.target.closest('a') !== null) return;
    const row = event.target.closest<HTMLElement>('tr[data-place]');
    if (row === null) return;
    this.#active = Number(row.dataset['place']);
    this.#markActive();
    this.#open(this.#active);
  }

  #open(place: number): void {
    const index = this.#selected[place];
    if (index !== undefined) this.#options.onOpen(this.#options.rows.at(index));
  }

  #setWhole(isWhole: boolean): void {
    this.#isWhole = isWhole;
    this.#draw();
  }
}

/** Stands for rows that are not drawn. */
function spacer(height: number): HTMLTableRowElement {
  const row = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  row.style.height = `${height}px`;
  return row;
}
