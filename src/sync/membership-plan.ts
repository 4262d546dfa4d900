import type { OktaClient } from '../okta/client.js';
import { Memberships } from '../org/memberships.js';

/** Groups that a user joins and leaves, by ID. */
export interface GroupChanges {
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
}

interface ManagedGroup {
  readonly name: string;
  /** Okta IDs. */
  readonly members: ReadonlySet<string>;
}

type GroupsOf = OktaClient['listGroupIdsOf'];

const GROUPS_PER_PAGE = 200;
/** From this number of rows on, members of groups are listed rather than read one by one. */
const FEW_ROWS = 200;

export interface MembershipOptions {
  readonly client: OktaClient;
  /** Rows of the file. */
  readonly rows: number;
}

/** Plans the memberships of users: exactly within the managed groups, and only joins elsewhere. */
export class MembershipPlan {
  readonly #memberships: Memberships;
  readonly #groupsOf: GroupsOf;
  /** By ID. */
  readonly #managed: ReadonlyMap<string, ManagedGroup>;

  private constructor({ client, rows }: MembershipOptions, managed: ReadonlyMap<string, ManagedGroup>) {
    const groupsOf = onceEach((userId, options) => client.listGroupIdsOf(userId, options));
    const remembering = {
      listMembers: client.listMembers.bind(client),
      listGroupIdsOf: groupsOf,
    };
    this.#memberships = new Memberships({ client: remembering, rows, isBulk: rows > FEW_ROWS });
    this.#groupsOf = groupsOf;
    this.#managed = managed;
  }

  /**
   * Reads the members of the managed groups.
   *
   * @param patterns - names of groups, with `*` for any characters.
   * @throws what the client throws.
   */
  static async load(
    options: MembershipOptions,
    patterns: readonly string[],
    signal: AbortSignal,
  ): Promise<MembershipPlan> {
    const managed = new Map<string, ManagedGroup>();
    if (patterns.length === 0) return new MembershipPlan(options, managed);
    const isManaged = groupNamePattern(patterns);
    const { client } = options;
    for await (const { id, type, profile } of client.listGroups(GROUPS_PER_PAGE, { signal })) {
      // Okta fills the other types of groups.
      if (type !== 'OKTA_GROUP' || !isManaged.test(profile.name)) continue;
      const members = new Set<string>();
      for await (const user of client.listMembers(id, { signal })) members.add(user.id);
      managed.set(id, { name: profile.name, members });
    }
    return new MembershipPlan(options, managed);
  }

  /**
   * @param groupIds - the groups of the row.
   * @param staysIn - whether the user never leaves a managed group of that name.
   * @throws what the client throws.
   */
  async changesOf(
    userId: string,
    groupIds: readonly string[],
    { signal, staysIn }: { readonly signal: AbortSignal; readonly staysIn?: (groupName: string) => boolean },
  ): Promise<GroupChanges> {
    const wanted = new Set(groupIds);
    const managed = [...this.#managed].filter(
      ([groupId, { name }]) => wanted.has(groupId) || staysIn?.(name) !== true,
    );
    const isSame = managed.every(([groupId, { members }]) => members.has(userId) === wanted.has(groupId));
    // Lists of members lag behind; a user's own groups do not.
    const own = isSame ? undefined : await this.#groupsOf(userId, { signal });
    const leaves = managed.flatMap(([groupId]) =>
      own?.has(groupId) === true && !wanted.has(groupId) ? [groupId] : [],
    );
    const joins = managed.flatMap(([groupId]) =>
      own?.has(groupId) === false && wanted.has(groupId) ? [groupId] : [],
    );
    const others = groupIds.filter((groupId) => !this.#managed.has(groupId));
    return { joins: [...joins, ...(await this.#memberships.missingGroups(userId, others, signal))], leaves };
  }
}

/** Both passes over the file see the same groups, and read them once. */
function onceEach(read: GroupsOf): GroupsOf {
  const known = new Map<string, ReturnType<GroupsOf>>();
  return (userId, options) => {
    let groups = known.get(userId);
    if (groups === undefined) {
      groups = read(userId, options);
      known.set(userId, groups);
      groups.catch(() => known.delete(userId));
    }
    return groups;
  };
}

/** Matches the names of managed groups. @param patterns - with `*` for any characters. */
export function groupNamePattern(patterns: readonly string[]): RegExp {
  const alternatives = patterns.map((pattern) =>
    pattern
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
  return new RegExp(`^(?:${alternatives.join('|')})$`, 's');
}
