import type { Profile } from '../okta/types.js';
import { oktaId } from './identifiers.js';
import { OrderedStore } from './ordered-store.js';
import type { PasswordPolicy } from './passwords.js';

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

/** A group as the org stores it; its members are in `Memberships`. */
export interface GroupRecord {
  readonly oktaId: string;
  readonly ordinal: number;
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

/** The org's groups. The built-in group Everyone is always the first. */
export class GroupStore {
  readonly inOrder = new OrderedStore<GroupRecord>();
  readonly everyone: GroupRecord;
  readonly #byId = new Map<string, GroupRecord>();
  #nextOrdinal = 1;

  constructor(timestamp: string) {
    this.everyone = this.add(
      { name: 'Everyone', description: 'All users in your organization', type: 'BUILT_IN' },
      timestamp,
    );
  }

  add(group: NewGroup, timestamp: string): GroupRecord {
    const ordinal = this.#nextOrdinal;
    this.#nextOrdinal += 1;
    const record: GroupRecord = {
      oktaId: oktaId('00g', ordinal),
      ordinal,
      type: group.type,
      passwordPolicy: group.passwordPolicy,
      name: group.name,
      description: group.description ?? null,
      custom: group.custom ?? {},
      created: timestamp,
      lastUpdated: timestamp,
      lastMembershipUpdated: timestamp,
    };
    this.inOrder.add(ordinal, record);
    this.#byId.set(record.oktaId, record);
    return record;
  }

  findById(groupId: string): GroupRecord | undefined {
    return this.#byId.get(groupId);
  }

  /** The first group of that name; only imported groups can share one. */
  findByName(name: string): GroupRecord | undefined {
    for (const group of this.inOrder.after()) if (group.name === name) return group;
    return undefined;
  }

  remove(group: GroupRecord): void {
    this.#byId.delete(group.oktaId);
    this.inOrder.remove(group.ordinal);
  }
}
