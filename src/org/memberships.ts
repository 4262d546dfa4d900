import { DigestTable } from '../digest-table.js';
import type { OktaClient } from '../okta/client.js';

import { isListingFailure } from './broken-listing.js';

const MEMBERS_PER_PAGE = 1000;

export interface MembershipsOptions {
  readonly client: Pick<OktaClient, 'listMembers' | 'listGroupIdsOf'>;
  /** How many users will be looked up. */
  readonly rows: number;
  /** Whether there are enough to list the members of a group once. */
  readonly isBulk: boolean;
}

/** Finds out with as few requests as possible which users are in which groups. */
export class Memberships {
  readonly #options: MembershipsOptions;
  /** By group ID; undefined for a group whose members are looked up one by one: it cannot be listed, or has too many. */
  readonly #members = new Map<string, Promise<DigestTable | undefined>>();

  /** Whether no listing has failed. */
  #canList = true;

  constructor(options: MembershipsOptions) {
    this.#options = options;
  }

  /**
   * The IDs of the groups that a user is not in. That a user is missing in a list of members is confirmed by reading the
   * user's own groups.
   *
   * @throws what the client throws.
   */
  async missingGroups(
    userId: string,
    groupIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (groupIds.length === 0) return groupIds;
    const canList = this.#options.isBulk && this.#canList;
    if (canList && (await this.#isListedInAll(userId, groupIds, signal))) return [];
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

  /** Listed once, even if many ask at the same time. */
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
    try {
      for await (const { id } of client.listMembers(groupId, { signal, isOptional: true })) {
        count += 1;
        members.setIfAbsent(id, count);
        if (count > rows * MEMBERS_PER_PAGE) return undefined;
      }
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
      // Other groups would most likely fail as well.
      this.#canList = false;
      return undefined;
    }
    return members;
  }
}
