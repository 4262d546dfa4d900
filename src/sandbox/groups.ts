import type { JsonObject } from './json-body.js';
import { hasSupplementaryCharacter, jsonObject, optionalObject, optionalString } from './json-body.js';
import type { Dialect } from './expressions.js';
import { matches, parseExpression } from './expressions.js';
import type { GroupRecord } from './group-store.js';
import { joinGroup, leaveGroup } from './group-store.js';
import { ordinalOf } from './identifiers.js';
import type { Answer, Call } from './operations.js';
import { noContent, ok } from './operations.js';
import type { Org } from './org.js';
import { limitOf, pageLinks, pageOf } from './paging.js';
import { fieldProblem, fieldRefused, notFound, Refusal, refuseIfAny } from './refusal.js';
import { listedUserBody } from './user-body.js';
import { writableGroup } from './users.js';

const GROUPS_PER_PAGE = 200;
const MOST_GROUPS_PER_PAGE = 10_000;
const GROUPS_PER_QUICK_SEARCH = 10;
const MOST_MEMBERS_PER_PAGE = 1000;
const LONGEST_NAME = 255;
const LONGEST_DESCRIPTION = 1024;

/** `GET /api/v1/groups` (groups-types-schemas.md §1.2). `q` goes with `filter`, never with pages. */
export function listGroups(org: Org, call: Call): Answer {
  const { query } = call;
  const [q, filter, search] = ['q', 'filter', 'search'].map((name) => query.get(name) || undefined);
  if (filter && search) throw new Refusal('E0000033');
  const dialect = search ? SEARCH : FILTER;
  const text = search ?? filter;
  const expression = text === undefined ? undefined : parseExpression(text, dialect);
  const prefix = q?.toLowerCase();
  const limit = limitOf(query, {
    fallback: q ? GROUPS_PER_QUICK_SEARCH : GROUPS_PER_PAGE,
    most: MOST_GROUPS_PER_PAGE,
  });
  const after = query.get('after') || undefined;
  const afterOrdinal = after === undefined ? -1 : ordinalOf('00g', after);
  if (afterOrdinal === undefined) throw new Refusal('E0000029');

  const page = pageOf(org.groups.inOrder.after(afterOrdinal), {
    limit,
    isWanted: (group) =>
      (prefix === undefined || group.name.toLowerCase().startsWith(prefix)) &&
      (expression === undefined || matches(expression, group, dialect)),
    cursorOf: (group) => group.oktaId,
  });
  const body = page.items.map((group) => groupBody(org, group, call));
  if (q) return ok(body);
  return { ...ok(body), links: pageLinks(`${call.origin}/api/v1/groups`, query, limit, page.next) };
}

/** `POST /api/v1/groups`. A name that an OKTA_GROUP has is refused; imported groups may share it (§1.1). */
export function createGroup(org: Org, call: Call): Answer {
  const { name, description } = parseGroupProfile(call.body);
  refuseTakenName(org, name);
  const group = org.groups.add({ name, description, type: 'OKTA_GROUP' }, org.timestamp());
  return ok(groupBody(org, group, call));
}

export function getGroup(org: Org, call: Call): Answer {
  return ok(groupBody(org, namedGroup(org, call), call));
}

/** `PUT /api/v1/groups/{id}`: OKTA_GROUP only. */
export function replaceGroup(org: Org, call: Call): Answer {
  const group = writableGroup(org, call.params['group'] ?? '');
  const { name, description } = parseGroupProfile(call.body);
  if (name !== group.name) refuseTakenName(org, name);
  group.name = name;
  group.description = description;
  group.lastUpdated = org.timestamp();
  return ok(groupBody(org, group, call));
}

/** `DELETE /api/v1/groups/{id}`: any group but the built-in one. */
export function deleteGroup(org: Org, call: Call): Answer {
  const group = namedGroup(org, call);
  if (group.type === 'BUILT_IN') throw new Refusal('E0000060');
  org.groups.remove(group);
  return noContent();
}

/** `GET /api/v1/groups/{id}/users`, in the order of joining. */
export function listGroupUsers(org: Org, call: Call): Answer {
  const group = namedGroup(org, call);
  const limit = limitOf(call.query, { fallback: MOST_MEMBERS_PER_PAGE, most: MOST_MEMBERS_PER_PAGE });
  const isEveryone = group === org.groups.everyone;
  const after = call.query.get('after') || undefined;
  // Cursors are opaque: the one of a member list counts joins, and looks like an id all the same.
  const afterOrdinal = after === undefined ? -1 : Number(/^00m(\d{17})$/.exec(after)?.[1] ?? Number.NaN);
  if (Number.isNaN(afterOrdinal)) throw new Refusal('E0000029');

  const page = pageOf((isEveryone ? org.users.inOrder : group.members).after(afterOrdinal), {
    limit,
    isWanted: (user) => user.status !== 'DEPROVISIONED',
    cursorOf: (user) =>
      `00m${String(isEveryone ? user.ordinal : group.joinedAt.get(user)).padStart(17, '0')}`,
  });
  return {
    ...ok(page.items.map((user) => listedUserBody(user, call.origin))),
    links: pageLinks(`${call.origin}/api/v1/groups/${group.oktaId}/users`, call.query, limit, page.next),
  };
}

/** `GET /api/v1/users/{id}/groups`: Everyone first (users.md §11). */
export function listUserGroups(org: Org, call: Call): Answer {
  const user = org.user(call.params['user'] ?? '');
  const groups = [org.groups.everyone, ...user.groups];
  return {
    ...ok(groups.map((group) => groupBody(org, group, call))),
    links: pageLinks(
      `${call.origin}/api/v1/users/${user.oktaId}/groups`,
      call.query,
      GROUPS_PER_PAGE,
      undefined,
    ),
  };
}

/** `PUT /api/v1/groups/{id}/users/{userId}`: 204, also for somebody who is a member (§1.3). */
export function assignUserToGroup(org: Org, call: Call): Answer {
  const group = writableGroup(org, call.params['group'] ?? '');
  joinGroup(group, org.user(call.params['user'] ?? ''), org.timestamp());
  return noContent();
}

/** `DELETE /api/v1/groups/{id}/users/{userId}` */
export function unassignUserFromGroup(org: Org, call: Call): Answer {
  const group = writableGroup(org, call.params['group'] ?? '');
  leaveGroup(group, org.user(call.params['user'] ?? ''), org.timestamp());
  return noContent();
}

/** The body of a group (§1.1): no `self` link, unlike everything else. */
function groupBody(org: Org, group: GroupRecord, call: Call): object {
  const href = `${call.origin}/api/v1/groups/${group.oktaId}`;
  const logo = (name: string): object => ({
    name,
    href: `${call.origin}/assets/img/logos/groups/${name}.png`,
    type: 'image/png',
  });
  const members = group === org.groups.everyone ? org.users.inOrder : group.members;
  return {
    id: group.oktaId,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: ['okta:user_group'],
    type: group.type,
    profile: { name: group.name, description: group.description },
    ...(call.query.get('expand') === 'stats' ? { _embedded: { stats: { usersCount: members.size } } } : {}),
    _links: {
      logo: [logo('medium'), logo('large')],
      users: { href: `${href}/users` },
      apps: { href: `${href}/apps` },
    },
  };
}

function namedGroup(org: Org, call: Call): GroupRecord {
  const groupId = call.params['group'] ?? '';
  const group = org.groups.find(groupId);
  if (!group) throw notFound(groupId, 'UserGroup');
  return group;
}

function parseGroupProfile(body: unknown): { name: string; description: string | null } {
  const profile: JsonObject = optionalObject(jsonObject(body)['profile']) ?? {};
  const name = optionalString(profile['name']) ?? '';
  const description = optionalString(profile['description']) ?? null;
  const problems = [];
  if (name.trim() === '') problems.push(fieldProblem('name', 'The field cannot be left blank'));
  if (name.length > LONGEST_NAME) {
    problems.push(fieldProblem('name', `The field must be at most ${LONGEST_NAME} characters long`));
  }
  if (description !== null && description.length > LONGEST_DESCRIPTION) {
    problems.push(
      fieldProblem('description', `The field must be at most ${LONGEST_DESCRIPTION} characters long`),
    );
  }
  if (hasSupplementaryCharacter(name + (description ?? ''))) {
    problems.push(fieldProblem('name', 'The field contains characters that are not supported'));
  }
  refuseIfAny(problems);
  return { name, description };
}

function refuseTakenName(org: Org, name: string): void {
  for (const group of org.groups.inOrder.after()) {
    if (group.type === 'APP_GROUP' || group.name !== name) continue;
    throw fieldRefused('name', 'An object with this field already exists in the current organization');
  }
}

const DATES = ['created', 'lastUpdated', 'lastMembershipUpdated'];
const DATE_OPERATORS = ['eq', 'gt', 'ge', 'lt', 'le'];

const FILTER: Dialect<GroupRecord> = {
  ignoresCase: false,
  operatorsOf: (property) => {
    if (property === 'lastUpdated' || property === 'lastMembershipUpdated') return DATE_OPERATORS;
    return property === 'id' || property === 'type' ? ['eq'] : undefined;
  },
  isDate: (property) => DATES.includes(property),
  read: readProperty,
};

const SEARCH: Dialect<GroupRecord> = {
  ignoresCase: true,
  operatorsOf: (property) => {
    if (DATES.includes(property)) return DATE_OPERATORS;
    if (property === 'profile.name' || property === 'profile.description') return ['eq', 'sw', 'co', 'pr'];
    return property === 'id' || property === 'type' ? ['eq', 'sw'] : undefined;
  },
  isDate: (property) => DATES.includes(property),
  read: readProperty,
};

function readProperty(group: GroupRecord, property: string): unknown {
  switch (property) {
    case 'id':
      return group.oktaId;
    case 'type':
      return group.type;
    case 'created':
      return group.created;
    case 'lastUpdated':
      return group.lastUpdated;
    case 'lastMembershipUpdated':
      return group.lastMembershipUpdated;
    case 'profile.name':
      return group.name;
    case 'profile.description':
      return group.description;
    default:
      return undefined;
  }
}
