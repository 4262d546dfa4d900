import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';

import { UserIndex, type IndexedUser } from './user-index.js';

/** A user who is there. */
export interface LookedUpUser {
  readonly user: IndexedUser;
  /** Whether it was read just now, by id or login; a listing may be behind what was written since. */
  readonly isFresh: boolean;
}

/** Up to here a read for every row is over in a moment, and no look at the rest of the org is worth it. */
const FEW_ROWS = 200;
const USERS_A_PAGE = 200;
/** A listing may take a fiftieth of what reading row by row would, before the org is asked how large it is. */
const ROWS_A_FREE_PAGE = 50;
/** How many of the updates that rest on the listing are checked against a fresh read: the first, then one in so many. */
const FIRST_CHECKED = 2;
const ONE_CHECKED_IN = 25;
/** People go on changing while a long run writes: what was listed longer ago is not believed any more. */
const BELIEVED_FOR_MS = 60_000;

/**
 * Whether to read all users of the org, a page of 200 at a time, or to look for each row's login.
 *
 * @param rows - to be looked for.
 * @param pages - of the listing, read so far.
 * @param users - of the org; undefined while that is not known.
 */
export function nextLookupStep(
  rows: number,
  pages: number,
  users: number | 'unknown' | undefined,
): 'read-rows' | 'read-page' | 'count-users' {
  if (rows <= FEW_ROWS) return 'read-rows';
  if (pages < rows / ROWS_A_FREE_PAGE) return 'read-page';
  if (users === undefined) return 'count-users';
  // An org that does not say: as many pages as rows at the most, so that the worst is twice the best.
  const pagesLeft = users === 'unknown' ? 0 : Math.ceil(users / USERS_A_PAGE) - pages;
  return pages + pagesLeft < rows ? 'read-page' : 'read-rows';
}

export interface UserLookupOptions {
  readonly client: OktaClient;
  readonly clock: Clock;
  /** How many rows will ask. */
  readonly rows: number;
  /** Where a listing can keep its file. */
  readonly folder: string;
}

/**
 * Who is in the org already: found out for the fewest requests.
 *
 * Few rows are looked for one by one. For many, the org's users are listed once; it is left again for single reads when
 * the org turns out to be much larger than the file.
 */
export class UserLookup {
  readonly #client: OktaClient;
  readonly #clock: Clock;
  readonly #rows: number;
  readonly #folder: string;
  #index: Promise<UserIndex | undefined> | undefined;
  /** Whether a fresh read has contradicted the listing: nothing that it says is believed any more. */
  #isStale = false;
  #spotChecks = 0;
  #listedAtMs = 0;

  constructor({ client, clock, rows, folder }: UserLookupOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#rows = rows;
    this.#folder = folder;
  }

  /**
   * @returns undefined for a login that nobody has; a deactivated user may have it, whom no listing shows.
   * @throws what the client throws when the org cannot be asked; the next call asks again.
   */
  async findByLogin(login: string, signal: AbortSignal): Promise<LookedUpUser | undefined> {
    const index = await this.#loadIndex(signal);
    if (index === undefined) return this.readByLogin(login, signal);
    const user = index.find(login);
    return user && { user, isFresh: false };
  }

  async readByLogin(login: string, signal: AbortSignal): Promise<LookedUpUser | undefined> {
    const user = await this.#client.findUserByLogin(login, { signal });
    return user && { user, isFresh: true };
  }

  /** Whether many rows ask, so that what they have in common had better be read once. */
  get isBulk(): boolean {
    return this.#rows > FEW_ROWS;
  }

  /**
   * Whether a write that rests on the listing is to be checked by reading the user first. All of them would double the
   * requests of a nightly run: a sample tells whether the listing is behind, and then all are, as they are when it is old.
   */
  shouldSpotCheck(): boolean {
    this.#spotChecks += 1;
    return (
      this.#isStale ||
      this.#clock.now() - this.#listedAtMs > BELIEVED_FOR_MS ||
      this.#spotChecks <= FIRST_CHECKED ||
      this.#spotChecks % ONE_CHECKED_IN === 0
    );
  }

  /** The listing said something else than a fresh read. */
  markListingStale(): void {
    this.#isStale = true;
  }

  async close(): Promise<void> {
    const index = await this.#index?.catch(() => {
      // Whoever asked has been told.
    });
    index?.close();
  }

  /** Listed once, however many ask meanwhile. */
  #loadIndex(signal: AbortSignal): Promise<UserIndex | undefined> {
    if (this.#index === undefined) {
      const index = this.#buildIndex(signal);
      this.#index = index;
      index.catch(() => (this.#index = undefined));
    }
    return this.#index;
  }

  /** @returns undefined when reading row by row takes fewer requests. */
  async #buildIndex(signal: AbortSignal): Promise<UserIndex | undefined> {
    if (nextLookupStep(this.#rows, 0, undefined) === 'read-rows') return undefined;
    const index = new UserIndex(this.#folder);
    this.#listedAtMs = this.#clock.now();
    try {
      let users: number | 'unknown' | undefined;
      for await (const user of this.#client.listUsers({ pageSize: USERS_A_PAGE }, { signal })) {
        if (index.size > 0 && index.size % USERS_A_PAGE === 0) {
          const pages = index.size / USERS_A_PAGE;
          let step = nextLookupStep(this.#rows, pages, users);
          if (step === 'count-users') {
            users = (await this.#client.countUsers({ signal }).catch(() => undefined)) ?? 'unknown';
            step = nextLookupStep(this.#rows, pages, users);
          }
          if (step === 'read-rows') {
            index.close();
            return undefined;
          }
        }
        index.add(user);
      }
      return index;
    } catch (error) {
      index.close();
      // An admin of some groups only may read people and not list them; and a list can be too much for the org.
      if (error instanceof OktaApiError && (error.status === 403 || error.status >= 500)) return undefined;
      throw error;
    }
  }
}
