import type { UserStatus } from '../okta/types.js';
import { RecentChanges, type RecentChange } from './recent-changes.js';
import { compareIds } from './identifiers.js';
import { mergeSorted } from './sorted-store.js';
import type { UserObserver, UserRecord, UserStore } from './user-store.js';

export interface SearchIndexOptions {
  /** How long `q`, `filter` and `search` take to see that a user was created or changed; default 0. */
  readonly searchLagMs?: number | undefined;
  /** How long they take to see that a user was deleted; default 0. */
  readonly deletionLagMs?: number | undefined;
}

/** The statuses that Okta reports as `transitioningToStatus`. */
const TRANSITION_TARGETS: readonly UserStatus[] = ['ACTIVE', 'PROVISIONED', 'DEPROVISIONED'];

/** What `q`, `filter` and `search` see of the users: their state of a moment ago. */
export class SearchIndex implements UserObserver {
  /** `undefined` before the user was created. */
  readonly #changes: RecentChanges<UserRecord, UserRecord | undefined>;
  readonly #deletions: RecentChanges<UserRecord, undefined>;

  constructor(options: SearchIndexOptions, now: () => number) {
    this.#changes = new RecentChanges({ delayMs: options.searchLagMs ?? 0, now });
    this.#deletions = new RecentChanges({ delayMs: options.deletionLagMs ?? 0, now });
  }

  userCreated(user: UserRecord): void {
    this.#changes.record(user, undefined);
  }

  /** Is called before the change. */
  userChanges(user: UserRecord): void {
    if (this.#changes.isOn) this.#changes.record(user, { ...user });
  }

  userDeleted(user: UserRecord): void {
    this.#deletions.record(user, undefined);
  }

  /** The users behind an ID, by ID. */
  *usersAfter(users: UserStore, oktaId?: string): Generator<UserRecord> {
    const position = oktaId === undefined ? undefined : { oktaId };
    const deleted = [...this.#deletions.keys()]
      .filter((user) => position === undefined || compareIds(user, position) > 0)
      .sort(compareIds);
    for (const user of mergeSorted(users.byId.after(position), deleted, compareIds)) {
      const indexed = this.#stateOf(user);
      if (indexed) yield indexed;
    }
  }

  /** As `usersAfter`, but only users who may have this ID or login: fast in a large org. */
  *usersWith(users: UserStore, key: string, oktaId = ''): Generator<UserRecord> {
    // One user may have the ID of another one as the login.
    const named = [users.find(key), users.findByLogin(key)].filter((user) => user !== undefined);
    const found = new Set([...named, ...this.#changes.keys(), ...this.#deletions.keys()]);
    for (const candidate of [...found].sort(compareIds)) {
      const isDeleted = users.find(candidate.oktaId) === undefined;
      if (isDeleted && this.#deletions.of(candidate).length === 0) continue;
      const indexed = candidate.oktaId > oktaId ? this.#stateOf(candidate) : undefined;
      if (indexed) yield indexed;
    }
  }

  #stateOf(user: UserRecord): UserRecord | undefined {
    const [change, next] = this.#changes.of(user);
    if (change === undefined) return user;
    const to = next === undefined ? user : next.before;
    return to === undefined || !this.#changes.isHalfway(change) ? change.before : this.#halfway(change, to);
  }

  /** Later, the index knows the user in the status that a transition starts from. */
  #halfway({ before }: RecentChange<UserRecord | undefined>, to: UserRecord): UserRecord {
    const isTransition = before?.status !== to.status && TRANSITION_TARGETS.includes(to.status);
    if (before !== undefined) return isTransition ? { ...before, transitioningToStatus: to.status } : before;
    // A create stores a staged user first, and then activates it.
    return isTransition ? { ...to, status: 'STAGED', activated: null, transitioningToStatus: to.status } : to;
  }
}
