import type { PossibleCreate } from '../journal/possible-create.js';
import type { Profile, ProfileValue, User, UserRequest } from '../okta/types.js';

import type { Claim } from './other-runs.js';
import { isEmpty } from './profile-diff.js';

/** Whether a user is the result of a create without a usable response. */
export type Verdict =
  | { readonly kind: 'ours' }
  /** Somebody else created it. */
  | { readonly kind: 'foreign' }
  /** @param reason - what speaks against either, as a clause with a full stop. */
  | { readonly kind: 'conflict'; readonly reason: string };

export interface EvidenceRequest {
  readonly user: Pick<User, 'created' | 'profile'>;
  readonly request: UserRequest;
  /** Every attempt that may have created the user. */
  readonly creates: readonly PossibleCreate[];
  /** Whether the only evidence for a create is that Okta refused the first one because the login exists. */
  readonly isFirstRejection: boolean;
  /** Whether the org returns an attribute that was written; undefined when that is unknown. */
  readonly isShown: (attribute: string) => boolean | undefined;
}

/** `created` has a resolution of one second, and the clocks of two Okta hosts may differ by a second. */
const CREATED_TOLERANCE_MS = 2000;
const CREATED_RESOLUTION_MS = 1000;
/** How far `Date` headers, or this machine's clock, may be from `created` when no answered create has shown it. */
const UNCALIBRATED_MS = 60_000;

const FOREIGN = { kind: 'foreign' } as const;

/** Decides by the time of creation and by the profile. */
export function judgeUser(request: EvidenceRequest): Verdict {
  const { user, creates, isFirstRejection, isShown } = request;
  const createdMs = Date.parse(user.created);
  const positions = new Set(creates.map((create) => positionOf(createdMs, create, isFirstRejection)));
  const isInside = positions.has('inside');
  const differing = differingAttributes(
    user.profile,
    request.request.profile,
    // The weaker the other evidence, the less a missing attribute may be explained away.
    (attribute) => isShown(attribute) ?? isFirstRejection,
  );
  if (!isInside && !positions.has('late')) {
    if (!positions.has('near') || isFirstRejection || differing.length > 0) return FOREIGN;
    return conflict(`was created at ${user.created}, just outside of the time in which this row was sent`);
  }
  if (differing.length > 0) {
    if (isFirstRejection) return FOREIGN;
    return conflict(`was created while this row was sent, but differs in ${differing.join(', ')}`);
  }
  if (isInside) return { kind: 'ours' };
  return conflict(
    `has the same profile, but was created at ${user.created}, after the run was interrupted: possibly by another import`,
  );
}

/** Two runs that sent requests for one login within this time cannot be told apart by the time of creation. */
const MIN_APART_MS = 5000;

/**
 * Takes into account what other runs say about the user. Of two runs that do not know whether they created it, it is the one
 * that sent its request last: the other was dead by then.
 */
export function judgeClaim(
  verdict: Verdict,
  claim: Claim,
  { user, creates, isFirstRejection }: Pick<EvidenceRequest, 'user' | 'creates' | 'isFirstRejection'>,
): Verdict {
  if (claim === undefined || verdict.kind === 'foreign') return verdict;
  // The evidence for a request that was sent twice is weak: the other run goes first.
  if (typeof claim === 'string' || isFirstRejection) return FOREIGN;
  const sentAtMs = lastSentBefore(Date.parse(user.created), creates);
  if (Math.abs(sentAtMs - claim.lastSentAtMs) >= MIN_APART_MS) {
    return sentAtMs > claim.lastSentAtMs ? verdict : FOREIGN;
  }
  return conflict(
    'may have been created by another run in this reports folder, whose outcome is unknown too',
  );
}

/** When the last create was sent that may have been processed at that time, without tolerance for clocks; or -Infinity. */
export function lastSentBefore(createdMs: number, creates: readonly PossibleCreate[]): number {
  const inFlight = creates.filter(
    ({ sinceMs, expectedUntilMs }) => createdMs >= wholeSecond(sinceMs) && createdMs <= expectedUntilMs,
  );
  return Math.max(...inFlight.map(({ sinceMs }) => sinceMs));
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / CREATED_RESOLUTION_MS) * CREATED_RESOLUTION_MS;
}

function conflict(what: string): Verdict {
  return { kind: 'conflict', reason: `a user with this login ${what}.` };
}

function positionOf(
  createdMs: number,
  { sinceMs, expectedUntilMs, untilMs, isCalibrated }: PossibleCreate,
  isFirstRejection: boolean,
): 'inside' | 'late' | 'near' | 'outside' {
  // The proxy that repeats a request does so at once; users of an earlier run may be only seconds older.
  const earliestMs = isFirstRejection ? wholeSecond(sinceMs) : sinceMs - CREATED_TOLERANCE_MS;
  if (createdMs >= earliestMs && createdMs <= untilMs + CREATED_TOLERANCE_MS) {
    return createdMs <= expectedUntilMs + CREATED_TOLERANCE_MS ? 'inside' : 'late';
  }
  const isNear =
    !isCalibrated && createdMs >= sinceMs - UNCALIBRATED_MS && createdMs <= untilMs + UNCALIBRATED_MS;
  return isNear ? 'near' : 'outside';
}

/** Attributes in which a profile differs from what was sent, as far as the org shows it. */
export function differingAttributes(
  actual: Profile,
  sent: Profile,
  isShown: (attribute: string) => boolean,
): string[] {
  return Object.keys(sent).filter((attribute) => {
    const value = actual[attribute];
    const wanted = sent[attribute] ?? null;
    if (isEmpty(wanted)) return value !== undefined && !isEmpty(value);
    // The org may hide it from this admin.
    if (value === undefined) return isShown(attribute);
    return canonical(attribute, value) !== canonical(attribute, wanted);
  });
}

/** Okta may normalize Unicode, and lower-case addresses. */
function canonical(attribute: string, value: ProfileValue): string {
  const text = JSON.stringify(value).normalize('NFC');
  return /login|email/i.test(attribute) ? text.toLowerCase() : text;
}
