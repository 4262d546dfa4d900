import type { AttributeDefinition, BaseAttributeOptions } from './base-attributes.js';
import { GroupStore, type GroupRecord } from './group-store.js';
import { idSequence, type IdPrefix } from './identifiers.js';
import { Memberships } from './memberships.js';
import { notFound, OktaError } from './okta-error.js';
import { OneTimeLinks } from './one-time-links.js';
import { Outbox } from './outbox.js';
import type { PasswordPolicy } from './passwords.js';
import type { RealmRecord } from './realms.js';
import { attributesOfType, type UserTypeRecord } from './schemas.js';
import { SearchIndex, type SearchIndexOptions } from './search-index.js';
import { UserStore, type UserRecord } from './user-store.js';

/** Org settings that change the API's responses. */
export interface OrgOptions extends BaseAttributeOptions, SearchIndexOptions {
  readonly passwordPolicy?: PasswordPolicy | undefined;
  /** An Identity Engine org whose enrollment policy requires no password: users become ACTIVE instead of PROVISIONED. */
  readonly passwordOptional?: boolean | undefined;
  /** A Classic Engine org: `statusChanged` of STAGED users is null, also when they have a password. Default false. */
  readonly classicEngine?: boolean | undefined;
  /** 10 in an Integrator Free org, including the token's owner. */
  readonly maxActiveUsers?: number | undefined;
  /** The setting "Edit deactivated user profiles". */
  readonly editDeactivatedProfiles?: boolean | undefined;
  /** As with self-service registration: a second user with the same email address is reported as a taken login. */
  readonly uniqueEmail?: boolean | undefined;
  /** How long the members of a group are listed as they were before a change; default 0. */
  readonly memberLagMs?: number | undefined;
  /** The same seed gives the same IDs; default 1. */
  readonly idSeed?: number | undefined;
  /** Attributes that the token's owner may write but not read: no response contains them. */
  readonly hiddenAttributes?: readonly string[] | undefined;
  /** The name of the company; default `Sandbox Org`. */
  readonly companyName?: string | undefined;
  /** URL of the logo of the org's brand; default none. */
  readonly logoUrl?: string | undefined;
  /** How long an activation link can be used; default 7 days, as in Okta. */
  readonly activationLinkMs?: number | undefined;
  /** Whether email addresses are stored in lower case, and texts in Unicode NFC; default false. */
  readonly normalizesProfiles?: boolean | undefined;
}

/** What a user type is created from. */
export interface UserTypeDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly attributes?: Readonly<Record<string, AttributeDefinition>> | undefined;
}

/** The complete state of the org. Operations are functions over it. */
export class Org {
  readonly options: OrgOptions;
  readonly users: UserStore;
  readonly searchIndex: SearchIndex;
  readonly groups: GroupStore;
  readonly memberships: Memberships;
  readonly userTypes: UserTypeRecord[] = [];
  readonly links: OneTimeLinks;
  readonly outbox: Outbox;
  /** Empty in an org without the feature. The first one is the default. */
  realms: readonly RealmRecord[] = [];
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
    const { uniqueEmail = false, memberLagMs = 0, activationLinkMs } = options;
    this.outbox = new Outbox(now);
    this.links = new OneTimeLinks(activationLinkMs);
    this.searchIndex = new SearchIndex(options, now);
    this.users = new UserStore({ uniqueEmail, toId: this.ids('00u'), observer: this.searchIndex });
    this.groups = new GroupStore(this.timestamp(), this.ids('00g'));
    this.memberships = new Memberships({ delayMs: memberLagMs, now });
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

  /** The current time in Okta's format, in whole seconds (`.000Z`). One string per second saves memory. */
  timestamp(): string {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#lastSecond) {
      this.#lastSecond = second;
      this.#lastTimestamp = new Date(second * 1000).toISOString();
    }
    return this.#lastTimestamp;
  }

  /** The ID of the nth object of a kind. */
  ids(prefix: IdPrefix): (ordinal: number) => string {
    return idSequence(prefix, this.options.idSeed ?? 1);
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
      oktaId: this.ids('oty')(ordinal),
      schemaId: this.ids('osc')(ordinal),
      name: definition.name,
      displayName: definition.displayName,
      description: definition.description ?? '',
      isDefault: ordinal === 1,
      created: timestamp,
      lastUpdated: timestamp,
      ...attributesOfType(this.options, ordinal === 1, definition.attributes),
    };
    this.userTypes.push(type);
    return type;
  }

  /** The user type with this ID, or 404. */
  userType(typeId: string): UserTypeRecord {
    const type = this.userTypes.find((candidate) => candidate.oktaId === typeId);
    if (!type) throw notFound(typeId, 'CVDType');
    return type;
  }

  /** The user with this ID, login or short name, or 404. */
  user(key: string): UserRecord {
    // Users with one of these in their login can only be read by ID, even if the path is encoded.
    const user = /[/?]/.test(key) ? undefined : this.users.find(key);
    if (!user) throw notFound(key, 'User');
    return user;
  }

  /** The group with this ID, or 404. */
  group(groupId: string): GroupRecord {
    const group = this.groups.findById(groupId);
    if (!group) throw notFound(groupId, 'UserGroup');
    return group;
  }

  /** As `group`; 501 for Everyone and imported groups, whose members the API cannot change. */
  writableGroup(groupId: string): GroupRecord {
    const group = this.group(groupId);
    if (group.type !== 'OKTA_GROUP') throw new OktaError('E0000060');
    return group;
  }
}
