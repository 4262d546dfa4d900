import { isEmpty, isSameValue } from '../engine/profile-diff.js';
import { isSameLogin } from '../okta/login.js';
import type { Profile, ProfileValue } from '../okta/types.js';
import type { Change } from '../rows/outcome.js';

/** A value that was edited in Okta and that the file did not change: it is kept. */
export interface KeptEdit {
  readonly attribute: string;
  readonly inFile: ProfileValue;
  readonly inOkta: ProfileValue;
}

export interface MergeRequest {
  /** What the row wants; an attribute that the row empties is null. */
  readonly wanted: Profile;
  readonly actual: Profile;
  /** Whether the file changed the attribute since the last run; true when there was none. */
  readonly isChangedInFile: (attribute: string, value: ProfileValue) => boolean;
  /** Whether logins are written, too: not when people are matched by them. */
  readonly changesLogin: boolean;
  /** Writes the file's value even where Okta was edited. */
  readonly overrideEdits: boolean;
}

export interface Merge {
  readonly changes: readonly Change[];
  readonly kept: readonly KeptEdit[];
}

/**
 * Merges a row with a user, attribute by attribute: what the file changed is written; what only Okta changed is kept. An
 * attribute that the row does not have is left alone.
 */
export function mergeProfile(request: MergeRequest): Merge {
  const { wanted, actual, isChangedInFile, changesLogin, overrideEdits } = request;
  const changes: Change[] = [];
  const kept: KeptEdit[] = [];
  for (const attribute in wanted) {
    const to = wanted[attribute] ?? null;
    const from = actual[attribute] ?? null;
    if (attribute === 'login' && (!changesLogin || isSameText(from, to))) continue;
    if (isSameValue(from, to) || (isEmpty(from) && isEmpty(to))) continue;
    if (overrideEdits || isChangedInFile(attribute, to)) changes.push({ attribute, from, to });
    else kept.push({ attribute, inFile: to, inOkta: from });
  }
  return { changes, kept };
}

function isSameText(one: ProfileValue, other: ProfileValue): boolean {
  return typeof one === 'string' && typeof other === 'string' && isSameLogin(one, other);
}
