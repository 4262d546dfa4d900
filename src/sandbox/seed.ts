import type { Profile, UserStatus } from '../okta/types.js';
import type { AttributeDefinition } from './base-attributes.js';
import type { GroupType } from './group-store.js';
import type { PasswordPolicy } from './passwords.js';
import { Org, type OrgOptions, type UserTypeDefinition } from './org.js';
import { profileProblems, storedProfile } from './profile-validation.js';
import { realmRecords, type RealmDefinition } from './realms.js';
import { throwIfAny } from './okta-error.js';
import type { UserRecord } from './user-store.js';

/** A user that exists from the start. */
export interface SeededUser {
  /** Must follow the same rules as a create request. */
  readonly profile: Profile;
  /** Default ACTIVE. */
  readonly status?: UserStatus | undefined;
  /** Names of seeded groups. */
  readonly groups?: readonly string[] | undefined;
  /** Name of a seeded user type; default `user`. */
  readonly userType?: string | undefined;
  /** Default: true, except for STAGED and PROVISIONED users and for those of a directory. */
  readonly hasPassword?: boolean | undefined;
  /** The directory that masters the user. The API can change only attributes that Okta masters (`master: { type: 'OKTA' }`). */
  readonly directory?: { readonly type: 'ACTIVE_DIRECTORY' | 'LDAP'; readonly name: string } | undefined;
  /** Name of a seeded realm; default the default realm. */
  readonly realm?: string | undefined;
}

/** A group that exists from the start. */
export interface SeededGroup {
  readonly name: string;
  readonly description?: string;
  /** Default OKTA_GROUP. */
  readonly type?: GroupType;
  /**
   * Stricter than the org's policy. Okta applies it after it has created the user: a create that breaks it is 403 `E0000014` and
   * leaves the user STAGED, without credentials.
   */
  readonly passwordPolicy?: PasswordPolicy;
}

/** The content of the org when it starts and after `reset()`. The group Everyone and the user type `user` always exist. */
export interface SandboxSeed {
  /** Custom attributes of the default user type. `unique: true` is enforced. */
  readonly attributes?: Readonly<Record<string, AttributeDefinition>> | undefined;
  /** In addition to the default one. */
  readonly userTypes?: readonly UserTypeDefinition[] | undefined;
  readonly groups?: readonly SeededGroup[] | undefined;
  /** In addition to the default realm. Without realms, the org does not have the feature. */
  readonly realms?: readonly RealmDefinition[] | undefined;
  readonly users?: readonly SeededUser[] | undefined;
}

/** The profile of the admin who owns the token: `GET /api/v1/users/me`. */
const OWNER_PROFILE: Profile = {
  firstName: 'Sandbox',
  lastName: 'Admin',
  login: 'sandbox.admin@example.com',
  email: 'sandbox.admin@example.com',
};

/** Seeded objects are as old as that, so that no client takes them for its own. */
const SEED_AGE_MS = 24 * 3_600_000;

/** An org with the content of the seed, and the admin who owns the token. Seeded users may exceed the active-user limit. */
export function seededOrg(
  seed: SandboxSeed,
  options: OrgOptions,
  now: () => number,
): { org: Org; owner: UserRecord } {
  let agoMs = SEED_AGE_MS;
  const org = new Org(options, () => now() - agoMs, seed.attributes ?? {});
  for (const userType of seed.userTypes ?? []) org.addUserType(userType);
  for (const group of seed.groups ?? []) org.groups.add({ type: 'OKTA_GROUP', ...group }, org.timestamp());
  org.realms = realmRecords(seed.realms ?? [], org.timestamp(), org.ids('guo'));
  const owner = addSeeded(org, { profile: OWNER_PROFILE }, false);
  for (const user of seed.users ?? []) addSeeded(org, user, true);
  agoMs = 0;
  return { org, owner };
}

function addSeeded(org: Org, seeded: SeededUser, isValidated: boolean): UserRecord {
  const type = org.userTypes.find((candidate) => candidate.name === (seeded.userType ?? 'user'));
  if (!type) throw new RangeError(`seed: Unknown user type "${seeded.userType}".`);
  const profile = storedProfile(seeded.profile, type);
  if (isValidated) {
    throwIfAny([...profileProblems(profile, type, 'newUser'), ...org.users.takenProblems(profile, type)]);
  }

  const realm = org.realms.find(({ name }) => name === seeded.realm) ?? org.realms[0];
  if (seeded.realm !== undefined && seeded.realm !== realm?.name) {
    throw new RangeError(`seed: Unknown realm "${seeded.realm}".`);
  }

  const now = org.timestamp();
  const status = seeded.status ?? 'ACTIVE';
  const isActivated = status !== 'STAGED';
  const hasPassword = seeded.hasPassword ?? (isActivated && status !== 'PROVISIONED' && !seeded.directory);
  const user = org.users.add({
    status,
    created: now,
    activated: isActivated ? now : null,
    statusChanged: isActivated || (hasPassword && !org.options.classicEngine) ? now : null,
    lastUpdated: now,
    passwordChanged: hasPassword ? now : null,
    type,
    profile,
    hasPassword,
    recoveryQuestion: undefined,
    provider: seeded.directory?.type ?? 'OKTA',
    providerName: seeded.directory?.name,
    realmId: realm?.oktaId,
  });
  for (const name of seeded.groups ?? []) {
    const group = org.groups.findByName(name);
    if (!group) throw new RangeError(`seed: Unknown group "${name}".`);
    org.memberships.add(group, user, now);
  }
  return user;
}
