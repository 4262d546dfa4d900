import { decodeJwt } from 'jose';

import type { User } from '../../src/okta/types.js';

import type { FrontRequest, FrontResponse } from './front-org.js';

/** How real orgs treat the last segment of `GET /api/v1/users/…`, for `frontOrg`; see okta-sdk-python#541 for the decoding. */
export function readsPathsLikeOkta(okta: {
  findUser(user: string): User | undefined;
  users(): readonly User[];
}): (request: FrontRequest) => FrontResponse | undefined {
  return ({ method, path }) => {
    const [, segment] = /^\/api\/v1\/users\/([^/]+)$/.exec(path) ?? [];
    if (method !== 'GET' || segment === undefined) return undefined;
    const name = decodeURIComponent(segment);
    if (name === '.' || name === '..') return { status: 200, body: okta.users() };
    if (name.includes('\\')) return { status: 400, body: '<!doctype html><h1>Bad Request</h1>' };
    if (name.includes('/')) return { status: 405, body: METHOD_NOT_ALLOWED };
    const [before = ''] = name.split(';');
    if (before === name) return undefined;
    const other = okta.findUser(before);
    return other === undefined
      ? { status: 404, body: oktaError('E0000007', `Not found: Resource not found: ${before} (User)`) }
      : { status: 200, body: other };
  };
}

export function oktaError(errorCode: string, errorSummary: string, causes: readonly string[] = []): object {
  const errorCauses = causes.map((cause) => ({ errorSummary: cause }));
  return { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae1', errorCauses };
}

/**
 * An org that requires DPoP and compares `htu` with the decoded path, for `frontOrg`. Issues tokens itself.
 *
 * @param url - of the front; known after it was started.
 */
export function requiresDpopLikeOkta(
  url: () => string,
  scope: string,
): (request: FrontRequest) => FrontResponse | undefined {
  return ({ method, path, headers }) => {
    const proof = headers['dpop'];
    if (path === '/oauth2/v1/token') {
      if (proof === undefined) {
        const description = 'The DPoP proof JWT header is missing.';
        return { status: 400, body: { error: 'invalid_dpop_proof', error_description: description } };
      }
      return {
        status: 200,
        body: { token_type: 'DPoP', access_token: 'front.access.token', expires_in: 3600, scope },
      };
    }
    const { htu, htm } = typeof proof === 'string' ? decodeJwt(proof) : {};
    if (htm === method && htu === url() + decodeURIComponent(path)) return undefined;
    return {
      status: 400,
      headers: {
        'www-authenticate': `DPoP algs="RS256 ES256", realm="${url()}", scope="${scope}", error="invalid_dpop_proof", error_description="'htu' claim in the DPoP proof JWT is invalid.", resource="${path}"`,
        'x-okta-request-id': 'front-1',
      },
    };
  };
}

/** The first answer of several rules. */
export function firstOf(
  ...rules: readonly ((request: FrontRequest) => FrontResponse | undefined)[]
): (request: FrontRequest) => FrontResponse | undefined {
  return (request) => {
    for (const rule of rules) {
      const answer = rule(request);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
}

const METHOD_NOT_ALLOWED = oktaError('E0000022', 'The endpoint does not support the provided HTTP method');
