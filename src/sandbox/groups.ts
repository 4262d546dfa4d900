import type { Profile, ProfileValue } from '../okta/types.js';
import {
  hasSupplementaryCharacter,
  jsonObject,
  optionalObject,
  optionalString,
  type JsonObject,
} from './json-body.js';
import { groupBody } from './group-body.js';
import { compareIds } from './identifiers.js';
import { noContent, ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { cursorOf, limitOf, pageLinks, pageOf, positionAfter } from './paging.js';
import { isProfileValue } from './profile-validation.js';
import { fieldProblem, fieldError, OktaError, throwIfAny } from './okta-error.js';
import { listedUserBody } from './user-body.js';

const GROUPS_OF_USER_PER_PAGE = 200;
const MAX_MEMBERS_PER_PAGE = 1000;
const MAX_NAME_LENGTH = 255;
const MAX_DESCRIPTION_LENGTH = 1024;

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
