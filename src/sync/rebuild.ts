import type { SyncSettings } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import type { PossibleCreate } from '../journal/possible-create.js';
import type { User, UserStatus } from '../okta/types.js';

import { Dataset, type DatasetHeader, type Member } from './dataset.js';
import { dayOf, foldRun, foldUnknownUpdate } from './fold.js';
import { matchKey } from './match-key.js';
import { revertDataset } from './revert-dataset.js';

/** A create without an outcome, by a run that never came to its end. */
export interface UnprovenCreate {
  readonly login: string;
  readonly creates: readonly PossibleCreate[];
}

/**
 * Who belongs to a data set whose state was lost, by the journals of its runs. Their digests were made with the key of the lost
 * state, so that only Okta IDs and what happened to the users are taken from them.
 */
export class RecordedMembers {
  readonly #dataset: Dataset;
  readonly #unproven: UnprovenCreate[] = [];

  constructor(header: DatasetHeader) {
    this.#dataset = new Dataset(header);
  }

  /** Adds a run. Runs and undos are added in the order in which they started. */
  addRun(past: PastRun): void {
    foldRun(this.#dataset, past);
    for (let row = 1; row <= past.lastRow; row += 1) {
      const update = past.interruptedUpdate(row);
      if (update !== undefined) {
        foldUnknownUpdate(this.#dataset, update, past.members.get(row), dayOf(past));
        this.#leaveOpen(update.oktaId, update.lifecycle?.step);
      }
      const login = past.possibleCreates(row).length > 0 ? past.loginInDoubt(row) : undefined;
      if (login !== undefined) this.#unproven.push({ login, creates: past.possibleCreates(row) });
    }
  }

  /** Takes back what an undo reverted. */
  addUndo(past: PastRun, isReverted: (row: number) => boolean): void {
    revertDataset(this.#dataset, past, isReverted);
  }

  /** Whether a user was suspended before the kill is what the org says. */
  #leaveOpen(oktaId: string, step: string | undefined): void {
    const member = this.#dataset.findById(oktaId);
    if (member !== undefined && step === 'suspend') this.#dataset.set({ ...member, left: 'suspended' });
  }

  get unproven(): readonly UnprovenCreate[] {
    return this.#unproven;
  }

  members(): readonly Member[] {
    return this.#dataset.members();
  }
}

export interface RebuildResult {
  /** Users without a match key. */
  readonly withoutKey: readonly string[];
  /** Users who share a match key with another one. */
  readonly withSameKey: readonly string[];
}

/**
 * Fills a new data set with recorded members, as the org shows them. Their values count as unknown, so that everything that differs
 * from the file is written the next time. Users whose match key is missing or not unique are left out.
 *
 * @param dataset - empty.
 * @returns logins of those who were left out.
 */
export function fillDataset(
  dataset: Dataset,
  found: readonly { readonly recorded: Member; readonly user: User }[],
  { match, today }: Pick<SyncSettings, 'match' | 'today'>,
): RebuildResult {
  const withoutKey: string[] = [];
  const withSameKey: string[] = [];
  const byKey = new Map<string | undefined, (typeof found)[number][]>();
  for (const each of found) {
    const key = matchKey(each.user.profile, match);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [each]);
    else same.push(each);
  }
  for (const [key, members] of byKey) {
    const logins = members.map(({ user }) => user.profile['login']);
    if (key === undefined) withoutKey.push(...logins);
    else if (members.length > 1) withSameKey.push(...logins);
    else for (const { recorded, user } of members) dataset.set(toMember(recorded, user, key, dataset, today));
  }
  return { withoutKey, withSameKey };
}

function toMember(
  recorded: Member,
  { id, status, profile }: User,
  key: string,
  dataset: Dataset,
  today: string,
): Member {
  const left = leftNow(recorded.left, status);
  const isStaged = recorded.isStaged === true && status === 'STAGED';
  return {
    key: dataset.keyOf(key),
    login: dataset.loginOf(profile['login']),
    oktaId: id,
    row: '',
    values: '',
    seen: today,
    ...(left && { left }),
    ...(isStaged && { isStaged }),
  };
}

/** A user whom an admin suspended did not leave: it stays suspended when the file has the person. */
function leftNow(recorded: Member['left'], status: UserStatus): Member['left'] {
  if (status === 'DEPROVISIONED') return 'deactivated';
  return status === 'SUSPENDED' ? recorded : undefined;
}
