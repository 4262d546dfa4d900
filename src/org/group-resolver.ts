import type { RequestOptions } from '../okta/api-client.js';
import type { OktaClient } from '../okta/client.js';
import { isDuplicate } from '../okta/errors.js';
import { MAX_ATTEMPTS, reactionTo } from '../okta/http/failure-reaction.js';
import type { Group, UserType } from '../okta/types.js';

/** What a name or ID in the file is: a group, one that can be created, or neither, with the reason. */
export type ResolvedGroup =
  | { readonly id: string }
  | { readonly missing: string }
  | { readonly problem: string };

/** A group that exists now, or why it cannot be created. */
export type CreatedGroup = { readonly id: string; readonly isNew: boolean } | { readonly problem: string };

/** How often a group is looked up whose name already exists. */
const MAX_LOOKUPS = 3;

export interface GroupResolverOptions {
  /** Whether missing groups may be created. */
  readonly createsGroups?: boolean | undefined;
}

/**
 * Finds the org's groups and user types by name or ID. Each group is looked up once per run, however many rows name it.
 */
export class GroupResolver {
  readonly userTypes: readonly UserType[];
  readonly #client: OktaClient;
  readonly #createsGroups: boolean;
  readonly #groups = new Map<string, Promise<ResolvedGroup>>();
  readonly #created = new Map<string, Promise<CreatedGroup>>();

  constructor(
    client: OktaClient,
    userTypes: readonly UserType[],
    { createsGroups = false }: GroupResolverOptions = {},
  ) {
    this.#client = client;
    this.userTypes = userTypes;
    this.#createsGroups = createsGroups;
  }

  /** @throws what the client throws; the next call tries again. */
  async group(nameOrId: string, options: RequestOptions): Promise<ResolvedGroup> {
    let resolved = this.#groups.get(nameOrId);
    if (resolved === undefined) {
      resolved = this.#findGroup(nameOrId, options);
      this.#groups.set(nameOrId, resolved);
      resolved.catch(() => this.#groups.delete(nameOrId));
    }
    return resolved;
  }

  /**
   * Creates a group that was `missing`, once, however many rows name it.
   *
   * @returns `isNew`: whether this call created the group.
   * @throws what the client throws; the next call tries again.
   */
  async createGroup(name: string, options: RequestOptions): Promise<CreatedGroup> {
    const earlier = this.#created.get(name);
    if (earlier !== undefined) {
      const group = await earlier;
      return 'id' in group ? { id: group.id, isNew: false } : group;
    }
    const creating = this.#createGroup(name, options);
    this.#created.set(name, creating);
    creating.catch(() => this.#created.delete(name));
    const created = await creating;
    this.#groups.set(name, Promise.resolve(created));
    return created;
  }

  /** Retries after any failure: if the name exists by then, this run or another client has created the group. */
  async #createGroup(name: string, options: RequestOptions): Promise<CreatedGroup> {
    let lastError: unknown;
    let timesTaken = 0;
    let wasInDoubt = false;
    for (let tries = 1; tries <= MAX_ATTEMPTS; tries += 1) {
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
        await this.#client.backOff(tries, options);
      }
    }
    throw lastError;
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

  async #findGroup(nameOrId: string, options: RequestOptions): Promise<ResolvedGroup> {
    // Okta's group IDs are 20 characters that start with 00g, but a group may also have such a name.
    const looksLikeId = /^00g[A-Za-z0-9]{17}$/.test(nameOrId);
    const byId = looksLikeId ? await this.#client.getGroup(nameOrId, options) : undefined;
    if (byId !== undefined) return toResolved([byId], nameOrId);
    const groups = await this.#client.findGroupsByName(nameOrId, options);
    if (groups.length === 0 && this.#createsGroups && !looksLikeId) return { missing: nameOrId };
    return toResolved(groups, nameOrId);
  }
}

function existsInAnotherSpelling(name: string): string {
  return `Okta rejects the group name "${name}" because it exists in another spelling. Use the spelling from the org, or the group's ID.`;
}

function toResolved(groups: readonly Group[], nameOrId: string): ResolvedGroup {
  const [group, ...others] = groups;
  if (group === undefined) {
    return {
      problem: `The org has no group "${nameOrId}". Correct the name (it is case-sensitive), or create missing groups with --create-groups.`,
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
