import type { Secret } from '../../secret.js';

import type { Authenticator, SignInMethod } from './authenticator.js';

/**
 * An API token of an admin.
 *
 * @param from - the setting that it came from, for advice.
 * @see Okta Management API, "SSWS"
 */
export function apiToken(token: Secret, from = 'OKTA_CLIENT_TOKEN'): SignInMethod {
  return () =>
    staticToken('SSWS', token, (status, errorCode) => {
      if (status === 401) {
        return `Check the API token (${from}): it may be revoked, expired after 30 days without use, or copied wrongly.`;
      }
      if (status === 403 && errorCode === 'E0000006') {
        return `The admin whose token it is (${from}) may not do this; a group admin can create people only with --group.`;
      }
      return undefined;
    });
}

/** An access token that somebody else asked for. It cannot be renewed. */
export function accessToken(token: Secret, from = 'OKTA_CLIENT_TOKEN'): SignInMethod {
  return () =>
    staticToken('Bearer', token, (status, errorCode) => {
      if (status === 401) {
        return `The access token (${from}) has expired, as they do after an hour, or was revoked: get a new one. An app's key (OKTA_CLIENT_PRIVATEKEY) renews them by itself.`;
      }
      if (status === 403 && errorCode === 'insufficient_scope') {
        return `Get an access token (${from}) with the scope that this needs.`;
      }
      if (status === 403 && errorCode === 'E0000006') {
        return `Whoever the access token (${from}) belongs to needs an admin role for this.`;
      }
      return undefined;
    });
}

function staticToken(scheme: string, token: Secret, hintFor: Authenticator['hintFor']): Authenticator {
  // One object for all requests: this is on the path of each of them.
  const headers = Object.freeze({ authorization: `${scheme} ${token.reveal()}` });
  return {
    grantedScopes: undefined,
    headersFor: () => headers,
    observe: () => undefined,
    hintFor,
    close: () => {},
  };
}
