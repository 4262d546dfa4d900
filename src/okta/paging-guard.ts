import { DigestTable } from '../digest-table.js';

export interface ListedItem {
  readonly id: string;
  /** Of a user. */
  readonly status?: string;
}

/** Okta may filter a page after reading it, so a few pages may be empty although others follow. */
const MAX_EMPTY_PAGES = 10;

/**
 * Notices that the pages of a listing repeat, so that following their links would never end.
 *
 * Okta lists users by status, so a user whose status changes meanwhile may be on a second page: in another status, a user
 * counts as new.
 *
 * Keeps a digest of each item, from the second page on: 25 MB for a million users, and nothing for the many listings
 * with a single page.
 */
export class PagingGuard {
  readonly #links = new Set<string>();
  #firstPage: readonly ListedItem[] | undefined;
  #seen: DigestTable | undefined;
  #emptyPages = 0;

  /** Is called for each page. @returns whether an item is new, or the page is one of a few empty ones. */
  hasNewItems(items: readonly ListedItem[]): boolean {
    this.#emptyPages = items.length === 0 ? this.#emptyPages + 1 : 0;
    if (items.length === 0) return this.#emptyPages <= MAX_EMPTY_PAGES;
    if (this.#firstPage === undefined) {
      this.#firstPage = items;
      return true;
    }
    this.#seen ??= tableOf(this.#firstPage);
    let hasNew = false;
    for (const item of items) if (this.#seen.setIfAbsent(keyOf(item), 1) === undefined) hasNew = true;
    return hasNew;
  }

  /** Is called for each link to a next page. */
  isNewLink(path: string): boolean {
    return this.#links.size < this.#links.add(path).size;
  }
}

function tableOf(items: readonly ListedItem[]): DigestTable {
  const table = new DigestTable();
  for (const item of items) table.setIfAbsent(keyOf(item), 1);
  return table;
}

function keyOf({ id, status = '' }: ListedItem): string {
  return `${id} ${status}`;
}
