import { OktaImportError } from '../errors.js';
import type { RequestOptions } from '../okta/api-client.js';
import type { OktaClient } from '../okta/client.js';
import { isDuplicate, isOktaResponse, OktaApiError, OrgUnavailableError } from '../okta/errors.js';
import { MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import type { Group, UserType } from '../okta/types.js';
import { EVERYONE_MESSAGE, groupNameProblem, isEveryone } from '../rows/group-name.js';
import { closeMatches, messageOf, quoted, withFullStop } from '../text.js';

import { mayListingSucceedLater } from './broken-listing.js';
import { LATER_LISTING_MS, readPatiently, waitForOrg } from './patient-listing.js';
import { RealmResolver } from './realm-resolver.js';

/** What a name or ID in the file is: a group, one that can be created, or neither, with the reason. */
export type ResolvedGroup =
  | { readonly id: string }
  | { readonly missing: string }
  | GroupProblem
  | GroupFailure;

export interface GroupProblem {
  readonly problem: string;
  /** Default: `unknown-group`. */
  readonly code?: 'group-everyone';
  /** The org has no group of that name. */
  readonly isMissing?: true;
}

/** The lookup of a group failed: whether the name in the file is right is unknown. */
export interface GroupFailure {
  readonly failure: OktaImportError;
  readonly message: string;
}

/** A group that exists now, or why it cannot be created. */
export type CreatedGroup =
  | { readonly id: string; readonly isNew: boolean }
  | { readonly problem: string }
  | GroupFailure;

/** How often a group is looked up whose name already exists. */
const MAX_LOOKUPS = 3;
/** After this many failed rows, a group is not tried again: each try takes its retries and pauses. */
const MAX_FAILURES = 3;
/** If none of this many groups can be looked up or created, the org fails for every group. */
const MAX_FAILED_GROUPS = 3;

/** Groups whose names are compared with one that does not exist. */
const MAX_COMPARED = 1000;
const GROUPS_PER_PAGE = 200;

export interface GroupResolverOptions {
  /** Whether missing groups may be created. */
  readonly createsGroups?: boolean | undefined;
}

/**
 * Finds the org's groups, user types and realms by name or ID. Each group is looked up once per run, however many rows name it.
 */
export class GroupResolver {
  readonly userTypes: readonly UserType[];
  readonly realms: RealmResolver;
  readonly #client: OktaClient;
  readonly #createsGroups: boolean;
  readonly #groups = new Map<string, Promise<ResolvedGroup>>();
  readonly #created = new Map<string, Promise<CreatedGroup>>();
  /** Consecutive failed requests by name or ID of the group; removed when one succeeds. */
  readonly #failures = new Map<string, number>();
  /** Groups whose lookup has failed since the last one that succeeded. */
  readonly #failedGroups = new Set<string>();
  #hasSucceeded = false;

  constructor(
    client: OktaClient,
    userTypes: readonly UserType[],
    { createsGroups = false }: GroupResolverOptions = {},
  ) {
    this.#client = client;
    this.userTypes = userTypes;
    this.realms = new RealmResolver(client);
    this.#createsGroups = createsGroups;
  }

  /** Makes the next rows retry the groups and realms whose lookup failed. */
  forgetFailures(): void {
    for (const name of this.#failures.keys()) this.#groups.delete(name);
    this.#failures.clear();
    this.#failedGroups.clear();
    this.realms.forgetFailures();
  }

  /** @throws what would fail for every group; the next call tries again. */
  async group(nameOrId: string, options: RequestOptions): Promise<ResolvedGroup> {
    const invalid = groupNameProblem(nameOrId);
    if (invalid !== undefined) return { problem: invalid };
    let resolved = this.#groups.get(nameOrId);
    if (resolved === undefined) {
      resolved = this.#orFailure(nameOrId, 'looked up', options, () => this.#findGroup(nameOrId, options));
      this.#keep(this.#groups, nameOrId, resolved);
    }
    return resolved;
  }

  /**
   * Creates a group that was `missing`, once, however many rows name it.
   *
   * @returns `isNew`: whether this call created the group.
   * @throws what would fail for every group; the next call tries again.
   */
  async createGroup(name: string, options: RequestOptions): Promise<CreatedGroup> {
    const earlier = this.#created.get(name);
    if (earlier !== undefined) {
      const group = await earlier;
      return 'id' in group ? { id: group.id, isNew: false } : group;
    }
    const creating = this.#orFailure(name, 'created', options, () => this.#createGroup(name, options));
    this.#keep(this.#created, name, creating);
    const created = await creating;
    if ('id' in created) this.#groups.set(name, Promise.resolve(created));
    return created;
  }

  /** Remembers a result, unless the next row should try again. */
  #keep<Result>(results: Map<string, Promise<Result>>, name: string, result: Promise<Result>): void {
    results.set(name, result);
    const forget = (): void => {
      const failures = this.#failures.get(name) ?? 0;
      if (failures > 0 && failures < MAX_FAILURES) results.delete(name);
    };
    result.then(forget, () => results.delete(name));
  }

  /** Turns an error that concerns this group into a failure of its rows. */
  async #orFailure<Result>(
    name: string,
    action: string,
    options: RequestOptions,
    ask: () => Promise<Result>,
  ): Promise<Result | GroupProblem | GroupFailure> {
    try {
      const result = await ask();
      this.#hasSucceeded = true;
      this.#failures.delete(name);
      this.#failedGroups.clear();
      return result;
    } catch (error) {
      if (options.signal?.aborted === true || !(error instanceof OktaImportError)) throw error;
      if (error instanceof OrgUnavailableError) await waitForOrg(this.#client, options);
      else if (this.#concernsAllGroups(error)) throw error;
      const message = `The group ${quoted(name)} could not be ${action}: ${withFullStop(messageOf(error))}`;
      const isAnswer = isOktaResponse(error) && !mayListingSucceedLater(error);
      // Retrying took a long time already, so other rows do not try this group again.
      this.#failures.set(name, isAnswer ? (this.#failures.get(name) ?? 0) + 1 : MAX_FAILURES);
      if (!isAnswer) this.#failedGroups.add(name);
      if (this.#failedGroups.size >= MAX_FAILED_GROUPS) throw error;
      // Okta has rejected the name.
      if (action === 'created' && isAnswer && error.status === 400) return { problem: message };
      return { failure: error, message };
    }
  }

  #concernsAllGroups(error: OktaImportError): boolean {
    if (reactionTo(error, true).kind !== 'stop') return false;
    if (!(error instanceof OktaApiError)) return true;
    if (error.status < 400 || error.status === 401 || error.status === 407) return true;
    // Missing permissions show with the first group; a gateway may reject a single name.
    return error.errorCode !== undefined && !this.#hasSucceeded;
  }

  /** Retries after any failure: if the name exists by then, this run or another client has created the group. */
  async #createGroup(name: string, options: RequestOptions): Promise<CreatedGroup> {
    let lastError: unknown;
    let timesTaken = 0;
    let wasInDoubt = false;
    // All other rows wait meanwhile: what failed to the end for one row is only tried once for the next.
    const maxAttempts = this.#failures.has(name) ? 1 : MAX_ATTEMPTS;
    for (let tries = 1; tries <= maxAttempts; tries += 1) {
      try {
        const { id } = await this.#client.createGroup(name, options);
        return { id, isNew: true };
      } catch (error) {
        lastError = error;
        if (isDuplicate(error)) {
          const found = await this.#findGroup(name, options);
          if ('id' in found) return { id: found.id, isNew: wasInDoubt };
          // Searches lag behind writes. A name that is never found exists in another spelling.
          timesTaken += 1;
          if (timesTaken === MAX_LOOKUPS) return { problem: existsInAnotherSpelling(name) };
        } else if (reactionTo(error, true).kind === 'in-doubt') wasInDoubt = true;
        else throw error;
        if (tries < maxAttempts) await this.#client.backOff(tries, options);
      }
    }
    throw lastError;
  }

  /** Names of groups that differ from a name by a typo, the closest first; none in an org that does not list its groups. */
  async similarNames(name: string, options: RequestOptions): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      for await (const { profile } of this.#client.listGroups(GROUPS_PER_PAGE, options)) {
        if (names.length >= MAX_COMPARED) break;
        names.push(profile.name);
      }
    } catch (error) {
      // It would only have been a suggestion.
      if (options.signal?.aborted === true || !(error instanceof OktaImportError)) throw error;
    }
    return closeMatches(name, names);
  }

  /** By ID, name or display name, ignoring case: an org has at most ten user types, with distinct names. */
  userType(nameOrId: string): UserType | undefined {
    const wanted = nameOrId.toLowerCase();
    return (
      this.userTypes.find((type) => type.id === nameOrId) ??
      this.userTypes.find((type) => type.name.toLowerCase() === wanted) ??
      this.userTypes.find((type) => type.displayName.toLowerCase() === wanted)
    );
  }

  /** @returns `hidden` when the admin may not see this group. */
  async #getGroup(groupId: string, options: RequestOptions): Promise<Group | 'hidden' | undefined> {
    try {
      return await this.#client.getGroup(groupId, options);
    } catch (error) {
      if (error instanceof OktaApiError && error.errorCode === 'E0000006') return 'hidden';
      throw error;
    }
  }

  #groupsNamed(name: string, options: RequestOptions): Promise<readonly Group[]> {
    const isFailing = this.#failedGroups.size > 0;
    return isFailing
      ? this.#client.findGroupsByName(name, { ...options, isOptional: true, timeoutMs: LATER_LISTING_MS })
      : readPatiently(this.#client, (each) => this.#client.findGroupsByName(name, each), options);
  }

  async #findGroup(nameOrId: string, options: RequestOptions): Promise<ResolvedGroup> {
    // Okta's group IDs are 20 characters that start with 00g, but a group may also have such a name.
    const looksLikeId = /^00g[A-Za-z0-9]{17}$/.test(nameOrId);
    const byId = looksLikeId ? await this.#getGroup(nameOrId, options) : undefined;
    if (byId === 'hidden') return { problem: isHidden(nameOrId) };
    if (byId !== undefined) return toResolved([byId], nameOrId);
    const groups = await this.#groupsNamed(nameOrId, options);
    if (groups.length === 0 && isEveryone(nameOrId)) return EVERYONE;
    if (groups.length === 0 && this.#createsGroups && !looksLikeId) return { missing: nameOrId };
    return toResolved(groups, nameOrId);
  }
}

const EVERYONE: GroupProblem = { problem: EVERYONE_MESSAGE, code: 'group-everyone' };

function isHidden(groupId: string): string {
  return `The admin who signs in may not see the group ${groupId} (403 E0000006). Correct the ID, or extend the admin's permissions.`;
}

function existsInAnotherSpelling(name: string): string {
  return `Okta rejects the group name "${name}" because it exists in another spelling. Use the spelling from the org, or the group's ID.`;
}

function toResolved(groups: readonly Group[], nameOrId: string): ResolvedGroup {
  const [group, ...others] = groups;
  if (group === undefined) {
    return {
      problem: `The org has no group "${nameOrId}". Correct the name (it is case-sensitive), or create missing groups with --create-groups.`,
      isMissing: true,
    };
  }
  if (others.length > 0) {
    const ids = groups.map(({ id }) => id).join(', ');
    return {
      problem: `The org has ${groups.length} groups named "${nameOrId}" (${ids}). Use the ID instead.`,
    };
  }
  switch (group.type) {
    case 'OKTA_GROUP':
      return { id: group.id };
    case 'BUILT_IN':
      if (isEveryone(group.profile.name)) return EVERYONE;
      return {
        problem: `Okta manages the members of the built-in group "${nameOrId}". Remove it from the row.`,
      };
    case 'APP_GROUP':
      return {
        problem: `The group "${nameOrId}" belongs to an application, which manages its members. Remove it from the row.`,
      };
    default:
      return group.type satisfies never;
  }
}
