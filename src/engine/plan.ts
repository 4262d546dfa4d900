import type { MappedRow } from '../mapping/user-request.js';
import type { UserRequest } from '../okta/types.js';
import type { GroupResolver } from '../org/group-resolver.js';
import type { CreateOperation, FirstSignIn, Planned } from '../rows/operation.js';
import { decided, failedWith, LOOKUP_FAILED, type ReportedError, type RowOutcome } from '../rows/outcome.js';
import type { Place } from '../rows/place.js';
import type { Problem } from '../rows/problem.js';
import { GroupLists } from '../rows/group-list.js';
import { NOT_SELECTED } from '../rows/row-selection.js';
import { listOf, quoted } from '../text.js';

import type { AccessRefusals } from './access-refusals.js';
import { createMissingGroups, lookUpAhead, resolveGroups, type GroupOptions } from './plan-groups.js';
import { FOLLOWS } from './follower-outcomes.js';
import { getsActivationMail } from './mail-plan.js';
import { toReportedError } from './row-error.js';

/** A row with all problems that can be found without asking the org. */
export interface CheckedRow {
  readonly mapped: MappedRow;
  readonly problems: readonly Problem[];
  /** The number of an earlier row of the same user, whose outcome this row gets; see `MergedRows`. */
  readonly follows?: number | undefined;
  /** Groups of later rows of the same user, which this row is sent with. */
  readonly followers?: readonly FollowerGroups[] | undefined;
  /** Why the row is left out; undefined for nearly all rows. */
  readonly leftOut?: string | undefined;
}

/** The groups of a row that follows another. */
export interface FollowerGroups extends Place, Pick<MappedRow, 'groups' | 'hasGroupList'> {}

export interface PlanOptions extends Omit<GroupOptions, 'groupResolver'> {
  readonly activate: boolean;
  /** `nextLogin=changePassword`. */
  readonly changePassword: boolean;
  /**
   * The day of the run, `YYYY-MM-DD`: people who start later are created staged, and those whose last day has passed are left out. By
   * default, dates decide nothing.
   */
  readonly today?: string | undefined;
  /** Whether passwords and activation links are written to a file, and no emails are sent. */
  readonly writesLinks?: boolean | undefined;
  /** Which rows to do; undefined for all. */
  readonly isSelected?: ((row: number) => boolean) | undefined;
  /** The outcome of a row from an earlier process of this run; undefined when it is still to be done. */
  readonly settledEarlier?: ((row: number) => RowOutcome | undefined) | undefined;
  /** Undefined offline: names of groups and user types are not looked up. */
  readonly groupResolver?: GroupResolver | undefined;
  /** Whether a row may lack what only a create needs, since its user may exist. */
  readonly mayUserExist?: boolean | undefined;
  /** Undefined: the first refused lookup stops the run. */
  readonly access?: AccessRefusals | undefined;
}

/**
 * Decides for each row, in file order, what to do: an operation, or an outcome at once. Looks up each group in the org
 * when a row first names it.
 *
 * Yields as many rows at once as need no lookup. A row with groups is yielded alone, so that its groups are created only
 * when it is its turn.
 */
export async function* planImport(
  rows: AsyncIterable<readonly CheckedRow[]>,
  options: PlanOptions,
): AsyncGenerator<readonly Planned<CreateOperation>[]> {
  const { groupResolver } = options;
  const lists = new GroupLists(options.groupColumns);
  const groupOptions = groupResolver && { ...options, groupResolver, lists };
  let hasLookedUp = false;
  for await (const batch of rows) {
    let ready: Planned<CreateOperation>[] = [];
    // The first row alone shows whether groups can be looked up at all.
    let isAhead = false;
    for (const [index, checked] of batch.entries()) {
      const planned = planWithoutLookup(checked, options);
      if (planned !== undefined) ready.push(planned);
      else if (groupOptions !== undefined) {
        if (hasLookedUp && !isAhead) {
          isAhead = true;
          const rest = batch.slice(index).filter((row) => planWithoutLookup(row, options) === undefined);
          lookUpAhead(rest, groupOptions);
        }
        if (ready.length > 0) yield ready;
        ready = [];
        const withGroups = await planWithGroups(checked, groupOptions);
        hasLookedUp = true;
        yield [withGroups];
      }
    }
    if (ready.length > 0) yield ready;
  }
}

/** @returns undefined when the row's groups or its realm have to be looked up. */
function planWithoutLookup(checked: CheckedRow, options: PlanOptions): Planned<CreateOperation> | undefined {
  const { mapped, problems, leftOut, follows, followers = [] } = checked;
  const { row, login, groups, realm } = mapped;
  const settled = options.settledEarlier?.(row.row);
  if (settled !== undefined) return { kind: 'decided', row, outcome: settled };
  const reason =
    leftOut ??
    (options.isSelected?.(row.row) === false ? NOT_SELECTED : undefined) ??
    (problems.length === 0 ? pastEnd(mapped, options) : undefined);
  if (reason !== undefined) return decided(row, login, { status: 'not-attempted', reason });
  if (options.cancellation.isAborted) return stopped(checked, problems, options);
  const { groupResolver } = options;
  const isRealmUnknown = realm !== undefined && groupResolver?.realms.isLoaded === false;
  const hasGroups = groups.length > 0 || followers.length > 0;
  if (groupResolver !== undefined && (hasGroups || isRealmUnknown)) return undefined;
  if (follows !== undefined) return following(mapped, problems);
  return toOperation(mapped, problems, NO_GROUPS, options);
}

/** Why a person whose last day has passed is left out. */
function pastEnd({ dates }: MappedRow, { today }: PlanOptions): string | undefined {
  const end = dates?.end;
  // ISO dates sort as text.
  return end === undefined || today === undefined || end >= today ? undefined : `The last day was ${end}.`;
}

async function planWithGroups(
  checked: CheckedRow,
  options: PlanOptions & GroupOptions & { readonly lists: GroupLists },
): Promise<Planned<CreateOperation>> {
  const { mapped, problems: known, follows } = checked;
  // The run may have stopped while the rows before were yielded.
  if (options.cancellation.isAborted) return stopped(checked, known, options);
  try {
    if (mapped.realm !== undefined) {
      await options.groupResolver.realms.load({ signal: options.cancellation.signal });
    }
    const resolved = await resolveGroups(checked, options);
    // All problems of a row are reported together, including those that only the org reveals.
    const problems = [...known, ...resolved.problems];
    if (problems.length === 0 && resolved.failure !== undefined) return failed(mapped, resolved.failure);
    if (follows !== undefined) return following(mapped, problems);
    const planned = toOperation(mapped, problems, resolved.groups, options);
    if (planned.kind === 'decided' || resolved.missing.length === 0) return planned;
    const created = await createMissingGroups(resolved.missing, options);
    if (created.problems.length > 0) return invalid(mapped, created.problems);
    if (created.failure !== undefined) return failed(mapped, created.failure);
    return toOperation(mapped, problems, new Map([...resolved.groups, ...created.groups]), options);
  } catch (error) {
    if (!options.cancellation.isAborted && (await options.access?.concernsOnlyRow(error, false))) {
      const groupNames = new Map(mapped.groups.map((group) => [group, group]));
      const refusal = toReportedError(error, options.columnOf, { row: mapped.row, groupNames });
      return known.length > 0 ? invalid(mapped, known) : failed(mapped, refusal);
    }
    if (!options.cancellation.isAborted) options.cancellation.fail(error);
    return stopped(checked, known, options);
  }
}

/** A row that gets the outcome of an earlier one; see `FollowerOutcomes`. */
function following(mapped: MappedRow, problems: readonly Problem[]): Planned<never> {
  if (problems.length > 0) return invalid(mapped, problems);
  return decided(mapped.row, mapped.login, { status: 'not-attempted', reason: FOLLOWS });
}

/** The problems of a row are reported even if the run stopped before it. */
function stopped(
  { mapped, follows }: CheckedRow,
  problems: readonly Problem[],
  { cancellation }: PlanOptions,
): Planned<never> {
  // The row that it follows may have been sent before the run stopped.
  if (follows !== undefined) return following(mapped, problems);
  if (problems.length > 0) return invalid(mapped, problems);
  return decided(mapped.row, mapped.login, { status: 'not-attempted', reason: cancellation.stopReason() });
}

const NO_GROUPS: ReadonlyMap<string, string> = new Map();

/** The create of a row, or its outcome if it is invalid. */
function toOperation(
  mapped: MappedRow,
  known: readonly Problem[],
  groupNames: ReadonlyMap<string, string>,
  options: PlanOptions,
): Planned<CreateOperation> {
  const { row, login, request, type, realm: realmName } = mapped;
  const { groupResolver, mayUserExist, changePassword, today } = options;
  const start = today === undefined ? undefined : mapped.dates?.start;
  const activate = options.activate && (start === undefined || today === undefined || start <= today);
  const userType = type === undefined ? undefined : groupResolver?.userType(type);
  const isUnknownType = type !== undefined && groupResolver !== undefined && userType === undefined;
  const realm = realmName === undefined ? undefined : groupResolver?.realms.realm(realmName);
  const found: Problem[] = [];
  if (isUnknownType) found.push(unknownType(type, groupResolver, options));
  if (realm !== undefined && 'problem' in realm) found.push(realmProblem(realm.code, realm.problem, options));
  if (realm !== undefined && 'failure' in realm) {
    // The user may exist, and then needs no realm.
    if (mayUserExist === true) found.push(realmProblem('realm-unconfirmed', realm.failure, options));
    else if (known.length === 0) {
      return failed(
        mapped,
        failedWith(LOOKUP_FAILED, `${realm.failure} Nothing was sent for this row.`).error,
      );
    }
  }
  const problems = found.length === 0 ? known : [...known, ...found];
  const isDeferred = mayUserExist === true && problems.every((problem) => problem.blocksOnlyCreate === true);
  if ((problems.length > 0 && !isDeferred) || login === undefined) return invalid(mapped, problems);
  const groupIds = groupNames.size === 0 ? NO_NAMES : [...groupNames.keys()];
  const moreGroupIds = groupIds.slice(MAX_GROUPS_ON_CREATE);
  const cleared = clearedIn(request);
  const firstSignIn = activate ? firstSignInOf(mapped, options) : undefined;
  const mustChange = changePassword || firstSignIn?.kind === 'password';
  return {
    kind: 'create',
    row,
    login,
    request: toCreate(request, {
      groupIds: groupIds.slice(0, MAX_GROUPS_ON_CREATE),
      typeId: userType?.id,
      realmId: realm !== undefined && 'id' in realm ? realm.id : undefined,
      cleared,
    }),
    moreGroupIds: moreGroupIds.length > 0 ? moreGroupIds : undefined,
    groupNames: groupIds.length > 0 ? groupNames : undefined,
    cleared: cleared.length > 0 ? cleared : undefined,
    createProblems: problems.length > 0 ? problems : undefined,
    startsOn: activate ? undefined : start,
    firstSignIn,
    options: {
      // Activated with the create, the user would get the link by email.
      activate: activate && firstSignIn?.kind !== 'link',
      provider: request.credentials?.provider && true,
      nextLogin: mustChange && activate ? 'changePassword' : undefined,
    },
  };
}

const NO_NAMES: readonly string[] = [];

function clearedIn({ profile }: UserRequest): readonly string[] {
  let cleared: string[] | undefined;
  for (const name in profile) if (profile[name] === null) (cleared ??= []).push(name);
  return cleared ?? NO_NAMES;
}

/** A generated password counts also where no file gets it: in a dry run. */
function firstSignInOf(
  { request, passwordLength }: MappedRow,
  { writesLinks = false }: PlanOptions,
): FirstSignIn | undefined {
  if (passwordLength !== undefined) return { kind: 'password', length: passwordLength };
  if (!writesLinks) return undefined;
  if (getsActivationMail(request)) return { kind: 'link' };
  return request.credentials?.password === undefined ? undefined : { kind: 'note' };
}

/** Users, "Create a user"; the user is added to further groups afterwards. */
const MAX_GROUPS_ON_CREATE = 20;

/** An update does not need the realm: users stay in theirs. */
function realmProblem(code: string, message: string, { columnOf }: Pick<PlanOptions, 'columnOf'>): Problem {
  return { code, column: columnOf('realmId'), message, blocksOnlyCreate: true };
}

function unknownType(
  type: string,
  groupResolver: GroupResolver,
  { columnOf }: Pick<PlanOptions, 'columnOf'>,
): Problem {
  const names = listOf(
    groupResolver.userTypes.map(({ name }) => quoted(name)),
    'or',
  );
  return {
    code: 'unknown-type',
    column: columnOf('type'),
    message: `The org has no user type ${quoted(type)}. Use ${names}.`,
  };
}

/** The body of a create: IDs instead of names, and no attributes that are null. */
function toCreate(
  request: UserRequest,
  {
    groupIds,
    typeId,
    realmId,
    cleared,
  }: {
    readonly groupIds: readonly string[];
    readonly typeId: string | undefined;
    readonly realmId: string | undefined;
    readonly cleared: readonly string[];
  },
): UserRequest {
  const { profile } = request;
  const isComplete =
    groupIds.length === 0 && typeId === undefined && realmId === undefined && cleared.length === 0;
  if (isComplete) return request;
  return {
    ...request,
    profile:
      cleared.length === 0
        ? profile
        : Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null)),
    ...(groupIds.length > 0 && { groupIds }),
    ...(typeId !== undefined && { type: { id: typeId } }),
    ...(realmId !== undefined && { realmId }),
  };
}

function failed({ row, login }: MappedRow, error: ReportedError): Planned<never> {
  return decided(row, login, { status: 'failed', error });
}

function invalid({ row, login }: MappedRow, problems: readonly Problem[]): Planned<never> {
  return decided(row, login, { status: 'invalid', problems });
}
