import type { CheckedRow } from './plan.js';
import type { MappedRow } from '../mapping/user-request.js';
import type { GroupFailure, GroupResolver } from '../org/group-resolver.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { GroupLists } from '../rows/group-list.js';
import { groupNameProblem } from '../rows/group-name.js';
import { failedWith, LOOKUP_FAILED, type ReportedError } from '../rows/outcome.js';
import type { ColumnOf, Problem } from '../rows/problem.js';
import { placeOf, type Place } from '../rows/place.js';
import { capitalize, quoted } from '../text.js';

import { isAccessRefusal } from './access-refusals.js';
import { toReportedError } from './row-error.js';

export interface GroupOptions {
  readonly groupResolver: GroupResolver;
  /** Called for each group that was created. Undefined in a dry run: no groups are created. */
  readonly onGroupCreated?: ((groupId: string, name: string) => Promise<void>) | undefined;
  /** Called in a dry run with a group that an import would create. */
  readonly onGroupMissing?: ((name: string) => void) | undefined;
  readonly columnOf: ColumnOf;
  /** The columns that the groups come from, for messages. */
  readonly groupColumns?: readonly string[] | undefined;
  readonly cancellation: Cancellation;
}

/** What the groups of a row turned out to be. */
export interface ResolvedGroups {
  /** Names as the row has them, by ID. */
  readonly groups: ReadonlyMap<string, string>;
  /** Names of groups that do not exist and can be created. */
  readonly missing: readonly string[];
  readonly problems: readonly Problem[];
  /** Why a group could not be looked up; not a problem of the file. */
  readonly failure?: ReportedError | undefined;
}

/** Looks up the groups of a row, and of those that follow it; a group that a known problem is about is not looked up. */
export async function resolveGroups(
  { mapped, problems: known, followers = [] }: Pick<CheckedRow, 'mapped' | 'problems' | 'followers'>,
  options: GroupOptions & { readonly lists: GroupLists },
): Promise<ResolvedGroups> {
  const own = await resolveOwnGroups(mapped, known, options);
  if (followers.length === 0) return own;
  const groups = new Map(own.groups);
  const missing = new Set(own.missing);
  const problems = [...own.problems];
  let { failure } = own;
  for (const follower of followers) {
    const resolved = await resolveOwnGroups(follower, [], options);
    for (const [groupId, name] of resolved.groups) groups.set(groupId, name);
    for (const name of resolved.missing) missing.add(name);
    // The rows of a user are imported together, or not at all.
    for (const problem of resolved.problems) {
      problems.push({ ...problem, message: ofSameUser(follower, problem.message) });
    }
    failure ??= resolved.failure && {
      ...resolved.failure,
      message: ofSameUser(follower, resolved.failure.message),
    };
  }
  return { groups, missing: [...missing], problems, failure };
}

function ofSameUser(follower: Place, message: string): string {
  return `${capitalize(placeOf(follower))} of the same user: ${message}`;
}

/**
 * Starts to look up the groups of rows ahead of them, all at once, since each row waits for the rows before it. A lookup that
 * fails is repeated, and reported, by the row.
 */
export function lookUpAhead(
  rows: Iterable<Pick<CheckedRow, 'mapped' | 'problems' | 'followers'>>,
  { groupResolver, cancellation: { signal } }: Pick<GroupOptions, 'groupResolver' | 'cancellation'>,
): void {
  const names = new Set<string>();
  for (const { mapped, problems, followers = [] } of rows) {
    for (const name of withoutReported(mapped.groups, problems)) names.add(name);
    for (const { groups } of followers) for (const name of groups) names.add(name);
  }
  for (const name of names) {
    groupResolver.group(name, { signal }).catch(() => {
      // The row finds out.
    });
  }
}

async function resolveOwnGroups(
  { groups, hasGroupList = false }: Pick<MappedRow, 'groups' | 'hasGroupList'>,
  known: readonly Problem[],
  options: GroupOptions & { readonly lists: GroupLists },
): Promise<ResolvedGroups> {
  const { groupResolver, columnOf, lists, cancellation } = options;
  const { signal } = cancellation;
  const found = new Map<string, string>();
  const missing: string[] = [];
  const problems: Problem[] = [];
  let failure: ReportedError | undefined;
  const toLookUp = withoutReported(groups, known);
  const all = await Promise.all(toLookUp.map((group) => groupResolver.group(group, { signal })));
  for (const [index, resolved] of all.entries()) {
    const name = toLookUp[index] ?? '';
    const isMissing = 'missing' in resolved || 'isMissing' in resolved;
    const list = isMissing && !hasGroupList ? unsplitList(name, lists) : undefined;
    if ('failure' in resolved) failure ??= toReportedFailure(resolved, columnOf);
    else if ('id' in resolved) found.set(resolved.id, name);
    else if (list !== undefined) problems.push(unknownGroup(list, columnOf, 'group-list'));
    else if ('missing' in resolved) missing.push(resolved.missing);
    else problems.push(unknownGroup(resolved.problem, columnOf, resolved.code));
  }
  return { groups: found, missing, problems, failure };
}

/** @returns undefined for a name that is probably one group. */
function unsplitList(name: string, lists: GroupLists): string | undefined {
  const line = lists.lineFor(name);
  if (line === undefined) return undefined;
  return `The org has no group ${quoted(name)}, which looks like several groups. If it is one, create it in Okta first. To split the cell, use this line in a mapping file: ${line}`;
}

/** Creates missing groups. Only for a row that will be sent: otherwise empty groups would remain. */
export async function createMissingGroups(
  names: readonly string[],
  { groupResolver, onGroupCreated, onGroupMissing, columnOf, cancellation: { signal } }: GroupOptions,
): Promise<Pick<ResolvedGroups, 'groups' | 'problems' | 'failure'>> {
  const groups = new Map<string, string>();
  const problems: Problem[] = [];
  let failure: ReportedError | undefined;
  if (onGroupCreated === undefined) {
    for (const name of names) onGroupMissing?.(name);
    return { groups, problems };
  }
  for (const name of names) {
    const group = await groupResolver.createGroup(name, { signal });
    if ('failure' in group) failure ??= toReportedFailure(group, columnOf);
    else if ('problem' in group) problems.push(unknownGroup(group.problem, columnOf));
    else {
      if (group.isNew) await onGroupCreated(group.id, name);
      groups.set(group.id, name);
    }
  }
  return { groups, problems, failure };
}

function toReportedFailure({ failure, message }: GroupFailure, columnOf: ColumnOf): ReportedError {
  const text = `${message} Nothing was sent for this row.`;
  return isAccessRefusal(failure)
    ? { ...toReportedError(failure, columnOf), message: text }
    : failedWith(LOOKUP_FAILED, text).error;
}

function withoutReported(groups: readonly string[], known: readonly Problem[]): readonly string[] {
  // Its cells are not groups, and one of them may be a password.
  if (known.some(({ code }) => code === 'row-shifted')) return [];
  const isAboutNames = known.some(({ code }) => code === 'group-name');
  return groups.filter((group) => !(isAboutNames && groupNameProblem(group) !== undefined));
}

function unknownGroup(message: string, columnOf: ColumnOf, code: string = 'unknown-group'): Problem {
  return { code, column: columnOf('groups'), message };
}
