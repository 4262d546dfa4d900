import { OktaApiError, OktaUnreadableResponseError } from '../okta/errors.js';
import { OktaConnectionError } from '../okta/http/connection-error.js';
import { reactionTo } from '../okta/http/failure-reaction.js';

/**
 * Whether only a listing failed, so that its users can be read one by one. Orgs were seen to break listings off with 400, and to
 * answer them with 500 every time; an admin of some groups may be able to read users but not to list them; and a firewall may not like
 * the characters of a search. If nothing works at all, the single reads fail as well.
 */
export function isListingFailure(error: unknown): boolean {
  if (error instanceof OktaApiError && NOT_FOR_LISTINGS.has(error.status)) return true;
  return isOfOrg(error) && reactionTo(error, false).kind !== 'stop';
}

const NOT_FOR_LISTINGS = new Set([403, 404, 405, 406]);

/** Whether the org may only have been unavailable for a moment. */
export function mayListingSucceedLater(error: unknown): boolean {
  return isOfOrg(error) && reactionTo(error, false).kind === 'retry';
}

function isOfOrg(error: unknown): boolean {
  return (
    error instanceof OktaApiError ||
    error instanceof OktaUnreadableResponseError ||
    error instanceof OktaConnectionError
  );
}
