import type { Profile, ProfileValue } from '../okta/types.js';
import {
  hasSupplementaryCharacter,
  jsonObject,
  optionalObject,
  optionalString,
  type JsonObject,
} from './json-body.js';
import { matches, parseExpression, type Dialect } from './expressions.js';
import type { GroupPosition, GroupRecord } from './group-store.js';
import { compareIds } from './identifiers.js';
import { noContent, ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { cursorOf, limitOf, pageLinks, pageOf, positionAfter, type Page } from './paging.js';
import { isProfileValue } from './profile-validation.js';
import { fieldProblem, fieldError, OktaError, throwIfAny } from './okta-error.js';
import { sortedBy } from './sorting.js';
import { listedUserBody } from './user-body.js';

const MAX_GROUPS_PER_PAGE = 10_000;
const GROUPS_OF_USER_PER_PAGE = 200;
const GROUPS_PER_QUICK_SEARCH = 10;
const MAX_MEMBERS_PER_PAGE = 1000;
const MAX_NAME_LENGTH = 255;
const MAX_DESCRIPTION_LENGTH = 1024;

/** `GET /api/v1/groups`. `q` can be combined with `filter`; its results have no pages. */
export function listGroups(org: Org, call: Call): OperationResult {
  const { query } = call;
  const [q, filter, search] = ['q', 'filter', 'search'].map((name) => query.get(name) || undefined);
  if (filter && search) throw new OktaError('E0000033');
  const dialect = search ? SEARCH : FILTER;
  const text = search ?? filter;
  const expression = text === undefined ? undefined : parseExpression(text, dialect);
  const prefix = q?.toLowerCase();
  const limit = limitOf(query, {
    default: q ? GROUPS_PER_QUICK_SEARCH : MAX_GROUPS_PER_PAGE,
    max: MAX_GROUPS_PER_PAGE,
  });
  const isMatch = (group: GroupRecord): boolean =>
    (prefix === undefined || group.name.toLowerCase().startsWith(prefix)) &&
    (expression === undefined || matches(expression, group, dialect));
  const page = search
    ? searchedGroups(org, query, { isMatch, limit })
    : groupsByName(org, query, { isMatch, limit });
  const body = page.items.map((group) => groupBody(org, group, call));
  if (q) return ok(body);
  return { ...ok(body), links: pageLinks(`${call.origin}/api/v1/groups`, query, limit, page.next) };
}

interface GroupQuery {
  readonly isMatch: (group: GroupRecord) => boolean;
  readonly limit: number;
}

function groupsByName(org: Org, query: URLSearchParams, { isMatch, limit }: GroupQuery): Page<GroupRecord> {
  const [name, oktaId] = positionAfter(query, 2) ?? [];
  const after: GroupPosition | undefined =
    name === undefined ? undefined : { name: String(name), oktaId: String(oktaId) };
  return pageOf(org.groups.byName.after(after), {
    limit,
    isMatch,
    cursorOf: (group) => cursorOf([group.name, group.oktaId]),
  });
}

/** `sortBy` has an effect with `search` only. */
function searchedGroups(org: Org, query: URLSearchParams, { isMatch, limit }: GroupQuery): Page<GroupRecord> {
  const page = pageOf(sortedBy(org.groups.all(), SEARCH, query), {
    limit,
    isMatch: ({ item }) => isMatch(item),
    cursorOf: ({ cursor }) => cursor,
  });
  return { items: page.items.map(({ item }) => item), next: page.next };
}

/** `POST /api/v1/groups`. OKTA_GROUP names are unique; imported groups can share them. */
export function createGroup(org: Org, call: Call): OperationResult {
  const profile = parseGroupProfile(call.body);
  checkNameIsFree(org, profile.name);
  const group = org.groups.add({ ...profile, type: 'OKTA_GROUP' }, org.timestamp());
  return ok(groupBody(org, group, call));
}

export function getGroup(org: Org, call: Call): OperationResult {
  return ok(groupBody(org, org.group(call.params['group'] ?? ''), call));
}

/** `PUT /api/v1/groups/{id}`, for groups of type OKTA_GROUP. */
export function replaceGroup(org: Org, call: Call): OperationResult {
  const group = org.writableGroup(call.params['group'] ?? '');
  const { name, description, custom } = parseGroupProfile(call.body);
  if (name !== group.name) checkNameIsFree(org, name);
  org.groups.rename(group, name);
  group.description = description;
  group.custom = custom;
  group.lastUpdated = org.timestamp();
  return ok(groupBody(org, group, call));
}

/** `DELETE /api/v1/groups/{id}`, for all groups except Everyone. */
export function deleteGroup(org: Org, call: Call): OperationResult {
  const group = org.group(call.params['group'] ?? '');
  if (group.type === 'BUILT_IN') throw new OktaError('E0000060');
  org.memberships.removeGroup(group);
  org.groups.remove(group);
  return noContent();
}

/** `GET /api/v1/groups/{id}/users`, by ID. */
export function listGroupUsers(org: Org, call: Call): OperationResult {
  const group = org.group(call.params['group'] ?? '');
  const limit = limitOf(call.query, { default: MAX_MEMBERS_PER_PAGE, max: MAX_MEMBERS_PER_PAGE });
  const [position] = positionAfter(call.query, 1) ?? [];
  const after = position === undefined ? undefined : { oktaId: String(position) };
  const isEveryone = group === org.groups.everyone;
  const members = isEveryone ? org.users.byId.after(after) : org.memberships.listed(group, after);
  const page = pageOf(members, {
    limit,
    isMatch: (user) => user.status !== 'DEPROVISIONED',
    cursorOf: (user) => cursorOf([user.oktaId]),
  });
  return {
    ...ok(page.items.map((user) => listedUserBody(user, call.origin))),
    links: pageLinks(`${call.origin}/api/v1/groups/${group.oktaId}/users`, call.query, limit, page.next),
  };
}

/** `GET /api/v1/users/{id}/groups`, by ID: Everyone, the oldest group, is the first. */
export function listUserGroups(org: Org, call: Call): OperationResult {
  const user = org.user(call.params['user'] ?? '');
  const groups = [org.groups.everyone, ...org.memberships.groupsOf(user)].sort(compareIds);
  const url = `${call.origin}/api/v1/users/${user.oktaId}/groups`;
  const links = pageLinks(url, call.query, GROUPS_OF_USER_PER_PAGE, undefined);
  return { ...ok(groups.map((group) => groupBody(org, group, call))), links };
}

/** `PUT /api/v1/groups/{id}/users/{userId}`: 204, also when the user already is a member. */
export function assignUserToGroup(org: Org, call: Call): OperationResult {
  const group = org.writableGroup(call.params['group'] ?? '');
  org.memberships.add(group, org.user(call.params['user'] ?? ''), org.timestamp());
  return noContent();
}

/** `DELETE /api/v1/groups/{id}/users/{userId}` */
export function unassignUserFromGroup(org: Org, call: Call): OperationResult {
  const group = org.writableGroup(call.params['group'] ?? '');
  org.memberships.remove(group, org.user(call.params['user'] ?? ''), org.timestamp());
  return noContent();
}

/** The body of a group. Unlike all other resources, groups have no `self` link. */
function groupBody(org: Org, group: GroupRecord, call: Call): object {
  const href = `${call.origin}/api/v1/groups/${group.oktaId}`;
  const logo = (name: string): object => ({
    name,
    href: `${call.origin}/assets/img/logos/groups/${name}.png`,
    type: 'image/png',
  });
  return {
    id: group.oktaId,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: ['okta:user_group'],
    type: group.type,
    profile: { name: group.name, description: group.description, ...group.custom },
    ...(call.query.get('expand') === 'stats'
      ? { _embedded: { stats: { usersCount: memberCount(org, group) } } }
      : {}),
    _links: {
      logo: [logo('medium'), logo('large')],
      users: { href: `${href}/users` },
      apps: { href: `${href}/apps` },
      owners: { href: `${href}/owners` },
    },
  };
}

function memberCount(org: Org, group: GroupRecord): number {
  return group === org.groups.everyone ? org.users.byId.size : org.memberships.sizeOf(group);
}

function parseGroupProfile(body: unknown): { name: string; description: string | null; custom: Profile } {
  const profile: JsonObject = optionalObject(jsonObject(body)['profile']) ?? {};
  const name = optionalString(profile['name']) ?? '';
  const description = optionalString(profile['description']) ?? null;
  const problems = [];
  if (name.trim() === '') problems.push(fieldProblem('name', 'The field cannot be left blank'));
  if (name.length > MAX_NAME_LENGTH) {
    problems.push(fieldProblem('name', `The field must be at most ${MAX_NAME_LENGTH} characters long`));
  }
  if (description !== null && description.length > MAX_DESCRIPTION_LENGTH) {
    problems.push(
      fieldProblem('description', `The field must be at most ${MAX_DESCRIPTION_LENGTH} characters long`),
    );
  }
  throwIfAny(problems);
  // Okta does not check it: its database fails, every time.
  if (hasSupplementaryCharacter(name + (description ?? ''))) throw new OktaError('E0000009');
  return { name, description, custom: customAttributes(profile) };
}

/** All other attributes that are set. The sandbox keeps no schema of groups, so that it accepts any. */
function customAttributes(profile: JsonObject): Profile {
  const custom: Record<string, ProfileValue> = {};
  for (const [name, value] of Object.entries(profile)) {
    const isOwn = name === 'name' || name === 'description';
    if (!isOwn && value !== null && isProfileValue(value)) custom[name] = value;
  }
  return custom;
}

function checkNameIsFree(org: Org, name: string): void {
  for (const group of org.groups.all()) {
    if (group.type === 'APP_GROUP' || group.name !== name) continue;
    throw fieldError('name', 'An object with this field already exists in the current organization');
  }
}

const DATES = ['created', 'lastUpdated', 'lastMembershipUpdated'];
const DATE_OPERATORS = ['eq', 'gt', 'ge', 'lt', 'le'];
const TEXT_OPERATORS = ['eq', 'sw', 'co', 'pr'];

/** How each property is read, and the operators for it in `filter` and in `search`. */
const PROPERTIES = new Map<string, readonly [(group: GroupRecord) => unknown, string[], string[]]>([
  ['id', [({ oktaId }) => oktaId, ['eq'], ['eq', 'sw']]],
  ['type', [({ type }) => type, ['eq'], ['eq', 'sw']]],
  ['created', [({ created }) => created, [], DATE_OPERATORS]],
  ['lastUpdated', [({ lastUpdated }) => lastUpdated, DATE_OPERATORS, DATE_OPERATORS]],
  ['lastMembershipUpdated', [(group) => group.lastMembershipUpdated, DATE_OPERATORS, DATE_OPERATORS]],
  ['profile.name', [({ name }) => name, [], TEXT_OPERATORS]],
  ['profile.description', [({ description }) => description, [], TEXT_OPERATORS]],
]);

const SHARED = {
  isDate: (property: string): boolean => DATES.includes(property),
  read: (group: GroupRecord, property: string): unknown => PROPERTIES.get(property)?.[0](group),
};
const FILTER: Dialect<GroupRecord> = {
  ...SHARED,
  ignoresCase: false,
  operatorsOf: (property) => PROPERTIES.get(property)?.[1],
};
const SEARCH: Dialect<GroupRecord> = {
  ...SHARED,
  ignoresCase: true,
  operatorsOf: (property) => PROPERTIES.get(property)?.[2],
};
