import type { UserStatus } from '../okta/types.js';
import {
  booleanParam,
  jsonObject,
  optionalObject,
  optionalString,
  optionalStrings,
  type JsonObject,
} from './json-body.js';
import { parseCredentials, type ParsedCredentials, type ProviderType } from './credentials.js';
import { noContent, ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { profileProblems, storedProfile } from './profile-validation.js';
import { fieldError, OktaError, throwIfAny } from './okta-error.js';
import { attributeOf, type UserTypeRecord } from './schemas.js';
import { etagOf, omissionsOf, userBody } from './user-body.js';
import type { UserProfile, UserRecord } from './user-store.js';

const MAX_GROUPS_ON_CREATE = 20;

/** `POST /api/v1/users`, in all variants that Okta documents. A request that fails changes nothing. */
export function createUser(org: Org, call: Call): OperationResult {
  const body = jsonObject(call.body);
  const isActivated = booleanParam(call.query, 'activate', true);
  const expectsProvider = booleanParam(call.query, 'provider', false);
  const mustChangePassword = parseNextLogin(call.query);
  const groupIds = optionalStrings(body['groupIds']) ?? [];
  if (groupIds.length > MAX_GROUPS_ON_CREATE) {
    throw new OktaError('E0000093', { causes: ['The number of group targets is too large'] });
  }
  const type = requestedType(org, body) ?? org.defaultUserType;
  const profile = optionalObject(body['profile']) ?? {};
  const credentials = parseCredentials(
    body['credentials'],
    textOf(profile['login']),
    org.options.passwordPolicy,
  );
  if (mustChangePassword && !isActivated) throw new OktaError('E0000125');
  if (mustChangePassword && !credentials.password) throw new OktaError('E0000124');
  throwIfAny([...profileProblems(profile, type, 'newUser'), ...credentials.problems]);
  if (expectsProvider !== isExternalProvider(credentials.provider)) throw new OktaError('E0000063');
  checkWritable(profile, {}, type);
  const groups = groupIds.map((groupId) => org.writableGroup(groupId));
  const stored = normalized(org, storedProfile(profile, type));
  throwIfAny(org.users.takenProblems(stored, type));
  if (isActivated) checkActiveUserLimit(org);

  const user = org.users.add(
    newUser(org, { profile: stored, type, credentials, isActivated, mustChangePassword }),
  );
  for (const group of groups) org.memberships.add(group, user, user.created);
  return ok(userBody(user, call.origin, omissionsOf(call.headers['content-type'])));
}

/** `GET /api/v1/users/{id|login|short name}`, the only response with an ETag. */
export function getUser(org: Org, call: Call): OperationResult {
  const user = org.user(call.params['user'] ?? '');
  const body = userBody(user, call.origin, omissionsOf(call.headers['content-type']));
  return { status: 200, body, etag: etagOf(user) };
}

/** `POST /api/v1/users/{id}`: attributes that are not sent stay, null clears. */
export function updateUser(org: Org, call: Call): OperationResult {
  const body = jsonObject(call.body);
  const user = org.user(call.params['user'] ?? '');
  const type = requestedType(org, body);
  if (type && type !== user.type) {
    throw fieldError('type', 'The user type cannot be changed by a partial update');
  }
  const profile = optionalObject(body['profile']);
  return changeUser(org, call, user, {
    profile: profile && { ...user.profile, ...profile },
    type: user.type,
  });
}

/** `PUT /api/v1/users/{id}`: attributes that are not sent are cleared; the only way to change the user type. */
export function replaceUser(org: Org, call: Call): OperationResult {
  const body = jsonObject(call.body);
  const user = org.user(call.params['user'] ?? '');
  const type = requestedType(org, body) ?? user.type;
  const profile = optionalObject(body['profile']) ?? (type === user.type ? undefined : user.profile);
  return changeUser(org, call, user, { profile, type });
}

/** `DELETE /api/v1/users/{id}`: the first request deactivates, the second deletes; both return 204. */
export function deleteUser(org: Org, call: Call): OperationResult {
  const user = org.user(call.params['user'] ?? '');
  if (user.status === 'DEPROVISIONED') {
    org.memberships.removeUser(user, org.timestamp());
    org.users.remove(user);
  } else {
    org.users.setStatus(user, 'DEPROVISIONED', org.timestamp());
    user.lastUpdated = org.timestamp();
  }
  return noContent();
}

/** `GET /api/v1/users/{id}/roles`: the token's owner, who is the first user, is the org's only admin. */
export function listAssignedRoles(org: Org, call: Call): OperationResult {
  const { value: owner } = org.users.inOrder.after().next();
  return ok(org.user(call.params['user'] ?? '') === owner ? [SUPER_ADMIN] : []);
}

const SUPER_ADMIN = {
  id: 'ra1000001SaNdBoXroLe',
  label: 'Super Administrator',
  type: 'SUPER_ADMIN',
  status: 'ACTIVE',
  assignmentType: 'USER',
} as const;

/** The status after activation. */
export function activatedStatus(
  org: Org,
  user: { hasPassword: boolean; provider: ProviderType },
): UserStatus {
  const isReady = user.hasPassword || isExternalProvider(user.provider) || org.options.passwordOptional;
  return isReady ? 'ACTIVE' : 'PROVISIONED';
}

/** 400 when the org has as many active users as it may have. Okta does not document the text. */
export function checkActiveUserLimit(org: Org): void {
  const { maxActiveUsers = Number.POSITIVE_INFINITY } = org.options;
  if (org.users.activeCount < maxActiveUsers) return;
  throw fieldError(
    'user',
    `The limit of ${maxActiveUsers} active users of this organization has been reached`,
  );
}

interface NewUser {
  readonly profile: UserProfile;
  readonly type: UserTypeRecord;
  readonly credentials: ParsedCredentials;
  readonly isActivated: boolean;
  readonly mustChangePassword: boolean;
}

function newUser(org: Org, request: NewUser): Omit<UserRecord, 'oktaId' | 'ordinal'> {
  const { profile, type, credentials, isActivated, mustChangePassword } = request;
  const now = org.timestamp();
  const isImported = credentials.password === 'hash' || credentials.password === 'hook';
  const hasPassword = credentials.password !== undefined;
  const provider = isImported ? 'IMPORT' : (credentials.provider ?? 'OKTA');
  const status = isActivated ? activatedStatus(org, { hasPassword, provider }) : 'STAGED';
  return {
    status: mustChangePassword ? 'PASSWORD_EXPIRED' : status,
    created: now,
    activated: isActivated ? now : null,
    // Null for staged users, unless their password hash was imported.
    statusChanged: isActivated || isImported ? now : null,
    lastUpdated: now,
    passwordChanged: isImported || (isActivated && hasPassword) ? now : null,
    type,
    profile,
    hasPassword,
    recoveryQuestion: credentials.recoveryQuestion,
    provider,
  };
}

interface Change {
  readonly profile: JsonObject | undefined;
  readonly type: UserTypeRecord;
}

function changeUser(org: Org, call: Call, user: UserRecord, { profile, type }: Change): OperationResult {
  if (user.status === 'DEPROVISIONED' && !org.options.editDeactivatedProfiles) {
    throw new OktaError('E0000038');
  }
  checkIfMatch(user, call.headers['if-match']);
  const login = textOf(profile?.['login'] ?? user.profile['login']);
  const credentials = parseCredentials(
    jsonObject(call.body)['credentials'],
    login,
    org.options.passwordPolicy,
  );
  throwIfAny([...(profile ? profileProblems(profile, type, 'user') : []), ...credentials.problems]);
  // A hash can be set only while the user is staged.
  if (credentials.password === 'hash' && user.status !== 'STAGED') throw new OktaError('E0000038');

  if (profile) {
    checkWritable(profile, user.profile, type);
    const stored = normalized(org, storedProfile(profile, type));
    throwIfAny(org.users.takenProblems(stored, type, user));
    org.users.replaceProfile(user, stored, type);
  }
  applyCredentials(user, credentials, org.timestamp());
  user.lastUpdated = org.timestamp();
  return ok(userBody(user, call.origin, omissionsOf(call.headers['content-type'])));
}

function normalized(org: Org, profile: UserProfile): UserProfile {
  if (!org.options.normalizesProfiles) return profile;
  const entries = Object.entries(profile).map(([name, value]) => {
    if (typeof value !== 'string') return [name, value] as const;
    const text = value.normalize('NFC');
    return [name, name === 'email' ? text.toLowerCase() : text] as const;
  });
  return { ...profile, ...Object.fromEntries(entries) };
}

function applyCredentials(user: UserRecord, credentials: ParsedCredentials, now: string): void {
  if (credentials.provider) user.provider = credentials.provider;
  if (credentials.password) {
    user.hasPassword = true;
    user.passwordChanged = now;
    user.provider = credentials.password === 'value' ? 'OKTA' : 'IMPORT';
  }
  if (isExternalProvider(user.provider)) user.hasPassword = false;
  user.recoveryQuestion = credentials.recoveryQuestion ?? user.recoveryQuestion;
}

/** `If-Match`: an invalid ETag is 400 `E0000242`, one that does not match is 412 `E0000231`. */
function checkIfMatch(user: UserRecord, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  if (!/^(?:W\/)?"[^"]*"$/.test(ifMatch)) throw new OktaError('E0000242');
  if (ifMatch.replace(/^W\//, '') !== etagOf(user).replace(/^W\//, '')) throw new OktaError('E0000231');
}

/** Throws for attributes that the API cannot write, or only once. */
function checkWritable(profile: JsonObject, before: JsonObject, type: UserTypeRecord): void {
  for (const [name, value] of Object.entries(profile)) {
    const mutability = attributeOf(type, name)?.mutability;
    if (mutability !== 'READ_ONLY' && mutability !== 'IMMUTABLE') continue;
    const isUnchanged = JSON.stringify(value ?? null) === JSON.stringify(before[name] ?? null);
    if (isUnchanged) continue;
    if (mutability === 'READ_ONLY') throw new OktaError('E0000077', { insert: name });
    if (before[name] !== undefined) throw new OktaError('E0000078', { insert: name });
  }
}

function requestedType(org: Org, body: JsonObject): UserTypeRecord | undefined {
  const typeId = optionalString(optionalObject(body['type'])?.['id']);
  return typeId === undefined ? undefined : org.userType(typeId);
}

function parseNextLogin(query: URLSearchParams): boolean {
  const nextLogin = query.get('nextLogin');
  if (nextLogin !== null && nextLogin !== 'changePassword') {
    throw new OktaError('E0000037', { insert: 'nextLogin must be changePassword.' });
  }
  return nextLogin !== null;
}

function isExternalProvider(provider: ProviderType | undefined): boolean {
  return provider === 'FEDERATION' || provider === 'SOCIAL';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
