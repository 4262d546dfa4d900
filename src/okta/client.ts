import type { Secret } from '../secret.js';

import { parseActivationLink, parseTemporaryPassword, type ActivationLink } from './activation-link.js';
import { ApiClient, type ListOptions, type RequestOptions } from './api-client.js';
import { isMissing, OktaUnreadableResponseError } from './errors.js';
import { findUser, findUserByLogin } from './find-user.js';
import type { OktaResponse } from './http/parse-response.js';
import { MAX_LIST_BYTES } from './http/send-request.js';
import type { Call } from './http/transport.js';
import {
  parseGroup,
  parseList,
  parseUser,
  parseUserSchema,
  parseUserWithId,
  withCurrentStatus,
} from './response-body.js';
import { isSameLogin } from './login.js';
import { searchLiteral } from './search-literal.js';
import type {
  AdminRole,
  CreateUserOptions,
  Credentials,
  Group,
  PasswordPolicy,
  Profile,
  Realm,
  User,
  UserSchema,
  UserType,
} from './types.js';

/** What `listUsers` asks for; Okta rejects `filter` with `search` (`E0000033`). */
export interface ListUsersQuery {
  /** Prefix of firstName, lastName or email; returns one page only. */
  readonly q?: string | undefined;
  /** SCIM filter on a few attributes; values are case-sensitive. */
  readonly filter?: string | undefined;
  /** SCIM filter on any attribute; eventually consistent. */
  readonly search?: string | undefined;
  readonly sortBy?: string | undefined;
  /** Users per page, 1 to 200. */
  readonly pageSize?: number | undefined;
}

/** A user, and the ID of the request that returned it. */
export interface UserResponse {
  readonly user: User;
  readonly requestId: string | undefined;
}

/** The endpoints of Okta's Management API that this program uses. Every method throws what `Transport.call` throws. */
export class OktaClient extends ApiClient {
  /**
   * Creates a user. Retries only failures after which nothing was created.
   *
   * @param body - JSON text of a `UserRequest`.
   * @param beforeSend - called each time before the request is sent; if it rejects, the request is not sent.
   * @see Users, "Create a user"
   */
  createUser(
    body: string,
    { activate, provider, nextLogin }: CreateUserOptions,
    { signal, beforeSend }: RequestOptions & Pick<Call, 'beforeSend'> = {},
  ): Promise<UserResponse> {
    const query = { activate, provider, nextLogin };
    const call = { method: 'POST', path: '/api/v1/users', query, body, signal, beforeSend } as const;
    return this.call(call).then(toUserResponse);
  }

  /**
   * Reads one user. For a name of another origin, use `findUser`: Okta cuts names with special characters off, and may then
   * return another user.
   *
   * @param user - Okta ID, login, login short name, or `me`.
   * @returns undefined when there is none (404 `E0000007`).
   * @throws {OktaUnreadableResponseError} the response is about another user than the Okta ID.
   * @see Users, "Retrieve a user"
   */
  async getUser(user: string, { signal }: RequestOptions = {}): Promise<User | undefined> {
    const response = await this.callUnlessMissing({ method: 'GET', path: userPath(user), signal });
    if (response === undefined) return undefined;
    const read = parseUser(response);
    return OKTA_ID.test(user) && !isSameLogin(read.profile.login, user)
      ? parseUserWithId(response, user)
      : read;
  }

  /**
   * Reads one user by any name that `getUser` accepts. A name that cannot be part of a path is searched for as a login and
   * as a login short name; the search index may lag behind by a second or so.
   *
   * @returns undefined when there is none, or when several users have the short name.
   */
  async findUser(name: string, options: RequestOptions = {}): Promise<User | undefined> {
    return findUser(this, name, options);
  }

  /**
   * Reads the user who has a login. A login that cannot be part of a path, or is `me`, is searched for; the search index
   * may lag behind by a second or so.
   */
  async findUserByLogin(login: string, options: RequestOptions = {}): Promise<User | undefined> {
    return findUserByLogin(this, login, options);
  }

  /**
   * Changes the given attributes of a profile and leaves the others unchanged; null clears one. Retries only failures
   * after which nothing was changed.
   *
   * @see Users, "Update a user"
   */
  async updateProfile(
    userId: string,
    profile: Profile,
    { signal }: RequestOptions = {},
  ): Promise<UserResponse> {
    const body = JSON.stringify({ profile });
    const response = await this.call({ method: 'POST', path: userPath(userId), body, signal });
    return { user: parseUserWithId(response, userId), requestId: response.requestId };
  }

  /** Sets credentials; those that are not given stay. @see Users, "Update a user" */
  async setCredentials(
    userId: string,
    credentials: Credentials,
    { signal }: RequestOptions = {},
  ): Promise<UserResponse> {
    const body = JSON.stringify({ credentials });
    const response = await this.call({ method: 'POST', path: userPath(userId), body, signal });
    return { user: parseUserWithId(response, userId), requestId: response.requestId };
  }

  /** Makes a user choose a new password at the next sign-in. @see Users, "Expire the password" */
  async expirePassword(userId: string, { signal }: RequestOptions = {}): Promise<UserResponse> {
    const path = `${userPath(userId)}/lifecycle/expire_password`;
    const response = await this.call({ method: 'POST', path, signal });
    return { user: parseUserWithId(response, userId), requestId: response.requestId };
  }

  /**
   * Replaces the password of a user by a temporary one, which is to be changed at the next sign-in.
   *
   * @see Users, "Expire the password with a temporary password"
   */
  async expirePasswordWithTemporary(userId: string, { signal }: RequestOptions = {}): Promise<Secret> {
    const path = `${userPath(userId)}/lifecycle/expire_password_with_temp_password`;
    return parseTemporaryPassword(await this.call({ method: 'POST', path, signal }));
  }

  /**
   * Activates a staged user. A user without a password gets an email with an activation link, unless `sendEmail` is false.
   *
   * @returns the link, if Okta does not send it.
   * @see Users, "Activate a user"
   */
  async activateUser(
    userId: string,
    sendEmail: boolean,
    { signal }: RequestOptions = {},
  ): Promise<ActivationLink | undefined> {
    const path = `${userPath(userId)}/lifecycle/activate`;
    const response = await this.call({ method: 'POST', path, query: { sendEmail }, signal });
    return parseActivationLink(response);
  }

  /**
   * Issues a new activation link for a user who was activated and has not signed in yet; the former link ends. Okta sends it,
   * unless `sendEmail` is false.
   *
   * @returns the link, if Okta does not send it.
   * @see Users, "Reactivate a user"
   */
  async reactivateUser(
    userId: string,
    sendEmail: boolean,
    { signal }: RequestOptions = {},
  ): Promise<ActivationLink | undefined> {
    const path = `${userPath(userId)}/lifecycle/reactivate`;
    return parseActivationLink(await this.call({ method: 'POST', path, query: { sendEmail }, signal }));
  }

  /** Reads a resource that is not listed above, as it is. @param path - from `/api/v1` on. */
  async readResource(path: string, { signal }: RequestOptions = {}): Promise<unknown> {
    return (await this.call({ method: 'GET', path, signal })).body;
  }

  /**
   * Suspends an active user, unsuspends a suspended one, or deactivates one. A deactivated user loses its credentials.
   *
   * @see Users, "Suspend a user", "Unsuspend a user", "Deactivate a user"
   */
  async changeStatus(
    userId: string,
    step: 'suspend' | 'unsuspend' | 'deactivate',
    { signal }: RequestOptions = {},
  ): Promise<void> {
    await this.call({ method: 'POST', path: `${userPath(userId)}/lifecycle/${step}`, signal });
  }

  /**
   * The first call deactivates a user, the second deletes it permanently.
   *
   * @returns false when the user does not exist.
   * @throws {OktaUnreadableResponseError} the response has nothing of Okta's: it has no body, so any proxy could have sent it.
   * @see Users, "Delete a user"
   */
  async deleteUser(userId: string, { signal }: RequestOptions = {}): Promise<boolean> {
    const response = await this.callUnlessMissing({ method: 'DELETE', path: userPath(userId), signal });
    if (response === undefined) return false;
    const { requestId, headers } = response;
    if (requestId === undefined && headers['x-rate-limit-limit'] === undefined) {
      throw new OktaUnreadableResponseError(response, 'without the headers of Okta');
    }
    return true;
  }

  /** Lists users, requesting each page when it is needed. @see Users, "List all users" */
  async *listUsers(query: ListUsersQuery = {}, options: ListOptions = {}): AsyncGenerator<User> {
    const { q, filter, search, sortBy, pageSize } = query;
    const listed = { q, filter, search, sortBy, limit: pageSize };
    const users = this.pages<User>('/api/v1/users', listed, options, 'user');
    for await (const user of users) yield withCurrentStatus(user);
  }

  /**
   * About how many users the org has, possibly including deactivated ones: the members of the group Everyone.
   *
   * @returns undefined when the org does not report it.
   * @see Groups, "List all groups", `expand=stats`
   */
  async countUsers({ signal }: RequestOptions = {}): Promise<number | undefined> {
    const query = { search: 'type eq "BUILT_IN"', expand: 'stats', limit: 200 };
    const options = { signal, isOptional: true };
    for await (const group of this.pages<Group>('/api/v1/groups', query, options, 'group')) {
      if (group.profile.name === 'Everyone') return group._embedded?.stats?.usersCount;
    }
    return undefined;
  }

  /** Admin roles of a user. @see Role Assignments, "List all user role assignments" */
  async listAdminRoles(userId: string, { signal }: RequestOptions = {}): Promise<readonly AdminRole[]> {
    const path = `${userPath(userId)}/roles`;
    const response = await this.call({ method: 'GET', path, signal });
    return parseList(response) as readonly AdminRole[];
  }

  /** Lists groups, page by page. @param pageSize - 1 to 200. @see Groups, "List all groups" */
  async *listGroups(pageSize: number, { signal }: RequestOptions = {}): AsyncGenerator<Group> {
    yield* this.pages<Group>('/api/v1/groups', { limit: pageSize }, { signal }, 'group');
  }

  /** Groups with exactly this name; groups of apps may share one. @see Groups, "List all groups" */
  async findGroupsByName(name: string, options: ListOptions = {}): Promise<Group[]> {
    const search = `profile.name eq ${searchLiteral(name)}`;
    const groups: Group[] = [];
    const query = { search, limit: GROUPS_OF_ONE_NAME };
    for await (const group of this.pages<Group>('/api/v1/groups', query, options, 'group')) {
      // Okta ignores case here.
      if (group.profile.name === name) groups.push(group);
    }
    return groups;
  }

  /** @returns undefined when there is none. */
  async getGroup(groupId: string, { signal }: RequestOptions = {}): Promise<Group | undefined> {
    const response = await this.callUnlessMissing({ method: 'GET', path: groupPath(groupId), signal });
    return response && parseGroup(response);
  }

  /**
   * @throws {OktaApiError} for example, the name is taken (400).
   * @see Groups, "Add a group"
   */
  async createGroup(name: string, { signal }: RequestOptions = {}): Promise<Group> {
    const body = JSON.stringify({ profile: { name } });
    return parseGroup(await this.call({ method: 'POST', path: '/api/v1/groups', body, signal }));
  }

  /** Does nothing when the user is already a member. @see Groups, "Assign a user to a group" */
  async addToGroup(groupId: string, userId: string, { signal }: RequestOptions = {}): Promise<void> {
    const path = memberPath(groupId, userId);
    await this.call({ method: 'PUT', path, isWrite: false, signal });
  }

  /** Does nothing when the user or the group no longer exists. @see Groups, "Unassign a user from a group" */
  async removeFromGroup(groupId: string, userId: string, { signal }: RequestOptions = {}): Promise<void> {
    const path = memberPath(groupId, userId);
    await this.callUnlessMissing({ method: 'DELETE', path, isWrite: false, signal });
  }

  /** IDs of the groups that a user belongs to. @see Users, "List all groups" of a user */
  async listGroupIdsOf(userId: string, { signal }: RequestOptions = {}): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for await (const { id } of this.pages<Group>(`${userPath(userId)}/groups`, {}, { signal })) ids.add(id);
    return ids;
  }

  /** The groups that a user belongs to. @returns undefined when there is no such user. @see Users, "List all groups" of a user */
  async listGroupsOf(userId: string, { signal }: RequestOptions = {}): Promise<readonly Group[] | undefined> {
    const groups: Group[] = [];
    try {
      const pages = this.pages<Group>(`${userPath(userId)}/groups`, {}, { signal }, 'group');
      for await (const group of pages) groups.push(group);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    return groups;
  }

  /** The members of a group, page by page. @see Groups, "List all member users" */
  async *listMembers(groupId: string, options: ListOptions = {}): AsyncGenerator<User> {
    const path = `${groupPath(groupId)}/users`;
    const users = this.pages<User>(path, { limit: 1000 }, options, 'user');
    for await (const user of users) yield withCurrentStatus(user);
  }

  /** The password policies of the org, in the order of their priority. @see Policies, "List all policies" */
  async *listPasswordPolicies({ signal }: RequestOptions = {}): AsyncGenerator<PasswordPolicy> {
    const query = { type: 'PASSWORD' };
    yield* this.pages<PasswordPolicy>('/api/v1/policies', query, { signal, isOptional: true });
  }

  /** All realms of an org that has the feature. @see Realms, "List all realms" */
  async *listRealms(options: ListOptions = {}): AsyncGenerator<Realm> {
    yield* this.pages<Realm>('/api/v1/realms', { limit: 200 }, options);
  }

  /** At most ten, never paged. @see User Types, "List all user types" */
  async listUserTypes({ signal }: RequestOptions = {}): Promise<readonly UserType[]> {
    const response = await this.call({ method: 'GET', path: '/api/v1/meta/types/user', signal });
    return parseList(response) as readonly UserType[];
  }

  /**
   * @param type - undefined for the schema of the default type. A type links to its schema, since the two have different
   * IDs.
   */
  async getUserSchema(type: UserType | undefined, { signal }: RequestOptions = {}): Promise<UserSchema> {
    const link = type?._links?.schema?.href;
    const path =
      link === undefined ? '/api/v1/meta/schemas/user/default' : new URL(link, this.orgUrl).pathname;
    const call = { method: 'GET', path, maxBodyBytes: MAX_LIST_BYTES, signal } as const;
    return parseUserSchema(await this.call(call));
  }
}

/** Okta ignores case, and several apps can each have a group of that name. */
const GROUPS_OF_ONE_NAME = 10;
/** Of a user. */
const OKTA_ID = /^00u[A-Za-z0-9]{17}$/;

function toUserResponse(response: OktaResponse): UserResponse {
  return { user: parseUser(response), requestId: response.requestId };
}

function userPath(user: string): string {
  return `/api/v1/users/${encodeURIComponent(user)}`;
}

function groupPath(groupId: string): string {
  return `/api/v1/groups/${encodeURIComponent(groupId)}`;
}

function memberPath(groupId: string, userId: string): string {
  return `${groupPath(groupId)}/users/${encodeURIComponent(userId)}`;
}
