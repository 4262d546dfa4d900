import { isMissing } from './errors.js';
import type { OktaResponse } from './http/parse-response.js';
import { Transport, type Call, type TransportOptions } from './http/transport.js';
import { listPages } from './list-pages.js';
import type { ListedItem } from './paging-guard.js';
import type { ItemKind } from './response-body.js';
import type { Governor } from './rate-limit/governor.js';

export interface RequestOptions {
  /** Ends waits; a request that was sent is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions extends RequestOptions {
  /** Fails within half a minute when the org does not list anything, because the caller can do without. Default: false. */
  readonly isOptional?: boolean | undefined;
  /** How long each response may take, if that is less than `requestTimeoutMs`. Milliseconds. */
  readonly timeoutMs?: number | undefined;
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
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Lists the items of all pages, requesting each page when it is needed.
   *
   * @throws {OktaUnreadableResponseError} the pages repeat, so that there is no last page.
   */
  protected pages<T extends ListedItem>(
    path: string,
    query: Call['query'],
    { signal, isOptional = false, timeoutMs }: ListOptions,
    kind: ItemKind = 'object',
  ): AsyncGenerator<T> {
    const send = (call: Call): Promise<OktaResponse> => this.call(call);
    const { orgUrl } = this;
    const { clock } = this.#transport;
    const options = { orgUrl, clock, send, kind, isOptional };
    return listPages<T>({ method: 'GET', path, query, signal, timeoutMs }, options);
  }
}
