import type { RequestOptions } from './api-client.js';
import type { OktaClient } from './client.js';
import { isSameLogin } from './login.js';
import { searchLiteral } from './search-literal.js';
import type { User } from './types.js';

type Client = Pick<OktaClient, 'getUser' | 'listUsers'>;

/** See `OktaClient.findUser`. */
export async function findUser(
  client: Client,
  name: string,
  options: RequestOptions,
): Promise<User | undefined> {
  if (isPathSegment(name)) return client.getUser(name, options);
  const user = await findUserByLogin(client, name, options);
  if (user !== undefined) return user;
  const search = `profile.login sw ${searchLiteral(`${name}@`)}`;
  const users: User[] = [];
  for await (const user of client.listUsers({ search, pageSize: 2 }, options)) {
    if (users.push(user) > 1) return undefined;
  }
  return users[0];
}

/** See `OktaClient.findUserByLogin`. */
export async function findUserByLogin(
  client: Client,
  login: string,
  options: RequestOptions,
): Promise<User | undefined> {
  if (login !== 'me' && isPathSegment(login)) {
    const user = await client.getUser(login, options);
    // For a login without @, Okta may return a user with that short name although another one has the login.
    if (user === undefined || isSameLogin(user.profile.login, login)) return user;
  }
  const search = `profile.login eq ${searchLiteral(login)}`;
  for await (const user of client.listUsers({ search }, options)) {
    if (isSameLogin(user.profile.login, login)) return user;
  }
  return undefined;
}

/**
 * Whether a name can be part of a path. Names with `/` or `?` cannot (Users, "Retrieve a user"), nor can `.` and `..`,
 * which every URL parser takes for a folder, encoded or not.
 */
function isPathSegment(name: string): boolean {
  return !/[/?]|^\.{0,2}$/.test(name);
}
