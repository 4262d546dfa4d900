import type { User, UserStatus } from '../okta/types.js';

/** How far a person has come, in the words of an admin. */
export type AccountState =
  | 'staged'
  | 'invited'
  | 'recovery'
  | 'passwordExpired'
  | 'active'
  | 'locked'
  | 'suspended'
  | 'deactivated'
  | 'gone';

/** In the order in which tables show them. */
export const ACCOUNT_STATES: readonly AccountState[] = [
  'staged',
  'invited',
  'recovery',
  'passwordExpired',
  'active',
  'locked',
  'suspended',
  'deactivated',
  'gone',
];

const STATES: Readonly<Record<UserStatus, AccountState>> = {
  STAGED: 'staged',
  PROVISIONED: 'invited',
  RECOVERY: 'recovery',
  PASSWORD_EXPIRED: 'passwordExpired',
  ACTIVE: 'active',
  LOCKED_OUT: 'locked',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
};

/** @param user - undefined when it does not exist any more. */
export function accountStateOf(user: Pick<User, 'status'> | undefined): AccountState {
  return user === undefined ? 'gone' : STATES[user.status];
}
