import { OktaImportError } from '../../errors.js';
import { listOf } from '../../text.js';

import type { Rejection } from './authenticator.js';

/** The org rejected the credentials. Only the token request was sent. */
export class SignInError extends OktaImportError {
  override readonly code = 'ERR_SIGN_IN';
  /** OAuth's own code, such as `invalid_client`; undefined when the response was not OAuth's. */
  readonly oauthError: string | undefined;

  constructor(
    message: string,
    options: {
      readonly oauthError?: string | undefined;
      readonly hint: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, { hint: options.hint ?? SYSTEM_LOG, cause: options.cause });
    this.oauthError = options.oauthError;
  }
}

/** An error response of the token endpoint (RFC 6749, section 5.2). */
export interface TokenErrorResponse {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

const SYSTEM_LOG = 'Look for the failed sign-in in the Admin Console under Reports > System Log.';
const PROOF_HINT =
  "Check this machine's clock, and that no proxy changes headers: the app requires proof of possession (DPoP), and the org rejected the proof.";
const SCOPES_PAGE = 'In the Admin Console, go to Applications > the app > Okta API Scopes.';
const KEYS_PAGE = 'In the Admin Console, go to Applications > the app > General > Client Credentials.';

/** Okta's descriptions are for people and may change; they only choose among hints here. */
export function hintForTokenError({ error, description }: TokenErrorResponse): string | undefined {
  const mentions = (pattern: RegExp): boolean => pattern.test(description);
  switch (error) {
    case 'invalid_client':
      if (mentions(/client_id|issuer|subject/i)) {
        return 'Check that the app in OKTA_CLIENT_CLIENTID belongs to the org in OKTA_CLIENT_ORGURL.';
      }
      if (mentions(/audience/i)) {
        return 'Set OKTA_CLIENT_ORGURL to the org\'s own address: that of the Admin Console without "-admin".';
      }
      if (mentions(/expired|issued before|too far/i)) {
        return "Correct this machine's clock: the assertion that signs the app in is valid for five minutes.";
      }
      if (mentions(/private_key_jwt/i)) {
        return `Set the client authentication of the app to "Public key / Private key". ${KEYS_PAGE}`;
      }
      if (mentions(/application_type|service/i)) {
        return 'Create an app of the type "API Services": only these can sign in without a user.';
      }
      return `Check that OKTA_CLIENT_PRIVATEKEY and OKTA_CLIENT_KEYID match a public key of the app. ${KEYS_PAGE}`;
    case 'consent_required':
      return `Grant the requested scopes to the app. ${SCOPES_PAGE}`;
    case 'invalid_scope':
      return `Check OKTA_CLIENT_SCOPES for a misspelled scope, or one that Okta does not have. ${SCOPES_PAGE}`;
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return 'Create an app of the type "API Services": its grant type is "Client Credentials".';
    case 'access_denied':
      return "Ask an admin to add this machine's IP address to the network zones that the app may sign in from (the app's General tab, or Security > Networks).";
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return PROOF_HINT;
    default:
      return undefined;
  }
}

/** The app signed in, but lacks what the command cannot do without. */
export function missingScopesError(clientId: string, missing: readonly string[]): SignInError {
  const scopes = missing.length === 1 ? 'scope' : 'scopes';
  return new SignInError(
    `The app ${clientId} does not have the ${scopes} ${listOf(missing)}, which this command requires.`,
    { hint: `Ask a super admin to grant the ${scopes}. ${SCOPES_PAGE}`, oauthError: 'insufficient_scope' },
  );
}

/** What to do when an app's request fails although the app signed in. */
export function hintForServiceApp(rejection: Rejection): string | undefined {
  const { status, errorCode, errorSummary = '' } = rejection;
  if (errorCode === 'invalid_dpop_proof' || errorCode === 'use_dpop_nonce') return hintForProof(errorSummary);
  if (status === 401) {
    return 'Check the app in the Admin Console (Applications > the app): a new access token was rejected too, so the app may be deactivated or restricted to other networks.';
  }
  if (status === 403 && errorCode === 'insufficient_scope') {
    return `Grant the app ${missingScopeText(rejection)}. ${SCOPES_PAGE}`;
  }
  if (status === 403 && errorCode === 'E0000006') {
    return 'Assign an admin role to the app as well; scopes alone are not enough. In the Admin Console, go to Applications > the app > Admin roles.';
  }
  return undefined;
}

/** The end of a sentence, such as `the scope okta.groups.manage`. */
export function missingScopeText({ missingScopes = [] }: Rejection): string {
  if (missingScopes.length === 0) return 'the scope that this request requires';
  return `the ${missingScopes.length === 1 ? 'scope' : 'scopes'} ${listOf(missingScopes)}`;
}

/** @param description - Okta's, which names the claim that it does not accept. */
function hintForProof(description: string): string {
  if (/\bhtu\b|\bhtm\b/i.test(description)) {
    return "Set OKTA_CLIENT_ORGURL to the org's own address, and check that no proxy changes the path of requests: the address in the app's proof of possession (DPoP) must be the one that the org receives.";
  }
  if (/\bjti\b|already been used/i.test(description)) {
    return 'Check that no proxy sends requests twice: the org accepts each proof of possession (DPoP) only once.';
  }
  return PROOF_HINT;
}
