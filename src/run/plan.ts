import type { MappedRow } from '../people/user-request.js';
import type { Problem } from '../people/problem.js';
import type { UserRequest } from '../okta/types.js';
import type { Row } from '../csv/records.js';

import type { Directory } from './directory.js';
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
  readonly columnOf: ColumnOf;
  readonly signal: AbortSignal;
  /** What to say of rows that come after the signal. */
  readonly because: () => string;
  /** The org could not be asked about groups: the run cannot go on. */
  readonly stop: (cause: unknown) => void;
}

/**
 * Decides for each row, in file order, what to do: an operation, or an outcome at once. Asks the org for each group
 * that a row names the first time it is named.
 */
export async function* planImport(
  rows: AsyncIterable<CheckedRow>,
  options: PlanOptions,
): AsyncGenerator<Planned<CreateOperation>> {
  for await (const { mapped, problems } of rows) {
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

async function planRow(
  mapped: MappedRow,
  known: readonly Problem[],
  options: PlanOptions,
): Promise<Planned<CreateOperation>> {
  const { row, login, request, groups, type } = mapped;
  try {
    // A row is told all that is wrong with it at once, what only the org knows too.
    const { groupIds, problems: ofGroups } = await resolveGroups(askable(groups, known), options);
    const problems = [...known, ...ofGroups];
    const userType = type === undefined ? undefined : options.directory?.userType(type);
    if (type !== undefined && options.directory !== undefined && userType === undefined) {
      problems.push(unknownType(type, options));
    }
    if (problems.length > 0 || login === undefined) return invalid(row, login, problems);
    return {
      kind: 'create',
      row,
      login,
      request: withIds(request, groupIds, userType?.id),
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

/** A list of too many groups is to be shortened first, and that nobody can be put into Everyone is known already. */
function askable(groups: readonly string[], known: readonly Problem[]): readonly string[] {
  const codes = new Set(known.map(({ code }) => code));
  if (codes.has('too-many-groups')) return [];
  return codes.has('group-everyone') ? groups.filter((group) => !/^everyone$/i.test(group)) : groups;
}

async function resolveGroups(
  groups: readonly string[],
  { directory, columnOf, signal }: PlanOptions,
): Promise<{ groupIds: readonly string[]; problems: Problem[] }> {
  if (directory === undefined || groups.length === 0) return { groupIds: [], problems: [] };
  const ids = new Set<string>();
  const problems: Problem[] = [];
  for (const resolved of await Promise.all(groups.map((group) => directory.group(group, { signal })))) {
    if ('id' in resolved) ids.add(resolved.id);
    else problems.push({ code: 'unknown-group', column: columnOf('groups'), message: resolved.problem });
  }
  return { groupIds: [...ids], problems };
}

function unknownType(type: string, { directory, columnOf }: PlanOptions): Problem {
  const known = directory?.userTypes.map(({ name }) => `"${name}"`).join(', ');
  return {
    code: 'unknown-type',
    column: columnOf('type'),
    message: `The org has no user type "${type}". It has ${known}.`,
  };
}

function withIds(request: UserRequest, groupIds: readonly string[], typeId: string | undefined): UserRequest {
  return {
    ...request,
    ...(groupIds.length > 0 && { groupIds }),
    ...(typeId !== undefined && { type: { id: typeId } }),
  };
}

function invalid(row: Row, login: string | undefined, problems: readonly Problem[]): Planned<never> {
  const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
  return { kind: 'decided', row, outcome: { ...base, status: 'invalid', problems } };
}
