import { Refusal } from './refusal.js';

/** One page, and the cursor of the next one when there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** The first `limit` of the matching records. A last page that is exactly full has no next one (users.md §6). */
export function pageOf<T>(
  records: Iterable<T>,
  options: {
    readonly limit: number;
    readonly isWanted: (record: T) => boolean;
    readonly cursorOf: (record: T) => string;
  },
): Page<T> {
  const items: T[] = [];
  for (const record of records) {
    if (!options.isWanted(record)) continue;
    const last = items.at(-1);
    if (items.length === options.limit && last !== undefined) return { items, next: options.cursorOf(last) };
    items.push(record);
  }
  return { items, next: undefined };
}

/** `limit` of the query. More than the most is the most; what is no positive integer is refused (not documented). */
export function limitOf(
  query: URLSearchParams,
  options: { readonly fallback: number; readonly most: number },
): number {
  const text = query.get('limit');
  if (text === null || text === '') return options.fallback;
  if (!/^\d+$/.test(text) || Number(text) === 0) {
    throw new Refusal('E0000037', { insert: 'limit must be a positive integer.' });
  }
  return Math.min(Number(text), options.most);
}

/**
 * `Link` values, one header line each: `self` always, `next` when there is more. The next URL keeps the query and has
 * `after` first; `limit` is spelled out in both (users.md §6).
 */
export function pageLinks(
  url: string,
  query: URLSearchParams,
  limit: number,
  next: string | undefined,
): string[] {
  const kept = [...query].filter(
    ([name]) => name !== 'after' && name !== 'limit' && !isIdleSortOrder(name, query),
  );
  const link = (after: string | null | undefined, relation: string): string => {
    const parameters = new URLSearchParams(kept);
    const ordered = new URLSearchParams(after ? { after } : {});
    for (const [name, value] of parameters) ordered.append(name, value);
    ordered.append('limit', String(limit));
    return `<${url}?${ordered.toString()}>; rel="${relation}"`;
  };
  const links = [link(query.get('after'), 'self')];
  if (next !== undefined) links.push(link(next, 'next'));
  return links;
}

/** A `sortOrder` without `sortBy` is ignored and not echoed (users.md §6). */
function isIdleSortOrder(name: string, query: URLSearchParams): boolean {
  return name === 'sortOrder' && !query.get('sortBy');
}
