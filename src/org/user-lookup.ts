import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';

import { Listing, type KnownUser } from './user-index.js';

/** A user who is there. */
export interface Known {
  readonly user: KnownUser;
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
export function nextStep(
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

export interface PeopleOptions {
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
export class People {
  readonly #client: OktaClient;
  readonly #clock: Clock;
  readonly #rows: number;
  readonly #folder: string;
  #listing: Promise<Listing | undefined> | undefined;
  /** Whether a fresh read has contradicted the listing: nothing that it says is believed any more. */
  #isStale = false;
  #toBeChecked = 0;
  #listedAtMs = 0;

  constructor({ client, clock, rows, folder }: PeopleOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#rows = rows;
    this.#folder = folder;
  }

  /**
   * @returns undefined for a login that nobody has; a deactivated user may have it, whom no listing shows.
   * @throws what the client throws when the org cannot be asked; the next call asks again.
   */
  async find(login: string, signal: AbortSignal): Promise<Known | undefined> {
    const listing = await this.#listed(signal);
    if (listing === undefined) return this.findFresh(login, signal);
    const user = listing.find(login);
    return user && { user, isFresh: false };
  }

  async findFresh(login: string, signal: AbortSignal): Promise<Known | undefined> {
    const user = await this.#client.findUserByLogin(login, { signal });
    return user && { user, isFresh: true };
  }

  /** Whether many rows ask, so that what they have in common had better be read once. */
  get areMany(): boolean {
    return this.#rows > FEW_ROWS;
  }

  /**
   * Whether a write that rests on the listing is to be checked by reading the user first. All of them would double the
   * requests of a nightly run: a sample tells whether the listing is behind, and then all are, as they are when it is old.
   */
  isToBeChecked(): boolean {
    this.#toBeChecked += 1;
    return (
      this.#isStale ||
      this.#clock.now() - this.#listedAtMs > BELIEVED_FOR_MS ||
      this.#toBeChecked <= FIRST_CHECKED ||
      this.#toBeChecked % ONE_CHECKED_IN === 0
    );
  }

  /** The listing said something else than a fresh read. */
  distrustListing(): void {
    this.#isStale = true;
  }

  async close(): Promise<void> {
    const listing = await this.#listing?.catch(() => {
      // Whoever asked has been told.
    });
    listing?.close();
  }

  /** Listed once, however many ask meanwhile. */
  #listed(signal: AbortSignal): Promise<Listing | undefined> {
    if (this.#listing === undefined) {
      const listing = this.#list(signal);
      this.#listing = listing;
      listing.catch(() => (this.#listing = undefined));
    }
    return this.#listing;
  }

  /** @returns undefined when reading row by row takes fewer requests. */
  async #list(signal: AbortSignal): Promise<Listing | undefined> {
    if (nextStep(this.#rows, 0, undefined) === 'read-rows') return undefined;
    const listing = new Listing(this.#folder);
    this.#listedAtMs = this.#clock.now();
    try {
      let users: number | 'unknown' | undefined;
      for await (const user of this.#client.listUsers({ pageSize: USERS_A_PAGE }, { signal })) {
        if (listing.size > 0 && listing.size % USERS_A_PAGE === 0) {
          const pages = listing.size / USERS_A_PAGE;
          let step = nextStep(this.#rows, pages, users);
          if (step === 'count-users') {
            users = (await this.#client.countUsers({ signal }).catch(() => undefined)) ?? 'unknown';
            step = nextStep(this.#rows, pages, users);
          }
          if (step === 'read-rows') {
            listing.close();
            return undefined;
          }
        }
        listing.add(user);
      }
      return listing;
    } catch (error) {
      listing.close();
      // An admin of some groups only may read people and not list them; and a list can be too much for the org.
      if (error instanceof OktaApiError && (error.status === 403 || error.status >= 500)) return undefined;
      throw error;
    }
  }
}
