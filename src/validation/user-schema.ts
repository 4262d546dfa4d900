import type { UserSchema, UserSchemaAttribute } from '../okta/types.js';

/** The attributes that the profile of one user type may and must have. */
export interface ProfileSchema {
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** Names of the required attributes. */
  readonly required: readonly string[];
}

/** The profile schema of one user type, from the response of `GET /api/v1/meta/schemas/user/{id}`. */
export function profileSchemaOf(schema: UserSchema): ProfileSchema {
  const { base, custom } = schema.definitions;
  const attributes = { ...base.properties, ...custom?.properties };
  // Okta marks required attributes both on the attribute and in an array; either is enough.
  const flagged = Object.keys(attributes).filter((name) => attributes[name]?.required === true);
  return {
    attributes,
    required: [...new Set([...(base.required ?? []), ...(custom?.required ?? []), ...flagged])],
  };
}

/** Whether a schema calls an attribute unique. Responses have the word, requests the boolean. */
function isCalledUnique({ unique }: Pick<UserSchemaAttribute, 'unique'>): boolean {
  return unique === true || unique === 'UNIQUE_VALIDATED';
}

/**
 * Whether no two users may have the same value. Schemas call `login`, `email` and `secondEmail` unique, but of these an org
 * rejects only a repeated login, unless it was set up to reject shared email addresses too.
 */
export function isUnique(name: string, attribute: Pick<UserSchemaAttribute, 'unique'>): boolean {
  return name === 'login' || (isCalledUnique(attribute) && !isBaseAttribute(name));
}

/** Whether some orgs reject a value that two users share. */
export function isUniqueInSomeOrgs(name: string, attribute: Pick<UserSchemaAttribute, 'unique'>): boolean {
  return name === 'email' || (name !== 'login' && isCalledUnique(attribute) && isBaseAttribute(name));
}

function isBaseAttribute(name: string): boolean {
  return Object.hasOwn(baseSchema.attributes, name);
}

/**
 * The 31 base attributes that Okta documents, for checks without an org.
 *
 * Lengths are those on which live schemas and the specification agree, or that certainly apply.
 * The specification's limits on addresses are omitted, since no live schema has them.
 */
export const baseSchema: ProfileSchema = {
  required: ['login', 'firstName', 'lastName', 'email'],
  attributes: {
    login: { title: 'Username', type: 'string', minLength: 5, maxLength: 100 },
    firstName: { title: 'First name', type: 'string', minLength: 1, maxLength: 50 },
    lastName: { title: 'Last name', type: 'string', minLength: 1, maxLength: 50 },
    middleName: { title: 'Middle name', type: 'string' },
    honorificPrefix: { title: 'Honorific prefix', type: 'string' },
    honorificSuffix: { title: 'Honorific suffix', type: 'string' },
    email: { title: 'Primary email', type: 'string', format: 'email', minLength: 5, maxLength: 100 },
    title: { title: 'Title', type: 'string' },
    displayName: { title: 'Display name', type: 'string' },
    nickName: { title: 'Nickname', type: 'string' },
    profileUrl: { title: 'Profile Url', type: 'string', format: 'uri' },
    secondEmail: { title: 'Secondary email', type: 'string', format: 'email', maxLength: 100 },
    mobilePhone: { title: 'Mobile phone', type: 'string', maxLength: 100 },
    primaryPhone: { title: 'Primary phone', type: 'string', maxLength: 100 },
    streetAddress: { title: 'Street address', type: 'string' },
    city: { title: 'City', type: 'string' },
    state: { title: 'State', type: 'string' },
    zipCode: { title: 'Zip code', type: 'string' },
    countryCode: { title: 'Country code', type: 'string', format: 'country-code' },
    postalAddress: { title: 'Postal Address', type: 'string' },
    preferredLanguage: { title: 'Preferred language', type: 'string', format: 'language-code' },
    locale: { title: 'Locale', type: 'string', format: 'locale' },
    timezone: { title: 'Time zone', type: 'string', format: 'timezone' },
    userType: { title: 'User type', type: 'string' },
    employeeNumber: { title: 'Employee number', type: 'string' },
    costCenter: { title: 'Cost center', type: 'string' },
    organization: { title: 'Organization', type: 'string' },
    division: { title: 'Division', type: 'string' },
    department: { title: 'Department', type: 'string' },
    managerId: { title: 'ManagerId', type: 'string' },
    manager: { title: 'Manager', type: 'string' },
  },
};
