import type { ListOptions, RequestOptions } from '../okta/api-client.js';
import type { OktaClient } from '../okta/client.js';
import { OAUTH_ERRORS, OktaApiError } from '../okta/errors.js';
import { reactionTo } from '../okta/http/failure-reaction.js';
import type { Realm } from '../okta/types.js';
import { messageOf, quoted, withFullStop } from '../text.js';

import { mayListingSucceedLater } from './broken-listing.js';
import { readPatiently } from './patient-listing.js';

/** What the realm of a row is: one of the org's, or none, with the reason. */
export type ResolvedRealm =
  | { readonly id: string }
  | { readonly problem: string; readonly code: 'unknown-realm' | 'realm-unconfirmed' }
  /** The org failed to list its realms: whether the name in the file is right is unknown. */
  | { readonly failure: string };

/** Finds the org's realms by name or ID. They are listed once per run, when a row first names one. */
export class RealmResolver {
  readonly #client: Pick<OktaClient, 'listRealms' | 'getUser'>;
  #loading: Promise<void> | undefined;
  #realms: readonly Realm[] | undefined;
  /** Why the realms could not be listed. */
  #failure: unknown;

  constructor(client: Pick<OktaClient, 'listRealms' | 'getUser'>) {
    this.#client = client;
  }

  /** Whether `realm` knows what it can know. */
  get isLoaded(): boolean {
    return this.#realms !== undefined;
  }

  /** Lists the realms, unless that was done. @throws what concerns other requests too; the next call tries again. */
  async load(options: RequestOptions): Promise<void> {
    if (this.isLoaded) return;
    const loading = (this.#loading ??= this.#list(options));
    await loading.finally(() => (this.#loading = undefined));
  }

  /** By ID, by name, or by name in any case if only one realm fits. */
  realm(nameOrId: string): ResolvedRealm {
    const realms = this.#realms ?? [];
    const byId = realms.find(({ id }) => id === nameOrId);
    if (byId !== undefined) return { id: byId.id };
    const byName = realms.filter(({ profile }) => profile.name === nameOrId);
    const wanted = nameOrId.toLowerCase();
    const found =
      byName.length > 0 ? byName : realms.filter(({ profile }) => profile.name.toLowerCase() === wanted);
    const [realm, ...others] = found;
    if (realm !== undefined && others.length === 0) return { id: realm.id };
    if (realm !== undefined) {
      const ids = found.map(({ id }) => id).join(', ');
      return {
        code: 'unknown-realm',
        problem: `The org has ${found.length} realms named ${quoted(nameOrId)} (${ids}). Use the ID instead.`,
      };
    }
    if (this.#failure === undefined) {
      const problem = `The org has no realm ${quoted(nameOrId)}. Correct the name or the ID.`;
      return { code: 'unknown-realm', problem };
    }
    // Okta checks the ID when the user is created.
    if (/^guo[A-Za-z0-9]{17}$/.test(nameOrId)) return { id: nameOrId };
    const message = `The realm ${quoted(nameOrId)} could not be looked up: ${withFullStop(messageOf(this.#failure))}`;
    if (mayListingSucceedLater(this.#failure)) return { failure: message };
    return {
      code: 'realm-unconfirmed',
      problem: `${message} Use the ID of the realm, or clear the cell if the org has no realms.`,
    };
  }

  /** Makes the next row list the realms again if that failed. */
  forgetFailures(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#realms = undefined;
  }

  async #list(options: RequestOptions): Promise<void> {
    const read = async (each: ListOptions): Promise<readonly Realm[]> => {
      const realms: Realm[] = [];
      for await (const realm of this.#client.listRealms(each)) realms.push(realm);
      return realms;
    };
    try {
      this.#realms = await readPatiently(this.#client, read, options);
    } catch (error) {
      if (options.signal?.aborted === true || !concernsRealms(error)) throw error;
      this.#failure = error;
      this.#realms = [];
    }
  }
}

/** Orgs without the feature, and admins without the permission or scope, can create users all the same. */
function concernsRealms(error: unknown): boolean {
  if (mayListingSucceedLater(error)) return true;
  if (!(error instanceof OktaApiError)) return false;
  // Without the feature, the status is 401 although the token is valid.
  if (['E0000015', 'E0000006'].includes(error.errorCode ?? '')) return true;
  if (error.status === 403 || error.status === 404) return true;
  return !OAUTH_ERRORS.has(error.errorCode ?? '') && reactionTo(error, false).kind !== 'stop';
}
