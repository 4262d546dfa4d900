import { oktaFieldPaths, type OktaFieldPath } from './okta-field-paths.js';

/** Names of columns that are not attributes. They take precedence over a custom attribute with that name. */
export const fieldAliases: readonly (readonly [path: OktaFieldPath, names: readonly string[]])[] = [
  ['credentials.password.value', ['password']],
  ['credentials.recovery_question.question', ['recoveryQuestion', 'securityQuestion']],
  ['credentials.recovery_question.answer', ['recoveryAnswer', 'recoveryQuestionAnswer', 'securityAnswer']],
  ['groupIds', ['groups', 'group']],
  ['type.id', ['type']],
  ['credentials.password.hook.type', ['credentials.password.hook']],
  ...oktaFieldPaths.map((path) => [path, [path]] as const),
];

/**
 * Other names of Okta's base attributes in spreadsheets: the labels of Okta's CSV template first, then those of HR systems and mail
 * programs. Case, spaces, `_`, `-` and `.` are ignored.
 */
export const attributeAliases: Readonly<Record<string, readonly string[]>> = {
  login: words('username loginName loginId userPrincipalName upn'),
  firstName: words('givenName first forename fname'),
  lastName: words('surname familyName last lname sn'),
  middleName: words('middle middleInitial'),
  honorificPrefix: words('prefix namePrefix salutation'),
  honorificSuffix: words('suffix nameSuffix'),
  email: words('primaryEmail emailAddress mail workEmail workEmailAddress businessEmail companyEmail'),
  title: words('jobTitle position'),
  displayName: words('fullName'),
  nickName: words('preferredName knownAs'),
  profileUrl: words('profileLink'),
  secondEmail: words('secondaryEmail personalEmail privateEmail homeEmail recoveryEmail alternateEmail'),
  mobilePhone: words('mobile mobileNumber mobilePhoneNumber cell cellPhone cellPhoneNumber'),
  primaryPhone: words('phone phoneNumber telephone telephoneNumber workPhone officePhone businessPhone'),
  streetAddress: words('street'),
  city: words('town locality'),
  state: words('province region stateProvince stateOrProvince'),
  zipCode: words('zip postalCode postCode zipPostalCode'),
  countryCode: words('country'),
  postalAddress: words('mailingAddress'),
  preferredLanguage: words('language lang'),
  timezone: words('tz'),
  employeeNumber: words('employeeId employeeNo empId empNo personnelNumber staffId staffNumber'),
  costCenter: words('costCentre'),
  organization: words('organisation company companyName'),
  division: words('businessUnit'),
  department: words('dept departmentName'),
  managerId: words('managerEmployeeId'),
  manager: words('managerName supervisor'),
};

function words(text: string): readonly string[] {
  return text.split(' ');
}
