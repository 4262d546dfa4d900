import { createHash } from 'node:crypto';

import type { User, UserStatus } from '../okta/types.js';
import type { UserProfile, UserRecord } from './user-store.js';

/** What to omit from the body, by `okta-response` of the request's Content-Type. */
export interface Omissions {
  readonly credentials: boolean;
  readonly credentialsLinks: boolean;
}

/** name, path below the user, method */
type LinkRule = readonly [name: string, path: string, method?: 'DELETE'];

const SUSPEND: LinkRule = ['suspend', '/lifecycle/suspend'];
const RESET_PASSWORD: LinkRule = ['resetPassword', '/lifecycle/reset_password'];
const REACTIVATE: LinkRule = ['reactivate', '/lifecycle/reactivate'];
const DEACTIVATE: LinkRule = ['deactivate', '/lifecycle/deactivate'];
const ACTIVATE: LinkRule = ['activate', '/lifecycle/activate'];
const RESET_FACTORS: LinkRule = ['resetFactors', '/lifecycle/reset_factors'];
const CREDENTIAL_LINKS: readonly LinkRule[] = [
  ['forgotPassword', '/credentials/forgot_password'],
  ['expirePassword', '/lifecycle/expire_password'],
  ['changeRecoveryQuestion', '/credentials/change_recovery_question'],
  ['changePassword', '/credentials/change_password'],
];
const CREDENTIAL_LINK_NAMES = new Set(['resetPassword', ...CREDENTIAL_LINKS.map(([name]) => name)]);

/** The links of each status, besides `resetFactors`. Those of RECOVERY and LOCKED_OUT were not recorded; they are the possible transitions. */
const LINKS: Readonly<Record<UserStatus, readonly LinkRule[]>> = {
  STAGED: [ACTIVATE],
  PROVISIONED: [SUSPEND, RESET_PASSWORD, REACTIVATE, DEACTIVATE],
  ACTIVE: [SUSPEND, RESET_PASSWORD, DEACTIVATE],
  RECOVERY: [RESET_PASSWORD, REACTIVATE, DEACTIVATE],
  PASSWORD_EXPIRED: [SUSPEND, RESET_PASSWORD, DEACTIVATE],
  LOCKED_OUT: [['unlock', '/lifecycle/unlock'], RESET_PASSWORD, DEACTIVATE],
  SUSPENDED: [['unsuspend', '/lifecycle/unsuspend'], DEACTIVATE],
  DEPROVISIONED: [ACTIVATE, ['delete', '', 'DELETE']],
};

/** A single user with all links, in Okta's order of keys. */
export function userBody(user: UserRecord, origin: string, omit?: Omissions): User {
  const links = linksOf(user, origin, omit?.credentialsLinks ?? false);
  return Object.assign(fieldsOf(user, omit?.credentials ?? false), { _links: links });
}

/** A user in a list: the same body, with only the `self` link. */
export function listedUserBody(user: UserRecord, origin: string): User {
  return Object.assign(fieldsOf(user, false), { _links: { self: { href: selfHref(user, origin) } } });
}

/** Six attributes are always present, the others only when set. */
function profileBody(profile: UserProfile): UserProfile {
  const { firstName = null, lastName = null, mobilePhone = null, secondEmail = null, email = null } = profile;
  const alwaysPresent = { firstName, lastName, mobilePhone, secondEmail, login: profile.login, email };
  return Object.assign(alwaysPresent, profile);
}

/** A weak ETag of profile and type. It does not change with the status. */
export function etagOf(user: UserRecord): string {
  const attributes = Object.entries(profileBody(user.profile)).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([attributes, user.type.oktaId]);
  return `W/"${createHash('sha256').update(content).digest('hex')}"`;
}

/** Reads `Content-Type: application/json; okta-response=omitCredentials,omitCredentialsLinks`. */
export function omissionsOf(contentType: string | undefined): Omissions {
  const list = /okta-response="?([\w, ]+)/i.exec(contentType ?? '')?.[1] ?? '';
  const names = new Set(list.split(/[ ,]+/));
  return { credentials: names.has('omitCredentials'), credentialsLinks: names.has('omitCredentialsLinks') };
}

function fieldsOf(user: UserRecord, omitsCredentials: boolean): User {
  const fields = {
    id: user.oktaId,
    status: user.status,
    ...(user.transitioningToStatus && { transitioningToStatus: user.transitioningToStatus }),
    created: user.created,
    activated: user.activated,
    statusChanged: user.statusChanged,
    lastLogin: user.lastLogin ?? null,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.passwordChanged,
    ...(user.realmId === undefined ? {} : { realmId: user.realmId }),
    type: { id: user.type.oktaId },
    profile: profileBody(user.profile),
  };
  return omitsCredentials ? fields : Object.assign(fields, { credentials: credentialsBody(user) });
}

function credentialsBody(user: UserRecord): NonNullable<User['credentials']> {
  return {
    ...(user.hasPassword ? { password: {} } : {}),
    ...(user.recoveryQuestion === undefined
      ? {}
      : { recovery_question: { question: user.recoveryQuestion } }),
    provider: { type: user.provider, name: user.providerName ?? user.provider },
  };
}

function linksOf(user: UserRecord, origin: string, omitsCredentialsLinks: boolean): object {
  const self = selfHref(user, origin);
  const canChangeCredentials = user.status === 'ACTIVE' || user.status === 'PASSWORD_EXPIRED';
  const rules = [
    ...LINKS[user.status],
    ...(canChangeCredentials && user.hasPassword ? CREDENTIAL_LINKS : []),
    RESET_FACTORS,
  ];
  const links: Record<string, object> = {};
  for (const [name, path, method = 'POST'] of rules) {
    if (omitsCredentialsLinks && CREDENTIAL_LINK_NAMES.has(name)) continue;
    links[name] = { href: self + path, method };
  }
  links['schema'] = { href: `${origin}/api/v1/meta/schemas/user/${user.type.schemaId}` };
  links['self'] = { href: self };
  links['type'] = { href: `${origin}/api/v1/meta/types/user/${user.type.oktaId}` };
  return links;
}

function selfHref(user: UserRecord, origin: string): string {
  return `${origin}/api/v1/users/${user.oktaId}`;
}
