import type { Profile } from '../okta/types.js';
import { compareIds } from './identifiers.js';
import type { PasswordPolicy } from './passwords.js';
import { compareTexts, SortedStore } from './sorted-store.js';

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

/** A group as the org stores it; its members are in `Memberships`. */
export interface GroupRecord {
  readonly oktaId: string;
  readonly type: GroupType;
  readonly passwordPolicy: PasswordPolicy | undefined;
  name: string;
  description: string | null;
  /** Attributes that an admin has added to the profiles of groups. */
  custom: Profile;
  readonly created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
}

export interface NewGroup {
  readonly name: string;
  readonly description?: string | null;
  readonly custom?: Profile | undefined;
  readonly type: GroupType;
  readonly passwordPolicy?: PasswordPolicy | undefined;
}

/** What determines the place of a group in a listing. */
export type GroupPosition = Pick<GroupRecord, 'name' | 'oktaId'>;

/** The org's groups. The built-in group Everyone is the first to be created. */
export class GroupStore {
  readonly byName = new SortedStore<GroupPosition, GroupRecord>(compareNames);
  readonly everyone: GroupRecord;
  /** In the order of creation. */
  readonly #byId = new Map<string, GroupRecord>();
  readonly #toId: (ordinal: number) => string;
  #nextOrdinal = 1;

  /** @param toId - The ID of the nth group. */
  constructor(timestamp: string, toId: (ordinal: number) => string) {
    this.#toId = toId;
    this.everyone = this.add(
      { name: 'Everyone', description: 'All users in your organization', type: 'BUILT_IN' },
      timestamp,
    );
  }

  add(group: NewGroup, timestamp: string): GroupRecord {
    const record: GroupRecord = {
      oktaId: this.#toId(this.#nextOrdinal),
      type: group.type,
      passwordPolicy: group.passwordPolicy,
      name: group.name,
      description: group.description ?? null,
      custom: group.custom ?? {},
      created: timestamp,
      lastUpdated: timestamp,
      lastMembershipUpdated: timestamp,
    };
    this.#nextOrdinal += 1;
    this.byName.add(record);
    this.#byId.set(record.oktaId, record);
    return record;
  }

  /** In the order of creation. */
  all(): Iterable<GroupRecord> {
    return this.#byId.values();
  }

  findById(groupId: string): GroupRecord | undefined {
    return this.#byId.get(groupId);
  }

  /** The first group of that name; only imported groups can share one. */
  findByName(name: string): GroupRecord | undefined {
    for (const group of this.all()) if (group.name === name) return group;
    return undefined;
  }

  rename(group: GroupRecord, name: string): void {
    this.byName.remove(group);
    group.name = name;
    this.byName.add(group);
  }

  remove(group: GroupRecord): void {
    this.#byId.delete(group.oktaId);
    this.byName.remove(group);
  }
}

/** Okta lists groups by name. */
function compareNames(one: GroupPosition, other: GroupPosition): number {
  return compareTexts(one.name.toLowerCase(), other.name.toLowerCase()) || compareIds(one, other);
}
