import type { OktaClient, RequestOptions } from '../okta/client.js';
import type { Group, UserType } from '../okta/types.js';

/** What a name or id in the file turned out to be: an id, or in words why not. */
export type Resolved = { readonly id: string } | { readonly problem: string };

/**
 * The org's groups and user types by name or id. Each group is asked for once in a run, however many rows name it.
 */
export class Directory {
  readonly userTypes: readonly UserType[];
  readonly #client: OktaClient;
  readonly #groups = new Map<string, Promise<Resolved>>();

  constructor(client: OktaClient, userTypes: readonly UserType[]) {
    this.#client = client;
    this.userTypes = userTypes;
  }

  /** @throws what the client throws when the org cannot be asked; the next call asks again. */
  async group(nameOrId: string, options: RequestOptions): Promise<Resolved> {
    let resolved = this.#groups.get(nameOrId);
    if (resolved === undefined) {
      resolved = this.#findGroup(nameOrId, options);
      this.#groups.set(nameOrId, resolved);
      resolved.catch(() => this.#groups.delete(nameOrId));
    }
    return resolved;
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

  async #findGroup(nameOrId: string, options: RequestOptions): Promise<Resolved> {
    // Okta's group ids are 20 characters that begin with 00g (Groups, recordings); a group may still be named like one.
    const byId = /^00g[A-Za-z0-9]{17}$/.test(nameOrId)
      ? await this.#client.getGroup(nameOrId, options)
      : undefined;
    if (byId !== undefined) return resolve([byId], nameOrId);
    return resolve(await this.#client.findGroupsByName(nameOrId, options), nameOrId);
  }
}

function resolve(groups: readonly Group[], nameOrId: string): Resolved {
  const [group, ...others] = groups;
  if (group === undefined) {
    return { problem: `The org has no group "${nameOrId}". Create it, or correct the name (case counts).` };
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
