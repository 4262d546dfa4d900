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

export type CursorValue = string | number | null;

/** The `after` parameter for a position in a listing. Opaque to clients, and valid when the item is gone. */
export function cursorOf(position: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position that the `after` parameter stands for, which has as many values as `cursorOf` was given. */
export function positionAfter(query: URLSearchParams, length: number): readonly CursorValue[] | undefined {
  const cursor = query.get('after');
  if (!cursor) return undefined;
  const position = parseCursor(cursor);
  if (position?.length !== length) throw new OktaError('E0000029');
  return position;
}

function parseCursor(cursor: string): CursorValue[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values)
      ? values.map((value) => (typeof value === 'number' ? value : value === null ? null : String(value)))
      : undefined;
  } catch {
    // Only SyntaxError is possible: not one of our cursors.
    return undefined;
  }
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
