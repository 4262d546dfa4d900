import type { UserSchemaAttribute } from '../okta/types.js';
import { optionalObject, optionalString, type JsonObject } from './json-body.js';

/** A schema property as Okta sends it, including the fields that programs ignore. */
export interface AttributeDefinition extends UserSchemaAttribute {
  readonly scope?: string;
  readonly permissions?: readonly { readonly principal: string; readonly action: string }[];
  readonly master?: { readonly type: string };
}

/** Title, lengths, format and end-user permission as in the schemas of real orgs. */
interface BaseAttribute {
  readonly title: string;
  readonly self: 'READ_WRITE' | 'READ_ONLY' | 'HIDE';
  readonly required?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  /** Lengths of the OpenAPI document that schemas do not show. Okta enforces both. */
  readonly limit?: { readonly minLength?: number; readonly maxLength: number };
}

const BASE_ATTRIBUTES: Readonly<Record<string, BaseAttribute>> = {
  login: { title: 'Username', self: 'READ_WRITE', required: true, minLength: 5, maxLength: 100 },
  firstName: { title: 'First name', self: 'READ_WRITE', required: true, minLength: 1, maxLength: 50 },
  lastName: { title: 'Last name', self: 'READ_WRITE', required: true, minLength: 1, maxLength: 50 },
  middleName: { title: 'Middle name', self: 'READ_ONLY' },
  honorificPrefix: { title: 'Honorific prefix', self: 'READ_ONLY' },
  honorificSuffix: { title: 'Honorific suffix', self: 'READ_ONLY' },
  email: {
    title: 'Primary email',
    self: 'READ_WRITE',
    required: true,
    format: 'email',
    limit: { minLength: 5, maxLength: 100 },
  },
  title: { title: 'Title', self: 'READ_ONLY' },
  displayName: { title: 'Display name', self: 'READ_ONLY' },
  nickName: { title: 'Nickname', self: 'READ_ONLY' },
  profileUrl: { title: 'Profile Url', self: 'READ_ONLY', format: 'uri' },
  secondEmail: {
    title: 'Secondary email',
    self: 'READ_WRITE',
    format: 'email',
    limit: { minLength: 5, maxLength: 100 },
  },
  mobilePhone: { title: 'Mobile phone', self: 'READ_WRITE', maxLength: 100 },
  primaryPhone: { title: 'Primary phone', self: 'HIDE', maxLength: 100 },
  streetAddress: { title: 'Street address', self: 'HIDE', limit: { maxLength: 1024 } },
  city: { title: 'City', self: 'HIDE', limit: { maxLength: 128 } },
  state: { title: 'State', self: 'HIDE', limit: { maxLength: 128 } },
  zipCode: { title: 'Zip code', self: 'HIDE', limit: { maxLength: 50 } },
  countryCode: { title: 'Country code', self: 'HIDE', format: 'country-code', limit: { maxLength: 2 } },
  postalAddress: { title: 'Postal Address', self: 'HIDE', limit: { maxLength: 4096 } },
  preferredLanguage: { title: 'Preferred language', self: 'READ_ONLY', format: 'language-code' },
  locale: { title: 'Locale', self: 'READ_ONLY', format: 'locale' },
  timezone: { title: 'Time zone', self: 'READ_ONLY', format: 'timezone' },
  userType: { title: 'User type', self: 'READ_ONLY' },
  employeeNumber: { title: 'Employee number', self: 'READ_ONLY' },
  costCenter: { title: 'Cost center', self: 'READ_ONLY' },
  organization: { title: 'Organization', self: 'READ_ONLY' },
  division: { title: 'Division', self: 'READ_ONLY' },
  department: { title: 'Department', self: 'READ_ONLY' },
  managerId: { title: 'ManagerId', self: 'READ_ONLY' },
  manager: { title: 'Manager', self: 'READ_ONLY' },
};

const CALLED_UNIQUE: ReadonlySet<string> = new Set(['login', 'email', 'secondEmail']);

/** The settings of base attributes that an org's admin can change. */
export interface BaseAttributeOptions {
  /** Whether users of the default type need no first name. Other types have settings of their own: see `POST /meta/schemas/user/…`. */
  readonly nullableFirstName?: boolean | undefined;
  /** As for the first name. */
  readonly nullableLastName?: boolean | undefined;
  /** `.+`, or the allowed characters as `[…]+`. Default: an email address. */
  readonly loginPattern?: string | undefined;
  /** By attribute: which system may write it in users of a directory. Default `PROFILE_MASTER`, the directory. */
  readonly attributeMasters?: Readonly<Record<string, 'OKTA' | 'PROFILE_MASTER'>> | undefined;
  /**
   * Whether schemas say of every attribute whether it is unique. They then call login, email and secondEmail `UNIQUE_VALIDATED`,
   * although several users can share an email address. Default false.
   */
  readonly declaresUniqueness?: boolean | undefined;
}

/**
 * The base attributes in Okta's order: as this org enforces them, or as `GET /meta/schemas/user/…` shows them, without some of
 * the enforced lengths.
 */
export function baseAttributes(
  options: BaseAttributeOptions,
  view: 'enforced' | 'shown',
  isDefaultType: boolean,
): Map<string, AttributeDefinition> {
  const nullable = new Set<string>();
  if (isDefaultType && options.nullableFirstName) nullable.add('firstName');
  if (isDefaultType && options.nullableLastName) nullable.add('lastName');

  return new Map(
    Object.entries(BASE_ATTRIBUTES).map(([name, attribute]): [string, AttributeDefinition] => {
      const { title, self, required, limit, ...constraints } = attribute;
      return [
        name,
        {
          title,
          type: 'string',
          ...(required && !nullable.has(name) ? { required } : {}),
          mutability: 'READ_WRITE',
          scope: 'NONE',
          ...constraints,
          ...(view === 'enforced' && limit),
          ...(name === 'login' && options.loginPattern && { pattern: options.loginPattern }),
          ...(options.declaresUniqueness && {
            unique: CALLED_UNIQUE.has(name) ? 'UNIQUE_VALIDATED' : 'NOT_UNIQUE',
          }),
          // Only users of the default type can change their own login.
          permissions: [
            { principal: 'SELF', action: name === 'login' && !isDefaultType ? 'READ_ONLY' : self },
          ],
          master: { type: options.attributeMasters?.[name] ?? 'PROFILE_MASTER' },
        },
      ];
    }),
  );
}

/** The attributes whose "required" an admin can switch off: Okta cannot do without a login and an email address. */
const CAN_BE_OPTIONAL: ReadonlySet<string> = new Set(['firstName', 'lastName']);

/**
 * A base attribute as changed through the schema endpoint: its permissions and master, whether a name is required, and the pattern
 * of logins. Everything else in the request has no effect.
 */
export function changedBaseAttribute(
  name: string,
  { required: wasRequired, pattern: formerPattern, ...kept }: AttributeDefinition,
  change: JsonObject,
): AttributeDefinition {
  const required = CAN_BE_OPTIONAL.has(name) ? (change['required'] ?? wasRequired) : wasRequired;
  const pattern = name === 'login' && 'pattern' in change ? optionalString(change['pattern']) : formerPattern;
  const master = optionalString(optionalObject(change['master'])?.['type']);
  const action = selfPermission(change['permissions']);
  return {
    ...kept,
    ...(required === true ? { required } : {}),
    ...(pattern ? { pattern } : {}),
    ...(action === undefined ? {} : { permissions: [{ principal: 'SELF', action }] }),
    ...(master === undefined ? {} : { master: { type: master } }),
  };
}

/** What users may do with their own attribute: the only permission that schemas have. */
function selfPermission(permissions: unknown): string | undefined {
  const [first]: unknown[] = Array.isArray(permissions) ? permissions : [];
  return optionalString(optionalObject(first)?.['action']);
}
