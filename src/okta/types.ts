/**
 * Okta's objects with their names on the wire (Okta Management API, OpenAPI 2026.06).
 *
 * Only the fields that this program reads or writes are listed; Okta may send more.
 */

/** Users, "User status". */
export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

/** A value of a profile attribute, of any of the five schema types. */
export type ProfileValue = string | number | boolean | readonly string[] | readonly number[] | null;

export type Profile = Readonly<Record<string, ProfileValue>>;

/** Users, "PasswordCredentialHash". `validation/password-hash.ts` knows which algorithm needs which fields. */
export interface PasswordHash {
  readonly algorithm: string;
  readonly value?: string;
  readonly salt?: string;
  readonly saltOrder?: string;
  readonly workFactor?: number;
  readonly iterationCount?: number;
  readonly keySize?: number;
  readonly digestAlgorithm?: string;
}

/** One of `value`, `hash` and `hook`. */
export interface PasswordCredential {
  readonly value?: string;
  readonly hash?: PasswordHash;
  readonly hook?: { readonly type: string };
}

export interface Credentials {
  readonly password?: PasswordCredential;
  readonly recovery_question?: { readonly question?: string; readonly answer?: string };
  readonly provider?: { readonly type: string; readonly name?: string };
}

/** The body of `POST /api/v1/users`. */
export interface UserRequest {
  readonly profile: Profile;
  readonly credentials?: Credentials;
  /** At most 20 on create; never the built-in Everyone. */
  readonly groupIds?: readonly string[];
  readonly type?: { readonly id: string };
  /** Only in orgs with Realms; Okta's own default is the default realm. */
  readonly realmId?: string;
}

/** The query of `POST /api/v1/users`. */
export interface CreateUserOptions {
  /** Okta's own default is true. */
  readonly activate: boolean;
  /** Must be true when `credentials.provider` is set. */
  readonly provider?: boolean | undefined;
  readonly nextLogin?: 'changePassword' | undefined;
}

export interface User {
  readonly id: string;
  /** Of a user whose status is being changed: the new one. */
  readonly status: UserStatus;
  /** Present while the status is being changed. */
  readonly transitioningToStatus?: UserStatus | null;
  /** ISO 8601, second resolution. */
  readonly created: string;
  /** ISO 8601; when the user was last activated. */
  readonly activated?: string | null;
  readonly statusChanged?: string | null;
  readonly lastLogin?: string | null;
  readonly lastUpdated: string;
  readonly passwordChanged?: string | null;
  readonly type: { readonly id: string };
  /** Only in orgs with Realms. */
  readonly realmId?: string;
  readonly profile: Profile & { readonly login: string };
  readonly credentials?: {
    readonly password?: Readonly<Record<string, never>>;
    readonly recovery_question?: { readonly question: string };
    readonly provider: { readonly type: string; readonly name: string };
  };
}

export interface Group {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly profile: { readonly name: string; readonly description?: string | null };
  /** With `expand=stats`. */
  readonly _embedded?: { readonly stats?: { readonly usersCount?: number } };
}

/** Realms, "List all realms". */
export interface Realm {
  readonly id: string;
  readonly profile: { readonly name: string };
}

/** Policies, of type `PASSWORD`. */
export interface PasswordPolicy {
  readonly id: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly conditions?: { readonly authProvider?: { readonly provider?: string } };
  readonly settings?: { readonly password?: { readonly complexity?: PasswordComplexity } };
}

/** Policies, "PasswordPolicyPasswordSettingsComplexity": least numbers of characters. */
export interface PasswordComplexity {
  readonly minLength?: number | null;
  readonly minLowerCase?: number | null;
  readonly minUpperCase?: number | null;
  readonly minNumber?: number | null;
  readonly minSymbol?: number | null;
  readonly excludeAttributes?: readonly string[] | null;
}

/** Role Assignments. A custom role's type is `CUSTOM`. */
export interface AdminRole {
  readonly type: string;
  readonly label: string;
  readonly status: string;
}

/** Meta, "User types". The default type is the one with `default: true`; its name is `user`. */
export interface UserType {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly default: boolean;
  readonly _links?: { readonly schema?: { readonly href: string } };
}

/** Meta, "User schema attribute". */
export interface UserSchemaAttribute {
  readonly title?: string;
  readonly description?: string;
  readonly type: 'string' | 'boolean' | 'number' | 'integer' | 'array';
  readonly items?: {
    readonly type: 'string' | 'number' | 'integer' | 'boolean';
    readonly enum?: readonly (string | number)[];
    readonly oneOf?: readonly { readonly const: string | number; readonly title: string }[];
  };
  readonly enum?: readonly (string | number)[];
  readonly oneOf?: readonly { readonly const: string | number; readonly title: string }[];
  readonly minLength?: number | null;
  readonly maxLength?: number | null;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly pattern?: string | null;
  readonly format?: string | null;
  readonly required?: boolean;
  readonly unique?: string | boolean;
  /** `OKTA`: can be changed in Okta even if the profile comes from elsewhere. */
  readonly master?: { readonly type: string };
  readonly mutability?: 'READ_WRITE' | 'READ_ONLY' | 'WRITE_ONLY' | 'IMMUTABLE';
  readonly default?: unknown;
}

interface UserSubschema {
  readonly properties: Readonly<Record<string, UserSchemaAttribute>>;
  readonly required?: readonly string[];
}

export interface UserSchema {
  readonly definitions: { readonly base: UserSubschema; readonly custom?: UserSubschema };
}
