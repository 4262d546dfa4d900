import { isJsonObject } from './json-body.js';
import type { Call } from './operations.js';
import { notFound } from './okta-error.js';
import { checkHeaders, parseBody } from './request-checks.js';
import { originOf, type SandboxRequest } from './sandbox-request.js';
import type { UserRecord } from './user-store.js';

/**
 * Turns a request into the input of its operation.
 *
 * @param owner - The user that `me` stands for; `undefined` for a service app (inferred from "me is the token's owner").
 * @throws {OktaError} The path, a header or the JSON is invalid.
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

/** The login in the body of a create, if there is one. The operation reports all problems of the body. */
export function loginIn(body: unknown): string | undefined {
  const profile = isJsonObject(body) ? body['profile'] : undefined;
  const login = isJsonObject(profile) ? profile['login'] : undefined;
  return typeof login === 'string' ? login : undefined;
}
