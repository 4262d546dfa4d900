import type { UserStatus } from '../okta/types.js';
import { booleanParam } from './json-body.js';
import type { Answer, Call } from './operations.js';
import { ok } from './operations.js';
import type { Org } from './org.js';
import { fieldRefused, Refusal } from './refusal.js';
import { activatedStatus, refuseBeyondActiveLimit } from './users.js';
import { userBody } from './user-body.js';
import type { UserRecord } from './user-store.js';

/** States in which a password can be reset or expired: "ACTIVE-ish" (users.md §8). */
const HAS_ACCOUNT: readonly UserStatus[] = [
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'PROVISIONED',
];

/** STAGED or DEPROVISIONED to PROVISIONED or ACTIVE; mails by default, else answers with the link. */
export function activateUser(org: Org, call: Call): Answer {
  const sendsEmail = booleanParam(call.query, 'sendEmail', true);
  const user = userInState(org, call, ['STAGED', 'DEPROVISIONED'], () => new Refusal('E0000016'));
  refuseBeyondActiveLimit(org);
  enter(org, user, activatedStatus(org, user));
  user.activated = user.statusChanged;
  return ok(sendsEmail ? {} : activationToken(user, call.origin));
}

/** Starts the activation of a PROVISIONED user (or the recovery of one in RECOVERY) again. */
export function reactivateUser(org: Org, call: Call): Answer {
  const sendsEmail = booleanParam(call.query, 'sendEmail', false);
  const user = userInState(org, call, ['PROVISIONED', 'RECOVERY'], () => new Refusal('E0000038'));
  return ok(sendsEmail ? {} : activationToken(user, call.origin));
}

/** Any state but DEPROVISIONED to DEPROVISIONED. */
export function deactivateUser(org: Org, call: Call): Answer {
  const user = org.user(call.params['user'] ?? '');
  if (user.status === 'DEPROVISIONED') throw new Refusal('E0000038');
  enter(org, user, 'DEPROVISIONED');
  return ok({});
}

/** ACTIVE to SUSPENDED; from elsewhere a 400, unlike its siblings. */
export function suspendUser(org: Org, call: Call): Answer {
  const user = userInState(org, call, ['ACTIVE'], () =>
    fieldRefused('suspendUser', 'Cannot suspend a user that is not active'),
  );
  enter(org, user, 'SUSPENDED');
  return ok({});
}

/** SUSPENDED to ACTIVE. */
export function unsuspendUser(org: Org, call: Call): Answer {
  const user = userInState(org, call, ['SUSPENDED'], () =>
    fieldRefused('unsuspendUser', 'Cannot unsuspend a user that is not suspended'),
  );
  enter(org, user, 'ACTIVE');
  return ok({});
}

/** LOCKED_OUT to ACTIVE. */
export function unlockUser(org: Org, call: Call): Answer {
  const user = userInState(org, call, ['LOCKED_OUT'], () => new Refusal('E0000032'));
  enter(org, user, 'ACTIVE');
  return ok({});
}

/** To RECOVERY; answers with the link when no mail is sent. */
export function resetPassword(org: Org, call: Call): Answer {
  const sendsEmail = booleanParam(call.query, 'sendEmail', true);
  const user = userInState(org, call, HAS_ACCOUNT, () => new Refusal('E0000038'));
  enter(org, user, 'RECOVERY');
  return ok(sendsEmail ? {} : { resetPasswordUrl: `${call.origin}/reset_password/${tokenFor(user)}` });
}

/** To PASSWORD_EXPIRED; the one lifecycle call that answers with the user. */
export function expirePassword(org: Org, call: Call): Answer {
  const user = expireNow(org, call);
  return ok(userBody(user, call.origin));
}

/** To PASSWORD_EXPIRED, with a password to hand over. */
export function expirePasswordWithTempPassword(org: Org, call: Call): Answer {
  const user = expireNow(org, call);
  user.hasPassword = true;
  return ok({ tempPassword: tokenFor(user).slice(-8) });
}

/** Changes nothing that this org keeps. */
export function resetFactors(org: Org, call: Call): Answer {
  org.user(call.params['user'] ?? '');
  return ok({});
}

function expireNow(org: Org, call: Call): UserRecord {
  const user = userInState(org, call, HAS_ACCOUNT, () => new Refusal('E0000038'));
  enter(org, user, 'PASSWORD_EXPIRED');
  return user;
}

function userInState(
  org: Org,
  call: Call,
  allowed: readonly UserStatus[],
  refusal: () => Refusal,
): UserRecord {
  const user = org.user(call.params['user'] ?? '');
  if (!allowed.includes(user.status)) throw refusal();
  return user;
}

function enter(org: Org, user: UserRecord, status: UserStatus): void {
  const now = org.timestamp();
  org.users.setStatus(user, status, now);
  user.lastUpdated = now;
}

/** The Identity Engine's form of the link (users.md §8). */
function activationToken(user: UserRecord, origin: string): object {
  const token = tokenFor(user);
  return { activationUrl: `${origin}/tokens/${token}/verify`, activationToken: token };
}

function tokenFor(user: UserRecord): string {
  return `sandbox-${user.oktaId.slice(3, 10)}`;
}
