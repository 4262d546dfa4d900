import type { RecordedMember, SyncSettings } from '../journal/journal-line.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';
import type { Profile } from '../okta/types.js';
import type { IndexedUser } from '../org/user-index.js';
import type { CreateOperation } from '../rows/operation.js';
import type { Change, LifecycleStep } from '../rows/outcome.js';
import type { Problem } from '../rows/problem.js';
import { listOf, quoted } from '../text.js';

import type { Dataset, Member } from './dataset.js';
import { employmentStage } from './employment.js';
import type { GroupChanges, MembershipPlan } from './membership-plan.js';
import { matchKey } from './match-key.js';
import { mergeProfile, type KeptEdit } from './merge.js';
import type { OrgUsers } from './org-users.js';

export interface PersonContext {
  readonly dataset: Dataset;
  readonly users: OrgUsers;
  readonly memberships: MembershipPlan;
  readonly settings: SyncSettings;
  /** The column that feeds an attribute, for problems. */
  readonly columnOf: (attribute: string) => string | undefined;
  readonly signal: AbortSignal;
}

/** One person of the file. */
export interface Person {
  readonly operation: CreateOperation;
  /** In its normal form; see `matchKey`. */
  readonly key: string;
  readonly dates: EmploymentDates;
}

/** What a sync does for one person of the file. */
export type PersonPlan =
  | { readonly kind: 'problem'; readonly problems: readonly Problem[] }
  /** Too early to create the user. */
  | { readonly kind: 'waiting'; readonly reason: string }
  | {
      readonly kind: 'create';
      readonly isStaged: boolean;
      readonly member: RecordedMember;
      /** The user of the data set was deleted in Okta. */
      readonly isRecreated: boolean;
      /** Logins of other users with the same name. */
      readonly possibleDoubles: readonly string[];
    }
  | ExistingPersonPlan;

export interface ExistingPersonPlan extends GroupChanges {
  readonly kind: 'existing';
  readonly user: IndexedUser;
  readonly changes: readonly Change[];
  readonly kept: readonly KeptEdit[];
  readonly lifecycle: LifecycleStep | undefined;
  /** How the person came to be in the file tonight. */
  readonly origin: 'member' | 'adopted' | 'matched';
  readonly isReturner: boolean;
  /** Why a user who cannot sign in stays as it is. */
  readonly warning: string | undefined;
  /** Undefined when the data set does not learn anything. */
  readonly member: RecordedMember | undefined;
}

/** Decides what happens to the person of one row. @throws what the client throws. */
export async function planPerson(person: Person, context: PersonContext): Promise<PersonPlan> {
  const { dataset, users, settings, signal } = context;
  const { operation, key } = person;
  const member = dataset.find(dataset.keyOf(key));
  if (member !== undefined) {
    const user = await users.byId(member.oktaId, signal);
    return user === undefined
      ? planCreate(person, context, true)
      : planExisting(person, user, member, context);
  }
  const text = String(operation.request.profile[settings.match]).trim();
  const [user, second] = await users.byMatchKey(key, text, signal);
  if (user === undefined) return planCreate(person, context, false);
  if (second !== undefined) return heldByTwo(person, [user, second], context);
  return planExisting(person, user, undefined, context);
}

async function planCreate(
  { operation, key, dates }: Person,
  context: PersonContext,
  isRecreated: boolean,
): Promise<PersonPlan> {
  const { users, settings, columnOf, signal } = context;
  const { login, createProblems = [] } = operation;
  if (settings.match !== 'login') {
    const holder = await users.byLogin(login, signal);
    if (holder !== undefined) return takenLogin(login, holder, settings.match, columnOf);
  }
  if (createProblems.length > 0) return { kind: 'problem', problems: createProblems };
  const stage = employmentStage(dates, settings);
  if (stage.kind === 'too-early' || stage.kind === 'over') return { kind: 'waiting', reason: stage.reason };
  const isStaged = stage.kind === 'ahead';
  // With another key, the same person is found by it.
  const doubles = settings.match === 'login' ? await users.byName(operation.request.profile, signal) : [];
  return {
    kind: 'create',
    isStaged,
    isRecreated,
    member: toMember(operation, key, context, {
      isStaged,
      former: context.dataset.find(context.dataset.keyOf(key)),
    }),
    possibleDoubles: doubles.map(({ profile }) => String(profile['login'])),
  };
}

async function planExisting(
  { operation, key, dates }: Person,
  user: IndexedUser,
  member: Member | undefined,
  context: PersonContext,
): Promise<PersonPlan> {
  const { dataset, memberships, settings, signal } = context;
  const wanted = wantedProfile(operation);
  const isSameRow = member !== undefined && dataset.rowDigest(wanted) === member.row;
  const { changes, kept } = mergeProfile({
    wanted,
    actual: user.profile,
    changesLogin: settings.match !== 'login' && member !== undefined,
    overrideEdits: settings.overrideEdits,
    isChangedInFile: (attribute, value) =>
      member === undefined ||
      (!isSameRow && dataset.formerDigest(member, attribute) !== dataset.valueDigest(attribute, value)),
  });
  const { lifecycle, warning, isReturner } = planStatus(user, member, dates, settings);
  const isInactive = user.status === 'DEPROVISIONED' && lifecycle === undefined;
  const groups = isInactive ? NO_GROUPS : await memberships.changesOf(user.id, groupIdsOf(operation), signal);
  const isMember = member !== undefined || settings.adoptExisting;
  const learnsNothing = isSameRow && member.left === undefined && lifecycle === undefined;
  return {
    kind: 'existing',
    user,
    changes: isInactive ? [] : changes,
    kept,
    ...groups,
    lifecycle,
    origin: member !== undefined ? 'member' : isMember ? 'adopted' : 'matched',
    isReturner,
    warning,
    member:
      isMember && !learnsNothing
        ? toMember(operation, key, context, { isStaged: false, former: member })
        : undefined,
  };
}

const NO_GROUPS: GroupChanges = { joins: [], leaves: [] };

/** What happens to the status of a user whom the file has. */
function planStatus(
  { status }: IndexedUser,
  member: Member | undefined,
  dates: EmploymentDates,
  settings: SyncSettings,
): Pick<ExistingPersonPlan, 'lifecycle' | 'warning' | 'isReturner'> {
  const stage = employmentStage(dates, settings);
  if (stage.kind === 'over') {
    return { lifecycle: status === 'ACTIVE' ? 'suspend' : undefined, warning: undefined, isReturner: false };
  }
  if (status === 'DEPROVISIONED') {
    if (settings.reactivate && member !== undefined) {
      return { lifecycle: 'activate', warning: undefined, isReturner: true };
    }
    const warning = 'The user is deactivated in Okta and was left alone. Use --reactivate to activate it.';
    return { lifecycle: undefined, warning, isReturner: member?.left !== undefined };
  }
  if (status === 'SUSPENDED') {
    if (member?.left === 'suspended') return { lifecycle: 'unsuspend', warning: undefined, isReturner: true };
    const warning = 'The user is suspended in Okta, not by this data set, and stays suspended.';
    return { lifecycle: undefined, warning, isReturner: false };
  }
  const isFirstDay = status === 'STAGED' && member?.isStaged === true && stage.kind === 'employed';
  return { lifecycle: isFirstDay ? 'activate' : undefined, warning: undefined, isReturner: false };
}

/** What the row wants a profile to be; null for what it empties. */
export function wantedProfile({ request, cleared = [] }: CreateOperation): Profile {
  if (cleared.length === 0) return request.profile;
  return { ...request.profile, ...Object.fromEntries(cleared.map((name) => [name, null])) };
}

function groupIdsOf({ request, moreGroupIds = [] }: CreateOperation): readonly string[] {
  return [...(request.groupIds ?? []), ...moreGroupIds];
}

function toMember(
  operation: CreateOperation,
  key: string,
  { dataset }: PersonContext,
  { isStaged, former }: { readonly isStaged: boolean; readonly former: Member | undefined },
): RecordedMember {
  const wanted = wantedProfile(operation);
  return {
    row: operation.row.row,
    key: dataset.keyOf(key),
    login: dataset.loginOf(operation.login),
    digest: dataset.rowDigest(wanted),
    values: Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, dataset.valueDigest(name, value)]),
    ),
    ...(isStaged && { isStaged }),
    ...(former && { former }),
  };
}

function heldByTwo(
  { operation }: Person,
  holders: readonly IndexedUser[],
  { settings: { match }, columnOf }: PersonContext,
): PersonPlan {
  const logins = listOf(holders.map(({ profile }) => quoted(String(profile['login']))).toSorted());
  const value = quoted(String(operation.request.profile[match]));
  const message = `Two users of the org have ${match} ${value}: ${logins}. Correct it in Okta.`;
  return { kind: 'problem', problems: [{ code: 'ambiguous-match-key', column: columnOf(match), message }] };
}

function takenLogin(
  login: string,
  { profile }: IndexedUser,
  match: string,
  columnOf: PersonContext['columnOf'],
): PersonPlan {
  const key = matchKey(profile, match);
  const other = key === undefined ? `has no ${match}` : `has ${match} ${quoted(key)}`;
  const message = `The login ${quoted(login)} belongs to a user who ${other}. Correct the ${match} in Okta, or the row.`;
  return {
    kind: 'problem',
    problems: [{ code: 'login-of-other-person', column: columnOf('login'), message }],
  };
}
