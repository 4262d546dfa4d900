import type { SyncSettings } from '../journal/journal-line.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';
import type { UserStatus } from '../okta/types.js';
import type { IndexedUser } from '../org/user-index.js';
import type { LifecycleStep } from '../rows/outcome.js';

import type { Member } from './dataset.js';
import { employmentStage } from './employment.js';
import type { OtherDatasets } from './other-datasets.js';

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
  readonly others: OtherDatasets;
}

const STATUS_STAYS: StatusPlan = { lifecycle: undefined, warning: undefined, isReturner: false };

/** What happens to the status of a user whom the file has. */
export function planStatus(
  { id, status }: IndexedUser,
  member: Member | undefined,
  dates: EmploymentDates,
  settings: SyncSettings & StatusOptions,
): StatusPlan {
  const stage = employmentStage(dates, settings);
  const isMember = member !== undefined || settings.adoptExisting;
  if (stage.kind === 'over') {
    const kept = isMember ? settings.others.keptBecause(id) : 'because it does not belong to the data set';
    return planEnd(status, stage.reason, kept);
  }
  if (status === 'DEPROVISIONED') {
    if (settings.reactivate && member !== undefined) {
      return { lifecycle: 'activate', warning: undefined, isReturner: true };
    }
    const warning = 'The user is deactivated in Okta and was left alone. Use --reactivate to activate it.';
    return { lifecycle: undefined, warning, isReturner: member?.left !== undefined };
  }
  if (status === 'SUSPENDED') {
    const isOurs =
      member?.left === 'suspended' || (isMember && settings.others.isSuspendedLeaver(id, member));
    if (isOurs) return { lifecycle: 'unsuspend', warning: undefined, isReturner: true };
    const warning = settings.others.isSuspendedLeaver(id, member)
      ? 'The user was suspended as a leaver of another data set, does not belong to this one, and stays suspended. With --adopt-existing, it is unsuspended.'
      : 'The user is suspended in Okta, not by this data set, and stays suspended.';
    return { ...STATUS_STAYS, warning };
  }
  const isFirstDay = status === 'STAGED' && member?.isStaged === true && stage.kind === 'employed';
  return {
    ...STATUS_STAYS,
    lifecycle: isFirstDay && settings.activates ? 'activate' : undefined,
    waitsForActivate: isFirstDay && !settings.activates,
  };
}

/** What happens to the status of a user whose last day has passed. @param kept - why it is not suspended. */
function planEnd(status: UserStatus, reason: string, kept: string | undefined): StatusPlan {
  if (status === 'SUSPENDED' || status === 'DEPROVISIONED') return STATUS_STAYS;
  if (kept !== undefined) {
    const warning = `${reason} The user stays ${status}, ${kept}.`;
    return { ...STATUS_STAYS, warning };
  }
  if (status === 'ACTIVE') return { ...STATUS_STAYS, lifecycle: 'suspend', reason };
  const warning = `${reason} Okta suspends only active users, and this one is ${status}. Deactivate the user in Okta.`;
  return { ...STATUS_STAYS, warning };
}
