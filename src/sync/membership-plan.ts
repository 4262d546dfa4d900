import type { OktaClient } from '../okta/client.js';
import type { Memberships } from '../org/memberships.js';

/** Groups that a user joins and leaves, by ID. */
export interface GroupChanges {
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
}

const GROUPS_PER_PAGE = 200;

/** Plans the memberships of users: exactly within the managed groups, and only joins elsewhere. */
export class MembershipPlan {
  readonly #memberships: Memberships;
  /** Okta IDs of members by ID of the managed group. */
  readonly #managed: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(memberships: Memberships, managed: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#memberships = memberships;
    this.#managed = managed;
  }

  /**
   * Reads the members of the managed groups.
   *
   * @param patterns - names of groups, with `*` for any characters.
   * @throws what the client throws.
   */
  static async load(
    { client, memberships }: { readonly client: OktaClient; readonly memberships: Memberships },
    patterns: readonly string[],
    signal: AbortSignal,
  ): Promise<MembershipPlan> {
    const managed = new Map<string, ReadonlySet<string>>();
    if (patterns.length === 0) return new MembershipPlan(memberships, managed);
    const isManaged = namePattern(patterns);
    for await (const { id, type, profile } of client.listGroups(GROUPS_PER_PAGE, { signal })) {
      // Okta fills the other types of groups.
      if (type !== 'OKTA_GROUP' || !isManaged.test(profile.name)) continue;
      const members = new Set<string>();
      for await (const user of client.listMembers(id, { signal })) members.add(user.id);
      managed.set(id, members);
    }
    return new MembershipPlan(memberships, managed);
  }

  /**
   * @param groupIds - the groups of the row.
   * @throws what the client throws.
   */
  async changesOf(userId: string, groupIds: readonly string[], signal: AbortSignal): Promise<GroupChanges> {
    const wanted = new Set(groupIds);
    const leaves: string[] = [];
    const joins: string[] = [];
    for (const [groupId, members] of this.#managed) {
      if (members.has(userId) && !wanted.has(groupId)) leaves.push(groupId);
      if (!members.has(userId) && wanted.has(groupId)) joins.push(groupId);
    }
    const others = groupIds.filter((groupId) => !this.#managed.has(groupId));
    return { joins: [...joins, ...(await this.#memberships.missingGroups(userId, others, signal))], leaves };
  }
}

function namePattern(patterns: readonly string[]): RegExp {
  const alternatives = patterns.map((pattern) =>
    pattern
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
  return new RegExp(`^(?:${alternatives.join('|')})$`, 's');
}
