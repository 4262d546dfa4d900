import { element } from './element.js';
import { renderRow, renderSpacer, type GridColumn } from './grid-row.js';
import type { RowFields, RowList, RowSort, SortKey } from './row-list.js';

export interface GridOptions {
  readonly rows: RowList;
  readonly columns: readonly GridColumn[];
  readonly userLink: string | null;
  readonly onOpen: (row: RowFields) => void;
  readonly onSort: (key: SortKey) => void;
}

/** Rows rendered above and below the visible ones. */
const OVERSCAN_ROWS = 12;
const MAX_PRINTED_ROWS = 200;
/** Width of the columns before the values, and of a column of values. */
const LEADING_PIXELS = 620;
const VALUE_PIXELS = 180;

/**
 * The table of rows. Only the visible ones are in the document, however many there are.
 *
 * An ARIA grid with a single tab stop: the arrow keys, Page Up and Down, Home and End move, Enter opens a row. Screen readers
 * learn about rows outside the document from `aria-rowcount` and `aria-rowindex`.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #table: HTMLTableElement;
  readonly #body = element('tbody', { role: 'rowgroup' });
  readonly #printNote = element(
    'p',
    { class: 'print-note' },
    `Only the first ${MAX_PRINTED_ROWS} of these rows are printed.`,
  );
  readonly #headers = new Map<SortKey, HTMLTableCellElement>();
  #selected: readonly number[] = [];
  #active = 0;
  #isPrinting = false;

  constructor(options: GridOptions) {
    this.#options = options;
    const { columns } = options;
    const headers = columns.map(({ key, title }) => this.#header(key, title));
    this.#table = element(
      'table',
      { role: 'grid', tabindex: '0', 'aria-labelledby': 'rows-title', 'aria-describedby': 'grid-help' },
      element(
        'thead',
        { role: 'rowgroup' },
        element('tr', { role: 'row', 'aria-rowindex': '1' }, ...headers),
      ),
      this.#body,
    );
    const values = columns.filter(({ key }) => isValue(key)).length;
    this.element = element(
      'div',
      { class: values > 0 ? 'grid-scroll has-values' : 'grid-scroll' },
      this.#table,
      this.#printNote,
    );
    if (values > 0) {
      this.element.style.setProperty('--grid-width', `${LEADING_PIXELS + values * VALUE_PIXELS}px`);
    }
    this.element.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(this.element);
    this.#table.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('click', (event) => this.#onClick(event));
    window.addEventListener('beforeprint', () => this.#setPrinting(true));
    window.addEventListener('afterprint', () => this.#setPrinting(false));
  }

  /** Shows these rows, in this order. */
  show(selected: readonly number[], sort: RowSort | undefined): void {
    this.#selected = selected;
    this.#printNote.hidden = selected.length <= MAX_PRINTED_ROWS;
    this.#active = 0;
    this.#table.setAttribute('aria-rowcount', String(selected.length + 1));
    for (const [key, header] of this.#headers) {
      const direction = sort?.isDescending ? 'descending' : 'ascending';
      header.setAttribute('aria-sort', sort?.key === key ? direction : 'none');
    }
    this.element.scrollTop = 0;
    this.#draw();
  }

  #header(key: SortKey, title: string): HTMLTableCellElement {
    // A grid is a single tab stop; keyboard users sort with the field above it.
    const button = element('button', { type: 'button', tabindex: '-1' }, title);
    button.addEventListener('click', () => this.#options.onSort(key));
    const header = element(
      'th',
      {
        role: 'columnheader',
        scope: 'col',
        class: isValue(key) ? 'c-value' : `c-${key}`,
        'aria-sort': 'none',
      },
      button,
    );
    this.#headers.set(key, header);
    return header;
  }

  /** Set by the stylesheet, which depends on the width of the window. */
  get #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.element).getPropertyValue('--row-height')) || 40;
  }

  #draw(): void {
    const { length } = this.#selected;
    const height = this.#rowHeight;
    const { scrollTop, clientHeight } = this.element;
    const first = this.#isPrinting ? 0 : Math.max(0, Math.floor(scrollTop / height) - OVERSCAN_ROWS);
    const visible = Math.ceil(clientHeight / height) + 2 * OVERSCAN_ROWS;
    const end = Math.min(length, this.#isPrinting ? MAX_PRINTED_ROWS : first + visible);
    const rows: HTMLTableRowElement[] = [];
    for (let index = first; index < end; index += 1) {
      const row = this.#options.rows.at(this.#selected[index] ?? 0);
      const { columns, userLink } = this.#options;
      rows.push(renderRow({ row, index, columns, userLink }));
    }
    if (length === 0) {
      const cell = element(
        'td',
        { role: 'gridcell', colspan: String(this.#options.columns.length), class: 'none' },
        'No matching rows.',
      );
      rows.push(element('tr', { role: 'row' }, cell));
    }
    this.#body.replaceChildren(
      renderSpacer(first * height),
      ...rows,
      renderSpacer(this.#isPrinting ? 0 : Math.max(0, length - end) * height),
    );
    this.#markActive();
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
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) this.#moveTo(Math.max(0, Math.min(last, target)));
    else if (event.key === 'Enter' || event.key === ' ') this.#open(this.#active);
    else return;
    event.preventDefault();
  }

  #moveTo(index: number): void {
    this.#active = index;
    const height = this.#rowHeight;
    const headHeight = this.#table.tHead?.offsetHeight ?? 0;
    const top = index * height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    const room = clientHeight - headHeight - height;
    if (top > scrollTop + room) this.element.scrollTop = top - room;
    this.#draw();
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.target.closest('a') !== null) return;
    const row = event.target.closest<HTMLElement>('tr[data-index]');
    if (row === null) return;
    this.#active = Number(row.dataset['index']);
    this.#markActive();
    this.#open(this.#active);
  }

  #open(index: number): void {
    const selected = this.#selected[index];
    if (selected !== undefined) this.#options.onOpen(this.#options.rows.at(selected));
  }

  /** Paper does not scroll, so rows outside the view are rendered for printing. */
  #setPrinting(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    this.#draw();
  }
}

function isValue(key: SortKey): boolean {
  return key.startsWith('value-');
}
