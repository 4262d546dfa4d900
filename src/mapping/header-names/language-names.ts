/** What a column can mean: one of Okta's base attributes, another value that a file can set, or one of the words below. */
export type HeaderField =
  | 'login'
  | 'firstName'
  | 'lastName'
  | 'middleName'
  | 'honorificPrefix'
  | 'honorificSuffix'
  | 'email'
  | 'title'
  | 'displayName'
  | 'nickName'
  | 'profileUrl'
  | 'secondEmail'
  | 'mobilePhone'
  | 'primaryPhone'
  | 'streetAddress'
  | 'city'
  | 'state'
  | 'zipCode'
  | 'countryCode'
  | 'postalAddress'
  | 'preferredLanguage'
  | 'locale'
  | 'timezone'
  | 'userType'
  | 'employeeNumber'
  | 'costCenter'
  | 'organization'
  | 'division'
  | 'department'
  | 'managerId'
  | 'manager'
  | 'password'
  | 'recoveryQuestion'
  | 'recoveryAnswer'
  | 'groups'
  // a name that can be the first, the last or the full one, depending on the other columns
  | 'name'
  | 'fullName'
  // a street or a whole address, depending on the other columns
  | 'address'
  // in the profile of some orgs; the dates also decide what sync sends when
  | 'startDate'
  | 'endDate'
  | 'location';

/** Words from which the names of columns are composed, such as `private` and `email` in `E-Mail (privat)`. */
export type HeaderPart =
  | 'email'
  | 'phone'
  | 'mobile'
  | 'work'
  | 'private'
  | 'manager'
  | 'employee'
  | 'id'
  | 'name'
  | 'filler';

/**
 * The usual names of columns in one language, separated by `|`. Case, accents, spaces and punctuation do not matter.
 *
 * A name that ends in `?` counts only among other columns of the language, since it means something else in others; one that
 * ends in `??` is only a suggestion. A name under several fields is ambiguous: other columns decide, or nothing does.
 */
export interface LanguageNames {
  readonly language: string;
  readonly fields: Readonly<Partial<Record<HeaderField, string>>>;
  readonly parts: Readonly<Partial<Record<HeaderPart, string>>>;
}
