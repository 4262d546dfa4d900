import { isEmpty, isSameValue } from '../engine/profile-diff.js';
import { isSameLogin } from '../okta/login.js';
import type { Profile, ProfileValue } from '../okta/types.js';
import type { Change } from '../rows/outcome.js';

/** A value that was edited in Okta and that the file did not change. */
export interface Edit {
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
}

export interface Merge {
  /** What the file changed. */
  readonly changes: readonly Change[];
  /** What only Okta changed. */
  readonly edits: readonly Edit[];
}

/** Merges a row with a user, attribute by attribute. An attribute that the row does not have is left alone. */
export function mergeProfile(request: MergeRequest): Merge {
  const { wanted, actual, isChangedInFile, changesLogin } = request;
  const changes: Change[] = [];
  const edits: Edit[] = [];
  for (const attribute in wanted) {
    const to = wanted[attribute] ?? null;
    const from = actual[attribute] ?? null;
    if (attribute === 'login' && (!changesLogin || isSameText(from, to))) continue;
    if (isSameValue(from, to) || (isEmpty(from) && isEmpty(to))) continue;
    if (isChangedInFile(attribute, to)) changes.push({ attribute, from, to });
    else edits.push({ attribute, inFile: to, inOkta: from });
  }
  return { changes, edits };
}

export interface DecidedEdits {
  /** What is written. */
  readonly changes: readonly Change[];
  readonly kept: readonly Edit[];
  /** Attributes that the org hides, so edits of them cannot be detected. */
  readonly hidden: readonly string[];
}

/**
 * Keeps the edits, or overwrites them. A value that the org hides looks like one that was cleared in Okta. It is not an edit to keep, and
 * it is overwritten only once, because no run can see whether that changed anything.
 */
export function decideEdits(
  { changes, edits }: Merge,
  {
    overrideEdits,
    isHidden,
    isWritten,
  }: {
    readonly overrideEdits: boolean;
    readonly isHidden: (attribute: string) => boolean;
    /** Whether an earlier run has overwritten the hidden attribute. */
    readonly isWritten: (attribute: string) => boolean;
  },
): DecidedEdits {
  const hidden = edits.map(({ attribute }) => attribute).filter(isHidden);
  if (!overrideEdits) {
    return { changes, kept: edits.filter(({ attribute }) => !hidden.includes(attribute)), hidden };
  }
  const overwritten = edits.flatMap(({ attribute, inOkta: from, inFile: to }) =>
    hidden.includes(attribute) && isWritten(attribute) ? [] : [{ attribute, from, to }],
  );
  return { changes: [...changes, ...overwritten], kept: [], hidden };
}

function isSameText(one: ProfileValue, other: ProfileValue): boolean {
  return typeof one === 'string' && typeof other === 'string' && isSameLogin(one, other);
}
