import { statusInfo } from '../../../rows/status-table.js';

import { element } from './element.js';
import type { ShownRow } from './row-list.js';

/** A drawer with all that is known of one row. */
export class Details {
  readonly #dialog: HTMLDialogElement;
  readonly #title = element('h2', { id: 'details-title' });
  readonly #body = element('div', { class: 'details-body' });
  readonly #userLink: string | null;

  constructor(userLink: string | null) {
    this.#userLink = userLink;
    const close = element('button', { type: 'button', class: 'quiet' }, 'Close');
    this.#dialog = element(
      'dialog',
      { class: 'details', 'aria-labelledby': 'details-title' },
      element('div', { class: 'details-head' }, this.#title, close),
      this.#body,
    );
    close.addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', (event) => {
      // The dialog itself is hit only beside its content: on the backdrop.
      if (event.target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  show(row: ShownRow): void {
    const { label, tone } = statusInfo(row.status);
    this.#title.textContent = `Row ${row.row}`;
    const list = element('dl');
    const item = (label: string, ...value: readonly (Node | string)[]): void => {
      list.append(element('div', {}, element('dt', {}, label), element('dd', {}, ...value)));
    };
    const text = (label: string, value: string): void => {
      if (value !== '') item(label, element('bdi', {}, value));
    };
    item('Status', element('span', { class: `chip tone-${tone}` }, label));
    text('Login', row.login);
    text('Message', row.message);
    text('Error code', row.errorCode);
    text('Line of the file', row.line);
    const link = userLinkFor(this.#userLink, row.oktaId);
    if (row.oktaId !== '') {
      item('Okta id', link === undefined ? element('bdi', {}, row.oktaId) : linkTo(link, row.oktaId));
    }
    text('Status in Okta', row.userStatus);
    text('Attempts', row.attempts === '0' ? '' : row.attempts);
    text('Took', row.durationMs === '0' ? '' : `${Number(row.durationMs).toLocaleString('en-US')} ms`);
    text('Okta request id', row.requestId);
    this.#body.replaceChildren(list);
    this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
  }
}

/** The user's page in the Admin Console; undefined when that is not known, or the id is none. */
export function userLinkFor(userLink: string | null, oktaId: string): string | undefined {
  return userLink !== null && /^\w+$/.test(oktaId) ? userLink + oktaId : undefined;
}

/** A link that says nothing about this page to where it leads. */
export function linkTo(href: string, text: string): HTMLAnchorElement {
  return element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, element('bdi', {}, text));
}
