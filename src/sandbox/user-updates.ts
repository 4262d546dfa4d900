import {
  isExternalProvider,
  parseCredentials,
  passwordPoliciesOf,
  type ParsedCredentials,
} from './credentials.js';
import { jsonObject, optionalObject, optionalString, type JsonObject } from './json-body.js';
import { ok, type Call, type OperationResult } from './operations.js';
import type { Org } from './org.js';
import { profileProblems, storedProfile } from './profile-validation.js';
import { requestedRealm } from './realms.js';
import { fieldError, OktaError, throwIfAny } from './okta-error.js';
import { attributeOf, type UserTypeRecord } from './schemas.js';
import { etagOf, omissionsOf, userBody } from './user-body.js';
import { checkWritable, normalized, requestedType, textOf } from './user-request.js';
import type { UserRecord } from './user-store.js';

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

interface Change {
  readonly profile: JsonObject | undefined;
  readonly type: UserTypeRecord;
}

function changeUser(org: Org, call: Call, user: UserRecord, { profile, type }: Change): OperationResult {
  if (user.status === 'DEPROVISIONED' && !org.options.editDeactivatedProfiles) {
    throw new OktaError('E0000038');
  }
  const body = jsonObject(call.body);
  checkIfMatch(user, call.headers['if-match']);
  checkMaster(user, body);
  const credentials = parseCredentials(body['credentials'], {
    login: textOf(profile?.['login'] ?? user.profile['login']),
    policy: org.options.passwordPolicy,
    groupPolicies: passwordPoliciesOf(org.memberships.groupsOf(user)),
  });
  throwIfAny([...(profile ? profileProblems(profile, type, 'user') : []), ...credentials.problems]);
  if (credentials.refusal !== undefined) throw new OktaError('E0000014', { causes: [credentials.refusal] });
  // A hash can be set only while the user is staged.
  if (credentials.password === 'hash' && user.status !== 'STAGED') throw new OktaError('E0000038');

  const namedRealm = optionalString(body['realmId']);
  const realmId = namedRealm === undefined ? user.realmId : requestedRealm(org, namedRealm);
  if (profile) {
    checkWritable(profile, user.profile, type);
    const stored = normalized(org, storedProfile(profile, type));
    throwIfAny(org.users.takenProblems(stored, type, user));
    org.users.replaceProfile(user, stored, type);
  }
  user.realmId = realmId;
  applyCredentials(user, credentials, org.timestamp());
  user.lastUpdated = org.timestamp();
  return ok(userBody(user, call.origin, omissionsOf(call.headers['content-type'])));
}

/** A directory masters its users, except for the attributes that Okta masters: 403 `E0000023` for anything else in the body. */
function checkMaster(user: UserRecord, body: JsonObject): void {
  if (user.provider !== 'ACTIVE_DIRECTORY' && user.provider !== 'LDAP') return;
  const names = Object.keys(optionalObject(body['profile']) ?? {});
  const isOktas = names.every((name) => attributeOf(user.type, name)?.master?.type === 'OKTA');
  if (!isOktas || body['credentials'] !== undefined) throw new OktaError('E0000023');
}

function applyCredentials(user: UserRecord, credentials: ParsedCredentials, now: string): void {
  if (credentials.provider) user.provider = credentials.provider;
  if (credentials.password) {
    user.hasPassword = true;
    user.passwordDigest = credentials.passwordDigest;
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
