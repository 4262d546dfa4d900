import type { Profile, ProfileValue } from '../okta/types.js';
import type { Change } from '../rows/outcome.js';

/**
 * The changes that turn a profile into what a row wants. The login is not changed: the user was found by it, and keeps its
 * spelling.
 *
 * @param cleared - attributes to empty.
 */
export function profileChanges(
  actual: Profile,
  wanted: Profile,
  cleared: readonly string[] = [],
): readonly Change[] {
  const changes: Change[] = [];
  for (const attribute in wanted) {
    const from = actual[attribute] ?? null;
    const to = wanted[attribute] ?? null;
    if (attribute !== 'login' && !isSameValue(from, to)) changes.push({ attribute, from, to });
  }
  for (const attribute of cleared) {
    const from = actual[attribute] ?? null;
    if (!isEmpty(from)) changes.push({ attribute, from, to: null });
  }
  return changes;
}

/** Okta stores emptied attributes in several ways. */
export function isEmpty(value: ProfileValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function isSameValue(one: ProfileValue, other: ProfileValue): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
}
