import type { SyncSettings } from '../journal/journal-line.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';
import type { UserStatus } from '../okta/types.js';
import type { IndexedUser } from '../org/user-index.js';
import type { LifecycleStep } from '../rows/outcome.js';

import type { Member } from './dataset.js';
import { employmentStage } from './employment.js';

/** What happens to the status of a user whom the file has. */
export interface StatusPlan {
  readonly lifecycle: LifecycleStep | undefined;
  readonly isReturner: boolean;
  /** Why a user whose last day has passed is suspended, as a sentence. */
  readonly reason?: string | undefined;
  /** Why the status of a user stays as it is. */
  readonly warning: string | undefined;
  /** The start date of a staged user has come, and `activate` is to activate it. */
  readonly waitsForActivate?: boolean | undefined;
}

export interface StatusOptions {
  /** Whether users are activated on their first day; false leaves that to `activate`. */
  readonly activates: boolean;
}

const STATUS_STAYS: StatusPlan = { lifecycle: undefined, warning: undefined, isReturner: false };

/** What happens to the status of a user whom the file has. */
export function planStatus(
  { status }: IndexedUser,
  member: Member | undefined,
  dates: EmploymentDates,
  settings: SyncSettings & StatusOptions,
): StatusPlan {
  const stage = employmentStage(dates, settings);
  if (stage.kind === 'over') {
    return planEnd(status, stage.reason, member !== undefined || settings.adoptExisting);
  }
  if (status === 'DEPROVISIONED') {
    if (settings.reactivate && member !== undefined) {
      return { lifecycle: 'activate', warning: undefined, isReturner: true };
    }
    const warning = 'The user is deactivated in Okta and was left alone. Use --reactivate to activate it.';
    return { lifecycle: undefined, warning, isReturner: member?.left !== undefined };
  }
  if (status === 'SUSPENDED') {
    if (member?.left === 'suspended') return { lifecycle: 'unsuspend', warning: undefined, isReturner: true };
    const warning = 'The user is suspended in Okta, not by this data set, and stays suspended.';
    return { ...STATUS_STAYS, warning };
  }
  const isFirstDay = status === 'STAGED' && member?.isStaged === true && stage.kind === 'employed';
  return {
    ...STATUS_STAYS,
    lifecycle: isFirstDay && settings.activates ? 'activate' : undefined,
    waitsForActivate: isFirstDay && !settings.activates,
  };
}

/** What happens to the status of a user whose last day has passed. */
function planEnd(status: UserStatus, reason: string, isMember: boolean): StatusPlan {
  if (status === 'SUSPENDED' || status === 'DEPROVISIONED') return STATUS_STAYS;
  if (!isMember) {
    const warning = `${reason} The user does not belong to the data set, and stays ${status}.`;
    return { ...STATUS_STAYS, warning };
  }
  if (status === 'ACTIVE') return { ...STATUS_STAYS, lifecycle: 'suspend', reason };
  const warning = `${reason} Okta suspends only active users, and this one is ${status}.`;
  return { ...STATUS_STAYS, warning };
}
