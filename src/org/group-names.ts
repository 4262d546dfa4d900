import type { OktaClient } from '../okta/client.js';
import type { Group } from '../okta/types.js';

import { isListingFailure } from './broken-listing.js';

const GROUPS_PER_PAGE = 200;
const READS_AT_ONCE = 10;
/** Up to this number of users, their groups are read user by user without asking how many groups there are. */
const FEW_USERS = 20;

/**
 * Reads the names of the groups of users with few requests: the members of each group, or the groups of each user if those are
 * fewer. Without Everyone.
 *
 * @throws what the client throws.
 */
export async function readGroupNames(
  ids: readonly string[],
  { client, signal }: { readonly client: OktaClient; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const groups = ids.length <= FEW_USERS ? undefined : await listGroups(ids.length, client, signal);
  const names = groups && (await namesByGroup(new Set(ids), groups, client, signal));
  return names ?? namesByUser(ids, client, signal);
}

/** @returns undefined when there are more groups than users, or when they cannot be listed. */
async function listGroups(
  maxGroups: number,
  client: OktaClient,
  signal: AbortSignal,
): Promise<readonly Group[] | undefined> {
  const groups: Group[] = [];
  try {
    for await (const group of client.listGroups(GROUPS_PER_PAGE, { signal })) {
      if (group.type !== 'BUILT_IN') groups.push(group);
      if (groups.length > maxGroups) return undefined;
    }
    return groups;
  } catch (error) {
    if (signal.aborted || !isListingFailure(error)) throw error;
    return undefined;
  }
}

async function namesByGroup(
  ids: ReadonlySet<string>,
  groups: readonly Group[],
  client: OktaClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const names = new Map<string, string[]>();
  try {
    for (const group of groups) {
      for await (const { id } of client.listMembers(group.id, { signal, isOptional: true })) {
        if (!ids.has(id)) continue;
        const own = names.get(id) ?? [];
        own.push(group.profile.name);
        names.set(id, own);
      }
    }
    return names;
  } catch (error) {
    if (signal.aborted || !isListingFailure(error)) throw error;
    return undefined;
  }
}

async function namesByUser(
  ids: readonly string[],
  client: OktaClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>();
  for (let start = 0; start < ids.length; start += READS_AT_ONCE) {
    const batch = ids.slice(start, start + READS_AT_ONCE);
    const read = async (id: string): Promise<void> => {
      const groups = await client.listGroupsOf(id, { signal });
      names.set(
        id,
        groups.flatMap(({ type, profile }) => (type === 'BUILT_IN' ? [] : [profile.name])),
      );
    };
    await Promise.all(batch.map(read));
  }
  return names;
}
