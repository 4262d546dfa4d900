import type { AttributeDefinition, BaseAttributeOptions } from './base-attributes.js';
import { GroupStore } from './group-store.js';
import { oktaId } from './identifiers.js';
import type { PasswordPolicy } from './passwords.js';
import { notFound } from './refusal.js';
import type { UserTypeRecord } from './schemas.js';
import { attributesOfType } from './schemas.js';
import type { UserRecord } from './user-store.js';
import { UserStore } from './user-store.js';

/** What an org's admin can set, as far as it changes what the API answers. */
export interface OrgOptions extends BaseAttributeOptions {
  readonly passwordPolicy?: PasswordPolicy | undefined;
  /** Identity Engine with an enrolment policy that asks for no password: ACTIVE instead of PROVISIONED (users.md §2.4). */
  readonly passwordOptional?: boolean | undefined;
  /** 10 in an Integrator Free org; the token's owner counts (users.md §2.5). */
  readonly maxActiveUsers?: number | undefined;
  /** "Edit deactivated user profiles" (users.md §7). */
  readonly editDeactivatedProfiles?: boolean | undefined;
  /** Self-service registration: a second user of the same e-mail address is a taken login (errors.md §3). */
  readonly uniqueEmail?: boolean | undefined;
  /** How long `q`, `filter` and `search` do not yet see a new user (users.md §6); default 0. */
  readonly searchLagMs?: number | undefined;
}

/** What a user type is made from. */
export interface UserTypeDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly attributes?: Readonly<Record<string, AttributeDefinition>> | undefined;
}

/** The whole state of the org. The operations are functions over it. */
export class Org {
  readonly options: OrgOptions;
  readonly users: UserStore;
  readonly groups: GroupStore;
  readonly userTypes: UserTypeRecord[] = [];
  readonly #now: () => number;
  #lastSecond = -1;
  #lastTimestamp = '';

  /** @param now - The org's own clock, epoch milliseconds. */
  constructor(
    options: OrgOptions,
    now: () => number,
    customAttributes: Readonly<Record<string, AttributeDefinition>>,
  ) {
    this.options = options;
    this.#now = now;
    this.users = new UserStore({ uniqueEmail: options.uniqueEmail ?? false });
    this.groups = new GroupStore(this.timestamp());
    this.addUserType({
      name: 'user',
      displayName: 'User',
      description: 'Okta user profile template with default permission settings',
      attributes: customAttributes,
    });
  }

  nowMs(): number {
    return this.#now();
  }

  /** Now, as users and groups carry it: whole seconds, `.000Z` (users.md §1). Shared by all users of one second. */
  timestamp(): string {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#lastSecond) {
      this.#lastSecond = second;
      this.#lastTimestamp = new Date(second * 1000).toISOString();
    }
    return this.#lastTimestamp;
  }

  get defaultUserType(): UserTypeRecord {
    const [first] = this.userTypes;
    if (!first) throw new Error('The org has no default user type.');
    return first;
  }

  addUserType(definition: UserTypeDefinition): UserTypeRecord {
    const ordinal = this.userTypes.length + 1;
    const timestamp = this.timestamp();
    const type: UserTypeRecord = {
      oktaId: oktaId('oty', ordinal),
      schemaId: oktaId('osc', ordinal),
      name: definition.name,
      displayName: definition.displayName,
      description: definition.description ?? '',
      isDefault: ordinal === 1,
      created: timestamp,
      lastUpdated: timestamp,
      ...attributesOfType(this.options, definition.attributes),
    };
    this.userTypes.push(type);
    return type;
  }

  /** By id, or `default` where a path may say so (groups-types-schemas.md §2). */
  userType(typeId: string): UserTypeRecord {
    const type = this.userTypes.find((candidate) => candidate.oktaId === typeId);
    if (!type) throw notFound(typeId, 'UserType');
    return type;
  }

  /** The user that a path names, or 404 (users.md §5). */
  user(key: string): UserRecord {
    // A login with one of these can only be read by id, encoded or not.
    const user = /[/?]/.test(key) ? undefined : this.users.find(key);
    if (!user) throw notFound(key, 'User');
    return user;
  }
}
