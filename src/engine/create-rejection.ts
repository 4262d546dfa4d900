import type { UserResponse } from '../okta/client.js';
import { isDuplicate, OktaApiError, OktaUnreadableResponseError } from '../okta/errors.js';

/** Orgs in which email addresses are unique also report a duplicate email as a duplicate login. */
export function isLoginTaken(error: unknown): boolean {
  return isDuplicate(error) && error.errorCauses.some((cause) => cause.startsWith('login:'));
}

/**
 * The one rejection that Okta documents as spurious (known issue OKTA-1210697). The attributes have been validated against
 * the org's schema, so one retry is justified.
 */
export function isKnownSpuriousError(error: unknown): boolean {
  return (
    error instanceof OktaApiError &&
    error.errorCode === 'E0000001' &&
    error.errorCauses.some((cause) => /^Property name '.*' is not defined in profile/.test(cause))
  );
}

/** Looks for the user whose credentials were rejected, for about six seconds, since reads may lag behind. */
const LOOKS_AFTER_CREDENTIALS = 5;

/**
 * How many times to look for a user that a rejected create may have left without credentials.
 *
 * @returns 0 for rejections that are not about credentials.
 */
export function looksAfterRejection(error: unknown): number {
  if (!(error instanceof OktaApiError)) return 0;
  // Okta has created the user by then (okta-sdk-dotnet#441).
  if (isCredentialsRejection(error)) return LOOKS_AFTER_CREDENTIALS;
  // Okta checks the policy of the org first, and those of the user's groups after the create.
  const isAboutCredentials =
    error.errorCode === 'E0000080' || error.errorCauses.some((cause) => ABOUT_CREDENTIALS.test(cause));
  return isAboutCredentials ? 1 : 0;
}

const ABOUT_CREDENTIALS = /^(?:credentials|password|recovery_?question|answer)\b/i;

/** Okta has created the user by then, without credentials (okta-sdk-dotnet#441). */
export function isCredentialsRejection(error: unknown): boolean {
  return error instanceof OktaApiError && error.errorCode === 'E0000014';
}

/** A response that is about somebody else says nothing about the row. */
export function wrongUserError({ user, requestId }: UserResponse): OktaUnreadableResponseError {
  return new OktaUnreadableResponseError(
    { operation: 'POST /api/v1/users', status: 200, requestId },
    `about another user (${user.id})`,
  );
}
