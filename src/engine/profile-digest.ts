import { hash } from 'node:crypto';

import type { Profile } from '../okta/types.js';

/**
 * A short name for a profile's content: two profiles of one digest are the same. Lets a journal tell later whether
 * somebody changed a user, without holding the profile.
 */
export function profileDigest(profile: Profile): string {
  // Okta may send an attribute without a value as null or not at all (Core Okta API).
  const names = Object.keys(profile).filter((name) => profile[name] !== null);
  const canonical = JSON.stringify(names.sort().map((name) => [name, profile[name]]));
  return hash('sha256', canonical, 'hex').slice(0, 32);
}
