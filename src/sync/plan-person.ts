import { blockingProblem } from '../engine/update-problem.js';
import type { RecordedMember, SyncSettings } from '../journal/journal-line.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';
import { isSameLogin } from '../okta/login.js';
import type { Profile } from '../okta/types.js';
import type { IndexedUser } from '../org/user-index.js';
import type { CreateOperation } from '../rows/operation.js';
import type { Change } from '../rows/outcome.js';
import type { Problem } from '../rows/problem.js';
import { listOf, quoted } from '../text.js';

import type { Dataset, Member } from './dataset.js';
import { employmentStage } from './employment.js';
import type { GroupChanges, MembershipPlan } from './membership-plan.js';
import { decideEdits, mergeProfile, type Edit } from './merge.js';
import type { OrgUsers } from './org-users.js';
import type { OtherDatasets } from './other-datasets.js';
import { planStatus, type StatusPlan } from './plan-status.js';

export interface PersonContext {
  readonly dataset: Dataset;
  readonly users: OrgUsers;
  readonly memberships: MembershipPlan;
  readonly settings: SyncSettings;
  readonly others: OtherDatasets;
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
  | {
      readonly kind: 'problem';
      readonly problems: readonly Problem[];
      /** Of the user whom the row is about, if it is known. */
      readonly oktaId?: string | undefined;
    }
  /** Too early to create the user. */
  | { readonly kind: 'waiting'; readonly reason: string }
  | {
      readonly kind: 'create';
      readonly isStaged: boolean;
      /** The start date of a user who is created staged. */
      readonly startsOn: string | undefined;
      readonly member: RecordedMember;
      /** The user of the data set was deleted in Okta. */
      readonly isRecreated: boolean;
      /** Logins of other users with the same name. */
      readonly possibleDoubles: readonly string[];
      /** Who has the login now. */
      readonly loginHolder?: IndexedUser | undefined;
    }
  | ExistingPersonPlan;

export interface ExistingPersonPlan extends GroupChanges, StatusPlan {
  readonly kind: 'existing';
  readonly user: IndexedUser;
  readonly changes: readonly Change[];
  /** Edits in Okta that are kept. */
  readonly kept: readonly Edit[];
  /** Attributes that the org hides, so edits of them cannot be detected. */
  readonly hidden: readonly string[];
  /** How the person came to be in the file tonight. */
  readonly origin: 'member' | 'adopted' | 'matched';
  /** The login of a user who does not belong to the data set, if the file has another one. */
  readonly keptLogin?: string | undefined;
  /** Who has the new login now. */
  readonly loginHolder?: IndexedUser | undefined;
  /** Undefined when the data set does not learn anything. */
  readonly member: RecordedMember | undefined;
}

/** Decides what happens to the person of one row. @throws what the client throws. */
export async function planPerson(person: Person, context: PersonContext): Promise<PersonPlan> {
  const { dataset, users, settings, signal } = context;
  const { operation, key } = person;
  const member = dataset.find(dataset.keyOf(key));
  if (member !== undefined) return planMember(person, member, context);
  const text = String(operation.request.profile[settings.match]).trim();
  const [user, second] = await users.byMatchKey(key, text, signal);
  if (user === undefined) return planCreate(person, context, false);
  if (second !== undefined) return heldByTwo(person, [user, second], context);
  // A search also finds who was deleted a moment ago, and logins are read.
  const isSearched = users.mayLag && settings.match !== 'login';
  const current = isSearched ? await users.freshById(user.id, signal) : user;
  if (current === undefined) return planCreate(person, context, false);
  // A member whose key was corrected in Okta and in the file.
  return checked(await planExisting(person, current, dataset.findById(user.id), context), person, context);
}

/** Searches show users as they were a moment ago, so whatever is to be done or reported is decided by a read. */
async function planMember(person: Person, member: Member, context: PersonContext): Promise<PersonPlan> {
  const { users, signal } = context;
  const listed = await users.byId(member.oktaId, signal);
  const plan = listed && checked(await planExisting(person, listed, member, context), person, context);
  if (plan !== undefined && (!users.mayLag || (plan.kind === 'existing' && isQuiet(plan)))) return plan;
  const user = await users.freshById(member.oktaId, signal);
  return user === undefined
    ? planCreate(person, context, true)
    : checked(await planExisting(person, user, member, context), person, context);
}

/** A plan, unless an update cannot give the user what the row wants. */
function checked(
  plan: ExistingPersonPlan,
  { operation }: Person,
  { columnOf }: PersonContext,
): Exclude<PersonPlan, { kind: 'create' | 'waiting' }> {
  const { user, lifecycle } = plan;
  // A deactivated user is left alone.
  if (user.status === 'DEPROVISIONED' && lifecycle === undefined) return plan;
  const problem = blockingProblem(user, operation, columnOf);
  return problem === undefined ? plan : { kind: 'problem', problems: [problem], oktaId: user.id };
}

function isQuiet({ member, warning, changes, kept, joins, leaves }: ExistingPersonPlan): boolean {
  const isUnchanged = changes.length + kept.length + joins.length + leaves.length === 0;
  return isUnchanged && member === undefined && warning === undefined;
}

async function planCreate(
  { operation, key, dates }: Person,
  context: PersonContext,
  isRecreated: boolean,
): Promise<PersonPlan> {
  const { dataset, users, settings, signal } = context;
  const { login, createProblems = [] } = operation;
  const loginHolder = settings.match === 'login' ? undefined : await users.byLogin(login, signal);
  if (createProblems.length > 0) return { kind: 'problem', problems: createProblems };
  const stage = employmentStage(dates, settings);
  if (stage.kind === 'too-early' || stage.kind === 'over') return { kind: 'waiting', reason: stage.reason };
  const isStaged = stage.kind === 'ahead';
  // With another key, the same person is found by it.
  const doubles = settings.match === 'login' ? await users.byName(operation.request.profile, signal) : [];
  return {
    kind: 'create',
    isStaged,
    startsOn: isStaged ? dates.start : undefined,
    isRecreated,
    member: toMember(operation, dataset.keyOf(key), context, {
      isStaged,
      former: dataset.find(dataset.keyOf(key)),
    }),
    possibleDoubles: doubles.map(({ profile }) => profile['login']),
    ...(loginHolder && { loginHolder }),
  };
}

async function planExisting(
  person: Person,
  user: IndexedUser,
  member: Member | undefined,
  context: PersonContext,
): Promise<ExistingPersonPlan> {
  const { operation, dates } = person;
  const { dataset, memberships, settings, others, signal } = context;
  const wanted = wantedProfile(operation);
  const isSameRow = member !== undefined && dataset.rowDigest(wanted) === member.row;
  // Whoever gets a link is created staged, and activated afterwards.
  const activates = operation.options.activate || operation.firstSignIn?.kind === 'link';
  const { waitsForActivate = false, ...status } = planStatus(user, member, dates, {
    ...settings,
    activates,
    others,
  });
  const { lifecycle } = status;
  // Okta refuses to change deactivated users, so nothing of the row counts as written.
  const isInactive = user.status === 'DEPROVISIONED' && lifecycle === undefined;
  const isMember = member !== undefined || (settings.adoptExisting && !isInactive);
  const base = {
    kind: 'existing',
    user,
    origin: member !== undefined ? 'member' : isMember ? 'adopted' : 'matched',
    ...status,
  } as const;
  if (isInactive) {
    return { ...base, changes: [], kept: [], hidden: [], joins: [], leaves: [], member: undefined };
  }
  const merge = mergeProfile({
    wanted,
    actual: user.profile,
    changesLogin: settings.match !== 'login' && isMember,
    isChangedInFile: (attribute, value) =>
      member === undefined ||
      (!isSameRow && dataset.formerDigest(member, attribute) !== dataset.valueDigest(attribute, value)),
  });
  const { changes, kept, hidden } = decideEdits(merge, {
    overrideEdits: settings.overrideEdits,
    isHidden: (attribute) => context.users.hides(attribute),
    isWritten: (attribute) => dataset.header.overwritten?.includes(attribute) === true,
  });
  const keepsStatus = lifecycle === undefined && !waitsForActivate;
  const isStaged = member?.isStaged === true && user.status === 'STAGED' && keepsStatus;
  const learnsNothing = isSameRow && member.left === undefined && keepsStatus;
  const key = dataset.keyOf(person.key);
  const learned =
    isMember && !(learnsNothing && member.key === key)
      ? toMember(operation, key, context, { isStaged, former: member, knownValues: member })
      : undefined;
  const groups = await memberships.changesOf(user.id, groupIdsOf(operation), {
    signal,
    staysIn: (groupName) => others.managesGroup(user.id, groupName),
  });
  const { login } = user.profile;
  const keptLogin = isMember || isSameLogin(login, operation.login) ? undefined : login;
  const loginHolder = changesLogin(changes)
    ? await context.users.byLogin(operation.login, signal)
    : undefined;
  return {
    ...base,
    changes,
    kept,
    hidden,
    ...groups,
    member: learned,
    ...(keptLogin && { keptLogin }),
    ...(loginHolder && loginHolder.id !== user.id && { loginHolder }),
  };
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
  {
    isStaged,
    former,
    knownValues,
  }: {
    readonly isStaged: boolean;
    readonly former: Member | undefined;
    /** The user whose values apply where the row has none; undefined for a new user. */
    readonly knownValues?: Member | undefined;
  },
): RecordedMember {
  const wanted = wantedProfile(operation);
  return {
    row: operation.row.row,
    key,
    login: dataset.loginOf(operation.login),
    digest: dataset.rowDigest(wanted),
    values: {
      // A column that comes back with the same values does not change anybody.
      ...(knownValues && dataset.formerDigests(knownValues)),
      ...Object.fromEntries(
        Object.entries(wanted).map(([name, value]) => [name, dataset.valueDigest(name, value)]),
      ),
    },
    ...(isStaged && { isStaged }),
    ...(former && { former }),
  };
}

function heldByTwo(
  { operation }: Person,
  holders: readonly IndexedUser[],
  { settings: { match }, columnOf }: PersonContext,
): PersonPlan {
  const logins = listOf(holders.map(({ profile }) => quoted(profile['login'])).toSorted());
  const value = quoted(String(operation.request.profile[match]));
  const message = `Two users of the org have ${match} ${value}: ${logins}. Correct it in Okta.`;
  return { kind: 'problem', problems: [{ code: 'ambiguous-match-key', column: columnOf(match), message }] };
}

/** Whether a user gets another login. */
export function changesLogin(changes: readonly Change[]): boolean {
  return changes.some(({ attribute }) => attribute === 'login');
}
