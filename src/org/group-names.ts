import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import type { Group } from '../okta/types.js';

import { isListingFailure } from './broken-listing.js';

const GROUPS_PER_PAGE = 200;
const READS_AT_ONCE = 10;
/** Pauses between reads of users who were not found. */
const PAUSES_MS = [250, 500, 1000, 2000];
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
  options: GroupNamesOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { client, signal } = options;
  const groups = ids.length <= FEW_USERS ? undefined : await listGroups(ids.length, client, signal);
  const names = groups && (await namesByGroup(new Set(ids), groups, client, signal));
  if (names === undefined) return namesByUser(ids, options);
  // Lists of members lag behind writes.
  const without = ids.filter((id) => !names.has(id));
  if (without.length > FEW_USERS) return names;
  return new Map([...names, ...(await namesByUser(without, options))]);
}

interface GroupNamesOptions {
  readonly client: OktaClient;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
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

/** Repeats reads that return 404, because the org may return 404 and 200 in turn. */
async function namesByUser(
  ids: readonly string[],
  { client, clock, signal }: GroupNamesOptions,
): Promise<Map<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>();
  let missing = await addNames(names, ids, client, signal);
  for (const [index, pauseMs] of PAUSES_MS.entries()) {
    if (missing.length === 0 || (index > 0 && missing.length > FEW_USERS)) break;
    await clock.sleep(pauseMs, signal);
    missing = await addNames(names, missing, client, signal);
  }
  return names;
}

/** @returns the users who were not found. */
async function addNames(
  names: Map<string, readonly string[]>,
  ids: readonly string[],
  client: OktaClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let start = 0; start < ids.length; start += READS_AT_ONCE) {
    const read = async (id: string): Promise<void> => {
      const groups = await client.listGroupsOf(id, { signal });
      if (groups === undefined) missing.push(id);
      else {
        const own = groups.flatMap(({ type, profile }) => (type === 'BUILT_IN' ? [] : [profile.name]));
        names.set(id, own);
      }
    };
    await Promise.all(ids.slice(start, start + READS_AT_ONCE).map(read));
  }
  return missing;
}
