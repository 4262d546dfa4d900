import type { OktaClient } from '../okta/client.js';
import type { User, UserRequest } from '../okta/types.js';

import { profileChanges } from './profile-diff.js';

/** The outcome of a create that got no response. */
export type SettledCreate =
  | { readonly kind: 'created'; readonly user: User }
  /** A user that this create did not create has the login. */
  | { readonly kind: 'taken'; readonly user: User }
  | { readonly kind: 'absent' };

/** `created` has a resolution of one second, and the clocks of two Okta hosts may differ by a second. */
const CREATED_TOLERANCE_MS = 2000;

/** A create that may have succeeded. Instants are epoch milliseconds by the org's clock. */
export interface PossibleCreate {
  readonly login: string;
  readonly request: UserRequest;
  /** When it was first sent. */
  readonly sinceMs: number;
  readonly untilMs?: number | undefined;
}

/** Whether an attempt created a user: it has the profile that was sent, and was created after the attempt was first sent. */
export function wasCreatedByThisAttempt(
  { created, profile }: Pick<User, 'created' | 'profile'>,
  { request, sinceMs, untilMs = Number.POSITIVE_INFINITY }: PossibleCreate,
): boolean {
  const createdAtMs = Date.parse(created);
  return (
    createdAtMs >= sinceMs - CREATED_TOLERANCE_MS &&
    createdAtMs <= untilMs + CREATED_TOLERANCE_MS &&
    profileChanges(profile, request.profile).length === 0
  );
}

/**
 * Finds out whether a create succeeded, by reading the user by its login. A user that does not exist may still appear: a
 * second create is then rejected because the login exists, and settled again.
 *
 * @param signal - ends waits; the outcome stays unknown then.
 */
export async function settleCreate(
  attempt: PossibleCreate,
  client: Pick<OktaClient, 'findUserByLogin'>,
  signal: AbortSignal,
): Promise<SettledCreate> {
  const user = await client.findUserByLogin(attempt.login, { signal });
  if (user === undefined) return { kind: 'absent' };
  return { kind: wasCreatedByThisAttempt(user, attempt) ? 'created' : 'taken', user };
}
