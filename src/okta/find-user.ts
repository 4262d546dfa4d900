import type { RequestOptions } from './api-client.js';
import type { OktaClient } from './client.js';
import { OktaApiError } from './errors.js';
import { isSameLogin, loginKey, withoutAccents } from './login.js';
import { searchLiteral } from './search-literal.js';
import type { User } from './types.js';

type Client = Pick<OktaClient, 'getUser' | 'listUsers'>;

/** See `OktaClient.findUser`. */
export async function findUser(
  client: Client,
  name: string,
  options: RequestOptions,
): Promise<User | undefined> {
  if (name === 'me') return client.getUser(name, options);
  if (canBePathSegment(name)) {
    const read = await readByPath(client, name, options);
    if (read === undefined || (read !== 'refused' && hasName(read, name))) return read;
  }
  const user = await findUserByLogin(client, name, options);
  if (user !== undefined) return user;
  const search = `profile.login sw ${searchLiteral(`${name}@`)}`;
  const users: User[] = [];
  for await (const found of client.listUsers({ search, pageSize: 2 }, options)) {
    if (hasName(found, name) && users.push(found) > 1) return undefined;
  }
  return users[0];
}

/** See `OktaClient.findUserByLogin`. */
export async function findUserByLogin(
  client: Client,
  login: string,
  options: RequestOptions,
): Promise<User | undefined> {
  if (canReadByLogin(login)) {
    const read = await readByPath(client, login, options);
    if (read === undefined) return undefined;
    // For a login without @, Okta may return a user with that short name although another one has the login.
    if (read !== 'refused' && isSameLogin(read.profile.login, login)) return read;
  }
  return searchUserByLogin(client, login, options);
}

/** Finds the user who has a login without reading it by path. The search index may lag behind by a second or so. */
export async function searchUserByLogin(
  client: Pick<Client, 'listUsers'>,
  login: string,
  options: RequestOptions,
): Promise<User | undefined> {
  // Okta's search ignores case, but not accents.
  const spellings = new Set([login, withoutAccents(login)]);
  const search = [...spellings].map((spelling) => `profile.login eq ${searchLiteral(spelling)}`).join(' or ');
  for await (const user of client.listUsers({ search }, options)) {
    if (isSameLogin(user.profile.login, login)) return user;
  }
  return undefined;
}

/**
 * Whether a user can be read by a login, so that a 404 proves that no user has it. Other logins can only be searched for, and
 * the search index lags behind writes by a second or more.
 */
export function canReadByLogin(login: string): boolean {
  return login !== 'me' && canBePathSegment(login);
}

/**
 * Whether a name can be part of a path. Okta decodes the path first: it then answers `/` with 405 and `\` with a web server's
 * page, cuts off what follows a `;`, and takes `.` for a folder.
 */
function canBePathSegment(name: string): boolean {
  return /^[\p{L}\p{M}\p{N}@+'!$&*,=:()_~.-]+$/u.test(name) && name !== '.' && name !== '..';
}

/** @returns `refused` when a web server, firewall or proxy does not accept such a path. */
async function readByPath(
  client: Client,
  name: string,
  options: RequestOptions,
): Promise<User | undefined | 'refused'> {
  try {
    return await client.getUser(name, options);
  } catch (error) {
    if (error instanceof OktaApiError && isAboutPath(error)) return 'refused';
    throw error;
  }
}

function isAboutPath({ status, errorCode }: OktaApiError): boolean {
  return status === 405 || (errorCode === undefined && [400, 403, 404].includes(status));
}

/** Whether a name that was asked for is the user's ID, login or login short name. */
function hasName({ id, profile: { login } }: User, name: string): boolean {
  return id === name || isSameLogin(login, name) || loginKey(login).startsWith(`${loginKey(name)}@`);
}
