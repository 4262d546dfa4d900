import { DigestTable } from '../digest-table.js';

export interface ListedItem {
  readonly id: string;
}

/** Okta may filter a page after reading it, so a few pages may be empty although others follow. */
const MAX_EMPTY_PAGES = 10;

/**
 * Notices that the pages of a listing repeat, so that following their links would never end.
 *
 * Keeps a digest of each item's ID, from the second page on: 25 MB for a million users, and nothing for the many listings
 * with a single page.
 */
export class PagingGuard {
  readonly #links = new Set<string>();
  #firstPage: readonly ListedItem[] | undefined;
  #ids: DigestTable | undefined;
  #emptyPages = 0;

  /** Is called for each page. @returns whether the page has an item that no earlier page had, or is one of few empty ones. */
  hasNewItems(items: readonly ListedItem[]): boolean {
    this.#emptyPages = items.length === 0 ? this.#emptyPages + 1 : 0;
    if (items.length === 0) return this.#emptyPages <= MAX_EMPTY_PAGES;
    if (this.#firstPage === undefined) {
      this.#firstPage = items;
      return true;
    }
    this.#ids ??= idsOf(this.#firstPage);
    let hasNew = false;
    for (const { id } of items) if (this.#ids.setIfAbsent(id, 1) === undefined) hasNew = true;
    return hasNew;
  }

  /** Is called for each link to a next page. */
  isNewLink(path: string): boolean {
    return this.#links.size < this.#links.add(path).size;
  }
}

function idsOf(items: readonly ListedItem[]): DigestTable {
  const ids = new DigestTable();
  for (const { id } of items) ids.setIfAbsent(id, 1);
  return ids;
}
