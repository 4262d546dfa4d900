import type { OktaClient } from '../okta/client.js';
import type { Profile, ProfileValue, User, UserRequest } from '../okta/types.js';

/** What became of a create that nobody answered. */
export type Settled =
  | { readonly kind: 'ours'; readonly user: User }
  /** Somebody else's user holds the login. */
  | { readonly kind: 'taken'; readonly user: User }
  | { readonly kind: 'absent' };

/** `created` has a resolution of one second, and two of Okta's hosts need not agree to the second. */
const CREATED_TOLERANCE_MS = 2000;

/**
 * Finds out whether a create went through, by reading the user back by login.
 *
 * It is ours when it was created after we first tried, by the org's own clock, and has the profile that we sent. A
 * user who is not there may still appear: the create is then refused with "login taken" and settled once more.
 *
 * @param attempt - `sinceMs`: when we first tried, epoch milliseconds of the org's clock.
 * @param signal - ends waits; the outcome stays unknown then.
 */
export async function settleCreate(
  attempt: {
    readonly login: string;
    readonly request: UserRequest;
    readonly sinceMs: number;
    readonly untilMs?: number | undefined;
  },
  client: Pick<OktaClient, 'findUserByLogin'>,
  signal: AbortSignal,
): Promise<Settled> {
  const user = await client.findUserByLogin(attempt.login, { signal });
  if (user === undefined) return { kind: 'absent' };
  const createdAtMs = Date.parse(user.created);
  const isOurs =
    createdAtMs >= attempt.sinceMs - CREATED_TOLERANCE_MS &&
    createdAtMs <= (attempt.untilMs ?? Number.POSITIVE_INFINITY) + CREATED_TOLERANCE_MS &&
    hasProfile(user.profile, attempt.request.profile);
  return { kind: isOurs ? 'ours' : 'taken', user };
}

function hasProfile(actual: Profile, sent: Profile): boolean {
  return Object.entries(sent).every(([name, value]) => isSameValue(actual[name] ?? null, value));
}

function isSameValue(one: ProfileValue, other: ProfileValue): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
