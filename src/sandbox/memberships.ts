import type { GroupRecord } from './group-store.js';
import { OrderedStore } from './ordered-store.js';
import type { UserRecord } from './user-store.js';

interface Members {
  /** In the order of joining. */
  readonly inOrder: OrderedStore<UserRecord>;
  readonly ordinals: Map<UserRecord, number>;
  nextOrdinal: number;
}

/** Which user is in which group. Everyone has no entries here, as every user is in it. */
export class Memberships {
  readonly #groups = new Map<UserRecord, readonly GroupRecord[]>();
  readonly #members = new Map<GroupRecord, Members>();

  /** In the order of joining. */
  groupsOf(user: UserRecord): readonly GroupRecord[] {
    return this.#groups.get(user) ?? [];
  }

  membersOf(group: GroupRecord): OrderedStore<UserRecord> {
    return this.#membersOf(group).inOrder;
  }

  /** The place of a member in the order of joining; `undefined` for a user who is not a member. */
  ordinalOf(group: GroupRecord, user: UserRecord): number | undefined {
    return this.#membersOf(group).ordinals.get(user);
  }

  /** Does nothing when the user is already a member. */
  add(group: GroupRecord, user: UserRecord, timestamp: string): void {
    const members = this.#membersOf(group);
    if (members.ordinals.has(user)) return;
    members.inOrder.add(members.nextOrdinal, user);
    members.ordinals.set(user, members.nextOrdinal);
    members.nextOrdinal += 1;
    group.lastMembershipUpdated = timestamp;
    this.#groups.set(user, [...this.groupsOf(user), group]);
  }

  /** Does nothing when the user is not a member. */
  remove(group: GroupRecord, user: UserRecord, timestamp: string): void {
    const members = this.#membersOf(group);
    const ordinal = members.ordinals.get(user);
    if (ordinal === undefined) return;
    members.inOrder.remove(ordinal);
    members.ordinals.delete(user);
    group.lastMembershipUpdated = timestamp;
    this.#removeFromUser(group, user);
  }

  removeUser(user: UserRecord, timestamp: string): void {
    for (const group of this.groupsOf(user)) this.remove(group, user, timestamp);
  }

  removeGroup(group: GroupRecord): void {
    for (const user of this.membersOf(group).after()) this.#removeFromUser(group, user);
    this.#members.delete(group);
  }

  #membersOf(group: GroupRecord): Members {
    let members = this.#members.get(group);
    if (members === undefined) {
      members = { inOrder: new OrderedStore(), ordinals: new Map(), nextOrdinal: 1 };
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
