import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

/** The expression must fit into a URL, and into the Link header that repeats it (`E0000256`). */
export const USERS_PER_SEARCH = 50;

/**
 * The users with these IDs, with one request; in any status. The search index may lag behind by a second or so.
 *
 * @param ids - at most `USERS_PER_SEARCH`.
 */
export function searchUsersById(
  client: Pick<OktaClient, 'listUsers'>,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncIterable<User> {
  const search = ids.map((oktaId) => `id eq "${oktaId}"`).join(' or ');
  return client.listUsers({ search, pageSize: 200 }, { signal, isOptional: true });
}
