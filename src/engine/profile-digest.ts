import { hash } from 'node:crypto';

import type { Profile } from '../okta/types.js';

/**
 * A digest of a profile, by which a later command can tell whether the user was changed, without the journal holding the
 * profile.
 */
export function profileDigest(profile: Profile): string {
  // Okta sends an attribute without a value as null or not at all (Core Okta API).
  const names = Object.keys(profile).filter((name) => profile[name] !== null);
  const canonical = JSON.stringify(names.sort().map((name) => [name, profile[name]]));
  return hash('sha256', canonical, 'hex').slice(0, 32);
}
