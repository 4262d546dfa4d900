import { isJsonObject } from './json-body.js';
import type { Call } from './operations.js';
import { notFound } from './refusal.js';
import { checkHeaders, parseBody } from './request-checks.js';
import type { SandboxRequest } from './sandbox-request.js';
import { originOf } from './sandbox-request.js';
import type { UserRecord } from './user-store.js';

/**
 * The request as its operation takes it.
 *
 * @param owner - The user that `me` stands for; an app is nobody's user (inferred: "me" is the token's owner).
 * @throws {Refusal} for whatever is wrong with the path, the headers or the JSON.
 */
export function toCall(request: SandboxRequest, owner: UserRecord | undefined): Call {
  const { method, url, headers, route, params, bytes, error } = request;
  if (error) throw error;
  // The token endpoint reads its form itself.
  const isForm = route?.operation === 'token';
  const isMe = params['user'] === 'me';
  if (isMe && owner === undefined) throw notFound('me', 'User');
  if (!isForm) checkHeaders(method, headers, (bytes?.length ?? 0) > 0);
  const [, query = ''] = url.split(/\?(.*)/s);
  return {
    params: isMe && owner ? { ...params, user: owner.oktaId } : params,
    query: new URLSearchParams(query),
    headers,
    body: isForm ? undefined : parseBody(bytes),
    origin: originOf(request),
  };
}

/** The login in the body of a create, if there is one; what else is wrong with the body is for the operation to find. */
export function loginIn(body: unknown): string | undefined {
  const profile = isJsonObject(body) ? body['profile'] : undefined;
  const login = isJsonObject(profile) ? profile['login'] : undefined;
  return typeof login === 'string' ? login : undefined;
}
