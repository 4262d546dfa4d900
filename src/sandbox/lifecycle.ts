import type { UserStatus } from '../okta/types.js';
import { booleanParam } from './json-body.js';
import { ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { fieldError, OktaError } from './okta-error.js';
import { passwordDigest, temporaryPassword } from './passwords.js';
import { activatedStatus, checkActiveUserLimit, mailActivation } from './users.js';
import { userBody } from './user-body.js';
import type { UserRecord } from './user-store.js';

/** The statuses in which a password can be reset or expired. */
const CAN_RESET_PASSWORD: readonly UserStatus[] = [
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'PROVISIONED',
];

/** STAGED or DEPROVISIONED to PROVISIONED or ACTIVE. Returns the activation link unless it is sent by email, the default. */
export function activateUser(org: Org, call: Call): OperationResult {
  const sendsEmail = booleanParam(call.query, 'sendEmail', true);
  const user = userWithStatus(org, call, ['STAGED', 'DEPROVISIONED'], () => new OktaError('E0000016'));
  checkActiveUserLimit(org);
  setStatus(org, user, activatedStatus(org, user));
  user.activated = user.statusChanged;
  if (!sendsEmail) return ok(activationLink(org, user, call.origin));
  mailActivation(org, user);
  return ok({});
}

/** Restarts the activation of a PROVISIONED user, or the recovery of a user in RECOVERY; the former link ends. */
export function reactivateUser(org: Org, call: Call): OperationResult {
  const sendsEmail = booleanParam(call.query, 'sendEmail', false);
  const user = userWithStatus(org, call, ['PROVISIONED', 'RECOVERY']);
  if (!sendsEmail) return ok(activationLink(org, user, call.origin));
  org.links.end(user);
  org.outbox.send('reactivation', user);
  return ok({});
}

/** Any other status to DEPROVISIONED. */
export function deactivateUser(org: Org, call: Call): OperationResult {
  const user = org.user(call.params['user'] ?? '');
  if (user.status === 'DEPROVISIONED') throw new OktaError('E0000038');
  setStatus(org, user, 'DEPROVISIONED');
  return ok({});
}

/** From other statuses a 400, unlike the other operations. */
export const suspendUser = transition('ACTIVE', 'SUSPENDED', () =>
  fieldError('suspendUser', 'Cannot suspend a user that is not active'),
);

export const unsuspendUser = transition('SUSPENDED', 'ACTIVE', () =>
  fieldError('unsuspendUser', 'Cannot unsuspend a user that is not suspended'),
);

export const unlockUser = transition(
  'LOCKED_OUT',
  'ACTIVE',
  () => new OktaError('E0000032', { causes: ['The user is not locked out.'] }),
);

/** To RECOVERY. Returns the reset link unless it is sent by email. */
export function resetPassword(org: Org, call: Call): OperationResult {
  const sendsEmail = booleanParam(call.query, 'sendEmail', true);
  const user = userWithStatus(org, call, CAN_RESET_PASSWORD);
  setStatus(org, user, 'RECOVERY');
  if (sendsEmail) org.outbox.send('password-reset', user);
  return ok(sendsEmail ? {} : { resetPasswordUrl: `${call.origin}/reset_password/${tokenFor(user)}` });
}

/** To PASSWORD_EXPIRED. The only lifecycle operation that returns the user. */
export function expirePassword(org: Org, call: Call): OperationResult {
  return ok(userBody(expireNow(org, call), call.origin));
}

/** To PASSWORD_EXPIRED. Returns a temporary password. */
export function expirePasswordWithTempPassword(org: Org, call: Call): OperationResult {
  const user = expireNow(org, call);
  const tempPassword = temporaryPassword();
  user.hasPassword = true;
  user.passwordDigest = passwordDigest(tempPassword);
  user.passwordChanged = org.timestamp();
  return ok({ tempPassword });
}

/** Has no effect: the sandbox stores no factors. */
export function resetFactors(org: Org, call: Call): OperationResult {
  org.user(call.params['user'] ?? '');
  return ok({});
}

function expireNow(org: Org, call: Call): UserRecord {
  const user = userWithStatus(org, call, CAN_RESET_PASSWORD);
  setStatus(org, user, 'PASSWORD_EXPIRED');
  return user;
}

function transition(
  from: UserStatus,
  to: UserStatus,
  toError: () => OktaError,
): (org: Org, call: Call) => OperationResult {
  return (org, call) => {
    setStatus(org, userWithStatus(org, call, [from], toError), to);
    return ok({});
  };
}

function userWithStatus(
  org: Org,
  call: Call,
  allowed: readonly UserStatus[],
  toError = (): OktaError => new OktaError('E0000038'),
): UserRecord {
  const user = org.user(call.params['user'] ?? '');
  if (!allowed.includes(user.status)) throw toError();
  return user;
}

function setStatus(org: Org, user: UserRecord, status: UserStatus): void {
  const now = org.timestamp();
  org.users.setStatus(user, status, now);
  user.lastUpdated = now;
}

/** A new activation link in the format of Identity Engine. */
function activationLink(org: Org, user: UserRecord, origin: string): object {
  const { token } = org.links.issue(user, org.nowMs());
  return { activationUrl: `${origin}/tokens/${token}/verify`, activationToken: token };
}

function tokenFor(user: UserRecord): string {
  return `sandbox-${user.oktaId.slice(3, 10)}`;
}
