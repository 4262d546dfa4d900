import { OktaError } from './okta-error.js';

/** One page, and the cursor of the next one if there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** The first `limit` matching items. A last page that is exactly full has no next page. */
export function pageOf<T>(
  candidates: Iterable<T>,
  options: {
    readonly limit: number;
    readonly isMatch: (item: T) => boolean;
    readonly cursorOf: (item: T) => string;
  },
): Page<T> {
  const items: T[] = [];
  for (const item of candidates) {
    if (!options.isMatch(item)) continue;
    const last = items.at(-1);
    if (items.length === options.limit && last !== undefined) return { items, next: options.cursorOf(last) };
    items.push(item);
  }
  return { items, next: undefined };
}

/** The ordinal that the `after` parameter stands for; -1 without one. */
export function ordinalAfter(query: URLSearchParams, parse: (cursor: string) => number | undefined): number {
  const cursor = query.get('after');
  const ordinal = cursor ? parse(cursor) : -1;
  if (ordinal === undefined) throw new OktaError('E0000029');
  return ordinal;
}

/** The `limit` parameter, reduced to the maximum. Anything but a positive integer is 400 (not documented). */
export function limitOf(
  query: URLSearchParams,
  options: { readonly default: number; readonly max: number },
): number {
  const text = query.get('limit');
  if (text === null || text === '') return options.default;
  if (!/^\d+$/.test(text) || Number(text) === 0) {
    throw new OktaError('E0000037', { insert: 'limit must be a positive integer.' });
  }
  return Math.min(Number(text), options.max);
}

/**
 * `Link` values: always `self`, and `next` when there is another page. The URLs begin with `after` and `limit`, which they always
 * include, and keep the rest of the query.
 */
export function pageLinks(
  url: string,
  query: URLSearchParams,
  limit: number,
  next: string | undefined,
): string[] {
  const kept = [...query].filter(
    ([name]) => name !== 'after' && name !== 'limit' && !isUnusedSortOrder(name, query),
  );
  const link = (after: string | null | undefined, relation: string): string => {
    const ordered = new URLSearchParams(after ? { after } : {});
    ordered.append('limit', String(limit));
    for (const [name, value] of kept) ordered.append(name, value);
    return `<${url}?${ordered.toString()}>; rel="${relation}"`;
  };
  const links = [link(query.get('after'), 'self')];
  if (next !== undefined) links.push(link(next, 'next'));
  return links;
}

/** A `sortOrder` without `sortBy` has no effect and is not part of the links. */
function isUnusedSortOrder(name: string, query: URLSearchParams): boolean {
  return name === 'sortOrder' && !query.get('sortBy');
}
