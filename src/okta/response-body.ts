import { OktaUnreadableResponseError } from './errors.js';
import type { OktaResponse } from './http/parse-response.js';
import type { ListedItem } from './paging-guard.js';
import type { Group, User, UserSchema } from './types.js';

/** @throws {OktaUnreadableResponseError} the body is not a user. */
export function parseUser(response: OktaResponse): User {
  const user = response.body as Partial<User> | null;
  if (typeof user?.id !== 'string' || typeof user.profile?.login !== 'string') {
    throw unreadable(response, 'not a user');
  }
  return withCurrentStatus(user as User);
}

/**
 * @throws {OktaUnreadableResponseError} the body is not a user, or a different user than requested, as from a cache.
 * @param oktaId - of the request.
 */
export function parseUserWithId(response: OktaResponse, oktaId: string): User {
  const user = parseUser(response);
  if (user.id !== oktaId) throw unreadable(response, `about another user (${user.id})`);
  return user;
}

/** While Okta changes the status of a user, its `status` is still the old one. */
export function withCurrentStatus(user: User): User {
  const { transitioningToStatus } = user;
  return typeof transitioningToStatus === 'string' ? { ...user, status: transitioningToStatus } : user;
}

/** @throws {OktaUnreadableResponseError} the body is not a group. */
export function parseGroup(response: OktaResponse): Group {
  const group = response.body as Partial<Group> | null;
  if (typeof group?.id !== 'string') throw unreadable(response, 'not a group');
  return group as Group;
}

/** @throws {OktaUnreadableResponseError} the body is not a user schema. */
export function parseUserSchema(response: OktaResponse): UserSchema {
  const schema = response.body as Partial<UserSchema> | null;
  if (schema?.definitions?.base?.properties === undefined) throw unreadable(response, 'not a user schema');
  return schema as UserSchema;
}

/** @throws {OktaUnreadableResponseError} the body is not a list; its items are not checked. */
export function parseList(response: OktaResponse): readonly unknown[] {
  if (!Array.isArray(response.body)) throw unreadable(response, 'not a list');
  return response.body;
}

/** The kind of items in a listing; of items other than users and groups, only the ID is checked. */
export type ItemKind = 'user' | 'group' | 'object';

const NAME_OF: Readonly<Record<ItemKind, ((item: Item) => unknown) | undefined>> = {
  user: ({ profile }) => profile?.login,
  group: ({ profile }) => profile?.name,
  object: undefined,
};

interface Item extends ListedItem {
  readonly profile?: { readonly login?: unknown; readonly name?: unknown } | null;
}

/** @throws {OktaUnreadableResponseError} the body is not a list of such items. */
export function parseItems(response: OktaResponse, kind: ItemKind): readonly ListedItem[] {
  const items = parseList(response);
  const nameOf = NAME_OF[kind];
  if (!items.every(isListedItem)) throw unreadable(response, 'a list with an item that has no ID');
  if (nameOf !== undefined && !items.every((item) => typeof nameOf(item) === 'string')) {
    throw unreadable(response, `a list with an item that is not a ${kind}`);
  }
  return items;
}

function isListedItem(item: unknown): item is ListedItem {
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string';
}

/** @param what - the body, as the end of a sentence. */
export function unreadable(response: OktaResponse, what: string): OktaUnreadableResponseError {
  return new OktaUnreadableResponseError(response, what);
}
