import type { UserStatus } from '../okta/types.js';
import {
  isExternalProvider,
  NO_CREDENTIALS,
  parseCredentials,
  passwordPoliciesOf,
  type ParsedCredentials,
  type ProviderType,
} from './credentials.js';
import { booleanParam, jsonObject, optionalObject, optionalString, optionalStrings } from './json-body.js';
import { noContent, ok, type OperationResult, type Call } from './operations.js';
import type { Org } from './org.js';
import { profileProblems, storedProfile } from './profile-validation.js';
import { requestedRealm } from './realms.js';
import { fieldError, OktaError, throwIfAny } from './okta-error.js';
import type { UserTypeRecord } from './schemas.js';
import { etagOf, omissionsOf, userBody } from './user-body.js';
import { checkWritable, normalized, requestedType, textOf } from './user-request.js';
import type { UserProfile, UserRecord } from './user-store.js';

const MAX_GROUPS_ON_CREATE = 20;

/**
 * `POST /api/v1/users`, in all variants that Okta documents. A request that fails changes nothing, except with 403 `E0000014`: the
 * user then exists, STAGED and without credentials.
 */
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
  const credentials = parseCredentials(body['credentials'], {
    login: textOf(profile['login']),
    policy: org.options.passwordPolicy,
    groupPolicies: passwordPoliciesOf(groupIds.map((groupId) => org.groups.findById(groupId))),
  });
  if (mustChangePassword && !isActivated) throw new OktaError('E0000125');
  if (mustChangePassword && !credentials.password) throw new OktaError('E0000124');
  throwIfAny([...profileProblems(profile, type, 'newUser'), ...credentials.problems]);
  if (expectsProvider !== isExternalProvider(credentials.provider)) throw new OktaError('E0000063');
  checkWritable(profile, {}, type);
  const groups = groupIds.map((groupId) => org.writableGroup(groupId));
  const stored = normalized(org, storedProfile(profile, type));
  throwIfAny(org.users.takenProblems(stored, type));
  const realmId = requestedRealm(org, optionalString(body['realmId']));
  if (isActivated) checkActiveUserLimit(org);

  const refusal = call.credentialsRefusal ?? credentials.refusal;
  const requested = { profile: stored, type, realmId, credentials, isActivated, mustChangePassword };
  const user = org.users.add(newUser(org, refusal === undefined ? requested : { ...requested, ...REFUSED }));
  for (const group of groups) org.memberships.add(group, user, user.created);
  if (refusal !== undefined) throw new OktaError('E0000014', { causes: [refusal] });
  if (isActivated) mailActivation(org, user);
  return ok(userBody(user, call.origin, omissionsOf(call.headers['content-type'])));
}

/** `GET /api/v1/users/{id|login|short name}`, the only response with an ETag. */
export function getUser(org: Org, call: Call): OperationResult {
  const user = org.user(call.params['user'] ?? '');
  const body = userBody(user, call.origin, omissionsOf(call.headers['content-type']));
  return { status: 200, body, etag: etagOf(user) };
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
  const [owner] = org.users.all();
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

/** Sends the email with the activation link, which only users without credentials of their own get. */
export function mailActivation(org: Org, user: UserRecord): void {
  if (!user.hasPassword && !isExternalProvider(user.provider)) org.outbox.send('activation', user);
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

/** What is left of a create whose credentials are refused. */
const REFUSED = { credentials: NO_CREDENTIALS, isActivated: false, mustChangePassword: false } as const;

interface NewUser {
  readonly profile: UserProfile;
  readonly type: UserTypeRecord;
  readonly realmId: string | undefined;
  readonly credentials: ParsedCredentials;
  readonly isActivated: boolean;
  readonly mustChangePassword: boolean;
}

function newUser(org: Org, request: NewUser): Omit<UserRecord, 'oktaId'> {
  const { profile, type, realmId, credentials, isActivated, mustChangePassword } = request;
  const now = org.timestamp();
  const isImported = credentials.password === 'hash' || credentials.password === 'hook';
  const hasPassword = credentials.password !== undefined;
  const provider = isImported ? 'IMPORT' : (credentials.provider ?? 'OKTA');
  const status = isActivated ? activatedStatus(org, { hasPassword, provider }) : 'STAGED';
  return {
    status: mustChangePassword ? 'PASSWORD_EXPIRED' : status,
    created: now,
    activated: isActivated ? now : null,
    // Of staged users, only those with a password have one, and only in Identity Engine.
    statusChanged: isActivated || (hasPassword && !org.options.classicEngine) ? now : null,
    lastUpdated: now,
    passwordChanged: hasPassword ? now : null,
    type,
    profile,
    hasPassword,
    passwordDigest: credentials.passwordDigest,
    recoveryQuestion: credentials.recoveryQuestion,
    provider,
    providerName: undefined,
    realmId,
  };
}

function parseNextLogin(query: URLSearchParams): boolean {
  const nextLogin = query.get('nextLogin');
  if (nextLogin !== null && nextLogin !== 'changePassword') {
    throw new OktaError('E0000037', { insert: 'nextLogin must be changePassword.' });
  }
  return nextLogin !== null;
}
