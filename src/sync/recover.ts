import type { PastRun } from '../journal/reader.js';
import type { RecordedMember } from '../journal/journal-line.js';
import type { PossibleCreate } from '../journal/possible-create.js';
import type { OktaClient } from '../okta/client.js';
import type { User, UserStatus } from '../okta/types.js';

import type { Dataset } from './dataset.js';
import { dayOf, foldOutcome, foldUnknownUpdate } from './fold.js';

/** `created` has a resolution of one second, and the clocks of two Okta hosts may differ by a second. */
const CREATED_TOLERANCE_MS = 2000;

/**
 * Adds what an unfinished run did to its data set. A create without an outcome counts when the org has a user with the login,
 * created while the request was under way, with the values of the row. What an update without an outcome may have written
 * counts as unknown, so that the next run writes it again where it differs from the file.
 *
 * @returns the IDs of the users who were created or activated without an outcome.
 * @throws what the client throws.
 */
export async function recoverRun(
  dataset: Dataset,
  past: PastRun,
  { client, signal }: { readonly client: OktaClient; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const today = dayOf(past);
  const oktaIds: string[] = [];
  for (let row = 1; row <= past.lastRow; row += 1) {
    const recorded = past.members.get(row);
    const outcome = past.outcomeOf(row);
    if (outcome !== undefined) {
      foldOutcome(dataset, outcome, recorded, today);
      continue;
    }
    const update = past.interruptedUpdate(row);
    if (update !== undefined) {
      foldUnknownUpdate(dataset, update, recorded, today);
      if (update.lifecycle?.step === 'activate') oktaIds.push(update.oktaId);
      if (update.lifecycle !== undefined) {
        await recoverStatus(dataset, update.oktaId, { client, signal, today });
      }
      continue;
    }
    const login = past.loginInDoubt(row);
    const creates = past.possibleCreates(row);
    if (recorded === undefined || login === undefined || creates.length === 0) continue;
    const user = await client.findUserByLogin(login, { signal });
    if (user === undefined || !hasValues(user, recorded, dataset)) continue;
    if (!wasCreatedMeanwhile(user, creates)) continue;
    const { key, digest, values, isStaged } = recorded;
    if (isStaged !== true) oktaIds.push(user.id);
    dataset.set({
      key,
      login: recorded.login,
      oktaId: user.id,
      row: digest,
      values: dataset.packValues(values),
      seen: today,
      ...(isStaged && { isStaged }),
    });
  }
  return oktaIds;
}

/** Whether a user was created while one of these requests was under way. */
export function wasCreatedMeanwhile(
  { created }: Pick<User, 'created'>,
  creates: readonly PossibleCreate[],
): boolean {
  const createdMs = Date.parse(created);
  return creates.some(
    ({ sinceMs, untilMs }) =>
      createdMs >= sinceMs - CREATED_TOLERANCE_MS && createdMs <= untilMs + CREATED_TOLERANCE_MS,
  );
}

/** Whether a user who was being suspended, deactivated or brought back is so now. */
async function recoverStatus(
  dataset: Dataset,
  oktaId: string,
  {
    client,
    signal,
    today,
  }: { readonly client: OktaClient; readonly signal: AbortSignal; readonly today: string },
): Promise<void> {
  const member = dataset.findById(oktaId);
  const user = member && (await client.getUser(oktaId, { signal }));
  if (member === undefined || user === undefined) return;
  const left = LEFT_STATUSES[user.status];
  const { left: _left, leftOn: _leftOn, ...rest } = member;
  dataset.set({ ...rest, ...(left && { left, leftOn: today }) });
}

const LEFT_STATUSES: Partial<Record<UserStatus, 'suspended' | 'deactivated'>> = {
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
};

/** The org may hide an attribute from this admin, and may lower-case addresses. */
function hasValues({ profile }: User, { values }: RecordedMember, dataset: Dataset): boolean {
  return Object.entries(values).every(([name, digest]) => {
    const value = profile[name];
    if (value === undefined || /login|email/i.test(name)) return true;
    return dataset.valueDigest(name, value) === digest;
  });
}
