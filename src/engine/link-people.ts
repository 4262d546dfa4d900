import type { PendingLink } from '../rows/operation.js';
import { failedWith, type RowOutcome, type RowResult } from '../rows/outcome.js';
import type { Row } from '../rows/row.js';

import { isSameValue } from './profile-diff.js';
import { profileDigest } from './profile-digest.js';
import { writeWithReadback, type NextStep, type ReadUser, type WriteContext } from './follow-up-write.js';

/** A row whose user exists, and that names people whose users had to exist first. */
export interface RowToLink {
  readonly row: Row;
  /** Created, updated or unchanged. */
  readonly outcome: RowOutcome & { readonly oktaId: string };
  readonly links: readonly PendingLink[];
}

/**
 * Writes the Okta IDs of the people whom a row names. The outcome that it journals replaces that of the row.
 *
 * @param idOf - the Okta ID of the user of another row; undefined when that row failed.
 * @throws only bugs.
 */
export async function linkPeople(
  { row, outcome: first, links }: RowToLink,
  idOf: (row: number) => string | undefined,
  context: WriteContext,
): Promise<RowOutcome> {
  const { oktaId, login = '', startsOn } = first;
  const wanted = links.map((link) => ({ ...link, id: idOf(link.row) }));
  const missing = wanted.find(({ id }) => id === undefined);
  const values = Object.fromEntries(
    wanted.flatMap(({ attribute, id }) => (id === undefined ? [] : [[attribute, id]])),
  );
  const changesOf = (user: ReadUser): string[] =>
    Object.keys(values).filter(
      (attribute) => !isSameValue(user.profile[attribute] ?? null, values[attribute] ?? null),
    );
  let before: ReadUser | undefined;
  const next = (user: ReadUser | undefined): NextStep => {
    if (user === undefined) return { result: failedWith('ERR_USER_GONE', 'The user no longer exists.') };
    before ??= user;
    const attributes = changesOf(user);
    if (attributes.length === 0) return { result: merged(first, user, changes(before, values), missing) };
    return {
      write: async (signal) => {
        const { user: after } = await context.client.updateProfile(oktaId, values, { signal });
        return merged(first, after, changes(before ?? user, values), missing);
      },
    };
  };
  const operation = {
    kind: 'change',
    row,
    login,
    oktaId,
    user: undefined,
    changes: [],
    joins: [],
    leaves: [],
  } as const;
  const done = await writeWithReadback(operation, context, {
    next,
    action: 'updated',
    update: (user) => ({ oktaId, changes: changes(user, values), joins: [] }),
    written: () => writtenOf(first),
    about: startsOn === undefined ? undefined : { startsOn },
  });
  const { attempts, durationMs } = done;
  return {
    ...done,
    awaitsPeople: undefined,
    attempts: first.attempts + attempts,
    durationMs: first.durationMs + durationMs,
  };
}

function changes(
  { profile }: ReadUser,
  values: Readonly<Record<string, string>>,
): { readonly attribute: string; readonly from: ReadUser['profile'][string]; readonly to: string }[] {
  return Object.entries(values)
    .map(([attribute, to]) => ({ attribute, from: profile[attribute] ?? null, to }))
    .filter(({ from, to }) => !isSameValue(from, to));
}

/** What became of the row in all. */
function merged(
  first: RowOutcome,
  user: ReadUser,
  written: ReturnType<typeof changes>,
  missing: PendingLink | undefined,
): RowResult {
  const result = mergedResult(first, user, written);
  if (missing === undefined) return result;
  const message = `${missing.attribute} was not set, because ${missing.login} has no user. Correct the row of that person.`;
  const writtenBefore = result.status === 'created' || result.status === 'updated' ? result : undefined;
  return { ...failedWith('ERR_PERSON_MISSING', message), ...(writtenBefore && { written: writtenBefore }) };
}

function mergedResult(first: RowOutcome, user: ReadUser, written: ReturnType<typeof changes>): RowResult {
  switch (first.status) {
    case 'created': {
      const { status, oktaId, userStatus, requestId } = first;
      return { status, oktaId, userStatus, profileDigest: profileDigest(user.profile), requestId };
    }
    case 'updated': {
      const {
        row: _row,
        line: _line,
        login: _login,
        attempts: _attempts,
        durationMs: _durationMs,
        awaitsPeople: _awaitsPeople,
        ...result
      } = first;
      return { ...result, changes: [...first.changes, ...written] };
    }
    case 'unchanged': {
      const { oktaId, userStatus, keptEdits } = first;
      const kept = keptEdits && { keptEdits };
      return written.length === 0
        ? { status: 'unchanged', oktaId, userStatus, ...kept }
        : {
            status: 'updated',
            oktaId,
            userStatus,
            changes: written,
            joined: [],
            ...kept,
            requestId: undefined,
          };
    }
    default:
      throw new Error(`Row ${first.row} is ${first.status} and cannot be linked.`);
  }
}

function writtenOf(first: RowOutcome): Extract<RowResult, { status: 'created' | 'updated' }> | undefined {
  return first.status === 'created' || first.status === 'updated' ? first : undefined;
}
