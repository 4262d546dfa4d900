import type { UserStatus } from '../okta/types.js';

const STATUS_TEXTS: Readonly<Record<UserStatus, string>> = {
  STAGED: 'staged',
  PROVISIONED: 'pending activation',
  ACTIVE: 'active',
  RECOVERY: 'in password recovery',
  PASSWORD_EXPIRED: 'password expired',
  LOCKED_OUT: 'locked out',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
};

/** A user's status as messages show it. */
export function userStatusText(status: UserStatus): string {
  // Okta may add statuses.
  return STATUS_TEXTS[status] ?? status;
}
