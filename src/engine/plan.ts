import type { MappedRow } from '../mapping/user-request.js';
import type { Problem } from '../rows/problem.js';
import type { UserRequest } from '../okta/types.js';
import type { Row } from '../rows/row.js';

import type { CreatedGroup, GroupResolver } from '../org/group-resolver.js';
import type { ColumnOf } from '../rows/problem.js';
import type { RowOutcome } from '../rows/outcome.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import { NOT_SELECTED } from '../rows/row-selection.js';
import { decided } from '../rows/outcome.js';
import type { Cancellation } from '../rows/cancellation.js';

/** A row with all the problems that can be known without asking the org. */
export interface CheckedRow {
  readonly mapped: MappedRow;
  readonly problems: readonly Problem[];
}

export interface PlanOptions {
  readonly activate: boolean;
  /** `nextLogin=changePassword`. */
  readonly changePassword: boolean;
  /** Which rows to do; undefined for all. */
  readonly isSelected?: ((row: number) => boolean) | undefined;
  /** What an earlier process of this run made of a row; undefined when it is still to be done. */
  readonly settledEarlier?: ((row: number) => RowOutcome | undefined) | undefined;
  /** Undefined offline: names of groups and types are then not looked up. */
  readonly groupResolver?: GroupResolver | undefined;
  /** Whether a row may lack what only a create needs, since its user may be there already. */
  readonly mayUserExist?: boolean | undefined;
  /** Is told of a group that was created. Undefined in a dry run: nothing is created then. */
  readonly onGroupCreated?: ((groupId: string, name: string) => Promise<void>) | undefined;
  readonly columnOf: ColumnOf;
  readonly cancellation: Cancellation;
}

/**
 * Decides for each row, in file order, what to do: an operation, or an outcome at once. Asks the org for each group
 * that a row names the first time it is named.
 *
 * As many come at once as can be told without asking anybody; a row with groups comes alone, so that a group is created only when
 * that row's turn has come.
 */
export async function* planImport(
  rows: AsyncIterable<readonly CheckedRow[]>,
  options: PlanOptions,
): AsyncGenerator<readonly Planned<CreateOperation>[]> {
  for await (const batch of rows) {
    let ready: Planned<CreateOperation>[] = [];
    for (const checked of batch) {
      const planned = planWithoutAsking(checked, options);
      if (planned !== undefined) {
        ready.push(planned);
        continue;
      }
      if (ready.length > 0) yield ready;
      ready = [];
      yield [await planWithGroups(checked, options)];
    }
    if (ready.length > 0) yield ready;
  }
}

/** Undefined when the org has to be asked about groups. */
function planWithoutAsking(
  { mapped, problems }: CheckedRow,
  options: PlanOptions,
): Planned<CreateOperation> | undefined {
  const { row, login, groups } = mapped;
  const settled = options.settledEarlier?.(row.row);
  if (settled !== undefined) return { kind: 'decided', row, outcome: settled };
  if (options.isSelected?.(row.row) === false) {
    return decided(row, login, { status: 'not-attempted', reason: NOT_SELECTED });
  }
  if (options.cancellation.isAborted) return stopped(mapped, problems, options);
  if (groups.length > 0 && options.groupResolver !== undefined) return undefined;
  return operationOf(mapped, problems, [], options);
}

async function planWithGroups(
  { mapped, problems: known }: CheckedRow,
  options: PlanOptions,
): Promise<Planned<CreateOperation>> {
  const { row, login } = mapped;
  // It may have taken a while to get to it.
  if (options.cancellation.isAborted) return stopped(mapped, known, options);
  try {
    // A row is told all that is wrong with it at once, what only the org knows too.
    const resolved = await resolveGroups(withoutEveryone(mapped.groups, known), options);
    const problems = [...known, ...resolved.problems];
    const planned = operationOf(mapped, problems, resolved.groupIds, options);
    if (planned.kind === 'decided' || resolved.missing.length === 0) return planned;
    const groupIds = [...resolved.groupIds];
    const refused: Problem[] = [];
    for (const name of resolved.missing) {
      const group = await createdGroup(name, options);
      if (group !== undefined && 'problem' in group) refused.push(unknownGroup(group.problem, options));
      else if (group !== undefined) groupIds.push(group.id);
    }
    if (refused.length > 0) return invalid(row, login, refused);
    return operationOf(mapped, problems, groupIds, options);
  } catch (error) {
    if (!options.cancellation.isAborted) options.cancellation.fail(error);
    return stopped(mapped, known, options);
  }
}

/** What is wrong with a row is said of it also when it was not reached. */
function stopped(
  { row, login }: MappedRow,
  problems: readonly Problem[],
  { cancellation }: PlanOptions,
): Planned<never> {
  if (problems.length > 0) return invalid(row, login, problems);
  return decided(row, login, { status: 'not-attempted', reason: cancellation.stopReason() });
}

/** The create of a row, or that it is invalid. */
function operationOf(
  { row, login, request, type }: MappedRow,
  known: readonly Problem[],
  groupIds: readonly string[],
  options: PlanOptions,
): Planned<CreateOperation> {
  const { groupResolver, mayUserExist, activate, changePassword } = options;
  const userType = type === undefined ? undefined : groupResolver?.userType(type);
  const isUnknownType = type !== undefined && groupResolver !== undefined && userType === undefined;
  const problems = isUnknownType ? [...known, unknownType(type, options)] : known;
  const isDeferred =
    login !== undefined && mayUserExist === true && problems.every(concernsOnlyCreate(request));
  if ((problems.length > 0 && !isDeferred) || login === undefined) return invalid(row, login, problems);
  const moreGroupIds = groupIds.slice(MAX_GROUPS_ON_CREATE);
  const cleared = Object.keys(request.profile).filter((name) => request.profile[name] === null);
  return {
    kind: 'create',
    row,
    login,
    request: toCreate(request, {
      groupIds: groupIds.slice(0, MAX_GROUPS_ON_CREATE),
      typeId: userType?.id,
      cleared,
    }),
    ...(moreGroupIds.length > 0 && { moreGroupIds }),
    ...(cleared.length > 0 && { cleared }),
    ...(problems.length > 0 && { createProblems: problems }),
    options: {
      activate,
      ...(request.credentials?.provider && { provider: true }),
      ...(changePassword && { nextLogin: 'changePassword' }),
    },
  } satisfies CreateOperation;
}

/** Users, "Create a user": more are joined afterwards. */
const MAX_GROUPS_ON_CREATE = 20;

/** Whether a problem is none for a user who is there: what is missing stays as it is, unless it is to be emptied. */
function concernsOnlyCreate({ profile }: UserRequest): (problem: Problem) => boolean {
  const isEmptied = Object.values(profile).includes(null);
  return ({ code }) => code === 'required-missing' && !isEmptied;
}

/** That nobody can be put into Everyone is known already. */
function withoutEveryone(groups: readonly string[], known: readonly Problem[]): readonly string[] {
  const isAboutEveryone = known.some(({ code }) => code === 'group-everyone');
  return isAboutEveryone ? groups.filter((group) => !/^everyone$/i.test(group)) : groups;
}

interface ResolvedGroups {
  readonly groupIds: readonly string[];
  readonly missing: readonly string[];
  readonly problems: readonly Problem[];
}

async function resolveGroups(
  groups: readonly string[],
  { groupResolver, columnOf, cancellation }: PlanOptions,
): Promise<ResolvedGroups> {
  if (groupResolver === undefined) return { groupIds: [], missing: [], problems: [] };
  const ids = new Set<string>();
  const missing: string[] = [];
  const problems: Problem[] = [];
  for (const resolved of await Promise.all(
    groups.map((group) => groupResolver.group(group, { signal: cancellation.signal })),
  )) {
    if ('id' in resolved) ids.add(resolved.id);
    else if ('missing' in resolved) missing.push(resolved.missing);
    else problems.push(unknownGroup(resolved.problem, { columnOf }));
  }
  return { groupIds: [...ids], missing, problems };
}

/** Only for a row that is sent: a group that nobody is in would be left behind. */
async function createdGroup(
  name: string,
  { groupResolver, onGroupCreated, cancellation }: PlanOptions,
): Promise<CreatedGroup | undefined> {
  if (groupResolver === undefined || onGroupCreated === undefined) return undefined;
  const group = await groupResolver.createGroup(name, { signal: cancellation.signal });
  if ('id' in group && group.isNew) await onGroupCreated(group.id, name);
  return group;
}

function unknownGroup(message: string, { columnOf }: Pick<PlanOptions, 'columnOf'>): Problem {
  return { code: 'unknown-group', column: columnOf('groups'), message };
}

function unknownType(type: string, { groupResolver, columnOf }: PlanOptions): Problem {
  const known = groupResolver?.userTypes.map(({ name }) => `"${name}"`).join(', ');
  return {
    code: 'unknown-type',
    column: columnOf('type'),
    message: `The org has no user type "${type}". It has ${known}.`,
  };
}

/** The body of a create: ids instead of names, and nothing that is null. */
function toCreate(
  request: UserRequest,
  {
    groupIds,
    typeId,
    cleared,
  }: {
    readonly groupIds: readonly string[];
    readonly typeId: string | undefined;
    readonly cleared: readonly string[];
  },
): UserRequest {
  const { profile } = request;
  return {
    ...request,
    profile:
      cleared.length === 0
        ? profile
        : Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null)),
    ...(groupIds.length > 0 && { groupIds }),
    ...(typeId !== undefined && { type: { id: typeId } }),
  };
}

function invalid(row: Row, login: string | undefined, problems: readonly Problem[]): Planned<never> {
  return decided(row, login, { status: 'invalid', problems });
}
