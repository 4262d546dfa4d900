import type { SyncSettings } from '../journal/journal-line.js';
import type { IndexedUser } from '../org/user-index.js';

import type { Dataset, Member } from './dataset.js';
import type { OrgUsers } from './org-users.js';
import type { OtherDatasets } from './other-datasets.js';

/** A member whom the file no longer has, and what is done about it. */
export interface Leaver {
  readonly member: Member;
  /** Undefined when the user no longer exists. */
  readonly user: IndexedUser | undefined;
  /** Undefined when the user is only reported. */
  readonly action: 'suspend' | 'deactivate' | undefined;
  /** Why the user is only reported, as a sentence. */
  readonly reason: string;
  /** Whether that is not what was asked for: the user can still sign in, or be activated. */
  readonly isRefused?: boolean | undefined;
}

/**
 * The leavers of a run in the order of their Okta IDs, so that a resumed run numbers them alike. People who were dealt with
 * when they left are not leavers again, unless they are now to be deactivated and were only suspended.
 *
 * @param isSeen - whether the file has a member.
 * @throws what the client throws.
 */
export async function findLeavers(
  { dataset, users, settings, others }: LeaversContext,
  isSeen: (member: Member) => boolean,
  signal: AbortSignal,
): Promise<readonly Leaver[]> {
  const missing = dataset
    .members()
    .filter((member) => !isSeen(member) && !isDealtWith(member, settings.leavers));
  missing.sort((one, other) => (one.oktaId < other.oktaId ? -1 : 1));
  const leavers: Leaver[] = [];
  for (const member of missing) {
    const user = users.mayLag
      ? await users.freshById(member.oktaId, signal)
      : await users.byId(member.oktaId, signal);
    leavers.push(toLeaver(member, user, { settings, others }));
  }
  return leavers;
}

export interface LeaversContext {
  readonly dataset: Dataset;
  readonly users: OrgUsers;
  readonly settings: SyncSettings;
  readonly others: OtherDatasets;
}

function isDealtWith({ left }: Member, leavers: SyncSettings['leavers']): boolean {
  return left === 'deactivated' || (left === 'suspended' && leavers !== 'deactivate');
}

function toLeaver(
  member: Member,
  user: IndexedUser | undefined,
  { settings, others }: Pick<LeaversContext, 'settings' | 'others'>,
): Leaver {
  const { leavers, actsOnLeavers, leaverGraceDays, today } = settings;
  const listed = (reason: string): Leaver => ({ member, user, action: undefined, reason });
  if (user === undefined) return listed('Not in the file; the user no longer exists in Okta.');
  if (user.status === 'DEPROVISIONED') return listed('Not in the file; the user is already deactivated.');
  const kept = others.keptBecause(member.oktaId);
  if (kept !== undefined) return listed(`Not in the file; left alone, ${kept}.`);
  if (leavers === 'list') {
    return listed('Not in the file. Use --leavers suspend or deactivate to act on leavers.');
  }
  if (!actsOnLeavers) return listed('Not in the file. No leaver is acted on in this run.');
  const missingDays = daysBetween(member.missingSince ?? today, today);
  if (missingDays < leaverGraceDays) {
    return listed(`Not in the file for ${missingDays} of ${leaverGraceDays} days (--leaver-grace).`);
  }
  if (leavers === 'suspend' && user.status !== 'ACTIVE') {
    if (user.status === 'SUSPENDED') return listed('Not in the file; the user is already suspended.');
    // Users, "Suspend a user".
    const refused = `Not in the file. Okta suspends only active users, and this one is ${user.status}.`;
    return { ...listed(refused), isRefused: true };
  }
  return { member, user, action: leavers, reason: 'Not in the file.' };
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
