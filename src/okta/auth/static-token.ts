import type { Secret } from '../../secret.js';

import type { Authenticator, SignInMethod } from './authenticator.js';

/**
 * An admin's API token.
 *
 * @param from - the setting it came from, for hints.
 * @see Okta Management API, "SSWS"
 */
export function apiToken(token: Secret, from = 'OKTA_CLIENT_TOKEN'): SignInMethod {
  return () =>
    staticToken('SSWS', token, (status, errorCode) => {
      if (status === 401) {
        return `Check the API token (${from}): it may be revoked, expired after 30 days without use, or incomplete.`;
      }
      if (status === 403 && errorCode === 'E0000006') {
        return `The admin who owns the API token (${from}) is not allowed to do this. A group admin can only create users with --group.`;
      }
      return undefined;
    });
}

/** An OAuth access token obtained elsewhere. It cannot be renewed. */
export function accessToken(token: Secret, from = 'OKTA_CLIENT_TOKEN'): SignInMethod {
  return () =>
    staticToken('Bearer', token, (status, errorCode) => {
      if (status === 401) {
        return `Get a new access token (${from}): this one was revoked, or has expired (access tokens last an hour). With the private key of a service app (OKTA_CLIENT_PRIVATEKEY), tokens are renewed automatically.`;
      }
      if (status === 403 && errorCode === 'insufficient_scope') {
        return `Get an access token (${from}) with the scope that this request requires.`;
      }
      if (status === 403 && errorCode === 'E0000006') {
        return `The owner of the access token (${from}) needs an admin role for this.`;
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
