import type { UserStatus } from '../okta/types.js';
import type { JsonObject } from './json-body.js';
import { booleanParam, jsonObject, optionalObject, optionalString, optionalStrings } from './json-body.js';
import type { ParsedCredentials, ProviderType } from './credentials.js';
import { parseCredentials } from './credentials.js';
import type { GroupRecord } from './group-store.js';
import { joinGroup, leaveGroup } from './group-store.js';
import type { Answer, Call } from './operations.js';
import { noContent, ok } from './operations.js';
import type { Org } from './org.js';
import { profileProblems, storedProfile } from './profile-validation.js';
import { fieldRefused, notFound, Refusal, refuseIfAny } from './refusal.js';
import type { UserTypeRecord } from './schemas.js';
import { attributeOf } from './schemas.js';
import { etagOf, omissionsOf, userBody } from './user-body.js';
import type { UserProfile, UserRecord } from './user-store.js';

const MOST_GROUPS_ON_CREATE = 20;
const NO_GROUPS: readonly GroupRecord[] = [];

/** `POST /api/v1/users`, all nine ways (users.md §2). Nothing is kept of a request that is refused. */
export function createUser(org: Org, call: Call): Answer {
  const body = jsonObject(call.body);
  const activates = booleanParam(call.query, 'activate', true);
  const hasProvider = booleanParam(call.query, 'provider', false);
  const expiresPassword = parseNextLogin(call.query);
  const groupIds = optionalStrings(body['groupIds']) ?? [];
  if (groupIds.length > MOST_GROUPS_ON_CREATE) {
    throw new Refusal('E0000093', { causes: ['The number of group targets is too large'] });
  }
  const type = requestedType(org, body) ?? org.defaultUserType;
  const profile = optionalObject(body['profile']) ?? {};
  const credentials = parseCredentials(
    body['credentials'],
    textOf(profile['login']),
    org.options.passwordPolicy,
  );
  if (expiresPassword && !activates) throw new Refusal('E0000125');
  if (expiresPassword && !credentials.password) throw new Refusal('E0000124');
  refuseIfAny([...profileProblems(profile, type, 'newUser'), ...credentials.problems]);
  if (hasProvider !== isElsewhere(credentials.provider)) throw new Refusal('E0000063');
  refuseUnwritable(profile, {}, type);
  const groups = groupIds.map((groupId) => writableGroup(org, groupId));
  const stored = storedProfile(profile, type);
  refuseIfAny(org.users.takenProblems(stored, type));
  if (activates) refuseBeyondActiveLimit(org);

  const user = org.users.add(
    newUser(org, { profile: stored, type, credentials, activates, expiresPassword }),
  );
  for (const group of groups) joinGroup(group, user, user.created);
  return ok(userBody(user, call.origin, omissionsOf(call.headers['content-type'])));
}

/** `GET /api/v1/users/{id|login|short name}`, the one answer with an ETag (users.md §5). */
export function getUser(org: Org, call: Call): Answer {
  const user = org.user(call.params['user'] ?? '');
  const body = userBody(user, call.origin, omissionsOf(call.headers['content-type']));
  return { status: 200, body, etag: etagOf(user) };
}

/** `POST /api/v1/users/{id}`: what is not sent stays, null clears (users.md §7). */
export function updateUser(org: Org, call: Call): Answer {
  const body = jsonObject(call.body);
  const user = org.user(call.params['user'] ?? '');
  const type = requestedType(org, body);
  if (type && type !== user.type) {
    throw fieldRefused('type', 'The user type cannot be changed by a partial update');
  }
  const profile = optionalObject(body['profile']);
  return changeUser(org, call, user, {
    profile: profile && { ...user.profile, ...profile },
    type: user.type,
  });
}

/** `PUT /api/v1/users/{id}`: what is not sent is gone; the only way to another user type (users.md §7). */
export function replaceUser(org: Org, call: Call): Answer {
  const body = jsonObject(call.body);
  const user = org.user(call.params['user'] ?? '');
  const type = requestedType(org, body) ?? user.type;
  const profile = optionalObject(body['profile']) ?? (type === user.type ? undefined : user.profile);
  return changeUser(org, call, user, { profile, type });
}

/** `DELETE /api/v1/users/{id}`: the first deactivates, the second removes; both 204 (users.md §8.1). */
export function deleteUser(org: Org, call: Call): Answer {
  const user = org.user(call.params['user'] ?? '');
  if (user.status === 'DEPROVISIONED') {
    for (const group of user.groups) leaveGroup(group, user, org.timestamp());
    org.users.remove(user);
  } else {
    org.users.setStatus(user, 'DEPROVISIONED', org.timestamp());
    user.lastUpdated = org.timestamp();
  }
  return noContent();
}

/** What a user becomes who is activated (users.md §2.4). */
export function activatedStatus(
  org: Org,
  user: { hasPassword: boolean; provider: ProviderType },
): UserStatus {
  const isReady = user.hasPassword || isElsewhere(user.provider) || org.options.passwordOptional;
  return isReady ? 'ACTIVE' : 'PROVISIONED';
}

/** 400 when one more active user is one too many (users.md §2.5); the text is not documented. */
export function refuseBeyondActiveLimit(org: Org): void {
  const { maxActiveUsers = Number.POSITIVE_INFINITY } = org.options;
  if (org.users.activeCount < maxActiveUsers) return;
  throw fieldRefused(
    'user',
    `The limit of ${maxActiveUsers} active users of this organization has been reached`,
  );
}

/** A group that the API may put people into: 404 when there is none, 501 for Everyone and imported ones. */
export function writableGroup(org: Org, groupId: string): GroupRecord {
  const group = org.groups.find(groupId);
  if (!group) throw notFound(groupId, 'UserGroup');
  if (group.type !== 'OKTA_GROUP') throw new Refusal('E0000060');
  return group;
}

interface NewUser {
  readonly profile: UserProfile;
  readonly type: UserTypeRecord;
  readonly credentials: ParsedCredentials;
  readonly activates: boolean;
  readonly expiresPassword: boolean;
}

function newUser(org: Org, request: NewUser): Omit<UserRecord, 'oktaId' | 'ordinal'> {
  const { profile, type, credentials, activates, expiresPassword } = request;
  const now = org.timestamp();
  const isImported = credentials.password === 'hash' || credentials.password === 'hook';
  const hasPassword = credentials.password !== undefined;
  const provider = isImported ? 'IMPORT' : (credentials.provider ?? 'OKTA');
  const status = activates ? activatedStatus(org, { hasPassword, provider }) : 'STAGED';
  return {
    status: expiresPassword ? 'PASSWORD_EXPIRED' : status,
    created: now,
    activated: activates ? now : null,
    // Staged users have neither, unless their hash was imported (users.md §9).
    statusChanged: activates || isImported ? now : null,
    lastUpdated: now,
    passwordChanged: isImported || (activates && hasPassword) ? now : null,
    type,
    profile,
    hasPassword,
    recoveryQuestion: credentials.recoveryQuestion,
    provider,
    groups: NO_GROUPS,
  };
}

interface Change {
  readonly profile: JsonObject | undefined;
  readonly type: UserTypeRecord;
}

function changeUser(org: Org, call: Call, user: UserRecord, { profile, type }: Change): Answer {
  if (user.status === 'DEPROVISIONED' && !org.options.editDeactivatedProfiles) throw new Refusal('E0000038');
  refuseStale(user, call.headers['if-match']);
  const login = textOf(profile?.['login'] ?? user.profile['login']);
  const credentials = parseCredentials(
    jsonObject(call.body)['credentials'],
    login,
    org.options.passwordPolicy,
  );
  refuseIfAny([...(profile ? profileProblems(profile, type, 'user') : []), ...credentials.problems]);
  // A hash may be set only while the user is staged (users.md §3.2).
  if (credentials.password === 'hash' && user.status !== 'STAGED') throw new Refusal('E0000038');

  if (profile) {
    refuseUnwritable(profile, user.profile, type);
    const stored = storedProfile(profile, type);
    refuseIfAny(org.users.takenProblems(stored, type, user));
    org.users.replaceProfile(user, stored, type);
  }
  applyCredentials(user, credentials, org.timestamp());
  user.lastUpdated = org.timestamp();
  return ok(userBody(user, call.origin, omissionsOf(call.headers['content-type'])));
}

function applyCredentials(user: UserRecord, credentials: ParsedCredentials, now: string): void {
  if (credentials.provider) user.provider = credentials.provider;
  if (credentials.password) {
    user.hasPassword = true;
    user.passwordChanged = now;
    user.provider = credentials.password === 'value' ? 'OKTA' : 'IMPORT';
  }
  if (isElsewhere(user.provider)) user.hasPassword = false;
  user.recoveryQuestion = credentials.recoveryQuestion ?? user.recoveryQuestion;
}

/** `If-Match` (users.md §5): a tag of no known form is 400 `E0000242`, another tag is 412 `E0000231`. */
function refuseStale(user: UserRecord, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  if (!/^(?:W\/)?"[^"]*"$/.test(ifMatch)) throw new Refusal('E0000242');
  if (ifMatch.replace(/^W\//, '') !== etagOf(user).replace(/^W\//, '')) throw new Refusal('E0000231');
}

/** Attributes that the API may not write, or only once (errors.md §2). */
function refuseUnwritable(profile: JsonObject, before: JsonObject, type: UserTypeRecord): void {
  for (const [name, value] of Object.entries(profile)) {
    const mutability = attributeOf(type, name)?.mutability;
    if (mutability !== 'READ_ONLY' && mutability !== 'IMMUTABLE') continue;
    const isUnchanged = JSON.stringify(value ?? null) === JSON.stringify(before[name] ?? null);
    if (isUnchanged) continue;
    if (mutability === 'READ_ONLY') throw new Refusal('E0000077', { insert: name });
    if (before[name] !== undefined) throw new Refusal('E0000078', { insert: name });
  }
}

function requestedType(org: Org, body: JsonObject): UserTypeRecord | undefined {
  const typeId = optionalString(optionalObject(body['type'])?.['id']);
  return typeId === undefined ? undefined : org.userType(typeId);
}

function parseNextLogin(query: URLSearchParams): boolean {
  const nextLogin = query.get('nextLogin');
  if (nextLogin !== null && nextLogin !== 'changePassword') {
    throw new Refusal('E0000037', { insert: 'nextLogin must be changePassword.' });
  }
  return nextLogin !== null;
}

function isElsewhere(provider: ProviderType | undefined): boolean {
  return provider === 'FEDERATION' || provider === 'SOCIAL';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
