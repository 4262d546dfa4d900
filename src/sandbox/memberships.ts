import type { GroupRecord } from './group-store.js';
import { compareIds } from './identifiers.js';
import { RecentChanges } from './recent-changes.js';
import { mergeSorted, SortedStore } from './sorted-store.js';
import type { UserRecord } from './user-store.js';

type MemberPosition = Pick<UserRecord, 'oktaId'>;

interface Members {
  readonly byId: SortedStore<MemberPosition, UserRecord>;
  /** Whether a user was a member. */
  readonly changes: RecentChanges<UserRecord, boolean>;
}

/** Which user is in which group. Everyone has no entries here, as every user is in it. */
export class Memberships {
  readonly #groups = new Map<UserRecord, readonly GroupRecord[]>();
  readonly #members = new Map<GroupRecord, Members>();
  readonly #lag: { readonly delayMs: number; readonly now: () => number };

  /** @param lag.delayMs - How long it takes until `listed` shows a change. */
  constructor(lag: { readonly delayMs: number; readonly now: () => number }) {
    this.#lag = lag;
  }

  /** In the order of joining. Always up to date, as in Okta. */
  groupsOf(user: UserRecord): readonly GroupRecord[] {
    return this.#groups.get(user) ?? [];
  }

  sizeOf(group: GroupRecord): number {
    return this.#membersOf(group).byId.size;
  }

  /** The members behind a position, by ID, as a listing shows them. */
  *listed(group: GroupRecord, after?: MemberPosition): Generator<UserRecord> {
    const { byId, changes } = this.#membersOf(group);
    const wasMember = (user: UserRecord): boolean | undefined => changes.of(user)[0]?.before;
    const isMember = (user: UserRecord): boolean => this.groupsOf(user).includes(group);
    const removed = [...changes.keys()]
      .filter((user) => wasMember(user) === true && !isMember(user))
      .filter((user) => after === undefined || compareIds(user, after) > 0)
      .sort(compareIds);
    for (const user of mergeSorted(byId.after(after), removed, compareIds)) {
      if (wasMember(user) !== false) yield user;
    }
  }

  /** Does nothing when the user is already a member. */
  add(group: GroupRecord, user: UserRecord, timestamp: string): void {
    const groups = this.groupsOf(user);
    if (groups.includes(group)) return;
    const { byId, changes } = this.#membersOf(group);
    changes.record(user, false);
    byId.add(user);
    group.lastMembershipUpdated = timestamp;
    this.#groups.set(user, [...groups, group]);
  }

  /** Does nothing when the user is not a member. */
  remove(group: GroupRecord, user: UserRecord, timestamp: string): void {
    if (!this.groupsOf(user).includes(group)) return;
    const { byId, changes } = this.#membersOf(group);
    changes.record(user, true);
    byId.remove(user);
    group.lastMembershipUpdated = timestamp;
    this.#removeFromUser(group, user);
  }

  removeUser(user: UserRecord, timestamp: string): void {
    for (const group of this.groupsOf(user)) this.remove(group, user, timestamp);
  }

  removeGroup(group: GroupRecord): void {
    for (const user of this.#membersOf(group).byId.after()) this.#removeFromUser(group, user);
    this.#members.delete(group);
  }

  #membersOf(group: GroupRecord): Members {
    let members = this.#members.get(group);
    if (members === undefined) {
      members = { byId: new SortedStore(compareIds), changes: new RecentChanges(this.#lag) };
      this.#members.set(group, members);
    }
    return members;
  }

  #removeFromUser(group: GroupRecord, user: UserRecord): void {
    const groups = this.groupsOf(user).filter((other) => other !== group);
    if (groups.length > 0) this.#groups.set(user, groups);
    else this.#groups.delete(user);
  }
}
