import type { OktaClient } from '../okta/client.js';
import type { User, UserRequest } from '../okta/types.js';

import { differences } from './profile-diff.js';

/** What became of a create that nobody answered. */
export type Settled =
  | { readonly kind: 'ours'; readonly user: User }
  /** Somebody else's user holds the login. */
  | { readonly kind: 'taken'; readonly user: User }
  | { readonly kind: 'absent' };

/** `created` has a resolution of one second, and two of Okta's hosts need not agree to the second. */
const CREATED_TOLERANCE_MS = 2000;

/** A create that may have gone through. Instants are epoch milliseconds of the org's clock. */
export interface PossibleCreate {
  readonly login: string;
  readonly request: UserRequest;
  /** When we first tried. */
  readonly sinceMs: number;
  readonly untilMs?: number | undefined;
}

/** Whether a user came of it: created after we first tried, by the org's own clock, with the profile that we sent. */
export function wasCreatedByThisAttempt(
  { created, profile }: Pick<User, 'created' | 'profile'>,
  { request, sinceMs, untilMs = Number.POSITIVE_INFINITY }: PossibleCreate,
): boolean {
  const createdAtMs = Date.parse(created);
  return (
    createdAtMs >= sinceMs - CREATED_TOLERANCE_MS &&
    createdAtMs <= untilMs + CREATED_TOLERANCE_MS &&
    differences(profile, request.profile).length === 0
  );
}

/**
 * Finds out whether a create went through, by reading the user back by login. A user who is not there may still appear:
 * the create is then refused with "login taken" and settled once more.
 *
 * @param signal - ends waits; the outcome stays unknown then.
 */
export async function settleCreate(
  attempt: PossibleCreate,
  client: Pick<OktaClient, 'findUserByLogin'>,
  signal: AbortSignal,
): Promise<Settled> {
  const user = await client.findUserByLogin(attempt.login, { signal });
  if (user === undefined) return { kind: 'absent' };
  return { kind: wasCreatedByThisAttempt(user, attempt) ? 'ours' : 'taken', user };
}
