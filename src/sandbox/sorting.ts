import { OktaError } from './okta-error.js';
import type { Dialect } from './expressions.js';
import { cursorOf, positionAfter, type CursorValue } from './paging.js';
import { compareTexts } from './sorted-store.js';

/** An item of a sorted search, with the cursor of its position. */
export interface SortedItem<T> {
  readonly item: T;
  readonly cursor: string;
}

/**
 * `sortBy` and `sortOrder` of a search: sorts by one property, ignoring case, then by ID, and returns the items behind the
 * cursor. Without `sortBy`, the order is that of the IDs. Items without a value come last, or first when descending.
 *
 * @throws {OktaError} the property is not searchable, or the cursor is invalid.
 */
export function sortedBy<T extends { readonly oktaId: string }>(
  items: Iterable<T>,
  dialect: Dialect<T>,
  query: URLSearchParams,
): SortedItem<T>[] {
  const sortBy = query.get('sortBy') || 'id';
  if (!dialect.operatorsOf(sortBy)) throw new OktaError('E0000031');
  const isDescending = query.get('sortBy') && query.get('sortOrder')?.toLowerCase() === 'desc';
  const direction = isDescending ? -1 : 1;
  const compare = (one: Position, other: Position): number =>
    direction * compareKeys(one[0], other[0]) || compareTexts(one[1], other[1]);

  const after = positionAfter(query, 2);
  const afterPosition: Position | undefined = after && [after[0] ?? null, String(after[1])];
  return [...items]
    .map((item) => ({
      item,
      position: [sortBy === 'id' ? item.oktaId : sortKey(dialect.read(item, sortBy)), item.oktaId] as const,
    }))
    .filter(({ position }) => afterPosition === undefined || compare(position, afterPosition) > 0)
    .sort((one, other) => compare(one.position, other.position))
    .map(({ item, position }) => ({ item, cursor: cursorOf(position) }));
}

/** The key, and the ID. */
type Position = readonly [CursorValue, string];

function sortKey(value: unknown): CursorValue {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first === undefined || first === null) return null;
  return typeof first === 'string' ? first.toLowerCase() : Number(first);
}

function compareKeys(one: CursorValue, other: CursorValue): number {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}
