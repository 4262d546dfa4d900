import type { MappedRow } from '../people/user-request.js';
import type { Problem } from '../people/problem.js';
import type { UserRequest } from '../okta/types.js';
import type { Row } from '../csv/records.js';

import type { CreatedGroup, Directory } from './directory.js';
import type { ColumnOf } from './explain.js';
import type { CreateOperation, Outcome, Planned } from './outcome.js';
import { notAttempted } from './outcome.js';

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
  readonly settledEarlier?: ((row: number) => Outcome | undefined) | undefined;
  /** Undefined offline: names of groups and types are then not looked up. */
  readonly directory?: Directory | undefined;
  /** Whether a row may lack what only a create needs, since its user may be there already. */
  readonly mayExist?: boolean | undefined;
  /** Is told of a group that was created. Undefined in a dry run: nothing is created then. */
  readonly onGroup?: ((groupId: string, name: string) => Promise<void>) | undefined;
  readonly columnOf: ColumnOf;
  readonly signal: AbortSignal;
  /** What to say of rows that come after the signal. */
  readonly because: () => string;
  /** The org could not be asked about groups: the run cannot go on. */
  readonly stop: (cause: unknown) => void;
}

/**
 * Decides for each row, in file order, what to do: an operation, or an outcome at once. Asks the org for each group
 * that a row names the first time it is named. One row at a time, whatever comes at once: a group is created only when
 * its row's turn has come.
 */
export async function* planImport(
  rows: AsyncIterable<readonly CheckedRow[]>,
  options: PlanOptions,
): AsyncGenerator<Planned<CreateOperation>> {
  for await (const batch of rows) {
    for (const { mapped, problems } of batch) {
      const { row, login } = mapped;
      const settled = options.settledEarlier?.(row.row);
      if (settled !== undefined) yield { kind: 'decided', row, outcome: settled };
      else if (options.isSelected?.(row.row) === false) {
        yield { kind: 'decided', row, outcome: notAttempted(row, login, 'Left out by --only.') };
      } else if (options.signal.aborted) {
        const outcome = notAttempted(row, login, options.because());
        yield problems.length > 0 ? invalid(row, login, problems) : { kind: 'decided', row, outcome };
      } else yield await planRow(mapped, problems, options);
    }
  }
}

async function planRow(
  mapped: MappedRow,
  known: readonly Problem[],
  options: PlanOptions,
): Promise<Planned<CreateOperation>> {
  const { row, login, request, groups, type } = mapped;
  try {
    // A row is told all that is wrong with it at once, what only the org knows too.
    const asked = groups.length === 0 ? groups : askable(groups, known);
    const {
      groupIds,
      missing,
      problems: ofGroups,
    } = asked.length === 0 ? noGroups() : await resolveGroups(asked, options);
    const problems = [...known, ...ofGroups];
    const userType = type === undefined ? undefined : options.directory?.userType(type);
    if (type !== undefined && options.directory !== undefined && userType === undefined) {
      problems.push(unknownType(type, options));
    }
    const isDeferred =
      login !== undefined && options.mayExist === true && problems.every(isOfCreate(request));
    if ((problems.length > 0 && !isDeferred) || login === undefined) return invalid(row, login, problems);
    const refused: Problem[] = [];
    for (const name of missing) {
      const group = await createdGroup(name, options);
      if (group !== undefined && 'problem' in group) refused.push(unknownGroup(group.problem, options));
      else if (group !== undefined) groupIds.push(group.id);
    }
    if (refused.length > 0) return invalid(row, login, refused);
    const moreGroupIds = groupIds.slice(MOST_GROUPS_ON_CREATE);
    const cleared = Object.keys(request.profile).filter((name) => request.profile[name] === null);
    return {
      kind: 'create',
      row,
      login,
      request: toCreate(request, {
        groupIds: groupIds.slice(0, MOST_GROUPS_ON_CREATE),
        typeId: userType?.id,
        cleared,
      }),
      ...(moreGroupIds.length > 0 && { moreGroupIds }),
      ...(cleared.length > 0 && { cleared }),
      ...(problems.length > 0 && { problemsOfCreate: problems }),
      options: {
        activate: options.activate,
        ...(request.credentials?.provider && { provider: true }),
        ...(options.changePassword && { nextLogin: 'changePassword' }),
      },
    } satisfies CreateOperation;
  } catch (error) {
    if (!options.signal.aborted) options.stop(error);
    if (known.length > 0) return invalid(row, login, known);
    return { kind: 'decided', row, outcome: notAttempted(row, login, options.because()) };
  }
}

/** Users, "Create a user": more are joined afterwards. */
const MOST_GROUPS_ON_CREATE = 20;

/** Whether a problem is none for a user who is there: what is missing stays as it is, unless it is to be emptied. */
function isOfCreate({ profile }: UserRequest): (problem: Problem) => boolean {
  const isEmptied = Object.values(profile).includes(null);
  return ({ code }) => code === 'required-missing' && !isEmptied;
}

/** That nobody can be put into Everyone is known already. */
function askable(groups: readonly string[], known: readonly Problem[]): readonly string[] {
  const isAboutEveryone = known.some(({ code }) => code === 'group-everyone');
  return isAboutEveryone ? groups.filter((group) => !/^everyone$/i.test(group)) : groups;
}

interface ResolvedGroups {
  readonly groupIds: string[];
  readonly missing: readonly string[];
  readonly problems: readonly Problem[];
}

function noGroups(): ResolvedGroups {
  return { groupIds: [], missing: [], problems: [] };
}

async function resolveGroups(
  groups: readonly string[],
  { directory, columnOf, signal }: PlanOptions,
): Promise<ResolvedGroups> {
  if (directory === undefined) return noGroups();
  const ids = new Set<string>();
  const missing: string[] = [];
  const problems: Problem[] = [];
  for (const resolved of await Promise.all(groups.map((group) => directory.group(group, { signal })))) {
    if ('id' in resolved) ids.add(resolved.id);
    else if ('missing' in resolved) missing.push(resolved.missing);
    else problems.push(unknownGroup(resolved.problem, { columnOf }));
  }
  return { groupIds: [...ids], missing, problems };
}

/** Only for a row that is sent: a group that nobody is in would be left behind. */
async function createdGroup(
  name: string,
  { directory, onGroup, signal }: PlanOptions,
): Promise<CreatedGroup | undefined> {
  if (directory === undefined || onGroup === undefined) return undefined;
  const group = await directory.createGroup(name, { signal });
  if ('id' in group && group.isNew) await onGroup(group.id, name);
  return group;
}

function unknownGroup(message: string, { columnOf }: Pick<PlanOptions, 'columnOf'>): Problem {
  return { code: 'unknown-group', column: columnOf('groups'), message };
}

function unknownType(type: string, { directory, columnOf }: PlanOptions): Problem {
  const known = directory?.userTypes.map(({ name }) => `"${name}"`).join(', ');
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
  const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
  return { kind: 'decided', row, outcome: { ...base, status: 'invalid', problems } };
}
