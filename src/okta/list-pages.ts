import type { Clock } from '../clock.js';

import { isOktaResponse, OktaApiError } from './errors.js';
import { isTimeout, reactionTo, type RetryLimit } from './http/failure-reaction.js';
import type { OktaResponse } from './http/parse-response.js';
import { MAX_LIST_BYTES } from './http/send-request.js';
import { RETRY_TIMEOUT_MS, type Call } from './http/transport.js';
import { withPageSize, pageSizesFor } from './page-size.js';
import { PagingGuard, type ListedItem } from './paging-guard.js';
import { parseItems, unreadable, type ItemKind } from './response-body.js';

export interface ListPagesOptions {
  readonly orgUrl: string;
  readonly clock: Clock;
  readonly send: (call: Call) => Promise<OktaResponse>;
  readonly kind: ItemKind;
  /** Whether the caller can do without the listing, so that it should rather fail than wait for long. */
  readonly isOptional: boolean;
}

/** How often a page is requested before a smaller one is. */
const TRIES_PER_SIZE = 3;
/** How long an optional listing may try to read one page. */
const OPTIONAL_PAGE_MS = 25_000;
/** How long other listings try to read a page before they ask for a smaller one. */
const SIZE_MS = 10_000;

/**
 * Follows `Link: <…>; rel="next"` to the last page. Where a page cannot be read, smaller ones are requested: some orgs answer
 * a listing with 500 every time, or break it off with 400, depending on the size of the page.
 *
 * @throws {OktaUnreadableResponseError} the pages repeat, so that there is no last page.
 */
export async function* listPages<T extends ListedItem>(
  first: Call,
  options: ListPagesOptions,
): AsyncGenerator<T> {
  const guard = new PagingGuard();
  const reader = new PageReader(options);
  let call: Call = { ...first, maxBodyBytes: MAX_LIST_BYTES };
  for (;;) {
    const response = await reader.read(call);
    const items = parseItems(response, options.kind);
    if (!guard.hasNewItems(items)) {
      const what =
        items.length === 0 ? 'one empty page after another' : 'a page with only items of earlier pages';
      throw unreadable(response, `${what}: the listing does not end`);
    }
    yield* items as readonly T[];
    const next = nextPagePath(response, first.path, options.orgUrl);
    if (next === undefined) return;
    if (!guard.isNewLink(next)) {
      throw unreadable(response, 'a page that links back to an earlier one: the listing does not end');
    }
    const { signal, timeoutMs } = first;
    call = { method: 'GET', path: next, maxBodyBytes: MAX_LIST_BYTES, signal, timeoutMs };
  }
}

/** Reads the pages of one listing, and finds out which size works. */
class PageReader {
  readonly #options: ListPagesOptions;
  #isFirst = true;
  /** The size of the first page; larger ones than `#maxSize` have failed again and again. */
  #fullSize: number | undefined;
  #maxSize = Number.POSITIVE_INFINITY;
  #hasShrunk = false;

  constructor(options: ListPagesOptions) {
    this.#options = options;
  }

  async read(call: Call): Promise<OktaResponse> {
    const { clock, send, isOptional } = this.#options;
    const startedAtMs = clock.now();
    const sizes = pageSizesFor(call, this.#fullSize, this.#maxSize);
    this.#fullSize ??= sizes[0];
    let isSlow = false;
    for (const [index, size] of sizes.entries()) {
      const hasSmaller = index < sizes.length - 1;
      // The last one is tried as patiently as any request.
      const retryLimit = hasSmaller || isOptional ? this.#limit(startedAtMs) : undefined;
      try {
        const response = await send({
          ...withPageSize(call, size),
          retryLimit,
          isLastOfSeveral: index > 0,
          timeoutMs: isSlow ? RETRY_TIMEOUT_MS : call.timeoutMs,
        });
        if (index > 0) this.#shrinkTo(size);
        this.#isFirst = false;
        return response;
      } catch (error) {
        const isTooLate = isOptional && clock.now() - startedAtMs >= OPTIONAL_PAGE_MS;
        if (!hasSmaller || isTooLate || !this.#maySucceedSmaller(error)) throw this.#explained(error);
        // A much smaller page must arrive much sooner.
        isSlow ||= isTimeout(error);
      }
    }
    throw new RangeError('A listing has at least one page size.');
  }

  #limit(startedAtMs: number): RetryLimit {
    const { clock, isOptional } = this.#options;
    const untilMs = isOptional ? startedAtMs + OPTIONAL_PAGE_MS : clock.now() + SIZE_MS;
    return { tries: TRIES_PER_SIZE, untilMs };
  }

  /** The first time, the org may only have been unavailable for a moment: the next page is a full one again. */
  #shrinkTo(size: number | undefined): void {
    if (this.#hasShrunk && size !== undefined) this.#maxSize = size;
    this.#hasShrunk = true;
  }

  #maySucceedSmaller(error: unknown): boolean {
    const isBrokenOff = !this.#isFirst && error instanceof OktaApiError && error.status === 400;
    return isBrokenOff || reactionTo(error, false).kind === 'retry';
  }

  /** The expression of the listing was accepted with its first page: Okta's error is not about that. */
  #explained(error: unknown): unknown {
    if (error instanceof OktaApiError && isOktaResponse(error)) {
      if (!this.#isFirst && error.status === 400) error.hint = BROKEN_OFF;
      if (error.status >= 500) error.hint = ALWAYS_FAILS;
    }
    return error;
  }
}

const BROKEN_OFF = 'Try again, or list fewer users at once with a filter: Okta ended the listing early.';
const ALWAYS_FAILS =
  'Okta fails to list this, however small the pages are, although it may respond to other requests. Try again later, or with an ' +
  'admin whose role is not limited to some users and groups; if it keeps failing, contact Okta Support.';

/**
 * Path and query of the next page. Only the query is taken from the link: links of a custom domain may name the org's own host,
 * and those of a gateway may have a prefix.
 */
function nextPagePath(response: OktaResponse, path: string, orgUrl: string): string | undefined {
  const header = response.headers['link'];
  const links = Array.isArray(header) ? header.join(', ') : (header ?? '');
  const target = /<([^>]*)>[^<]*?;\s*rel="?next\b/i.exec(links)?.[1];
  if (target === undefined) return undefined;
  if (!URL.canParse(target, orgUrl)) throw unreadable(response, 'a page whose link to the next is not a URL');
  const { pathname, search } = new URL(target, orgUrl);
  if (!pathname.endsWith(path)) throw unreadable(response, 'a page whose next link leads elsewhere');
  return path + search;
}
