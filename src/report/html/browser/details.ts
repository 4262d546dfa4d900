import { statusInfo } from '../../../rows/status-table.js';

import type { PageData } from '../page-data.js';

import { element } from './element.js';
import type { RowFields } from './row-list.js';

/** A dialog with everything that is known about one row. */
export class Details {
  readonly #dialog: HTMLDialogElement;
  readonly #title = element('h2', { id: 'details-title' });
  readonly #body = element('div', { class: 'details-body' });
  readonly #data: Pick<PageData, 'userLink' | 'lineLabel' | 'fields'>;

  constructor(data: Pick<PageData, 'userLink' | 'lineLabel' | 'fields'>) {
    this.#data = data;
    const close = element('button', { type: 'button', class: 'quiet' }, 'Close');
    this.#dialog = element(
      'dialog',
      { class: 'details', 'aria-labelledby': 'details-title' },
      element('div', { class: 'details-head' }, this.#title, close),
      this.#body,
    );
    close.addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', (event) => {
      // The dialog itself is the target only of clicks on its backdrop.
      if (event.target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  show(row: RowFields): void {
    const { label, tone } = statusInfo(row.status);
    const { userLink, lineLabel, fields } = this.#data;
    const where = row.line === '' ? `Row ${row.row}` : `${lineLabel} ${row.line}`;
    this.#title.textContent = row.name === '' ? where : row.name;
    const list = element('dl');
    const item = (label: string, ...value: readonly (Node | string)[]): void => {
      list.append(element('div', {}, element('dt', {}, label), element('dd', {}, ...value)));
    };
    const text = (label: string, value: string): void => {
      if (value !== '') item(label, element('bdi', {}, value));
    };
    item('Status', element('span', { class: `chip tone-${tone}` }, label));
    text('Name', row.name);
    text('Login', row.login);
    text('Message', row.message);
    text('Error code', row.errorCode);
    text(lineLabel, row.line);
    text('Row after the header', row.row);
    for (const [index, field] of fields.entries()) text(field, row.values[index] ?? '');
    const link = userLinkFor(userLink, row.oktaId);
    if (row.oktaId !== '') {
      item('Okta ID', link === undefined ? element('bdi', {}, row.oktaId) : linkTo(link, row.oktaId));
    }
    text('Okta status', row.userStatus);
    text('Attempts', row.attempts === '0' ? '' : row.attempts);
    text('Duration', row.durationMs === '0' ? '' : `${Number(row.durationMs).toLocaleString('en-US')} ms`);
    text('Okta request ID', row.requestId);
    this.#body.replaceChildren(list);
    this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
  }
}

/** URL of the user in the Admin Console; undefined if it is unknown or `oktaId` is not an ID. */
export function userLinkFor(userLink: string | null, oktaId: string): string | undefined {
  return userLink !== null && /^\w+$/.test(oktaId) ? userLink + oktaId : undefined;
}

/** Creates a link that does not reveal this page to its target. */
export function linkTo(href: string, text: string): HTMLAnchorElement {
  return element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, element('bdi', {}, text));
}
