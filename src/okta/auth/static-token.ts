import type { Secret } from '../../secret.js';

import type { Authenticator, SignInMethod } from './authenticator.js';
import { missingScopeText } from './errors.js';

/**
 * An admin's API token.
 *
 * @param from - the setting it came from, for hints.
 * @see Okta Management API, "SSWS"
 */
export function apiToken(token: Secret, from = 'OKTA_CLIENT_TOKEN'): SignInMethod {
  return () =>
    staticToken('SSWS', token, ({ status, errorCode }) => {
      if (status === 401) {
        return `Check the API token (${from}): it may be revoked, expired after 30 days without use, or incomplete.`;
      }
      if (status === 403 && errorCode === 'E0000006') {
        return `The admin who owns the API token (${from}) is not allowed to do this, or was deactivated: check the admin's status and roles in Okta. A group admin can only create users who join a group (import --group).`;
      }
      return undefined;
    });
}

/** An OAuth access token obtained elsewhere. It cannot be renewed. */
export function accessToken(token: Secret, from = 'OKTA_CLIENT_TOKEN'): SignInMethod {
  return () =>
    staticToken('Bearer', token, (rejection) => {
      const { status, errorCode } = rejection;
      if (status === 401) {
        return `Get a new access token (${from}): this one was revoked, or has expired (access tokens last an hour). With the private key of a service app (OKTA_CLIENT_PRIVATEKEY), tokens are renewed automatically.`;
      }
      if (errorCode === 'invalid_dpop_proof') {
        return `This access token (${from}) works only with the key of its owner (DPoP). Sign in with the private key of the app instead (OKTA_CLIENT_PRIVATEKEY).`;
      }
      if (status === 403 && errorCode === 'insufficient_scope') {
        return `Get an access token (${from}) with ${missingScopeText(rejection)}.`;
      }
      if (status === 403 && errorCode === 'E0000006') {
        return `The owner of the access token (${from}) needs an admin role for this, or was deactivated: check the owner's status and roles in Okta.`;
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
