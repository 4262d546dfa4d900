import { OktaImportError } from '../../errors.js';

/** The org does not let this client in. Nothing was sent but the request for a token. */
export class SignInError extends OktaImportError {
  override readonly code = 'ERR_SIGN_IN';
  /** OAuth's own code, such as `invalid_client`; undefined when the answer was not OAuth's. */
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

/** A refusal of the token endpoint (RFC 6749, section 5.2). */
export interface TokenErrorResponse {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

const SYSTEM_LOG = 'Look for the refusal in the Admin Console: Reports > System Log.';
const SCOPES_PAGE = 'In the Admin Console: Applications > the app > Okta API Scopes.';
const KEYS_PAGE = 'In the Admin Console: Applications > the app > General > Client Credentials.';

/**
 * What to do about a refusal. Okta's descriptions are for people and may change; they only choose among hints here
 * (errors.md, "OAuth token endpoint errors").
 */
export function hintForTokenError({ error, description }: TokenErrorResponse): string | undefined {
  const says = (pattern: RegExp): boolean => pattern.test(description);
  switch (error) {
    case 'invalid_client':
      if (says(/client_id|issuer|subject/i)) {
        return `Give an app that the org knows: check OKTA_CLIENT_CLIENTID, and that OKTA_CLIENT_ORGURL is the org it belongs to.`;
      }
      if (says(/audience/i)) {
        return 'Set OKTA_CLIENT_ORGURL to the address of the org itself, as the Admin Console shows it without "-admin".';
      }
      if (says(/expired|issued before|too far/i)) {
        return "Set this machine's clock: the assertion that signs the app in is good for five minutes.";
      }
      if (says(/private_key_jwt/i)) return `Let the app sign in by "Public key / Private key". ${KEYS_PAGE}`;
      if (says(/application_type|service/i)) {
        return 'Make an app of the kind "API Services": only those sign in without a person.';
      }
      return `Compare OKTA_CLIENT_PRIVATEKEY and OKTA_CLIENT_KEYID with the app's public keys: it is none of them. ${KEYS_PAGE}`;
    case 'consent_required':
      return `Grant the app the scopes that are asked for. ${SCOPES_PAGE}`;
    case 'invalid_scope':
      return `Check OKTA_CLIENT_SCOPES: a scope is misspelled, or is none that Okta knows. ${SCOPES_PAGE}`;
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return 'Make an app of the kind "API Services": its grant is "Client Credentials".';
    case 'access_denied':
      return "Ask for this machine's address to be added to the network zones that the app may sign in from (the app's General tab, or Security > Networks).";
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return "Check this machine's clock, and that no proxy changes headers: the app wants proofs of possession (DPoP) and did not take ours.";
    default:
      return undefined;
  }
}

/** The app was let in, and lacks what the command cannot do without. */
export function missingScopesError(clientId: string, missing: readonly string[]): SignInError {
  return new SignInError(
    `The app ${clientId} was let in without ${missing.join(' and ')}, which this command needs.`,
    { hint: `Grant it: a super admin can. ${SCOPES_PAGE}`, oauthError: 'insufficient_scope' },
  );
}

/** What to do when an app's request is refused although the app was let in. */
export function hintForServiceApp(status: number, errorCode: string | undefined): string | undefined {
  if (status === 401) {
    return 'Check the app in the Admin Console (Applications > the app): a new access token was refused too, and it may be deactivated or limited to other networks.';
  }
  if (status === 403 && errorCode === 'insufficient_scope') {
    return `Grant the app the scope that this needs. ${SCOPES_PAGE}`;
  }
  if (status === 403 && errorCode === 'E0000006') {
    return 'Give the app an admin role as well, scopes are not enough. In the Admin Console: Applications > the app > Admin roles.';
  }
  return undefined;
}
