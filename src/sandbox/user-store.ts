import type { Profile, UserStatus } from '../okta/types.js';
import type { ProviderType } from './credentials.js';
import { compareIds } from './identifiers.js';
import { fieldProblem, type Problem } from './okta-error.js';
import { isUnique, type UserTypeRecord } from './schemas.js';
import { SortedStore } from './sorted-store.js';

/** A valid profile: it has a login. */
export type UserProfile = Profile & { readonly login: string };

/** A user as the org stores it, without links and secrets: response bodies are built on request. */
export interface UserRecord {
  readonly oktaId: string;
  status: UserStatus;
  readonly created: string;
  activated: string | null;
  statusChanged: string | null;
  lastUpdated: string;
  passwordChanged: string | null;
  /** When the user last signed in; absent for never. */
  lastLogin?: string;
  type: UserTypeRecord;
  /** Without nulls. Replaced as a whole, never changed in place: the indexes depend on it. */
  profile: UserProfile;
  hasPassword: boolean;
  /** Of a password that the org was told; absent for hashes, and for passwords that were chosen on a page. */
  passwordDigest?: string | undefined;
  recoveryQuestion: string | undefined;
  provider: ProviderType;
  /** Of a directory: its domain. Other providers are named after their type. */
  readonly providerName: string | undefined;
  /** `undefined` in an org without realms. */
  realmId: string | undefined;
  /** Only in what the search index still shows of a user. */
  readonly transitioningToStatus?: UserStatus;
}

/** What determines the place of a user in a listing without a query. */
export type UserPosition = Pick<UserRecord, 'status' | 'oktaId'>;

/** Is called before a change of a user takes place, and after a create or a deletion. */
export interface UserObserver {
  userCreated(user: UserRecord): void;
  userChanges(user: UserRecord): void;
  userDeleted(user: UserRecord): void;
}

const TAKEN = 'An object with this field already exists in the current organization';

/** The org's users, with indexes by ID, login and unique attribute that keep a create O(1). */
export class UserStore {
  readonly byStatus = new SortedStore<UserPosition, UserRecord>(compareStatuses);
  readonly byId = new SortedStore<Pick<UserRecord, 'oktaId'>, UserRecord>(compareIds);
  /** In the order of creation. */
  readonly #byId = new Map<string, UserRecord>();
  readonly #byLogin = new Map<string, UserRecord>();
  /** One namespace per attribute, across all types that declare it unique. */
  readonly #byUniqueValue = new Map<string, Map<unknown, UserRecord>>();
  readonly #byEmail: Map<string, UserRecord> | undefined;
  readonly #toId: (ordinal: number) => string;
  readonly #observer: UserObserver;
  #nextOrdinal = 1;
  #activeCount = 0;

  /** @param options.toId - The ID of the nth user. */
  constructor(options: {
    readonly uniqueEmail: boolean;
    readonly toId: (ordinal: number) => string;
    readonly observer: UserObserver;
  }) {
    this.#byEmail = options.uniqueEmail ? new Map() : undefined;
    this.#toId = options.toId;
    this.#observer = options.observer;
  }

  /** In the order of creation. */
  all(): Iterable<UserRecord> {
    return this.#byId.values();
  }

  /** Users who are neither staged nor deactivated: those that count toward an org's user limit. */
  get activeCount(): number {
    return this.#activeCount;
  }

  /** Adds a user for whose profile `takenProblems` has found nothing. */
  add(user: Omit<UserRecord, 'oktaId'>): UserRecord {
    const record: UserRecord = { oktaId: this.#toId(this.#nextOrdinal), ...user };
    this.#nextOrdinal += 1;
    this.byStatus.add(record);
    this.byId.add(record);
    this.#byId.set(record.oktaId, record);
    this.#index(record);
    if (isActive(record.status)) this.#activeCount += 1;
    this.#observer.userCreated(record);
    return record;
  }

  /** By ID, login, or the part of the login before `@` when only one user has it. */
  find(key: string): UserRecord | undefined {
    return this.#byId.get(key) ?? this.findByLogin(key) ?? this.#findByShortName(key);
  }

  findByLogin(login: string): UserRecord | undefined {
    return this.#byLogin.get(loginKey(login));
  }

  /** One problem for each unique field whose value another user has, be that user deactivated or not. */
  takenProblems(profile: UserProfile, type: UserTypeRecord, self?: UserRecord): Problem[] {
    const isOther = (holder: UserRecord | undefined): boolean => holder !== undefined && holder !== self;
    const problems: Problem[] = [];
    // Orgs that keep email addresses unique report a duplicate one as a taken login.
    const hasTakenEmail = isOther(this.#byEmail?.get(loginKey(emailOf(profile))));
    if (isOther(this.findByLogin(profile.login)) || hasTakenEmail) {
      problems.push(fieldProblem('login', TAKEN));
    }
    for (const [name, definition] of type.custom) {
      if (isUnique(definition) && isOther(this.#byUniqueValue.get(name)?.get(profile[name]))) {
        problems.push(fieldProblem(name, TAKEN));
      }
    }
    return problems;
  }

  /** Replaces the profile (and type) of a user and updates the indexes. */
  replaceProfile(user: UserRecord, profile: UserProfile, type: UserTypeRecord): void {
    this.#observer.userChanges(user);
    this.#unindex(user);
    user.profile = profile;
    user.type = type;
    this.#index(user);
  }

  /** Removes attributes from the profiles of all users of a type. */
  removeAttributes(type: UserTypeRecord, names: readonly string[]): void {
    for (const user of this.all()) {
      if (user.type !== type || !names.some((name) => Object.hasOwn(user.profile, name))) continue;
      const kept = Object.entries(user.profile).filter(([name]) => !names.includes(name));
      this.replaceProfile(user, { ...Object.fromEntries(kept), login: user.profile.login }, type);
    }
  }

  setStatus(user: UserRecord, status: UserStatus, timestamp: string): void {
    this.#observer.userChanges(user);
    this.#activeCount += Number(isActive(status)) - Number(isActive(user.status));
    this.byStatus.remove(user);
    user.status = status;
    this.byStatus.add(user);
    user.statusChanged = timestamp;
  }

  remove(user: UserRecord): void {
    this.#unindex(user);
    this.#byId.delete(user.oktaId);
    this.byStatus.remove(user);
    this.byId.remove(user);
    if (isActive(user.status)) this.#activeCount -= 1;
    this.#observer.userDeleted(user);
  }

  #index(user: UserRecord): void {
    this.#byLogin.set(loginKey(user.profile.login), user);
    this.#byEmail?.set(loginKey(emailOf(user.profile)), user);
    for (const [name, definition] of user.type.custom) {
      const value = user.profile[name];
      if (value === undefined || !isUnique(definition)) continue;
      const holders = this.#byUniqueValue.get(name) ?? new Map<unknown, UserRecord>();
      this.#byUniqueValue.set(name, holders.set(value, user));
    }
  }

  #unindex(user: UserRecord): void {
    this.#byLogin.delete(loginKey(user.profile.login));
    this.#byEmail?.delete(loginKey(emailOf(user.profile)));
    for (const [name, holders] of this.#byUniqueValue) {
      const value = user.profile[name];
      if (holders.get(value) === user) holders.delete(value);
    }
  }

  /** Scans all users: short names are typed by people and not worth an index of 200,000 entries. */
  #findByShortName(name: string): UserRecord | undefined {
    if (name.includes('@')) return undefined;
    const prefix = `${loginKey(name)}@`;
    let found: UserRecord | undefined;
    for (const user of this.all()) {
      if (!loginKey(user.profile.login).startsWith(prefix)) continue;
      if (found) return undefined;
      found = user;
    }
    return found;
  }
}

/** Logins are unique regardless of case and diacritics: `isáàc.bröck@…` is `Isaac.Brock@…`. */
export function loginKey(login: string): string {
  // ASCII, the usual case, has no diacritics to strip.
  if (!/[^ -~]/.test(login)) return login.toLowerCase();
  return login.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

function emailOf(profile: Profile): string {
  const email = profile['email'];
  return typeof email === 'string' ? email : '';
}

function isActive(status: UserStatus): boolean {
  return status !== 'STAGED' && status !== 'DEPROVISIONED';
}

/** Okta lists users in the order of this list, which is that of a user's life, and those of one status by ID. */
const STATUSES: readonly UserStatus[] = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'SUSPENDED',
  'DEPROVISIONED',
];

function compareStatuses(one: UserPosition, other: UserPosition): number {
  return STATUSES.indexOf(one.status) - STATUSES.indexOf(other.status) || compareIds(one, other);
}

export function isUserStatus(value: unknown): value is UserStatus {
  return STATUSES.some((status) => status === value);
}
