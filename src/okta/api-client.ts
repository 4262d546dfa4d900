import { OktaApiError } from './errors.js';
import type { OktaResponse } from './http/parse-response.js';
import { MAX_LIST_BYTES } from './http/send-request.js';
import { Transport, type Call, type TransportOptions } from './http/transport.js';
import { PagingGuard, type ListedItem } from './paging-guard.js';
import type { Governor } from './rate-limit/governor.js';
import { parseItems, unreadable } from './response-body.js';

export interface RequestOptions {
  /** Ends waits; a request that was sent is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

/** What all endpoints share: the connection to one org, paging, and missing objects. `OktaClient` adds the endpoints. */
export abstract class ApiClient {
  readonly orgUrl: string;
  readonly #transport: Transport;

  constructor(options: TransportOptions) {
    this.orgUrl = options.orgUrl;
    this.#transport = new Transport(options);
  }

  get governor(): Governor {
    return this.#transport.governor;
  }

  /** OAuth scopes of the token in use; undefined before the first request, and for an API token. */
  get grantedScopes(): readonly string[] | undefined {
    return this.#transport.grantedScopes;
  }

  /** How long the org may be unavailable before a run gives up. Milliseconds. */
  get giveUpAfterMs(): number {
    return this.#transport.giveUpAfterMs;
  }

  /** For the response headers, and again for the body. Milliseconds. */
  get requestTimeoutMs(): number {
    return this.#transport.requestTimeoutMs;
  }

  /** Requests that were sent again after a failure. */
  get retried(): number {
    return this.#transport.retried;
  }

  /** Since when no request got a response, epoch milliseconds; undefined when the last one did. */
  get unavailableSinceMs(): number | undefined {
    return this.#transport.unavailableSinceMs;
  }

  /** Waits before a retry, longer after each failure. @throws the signal's reason. */
  async backOff(failures: number, { signal }: RequestOptions = {}): Promise<void> {
    await this.#transport.backOff(failures, signal);
  }

  /** Resolves when the requests in flight are done. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  protected call(call: Call): Promise<OktaResponse> {
    return this.#transport.call(call);
  }

  /** @returns undefined when the user or group does not exist (404 `E0000007`). */
  protected async callUnlessMissing(call: Call): Promise<OktaResponse | undefined> {
    try {
      return await this.call(call);
    } catch (error) {
      if (error instanceof OktaApiError && error.status === 404 && error.errorCode === 'E0000007') {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Follows `Link: <…>; rel="next"` to the last page.
   *
   * @throws {OktaUnreadableResponseError} the pages repeat, so that there is no last page.
   */
  protected async *pages<T extends ListedItem>(
    path: string,
    query: Call['query'],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<T> {
    let call: Call = { method: 'GET', path, query, maxBodyBytes: MAX_LIST_BYTES, signal };
    const guard = new PagingGuard();
    for (;;) {
      const response = await this.call(call);
      const items = parseItems(response);
      if (!guard.hasNewItems(items)) {
        throw unreadable(response, 'a page with only items of earlier pages: the listing does not end');
      }
      yield* items as readonly T[];
      const next = nextPagePath(response, this.orgUrl);
      if (next === undefined) return;
      if (!guard.isNewLink(next)) {
        throw unreadable(response, 'a page that links back to an earlier one: the listing does not end');
      }
      call = { method: 'GET', path: next, maxBodyBytes: MAX_LIST_BYTES, signal };
    }
  }
}

/** Path and query of the next page. The host is dropped, since links of a custom domain may name the org's own. */
function nextPagePath(response: OktaResponse, orgUrl: string): string | undefined {
  const header = response.headers['link'];
  const links = Array.isArray(header) ? header.join(', ') : (header ?? '');
  const target = /<([^>]*)>[^<]*?;\s*rel="?next\b/i.exec(links)?.[1];
  if (target === undefined) return undefined;
  if (!URL.canParse(target, orgUrl)) throw unreadable(response, 'a page whose link to the next is not a URL');
  const { pathname, search } = new URL(target, orgUrl);
  return pathname + search;
}
