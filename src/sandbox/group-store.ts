import { oktaId } from './identifiers.js';
import { Sequence } from './ordered-store.js';
import type { UserRecord } from './user-store.js';

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

/** A group as the org holds it. */
export interface GroupRecord {
  readonly oktaId: string;
  readonly ordinal: number;
  readonly type: GroupType;
  name: string;
  description: string | null;
  readonly created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
  /** In the order of joining; Everyone keeps no list, as everyone is in it. */
  readonly members: Sequence<UserRecord>;
  readonly joinedAt: Map<UserRecord, number>;
  nextJoin: number;
}

/** The org's groups. Everyone, the built-in one, is always the first. */
export class GroupStore {
  readonly inOrder = new Sequence<GroupRecord>();
  readonly everyone: GroupRecord;
  readonly #byId = new Map<string, GroupRecord>();
  #nextOrdinal = 1;

  constructor(timestamp: string) {
    this.everyone = this.add(
      { name: 'Everyone', description: 'All users in your organization', type: 'BUILT_IN' },
      timestamp,
    );
  }

  add(group: { name: string; description?: string | null; type: GroupType }, timestamp: string): GroupRecord {
    const ordinal = this.#nextOrdinal;
    this.#nextOrdinal += 1;
    const record: GroupRecord = {
      oktaId: oktaId('00g', ordinal),
      ordinal,
      type: group.type,
      name: group.name,
      description: group.description ?? null,
      created: timestamp,
      lastUpdated: timestamp,
      lastMembershipUpdated: timestamp,
      members: new Sequence(),
      joinedAt: new Map(),
      nextJoin: 1,
    };
    this.inOrder.add(ordinal, record);
    this.#byId.set(record.oktaId, record);
    return record;
  }

  find(groupId: string): GroupRecord | undefined {
    return this.#byId.get(groupId);
  }

  /** Of several groups of that name (only imported ones can share it) the first. */
  byName(name: string): GroupRecord | undefined {
    for (const group of this.inOrder.after()) if (group.name === name) return group;
    return undefined;
  }

  remove(group: GroupRecord): void {
    for (const user of group.members.after()) user.groups = user.groups.filter((other) => other !== group);
    this.#byId.delete(group.oktaId);
    this.inOrder.remove(group.ordinal);
  }
}

/** Makes the user a member; nothing happens to one who is (groups-types-schemas.md §1.3). */
export function joinGroup(group: GroupRecord, user: UserRecord, timestamp: string): void {
  if (group.joinedAt.has(user)) return;
  group.members.add(group.nextJoin, user);
  group.joinedAt.set(user, group.nextJoin);
  group.nextJoin += 1;
  group.lastMembershipUpdated = timestamp;
  user.groups = [...user.groups, group];
}

export function leaveGroup(group: GroupRecord, user: UserRecord, timestamp: string): void {
  const joined = group.joinedAt.get(user);
  if (joined === undefined) return;
  group.members.remove(joined);
  group.joinedAt.delete(user);
  group.lastMembershipUpdated = timestamp;
  user.groups = user.groups.filter((other) => other !== group);
}
