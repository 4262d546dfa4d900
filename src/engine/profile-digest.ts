import { hash } from 'node:crypto';

import type { Profile, ProfileValue } from '../okta/types.js';

/** The attributes of the last profile, and what is digested of it. Most profiles of a run have the same attributes. */
let last: { readonly names: readonly string[]; readonly sorted: readonly [string, ProfileValue][] } = {
  names: [],
  sorted: [],
};

/**
 * A digest of a profile, by which a later command can tell whether the user was changed, without the journal holding the
 * profile.
 */
export function profileDigest(profile: Profile): string {
  // Okta sends an attribute without a value as null or not at all (Core Okta API).
  const names = Object.keys(profile).filter((name) => profile[name] !== null);
  if (!isSame(names, last.names)) {
    last = { names, sorted: names.toSorted().map((name) => [name, null]) };
  }
  for (const entry of last.sorted) entry[1] = profile[entry[0]] ?? null;
  return hash('sha256', JSON.stringify(last.sorted), 'hex').slice(0, 32);
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, index) => name === others[index]);
}
