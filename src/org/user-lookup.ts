import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import { searchUserByLogin } from '../okta/find-user.js';

import { isListingFailure, mayListingSucceedLater } from './broken-listing.js';
import { UserIndex, type IndexedUser } from './user-index.js';

/** An existing user. */
export interface LookedUpUser {
  readonly user: IndexedUser;
  /** Whether it was just read by ID or login; a listing may be out of date. */
  readonly isFresh: boolean;
}

/** Up to this number of rows, one read per row is fast enough, and listing the org is not worth it. */
const FEW_ROWS = 200;
const USERS_PER_PAGE = 200;
/** Listing may take a fiftieth of the requests of single reads before the org's users are counted. */
const ROWS_PER_FREE_PAGE = 50;
/** How many updates that rely on the listing are checked by a read: the first ones, then a sample. */
const FIRST_CHECKED = 2;
const ONE_CHECKED_IN = 25;
/** Users change during a long run: an older listing is no longer trusted. */
const TRUSTED_FOR_MS = 60_000;
/** How often the org is listed, if it becomes unavailable meanwhile. */
const MAX_LISTINGS = 3;
/** A read that takes longer had to wait until the org was available again. */
const SINGLE_READ_MS = 3000;

/**
 * Whether to list all users of the org, in pages of 200, or to read the user of each row.
 *
 * @param rows - how many rows there are.
 * @param pages - how many pages were read so far.
 * @param users - number of users of the org; undefined while they were not counted.
 */
export function nextLookupStep(
  rows: number,
  pages: number,
  users: number | 'unknown' | undefined,
): 'read-rows' | 'read-page' | 'count-users' {
  if (rows <= FEW_ROWS) return 'read-rows';
  if (pages < rows / ROWS_PER_FREE_PAGE) return 'read-page';
  if (users === undefined) return 'count-users';
  // Without a number: at most as many pages as rows, so that the worst case is twice the best.
  const pagesLeft = users === 'unknown' ? 0 : Math.ceil(users / USERS_PER_PAGE) - pages;
  return pages + pagesLeft < rows ? 'read-page' : 'read-rows';
}

export interface UserLookupOptions {
  readonly client: OktaClient;
  readonly clock: Clock;
  /** How many rows will look up a user. */
  readonly rows: number;
  /** Where the index of the listing can create its file. */
  readonly folder: string;
}

/**
 * Looks up existing users with as few requests as possible.
 *
 * For few rows, users are read one by one. For many, the org's users are listed once, until the org turns out to be much
 * larger than the file.
 */
export class UserLookup {
  readonly #client: OktaClient;
  readonly #clock: Clock;
  readonly #rows: number;
  readonly #folder: string;
  #index: Promise<UserIndex | undefined> | undefined;
  /** Whether a read contradicted the listing, so that it is no longer trusted. */
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
   * @param mustBeSure - whether to read a user that the listing lacks: users whose status changes while pages are read may be on
   * no page, and deactivated ones never are.
   * @returns undefined when no user has the login, as far as is known.
   * @throws what the client throws; the next call tries again.
   */
  async findByLogin(
    login: string,
    { signal, mustBeSure = false }: { readonly signal: AbortSignal; readonly mustBeSure?: boolean },
  ): Promise<LookedUpUser | undefined> {
    const index = await this.#loadIndex(login, signal);
    const user = index?.find(login);
    if (user !== undefined) return { user, isFresh: false };
    return index === undefined || mustBeSure ? this.readByLogin(login, signal) : undefined;
  }

  /** Reads the user now. @throws what the client throws. */
  async readByLogin(login: string, signal: AbortSignal): Promise<LookedUpUser | undefined> {
    const user = await this.#client.findUserByLogin(login, { signal });
    return user && { user, isFresh: true };
  }

  /** Reads the user of a login that exists, as Okta has said: a read by login alone may not find it yet. */
  async readTaken(login: string, signal: AbortSignal): Promise<LookedUpUser | undefined> {
    const lookedUp = await this.readByLogin(login, signal);
    if (lookedUp !== undefined) return lookedUp;
    const user = await searchUserByLogin(this.#client, login, { signal });
    return user && { user, isFresh: true };
  }

  /** Whether there are enough rows to make a listing worth it. */
  get isBulk(): boolean {
    return this.#rows > FEW_ROWS;
  }

  /**
   * Whether to read a user again before a write relies on the listing. Always doing so would double the requests of a
   * nightly run, so only a sample is checked until a check fails or the listing is old; then all are.
   */
  shouldSpotCheck(): boolean {
    this.#spotChecks += 1;
    return (
      this.#isStale ||
      this.#clock.now() - this.#listedAtMs > TRUSTED_FOR_MS ||
      this.#spotChecks <= FIRST_CHECKED ||
      this.#spotChecks % ONE_CHECKED_IN === 0
    );
  }

  /** A read contradicted the listing. */
  markListingStale(): void {
    this.#isStale = true;
  }

  async close(): Promise<void> {
    const index = await this.#index?.catch(() => {
      // The lookup that started the listing has thrown the error.
    });
    index?.close();
  }

  /** Listed once, even if many ask at the same time. */
  #loadIndex(login: string, signal: AbortSignal): Promise<UserIndex | undefined> {
    if (this.#index === undefined) {
      const index = this.#buildIndex(login, signal);
      this.#index = index;
      index.catch(() => (this.#index = undefined));
    }
    return this.#index;
  }

  /**
   * @param login - of a row.
   * @returns undefined when single reads take fewer requests, or the org cannot be listed.
   */
  async #buildIndex(login: string, signal: AbortSignal): Promise<UserIndex | undefined> {
    if (nextLookupStep(this.#rows, 0, undefined) === 'read-rows') return undefined;
    for (let listings = 1; ; listings += 1) {
      const index = new UserIndex(this.#folder);
      try {
        if (await this.#listInto(index, signal)) return index;
        index.close();
        return undefined;
      } catch (error) {
        index.close();
        if (signal.aborted || !isListingFailure(error)) throw error;
        const mayListAgain = listings < MAX_LISTINGS && mayListingSucceedLater(error);
        if (!mayListAgain || !(await this.#waitForOrg(login, signal))) return undefined;
      }
    }
  }

  /** @returns whether the listing is complete; otherwise single reads take fewer requests. */
  async #listInto(index: UserIndex, signal: AbortSignal): Promise<boolean> {
    this.#listedAtMs = this.#clock.now();
    let users: number | 'unknown' | undefined;
    const query = { pageSize: USERS_PER_PAGE };
    for await (const user of this.#client.listUsers(query, { signal, isOptional: true })) {
      if (index.size > 0 && index.size % USERS_PER_PAGE === 0) {
        const pages = index.size / USERS_PER_PAGE;
        let step = nextLookupStep(this.#rows, pages, users);
        if (step === 'count-users') {
          users = (await this.#client.countUsers({ signal }).catch(() => undefined)) ?? 'unknown';
          step = nextLookupStep(this.#rows, pages, users);
        }
        if (step === 'read-rows') return false;
      }
      index.add(user);
    }
    return true;
  }

  /** Reads one user, as patiently as any. @returns whether that took a while, since nothing worked when the listing failed. */
  async #waitForOrg(login: string, signal: AbortSignal): Promise<boolean> {
    const startedAtMs = this.#clock.now();
    await this.#client.findUserByLogin(login, { signal }).catch(() => {
      // The row reads the user again, and reports the error.
    });
    return this.#clock.now() - startedAtMs > SINGLE_READ_MS;
  }
}
