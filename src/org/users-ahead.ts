import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

import { isListingFailure } from './broken-listing.js';
import { searchUsersById, USERS_PER_SEARCH } from './search-by-id.js';

/** A user who was searched for longer ago is searched for again. */
const TRUSTED_FOR_MS = 10_000;

export interface UsersAheadOptions {
  readonly client: Pick<OktaClient, 'listUsers'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The IDs that will be looked up, about in that order. */
  readonly ids: Iterable<string>;
}

interface Search {
  readonly atMs: number;
  readonly users: Promise<ReadonlyMap<string, User>>;
}

/**
 * Looks users up by ID shortly before they are needed, fifty per request. The search index lags behind by a second or so, and a
 * user who was found may have changed since: only for what Okta rejects if the user is not as expected.
 */
export class UsersAhead {
  readonly #options: UsersAheadOptions;
  readonly #remaining: Iterator<string>;
  /** By ID, the searches whose users were not asked for yet. */
  readonly #searches = new Map<string, Search>();
  #canSearch = true;

  constructor(options: UsersAheadOptions) {
    this.#options = options;
    this.#remaining = options.ids[Symbol.iterator]();
  }

  /** @returns undefined when the user was not found: read it. @throws what the client throws. */
  async find(oktaId: string, signal: AbortSignal): Promise<User | undefined> {
    if (!this.#canSearch) return undefined;
    const known = this.#searches.get(oktaId);
    const isFresh = known !== undefined && this.#options.clock.now() - known.atMs <= TRUSTED_FOR_MS;
    const search = isFresh ? known : this.#search(oktaId, signal);
    this.#searches.delete(oktaId);
    try {
      return (await search.users).get(oktaId);
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
      this.#canSearch = false;
      return undefined;
    }
  }

  /** Searches for a user, those whose search is too old by now, and the next ones. */
  #search(oktaId: string, signal: AbortSignal): Search {
    const { client, clock } = this.#options;
    const atMs = clock.now();
    const ids = new Set([oktaId]);
    for (const [other, { atMs: searchedAtMs }] of this.#searches) {
      if (ids.size < USERS_PER_SEARCH && atMs - searchedAtMs > TRUSTED_FOR_MS) ids.add(other);
    }
    while (ids.size < USERS_PER_SEARCH) {
      const { value, done } = this.#remaining.next();
      if (done === true) break;
      ids.add(value);
    }
    const search = { atMs, users: usersOf(searchUsersById(client, [...ids], signal)) };
    for (const id of ids) this.#searches.set(id, search);
    return search;
  }
}

async function usersOf(listed: AsyncIterable<User>): Promise<ReadonlyMap<string, User>> {
  const users = new Map<string, User>();
  for await (const user of listed) users.set(user.id, user);
  return users;
}
