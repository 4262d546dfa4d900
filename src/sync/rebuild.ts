import type { SyncSettings } from '../journal/journal-line.js';
import type { PastRun } from '../journal/reader.js';
import type { OktaClient } from '../okta/client.js';
import type { User } from '../okta/types.js';

import type { Dataset, Member } from './dataset.js';
import { matchKey } from './match-key.js';

/** The expression must fit into a URL. */
const IDS_PER_REQUEST = 50;

/**
 * The people whom a run made members of its data set and who are still in the org. Their values count as unknown, so that
 * everything that differs from the file is written the next time.
 *
 * @throws what the client throws.
 */
export async function* memberOf(
  past: PastRun,
  dataset: Dataset,
  { match, today }: SyncSettings,
  client: OktaClient,
  signal: AbortSignal,
): AsyncGenerator<Member> {
  const ids = new Set<string>();
  for (const row of past.members.keys()) {
    const outcome = past.outcomeOf(row);
    const oktaId =
      outcome === undefined
        ? undefined
        : 'oktaId' in outcome
          ? outcome.oktaId
          : outcome.status === 'failed'
            ? outcome.written?.oktaId
            : undefined;
    if (oktaId !== undefined && dataset.findById(oktaId) === undefined) ids.add(oktaId);
  }
  const all = [...ids];
  for (let start = 0; start < all.length; start += IDS_PER_REQUEST) {
    const search = all
      .slice(start, start + IDS_PER_REQUEST)
      .map((id) => `id eq "${id}"`)
      .join(' or ');
    for await (const user of client.listUsers({ search, pageSize: 200 }, { signal })) {
      const key = matchKey(user.profile, match);
      if (key !== undefined) yield toMember(user, key, dataset, today);
    }
  }
}

function toMember({ id, status, profile }: User, key: string, dataset: Dataset, today: string): Member {
  const left = status === 'SUSPENDED' ? 'suspended' : status === 'DEPROVISIONED' ? 'deactivated' : undefined;
  return {
    key: dataset.keyOf(key),
    login: dataset.loginOf(profile['login']),
    oktaId: id,
    row: '',
    values: '',
    seen: today,
    ...(left && { left }),
  };
}
