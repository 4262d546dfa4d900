import { isEmpty } from '../engine/profile-diff.js';
import type { OktaClient } from '../okta/client.js';
import type { Profile, User } from '../okta/types.js';
import { isListingFailure } from '../org/broken-listing.js';
import { UserIndex, type IndexedUser } from '../org/user-index.js';
import type { UserReader } from '../org/user-reader.js';

import type { Dataset } from './dataset.js';
import { foldedName, matchKey } from './match-key.js';

export interface OrgUsersOptions {
  readonly client: OktaClient;
  readonly reader: UserReader;
  /** The attribute that identifies a person. */
  readonly match: string;
  /** Rows of the file. */
  readonly rows: number;
  readonly dataset: Dataset;
  /** Where the index can create its file. */
  readonly folder: string;
}

const USERS_PER_PAGE = 200;
/** The expression must fit into a URL. */
const IDS_PER_REQUEST = 50;
/** Up to this number of requests, the members are read without asking how large the org is. */
const FEW_REQUESTS = 4;

/**
 * The users of the org as far as one sync needs them, read with as few requests as possible: by pages of the whole org, or, in
 * an org that is much larger than the data set, the members by ID and the others one by one. Both passes over the file see
 * the same users.
 */
export class OrgUsers {
  readonly #client: OktaClient;
  readonly #reader: UserReader;
  readonly #match: string;
  readonly #index: UserIndex;
  /** Whether the index has all users of the org but the deactivated ones. */
  readonly #isComplete: boolean;
  readonly #visibility: Visibility;
  /** Read one by one, by what they were asked for. */
  readonly #read = new Map<string, Promise<readonly IndexedUser[]>>();

  private constructor(
    { client, reader, match }: OrgUsersOptions,
    {
      index,
      isComplete,
      visibility,
    }: { readonly index: UserIndex; readonly isComplete: boolean; readonly visibility: Visibility },
  ) {
    this.#client = client;
    this.#reader = reader;
    this.#match = match;
    this.#index = index;
    this.#isComplete = isComplete;
    this.#visibility = visibility;
  }

  /** Where listings fail, users are read one by one when they are needed. @throws what the client throws. */
  static async load(options: OrgUsersOptions, signal: AbortSignal): Promise<OrgUsers> {
    const { client, match, dataset, folder } = options;
    const createIndex = (): UserIndex => new UserIndex(folder, (user) => keysOf(user, match));
    const index = createIndex();
    const visibility = new Visibility(dataset);
    try {
      const isComplete = await isListingCheaper(options, signal);
      const pages = isComplete
        ? [undefined]
        : batchesOf(dataset.members().filter(({ left }) => left !== 'deactivated'));
      for (const members of pages) {
        const search = members?.map(({ oktaId }) => `id eq "${oktaId}"`).join(' or ');
        const query = { search, pageSize: USERS_PER_PAGE };
        for await (const user of client.listUsers(query, { signal, isOptional: true })) {
          index.add(user);
          visibility.add(user);
        }
      }
      return new OrgUsers(options, { index, isComplete, visibility });
    } catch (error) {
      index.close();
      if (signal.aborted || !isListingFailure(error)) throw error;
      return new OrgUsers(options, { index: createIndex(), isComplete: false, visibility });
    }
  }

  /** Whether `byId` may show a user as it was a moment ago: a listing of the whole org is not behind, searches are. */
  get mayLag(): boolean {
    return !this.#isComplete;
  }

  /** Whether the org hides an attribute from these credentials. */
  hides(attribute: string): boolean {
    return this.#visibility.hides(attribute);
  }

  /** Listings lack deactivated users, so a user whom they lack is read by ID. @throws what the client throws. */
  async byId(id: string, signal: AbortSignal): Promise<IndexedUser | undefined> {
    const [listed] = this.#index.findByKey(`id ${id}`);
    return listed ?? this.freshById(id, signal);
  }

  /** The user as it is, read once. @throws what the client throws. */
  async freshById(id: string, signal: AbortSignal): Promise<IndexedUser | undefined> {
    const [user] = await this.#once(`id ${id}`, async () => [await this.#reader.read(id, signal)]);
    return user;
  }

  /** @throws what the client throws. */
  async byLogin(login: string, signal: AbortSignal): Promise<IndexedUser | undefined> {
    const listed = this.#index.find(login);
    if (listed !== undefined || this.#isComplete) return listed;
    const [user] = await this.#once(`login ${login}`, async () => [
      await this.#client.findUserByLogin(login, { signal }),
    ]);
    return user;
  }

  /**
   * The users who have a match key: none, one, or two of several.
   *
   * @param key - in its normal form.
   * @throws what the client throws.
   */
  async byMatchKey(key: string, text: string, signal: AbortSignal): Promise<readonly IndexedUser[]> {
    if (this.#match === 'login') {
      const user = await this.byLogin(text, signal);
      return user === undefined ? [] : [user];
    }
    const listed = this.#index.findByKey(`key ${key}`);
    if (listed.length > 0 || this.#isComplete) return listed;
    return this.#once(`key ${key}`, () => {
      const search = `profile.${this.#match} eq ${JSON.stringify(text)}`;
      return this.#search(search, (user) => matchKey(user.profile, this.#match) === key, signal);
    });
  }

  /** Users of the same first and last name, at most two; none where searches fail. @throws what the client throws. */
  async byName(profile: Profile, signal: AbortSignal): Promise<readonly IndexedUser[]> {
    const name = foldedName(profile);
    if (name === undefined) return [];
    const listed = this.#index.findByKey(`name ${name}`);
    if (listed.length > 0 || this.#isComplete) return listed;
    return this.#once(`name ${name}`, () => {
      const { firstName, lastName } = profile;
      // Okta compares without regard to case.
      const search = `profile.firstName eq ${JSON.stringify(firstName)} and profile.lastName eq ${JSON.stringify(lastName)}`;
      return this.#search(search, (user) => foldedName(user.profile) === name, signal, true).catch(
        (error: unknown) => {
          if (signal.aborted || !isListingFailure(error)) throw error;
          return [];
        },
      );
    });
  }

  /** The first two users that are found and wanted. */
  async #search(
    search: string,
    isWanted: (user: User) => boolean,
    signal: AbortSignal,
    isOptional = false,
  ): Promise<User[]> {
    const found: User[] = [];
    for await (const user of this.#client.listUsers({ search, pageSize: 10 }, { signal, isOptional })) {
      if (isWanted(user)) found.push(user);
      if (found.length === 2) break;
    }
    return found;
  }

  close(): void {
    this.#index.close();
  }

  #once(key: string, read: () => Promise<readonly (User | undefined)[]>): Promise<readonly IndexedUser[]> {
    let users = this.#read.get(key);
    if (users === undefined) {
      users = read().then((found) => {
        const existing = found.filter((user) => user !== undefined);
        for (const user of existing) this.#visibility.add(user);
        return existing;
      });
      this.#read.set(key, users);
      users.catch(() => this.#read.delete(key));
    }
    return users;
  }
}

/**
 * Which attributes the org hides. A value missing for one member may have been cleared by an admin; an attribute that was written
 * for several members but has no value for any user is hidden.
 */
class Visibility {
  readonly #dataset: Dataset;
  readonly #shown = new Set<string>();
  /** By attribute, members for whom a value was written. */
  readonly #written = new Map<string, Set<string>>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  add({ id, profile }: Pick<User, 'id' | 'profile'>): void {
    for (const name in profile) if (!isEmpty(profile[name] ?? null)) this.#shown.add(name);
    const member = this.#dataset.findById(id);
    if (member === undefined) return;
    for (const name of this.#dataset.attributes) {
      const members = this.#written.get(name) ?? new Set();
      if (this.#shown.has(name) || members.size > 1) continue;
      if (this.#dataset.hadValue(member, name)) this.#written.set(name, members.add(id));
    }
  }

  hides(attribute: string): boolean {
    return !this.#shown.has(attribute) && (this.#written.get(attribute)?.size ?? 0) > 1;
  }
}

function keysOf({ id, profile }: User, match: string): string[] {
  const keys = [`id ${id}`];
  const key = match === 'login' ? undefined : matchKey(profile, match);
  if (key !== undefined) keys.push(`key ${key}`);
  const name = foldedName(profile);
  if (name !== undefined) keys.push(`name ${name}`);
  return keys;
}

async function isListingCheaper(
  { client, dataset, rows }: OrgUsersOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const joiners = Math.max(0, rows - dataset.size);
  const singleReads = Math.ceil(dataset.size / IDS_PER_REQUEST) + joiners;
  if (singleReads <= FEW_REQUESTS) return false;
  const users = await client.countUsers({ signal }).catch(() => undefined);
  // Without a number, an org is taken to be about as large as the file.
  return users === undefined || Math.ceil(users / USERS_PER_PAGE) <= singleReads;
}

function* batchesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += IDS_PER_REQUEST) {
    yield items.slice(start, start + IDS_PER_REQUEST);
  }
}
