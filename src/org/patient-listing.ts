import type { ListOptions, RequestOptions } from '../okta/api-client.js';
import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';

import { mayListingSucceedLater } from './broken-listing.js';

/** Timeout of a listing that has failed before. */
export const LATER_LISTING_MS = 10_000;

/**
 * Reads a short listing that rows need. Waits while the org is unavailable, but not for a listing that fails although the org responds
 * to other requests.
 *
 * @throws what `read` throws, and `OrgUnavailableError`.
 */
export async function readPatiently<Result>(
  client: Pick<OktaClient, 'getUser'>,
  read: (options: ListOptions) => Promise<Result>,
  options: RequestOptions,
): Promise<Result> {
  try {
    return await read({ ...options, isOptional: true });
  } catch (error) {
    if (options.signal?.aborted === true || !mayListingSucceedLater(error)) throw error;
    await waitForOrg(client, options);
    return read({ ...options, isOptional: true, timeoutMs: LATER_LISTING_MS });
  }
}

/**
 * Waits until the org responds to another request. While a row waits for a listing, nothing else is sent, so a request that always
 * fails looks like an outage.
 *
 * @throws {OrgUnavailableError} the org has been unavailable for too long.
 */
export async function waitForOrg(
  client: Pick<OktaClient, 'getUser'>,
  options: RequestOptions,
): Promise<void> {
  try {
    await client.getUser('me', options);
  } catch (error) {
    const isResponse = error instanceof OktaApiError && error.status < 500 && error.errorCode !== undefined;
    if (!isResponse) throw error;
  }
}
