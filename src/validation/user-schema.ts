import type { UserSchema, UserSchemaAttribute } from '../okta/types.js';

/** What one user type's profile may and must hold. */
export interface ProfileSchema {
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** Names of the attributes that every user of the type must have. */
  readonly required: readonly string[];
}

/** The org's own schema of one user type, as `GET /api/v1/meta/schemas/user/{id}` gives it. */
export function profileSchemaOf(schema: UserSchema): ProfileSchema {
  const { base, custom } = schema.definitions;
  const attributes = { ...base.properties, ...custom?.properties };
  // Okta says it twice, on the attribute and in an array; either is enough (groups-types-schemas.md, section 3.2).
  const flagged = Object.keys(attributes).filter((name) => attributes[name]?.required === true);
  return {
    attributes,
    required: [...new Set([...(base.required ?? []), ...(custom?.required ?? []), ...flagged])],
  };
}

/**
 * The 31 base attributes as Okta documents them, for checks without an org.
 *
 * Lengths are those that the live schema and the specification agree on, or that are sure to hold (users.md, section 4,
 * "Safe validator"); the specification's limits on addresses are not, since no live schema has them.
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
