import type { Call } from './http/transport.js';

/** Smaller pages than this are not worth a try. */
const MIN_PAGE_SIZE = 10;
const DIVISOR = 5;

/**
 * The sizes in which a page may be requested, largest first; undefined for a listing that does not say its size.
 *
 * @param fullSize - of the first page; undefined for that page itself.
 * @param maxSize - larger pages have failed.
 */
export function pageSizesFor(
  call: Call,
  fullSize: number | undefined,
  maxSize: number,
): readonly [number | undefined, ...number[]] {
  const size = pageSizeOf(call);
  if (size === undefined) return [undefined];
  const largest = Math.min(fullSize ?? size, maxSize);
  const smaller: number[] = [];
  for (let next = largest; next > MIN_PAGE_SIZE;) {
    next = Math.max(MIN_PAGE_SIZE, Math.floor(next / DIVISOR));
    smaller.push(next);
  }
  return [largest, ...smaller];
}

/** The same page in another size. Okta's cursors are independent of it. */
export function withPageSize(call: Call, size: number | undefined): Call {
  if (size === undefined) return call;
  if (call.query?.['limit'] !== undefined) return { ...call, query: { ...call.query, limit: size } };
  return { ...call, path: call.path.replace(LIMIT, `$1${size}`) };
}

const LIMIT = /([?&]limit=)\d+/;

function pageSizeOf({ query, path }: Call): number | undefined {
  const size = Number(query?.['limit'] ?? LIMIT.exec(path)?.[0].split('=').at(-1));
  return Number.isInteger(size) && size > 0 ? size : undefined;
}
