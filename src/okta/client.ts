import type { OktaResponse } from './http/parse-response.js';
import { isSameLogin } from './login.js';
import { searchLiteral } from './search-literal.js';
import { OktaApiError, OktaUnreadableResponseError } from './errors.js';
import type { Governor } from './rate-limit/governor.js';
import { Transport, type Call, type TransportOptions } from './http/transport.js';
import type {
  AdminRole,
  CreateUserOptions,
  Group,
  Profile,
  User,
  UserRequest,
  UserSchema,
  UserType,
} from './types.js';

/** What `listUsers` asks for; Okta refuses `filter` with `search` (`E0000033`). */
export interface ListUsersQuery {
  /** Prefix of firstName, lastName or email; answers one page only. */
  readonly q?: string | undefined;
  /** SCIM filter over a few attributes, case-sensitive values. */
  readonly filter?: string | undefined;
  /** SCIM filter over every attribute; eventually consistent. */
  readonly search?: string | undefined;
  readonly sortBy?: string | undefined;
  /** Users a page, 1 to 200. */
  readonly pageSize?: number | undefined;
}

export interface RequestOptions {
  /** Ends waits; a request that was sent is not cut off. */
  readonly signal?: AbortSignal | undefined;
}

/** A user, and the id of the request that answered with it. */
export interface UserResponse {
  readonly user: User;
  readonly requestId: string | undefined;
}

/** The endpoints of Okta's Management API that this program speaks. All throw what `Transport.call` throws. */
export class OktaClient {
  readonly orgUrl: string;
  readonly #transport: Transport;

  constructor(options: TransportOptions) {
    this.orgUrl = options.orgUrl;
    this.#transport = new Transport(options);
  }

  get governor(): Governor {
    return this.#transport.governor;
  }

  /** OAuth scopes of the token in use; undefined before the first request, and for an API token. */
  get grantedScopes(): readonly string[] | undefined {
    return this.#transport.grantedScopes;
  }

  /** How long the org may fail before a run gives up. Milliseconds. */
  get giveUpAfterMs(): number {
    return this.#transport.giveUpAfterMs;
  }

  /** Requests that were sent again after a failure. */
  get retried(): number {
    return this.#transport.retried;
  }

  /** Since when the org has answered nobody, epoch milliseconds; undefined when the last request was answered. */
  get unavailableSinceMs(): number | undefined {
    return this.#transport.unavailableSinceMs;
  }

  /** Waits before something is tried again, longer after each failure. @throws the signal's reason. */
  async backOff(failures: number, { signal }: RequestOptions = {}): Promise<void> {
    await this.#transport.backOff(failures, signal);
  }

  /** Ends when the requests under way have. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  /**
   * Creates a user; sends again only after failures with which nothing was created.
   *
   * @param body - JSON text of a `UserRequest`.
   * @see Users, "Create a user"
   */
  async createUser(
    body: string,
    options: CreateUserOptions,
    { signal }: RequestOptions = {},
  ): Promise<UserResponse> {
    const { activate, provider, nextLogin } = options;
    const answer = await this.#transport.call({
      method: 'POST',
      path: '/api/v1/users',
      query: { activate, provider, nextLogin },
      body,
      signal,
    });
    return { user: userOf(answer, 'POST /api/v1/users'), requestId: answer.requestId };
  }

  /**
   * Reads one user.
   *
   * @param user - Okta id, login, login short name, or `me`.
   * @returns undefined when there is none (404 `E0000007`).
   * @see Users, "Retrieve a user"
   */
  async getUser(user: string, { signal }: RequestOptions = {}): Promise<User | undefined> {
    const path = `/api/v1/users/${encodeURIComponent(user)}`;
    const answer = await this.#callUnlessMissing({ method: 'GET', path, signal });
    return answer && userOf(answer, `GET ${path}`);
  }

  /**
   * Reads one user by any of the names that `getUser` takes; one that a path cannot address is searched for as a login and
   * as the short name of one. The search index may lag behind by a second or so.
   *
   * @returns undefined when there is none, and when a short name is that of several.
   */
  async findUser(name: string, { signal }: RequestOptions = {}): Promise<User | undefined> {
    if (isAddressable(name)) return this.getUser(name, { signal });
    const user = await this.findUserByLogin(name, { signal });
    if (user !== undefined) return user;
    const search = `profile.login sw ${searchLiteral(`${name}@`)}`;
    const shortNamed: User[] = [];
    for await (const user of this.listUsers({ search, pageSize: 2 }, { signal })) {
      if (shortNamed.push(user) > 1) return undefined;
    }
    return shortNamed[0];
  }

  /**
   * Reads the user who holds a login. A login that a path cannot address, or `me`, is searched for; the search index may
   * lag behind by a second or so.
   */
  async findUserByLogin(login: string, { signal }: RequestOptions = {}): Promise<User | undefined> {
    if (login !== 'me' && isAddressable(login)) {
      const user = await this.getUser(login, { signal });
      // A login without @ may be answered with whoever has it as a short name; its owner can still be there.
      if (user === undefined || isSameLogin(user.profile.login, login)) return user;
    }
    const search = `profile.login eq ${searchLiteral(login)}`;
    for await (const user of this.listUsers({ search }, { signal })) {
      if (isSameLogin(user.profile.login, login)) return user;
    }
    return undefined;
  }

  /**
   * Changes those attributes of a profile that are given, and leaves the others as they are; null empties one. Sends
   * again only after failures with which nothing was changed.
   *
   * @see Users, "Update a user"
   */
  async updateProfile(
    userId: string,
    profile: Profile,
    { signal }: RequestOptions = {},
  ): Promise<UserResponse> {
    const path = `/api/v1/users/${encodeURIComponent(userId)}`;
    const body = JSON.stringify({ profile });
    const answer = await this.#transport.call({ method: 'POST', path, body, signal });
    return { user: userOf(answer, `POST ${path}`), requestId: answer.requestId };
  }

  /**
   * Activates a user who is staged. Without a password, that sends the mail with the link to choose one, unless
   * `sendEmail` is false.
   *
   * @see Users, "Activate a user"
   */
  async activateUser(userId: string, sendEmail: boolean, { signal }: RequestOptions = {}): Promise<void> {
    const path = `/api/v1/users/${encodeURIComponent(userId)}/lifecycle/activate`;
    // The answer may hold a token with which whoever has it becomes the user: it is not looked at.
    await this.#transport.call({ method: 'POST', path, query: { sendEmail }, signal });
  }

  /**
   * The first call deactivates a user, the second deletes it for good.
   *
   * @see Users, "Delete a user"
   */
  async deleteUser(userId: string, { signal }: RequestOptions = {}): Promise<void> {
    const path = `/api/v1/users/${encodeURIComponent(userId)}`;
    await this.#callUnlessMissing({ method: 'DELETE', path, signal });
  }

  /** Users page by page, as they come; the next page is asked for when it is needed. @see Users, "List all users" */
  async *listUsers(query: ListUsersQuery = {}, { signal }: RequestOptions = {}): AsyncGenerator<User> {
    const { q, filter, search, sortBy, pageSize } = query;
    yield* this.#pages<User>('/api/v1/users', { q, filter, search, sortBy, limit: pageSize }, signal);
  }

  /** Admin roles of a user. @see Role Assignments, "List all user role assignments" */
  async listAdminRoles(userId: string, { signal }: RequestOptions = {}): Promise<readonly AdminRole[]> {
    const path = `/api/v1/users/${encodeURIComponent(userId)}/roles`;
    const answer = await this.#transport.call({ method: 'GET', path, signal });
    return listOf(answer, `GET ${path}`) as readonly AdminRole[];
  }

  /** Groups page by page. @param pageSize - 1 to 200. @see Groups, "List all groups" */
  async *listGroups(pageSize: number, { signal }: RequestOptions = {}): AsyncGenerator<Group> {
    yield* this.#pages<Group>('/api/v1/groups', { limit: pageSize }, signal);
  }

  /** Groups of exactly that name: an app's groups may share one. @see Groups, "List all groups" */
  async findGroupsByName(name: string, { signal }: RequestOptions = {}): Promise<Group[]> {
    const search = `profile.name eq ${searchLiteral(name)}`;
    const groups: Group[] = [];
    for await (const group of this.#pages<Group>('/api/v1/groups', { search, limit: 200 }, signal)) {
      // Okta compares without case.
      if (group.profile.name === name) groups.push(group);
    }
    return groups;
  }

  /** @returns undefined when there is none. */
  async getGroup(groupId: string, { signal }: RequestOptions = {}): Promise<Group | undefined> {
    const path = `/api/v1/groups/${encodeURIComponent(groupId)}`;
    const answer = await this.#callUnlessMissing({ method: 'GET', path, signal });
    return answer && (answer.body as Group);
  }

  /**
   * @throws {OktaApiError} the name is taken (400), among others.
   * @see Groups, "Add a group"
   */
  async createGroup(name: string, { signal }: RequestOptions = {}): Promise<Group> {
    const body = JSON.stringify({ profile: { name } });
    const answer = await this.#transport.call({ method: 'POST', path: '/api/v1/groups', body, signal });
    const group = answer.body as Partial<Group> | null;
    if (typeof group?.id !== 'string') {
      throw new OktaUnreadableResponseError(
        'POST /api/v1/groups',
        answer.status,
        'not a group',
        answer.requestId,
      );
    }
    return group as Group;
  }

  /** Does no harm when the user is a member already. @see Groups, "Assign a user to a group" */
  async addToGroup(groupId: string, userId: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.#transport.call({ method: 'PUT', path: memberPath(groupId, userId), isWrite: false, signal });
  }

  /** Also when the user, or the group, is not there any more. @see Groups, "Unassign a user from a group" */
  async removeFromGroup(groupId: string, userId: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.#callUnlessMissing({
      method: 'DELETE',
      path: memberPath(groupId, userId),
      isWrite: false,
      signal,
    });
  }

  /** Ids of the groups that a user is in. @see Users, "List all groups" of a user */
  async listGroupIdsOf(userId: string, { signal }: RequestOptions = {}): Promise<ReadonlySet<string>> {
    const path = `/api/v1/users/${encodeURIComponent(userId)}/groups`;
    const ids = new Set<string>();
    for await (const { id } of this.#pages<Group>(path, {}, signal)) ids.add(id);
    return ids;
  }

  /** The members of a group, page by page. @see Groups, "List all member users" */
  async *listMembers(groupId: string, { signal }: RequestOptions = {}): AsyncGenerator<User> {
    yield* this.#pages<User>(`/api/v1/groups/${encodeURIComponent(groupId)}/users`, { limit: 1000 }, signal);
  }

  /**
   * About how many users the org has, deactivated ones too perhaps: Everyone's members.
   *
   * @returns undefined when the org does not say.
   * @see Groups, "List all groups", `expand=stats`
   */
  async countUsers({ signal }: RequestOptions = {}): Promise<number | undefined> {
    const query = { search: 'type eq "BUILT_IN"', expand: 'stats', limit: 200 };
    for await (const group of this.#pages<Group>('/api/v1/groups', query, signal)) {
      if (group.profile.name === 'Everyone') return group._embedded?.stats?.usersCount;
    }
    return undefined;
  }

  /** At most ten, never paged. @see User Types, "List all user types" */
  async listUserTypes({ signal }: RequestOptions = {}): Promise<readonly UserType[]> {
    const answer = await this.#transport.call({ method: 'GET', path: '/api/v1/meta/types/user', signal });
    return listOf(answer, 'GET /api/v1/meta/types/user') as readonly UserType[];
  }

  /**
   * @param type - undefined for the default type's schema; else the type, whose link leads to its schema, since the
   * schema's id is not the type's.
   */
  async getUserSchema(type: UserType | undefined, { signal }: RequestOptions = {}): Promise<UserSchema> {
    const link = type?._links?.schema?.href;
    const path =
      link === undefined ? '/api/v1/meta/schemas/user/default' : new URL(link, this.orgUrl).pathname;
    const answer = await this.#transport.call({ method: 'GET', path, signal });
    const schema = answer.body as Partial<UserSchema> | null;
    if (schema?.definitions?.base?.properties === undefined) {
      throw new OktaUnreadableResponseError(
        `GET ${path}`,
        answer.status,
        'not a user schema',
        answer.requestId,
      );
    }
    return schema as UserSchema;
  }

  async #callUnlessMissing(call: Call): Promise<OktaResponse | undefined> {
    try {
      return await this.#transport.call(call);
    } catch (error) {
      if (error instanceof OktaApiError && error.status === 404 && error.errorCode === 'E0000007') {
        return undefined;
      }
      throw error;
    }
  }

  /** Follows `Link: <…>; rel="next"` until there is none. */
  async *#pages<T>(path: string, query: Call['query'], signal: AbortSignal | undefined): AsyncGenerator<T> {
    let call: Call = { method: 'GET', path, query, signal };
    for (;;) {
      const answer = await this.#transport.call(call);
      yield* listOf(answer, `GET ${path}`) as readonly T[];
      const next = nextLinkOf(answer.headers['link'], this.orgUrl);
      if (next === undefined) return;
      if (next === call.path) {
        const { status, requestId } = answer;
        throw new OktaUnreadableResponseError(
          `GET ${path}`,
          status,
          'a page that names itself as the next',
          requestId,
        );
      }
      call = { method: 'GET', path: next, signal };
    }
  }
}

/**
 * Whether a name can stand in a path: none with `/` or `?` in it can (Users, "Retrieve a user"), nor can `.` and `..`,
 * which every URL parser on the way takes for a folder, encoded or not.
 */
function isAddressable(name: string): boolean {
  return !/[/?]|^\.{0,2}$/.test(name);
}

/** The next page's path and query; the host is left out, since a custom domain's links may name the org's own. */
function nextLinkOf(header: string | string[] | undefined, orgUrl: string): string | undefined {
  const links = Array.isArray(header) ? header.join(', ') : (header ?? '');
  const target = /<([^>]*)>[^<]*?;\s*rel="?next\b/i.exec(links)?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, orgUrl);
  return pathname + search;
}

function memberPath(groupId: string, userId: string): string {
  return `/api/v1/groups/${encodeURIComponent(groupId)}/users/${encodeURIComponent(userId)}`;
}

function userOf(answer: OktaResponse, operation: string): User {
  const user = answer.body as Partial<User> | null;
  if (typeof user?.id !== 'string' || typeof user.profile?.login !== 'string') {
    throw new OktaUnreadableResponseError(operation, answer.status, 'not a user', answer.requestId);
  }
  return user as User;
}

function listOf(answer: OktaResponse, operation: string): readonly unknown[] {
  if (!Array.isArray(answer.body)) {
    throw new OktaUnreadableResponseError(operation, answer.status, 'not a list', answer.requestId);
  }
  return answer.body;
}

/** The request as it goes over the wire; attributes and objects that are absent take no part. */
export function toRequestBody(request: UserRequest): string {
  return JSON.stringify(request);
}
