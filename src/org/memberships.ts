import { DigestTable } from '../digest-table.js';
import type { OktaClient } from '../okta/client.js';

const MEMBERS_A_PAGE = 1000;

export interface MembershipsOptions {
  readonly client: OktaClient;
  /** How many users will be asked about. */
  readonly rows: number;
  /** Whether that is so many that a group's members had better be read once. */
  readonly isBulk: boolean;
}

/** Who is in which group already: found out for the fewest requests. */
export class Memberships {
  readonly #options: MembershipsOptions;
  /** Undefined for a group of more pages than there are rows: it is asked about user by user. */
  readonly #members = new Map<string, Promise<DigestTable | undefined>>();

  constructor(options: MembershipsOptions) {
    this.#options = options;
  }

  /**
   * Those of the groups that a user is not in, as read for this user just now: what a list of members says is confirmed
   * before anything rests on it.
   *
   * @throws what the client throws when the org cannot be asked.
   */
  async missing(
    userId: string,
    groupIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (groupIds.length === 0) return groupIds;
    if (this.#options.isBulk && (await this.#isListedInAll(userId, groupIds, signal))) return [];
    const own = await this.#options.client.listGroupIdsOf(userId, { signal });
    return groupIds.filter((groupId) => !own.has(groupId));
  }

  async #isListedInAll(userId: string, groupIds: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (const groupId of groupIds) {
      const members = await this.#membersOf(groupId, signal);
      if (members?.find(userId) === undefined) return false;
    }
    return true;
  }

  /** Read once, however many ask meanwhile. */
  #membersOf(groupId: string, signal: AbortSignal): Promise<DigestTable | undefined> {
    let members = this.#members.get(groupId);
    if (members === undefined) {
      members = this.#list(groupId, signal);
      this.#members.set(groupId, members);
      members.catch(() => this.#members.delete(groupId));
    }
    return members;
  }

  async #list(groupId: string, signal: AbortSignal): Promise<DigestTable | undefined> {
    const { client, rows } = this.#options;
    const members = new DigestTable();
    let count = 0;
    for await (const { id } of client.listMembers(groupId, { signal })) {
      count += 1;
      members.claim(id, count);
      if (count > rows * MEMBERS_A_PAGE) return undefined;
    }
    return members;
  }
}
