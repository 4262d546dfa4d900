import type { RequestOptions } from '../okta/api-client.js';
import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';
import { MAX_ATTEMPTS, reactionTo } from '../okta/http/retry.js';
import type { Group, UserType } from '../okta/types.js';

/** What a name or id in the file turned out to be: an id, a group that is to be created, or in words why not. */
export type ResolvedGroup =
  | { readonly id: string }
  | { readonly missing: string }
  | { readonly problem: string };

/** A group that was created, or why it cannot be. */
export type CreatedGroup = { readonly id: string; readonly isNew: boolean } | { readonly problem: string };

/** How often a group is looked for whose name is taken. */
const MAX_LOOKUPS = 3;

export interface GroupResolverOptions {
  /** Whether a group that is not there may be created. */
  readonly createsGroups?: boolean | undefined;
}

/**
 * The org's groups and user types by name or id. Each group is asked for once in a run, however many rows name it.
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

  /** @throws what the client throws when the org cannot be asked; the next call asks again. */
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
   * The id of a group that was `missing`: created, once, however many ask for it.
   *
   * @returns `isNew`: whether it is this call that is answered with a group of our making; or why it cannot be had.
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

  /** Sent again after any failure: a name that is taken by then is ours, or somebody else's who was quicker. */
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
        if (isNameTaken(error)) {
          const found = await this.#findGroup(name, options);
          if ('id' in found) return { id: found.id, isNew: wasInDoubt };
          // What is searched lags behind what is written; a name that is not found then is spelt in another way.
          timesTaken += 1;
          if (timesTaken === MAX_LOOKUPS) return { problem: takenByAnother(name) };
        } else if (reactionTo(error, true).kind === 'in-doubt') wasInDoubt = true;
        else throw error;
        await this.#client.backOff(tries, options);
      }
    }
    throw lastError;
  }

  /** By id, name or display name; names are compared without case, since an org's ten types have none alike. */
  userType(nameOrId: string): UserType | undefined {
    const wanted = nameOrId.toLowerCase();
    return (
      this.userTypes.find((type) => type.id === nameOrId) ??
      this.userTypes.find((type) => type.name.toLowerCase() === wanted) ??
      this.userTypes.find((type) => type.displayName.toLowerCase() === wanted)
    );
  }

  async #findGroup(nameOrId: string, options: RequestOptions): Promise<ResolvedGroup> {
    // Okta's group ids are 20 characters that begin with 00g (Groups, recordings); a group may still be named like one.
    const isLikeAnId = /^00g[A-Za-z0-9]{17}$/.test(nameOrId);
    const byId = isLikeAnId ? await this.#client.getGroup(nameOrId, options) : undefined;
    if (byId !== undefined) return resolve([byId], nameOrId);
    const groups = await this.#client.findGroupsByName(nameOrId, options);
    if (groups.length === 0 && this.#createsGroups && !isLikeAnId) return { missing: nameOrId };
    return resolve(groups, nameOrId);
  }
}

function takenByAnother(name: string): string {
  return `The org has a group whose name it takes for "${name}", and none that is spelt so: give its name as the org has it (case counts), or its id.`;
}

function isNameTaken(error: unknown): boolean {
  return (
    error instanceof OktaApiError &&
    error.status === 400 &&
    error.errorCauses.some((cause) => cause.includes('already exists'))
  );
}

function resolve(groups: readonly Group[], nameOrId: string): ResolvedGroup {
  const [group, ...others] = groups;
  if (group === undefined) {
    return {
      problem: `The org has no group "${nameOrId}". Create it (--create-groups does), or correct the name (case counts).`,
    };
  }
  if (others.length > 0) {
    const ids = groups.map(({ id }) => id).join(', ');
    return {
      problem: `The org has ${groups.length} groups named "${nameOrId}" (${ids}). Give the id instead.`,
    };
  }
  switch (group.type) {
    case 'OKTA_GROUP':
      return { id: group.id };
    case 'BUILT_IN':
      return {
        problem: `"${nameOrId}" is built in: Okta fills it itself and takes nobody by request. Leave it out.`,
      };
    case 'APP_GROUP':
      return {
        problem: `"${nameOrId}" belongs to an application, which alone decides who is in it. Leave it out.`,
      };
    default:
      return group.type satisfies never;
  }
}
