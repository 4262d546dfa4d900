import { createHash } from 'node:crypto';

import type { Profile } from '../okta/types.js';

/**
 * A short name for a profile's content: two profiles of one digest are the same. Lets a journal tell later whether
 * somebody changed a user, without holding the profile.
 */
export function profileDigest(profile: Profile): string {
  // Okta may send an attribute without a value as null or not at all (Core Okta API).
  const set = Object.entries(profile).filter(([, value]) => value !== null);
  const canonical = JSON.stringify(set.sort(([one], [other]) => (one < other ? -1 : 1)));
  return createHash('sha256').update(canonical).digest('hex').slice(0, 32);
}
