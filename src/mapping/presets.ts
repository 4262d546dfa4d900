import { OktaImportError } from '../errors.js';
import { parseMappingFile, type MappingFile } from './mapping-file.js';
import { didYouMean } from '../text.js';

/**
 * Mappings of known exports, as a mapping file would say them. All are `optional`: exports differ in the columns that
 * were chosen for them, and a column beyond these is recognized by its name, or is a problem, as without a preset.
 */
const presets: Readonly<Record<string, string>> = {
  // The template that the Admin Console gives out under Directory > People > Import users from CSV.
  okta: `
optional: true
profile:
  login: login
  firstName: firstName
  lastName: lastName
  middleName: middleName
  honorificPrefix: honorificPrefix
  honorificSuffix: honorificSuffix
  email: email
  title: title
  displayName: displayName
  nickName: nickName
  profileUrl: profileUrl
  secondEmail: secondEmail
  mobilePhone: mobilePhone
  primaryPhone: primaryPhone
  streetAddress: streetAddress
  city: city
  state: state
  zipCode: zipCode
  countryCode: countryCode
  postalAddress: postalAddress
  preferredLanguage: preferredLanguage
  locale: locale
  timezone: timezone
  userType: userType
  employeeNumber: employeeNumber
  costCenter: costCenter
  organization: organization
  division: division
  department: department
  managerId: managerId
  manager: manager
`,

  // Admin console > Directory > Users > Download users, and the template for bulk uploads.
  google: `
optional: true
profile:
  login: Email Address [Required]
  email: Email Address [Required]
  firstName: First Name [Required]
  lastName: Last Name [Required]
  secondEmail: { column: [Recovery Email, Home Secondary Email, Work Secondary Email] }
  mobilePhone: { column: [Mobile Phone, 'Recovery Phone [MUST BE IN THE E.164 FORMAT]'] }
  primaryPhone: { column: [Work Phone, Home Phone] }
  postalAddress: { column: [Work Address, Home Address] }
  employeeNumber: Employee ID
  userType: Employee Type
  title: Employee Title
  managerId: Manager Email
  department: Department
  costCenter: Cost Center
ignore:
  - Password [Required]   # a download has **** here; nobody can export passwords
  - Password Hash Function [UPLOAD ONLY]
  - Org Unit Path [Required]
  - New Primary Email [UPLOAD ONLY]
  - Status [READ ONLY]
  - Last Sign In [READ ONLY]
  - Home Secondary Email
  - Work Secondary Email
  - Recovery Phone [MUST BE IN THE E.164 FORMAT]
  - Home Phone
  - Home Address
  - 2sv Enrolled [READ ONLY]
  - 2sv Enforced [READ ONLY]
  - Building ID
  - Floor Name
  - Floor Section
  - Email Usage [READ ONLY]
  - Drive Usage [READ ONLY]
  - Photos Usage [READ ONLY]
  - Total Storage [READ ONLY]
  - Storage limit [READ ONLY]
  - Storage Used [READ ONLY]
  - Change Password at Next Sign-In
  - New Status [UPLOAD ONLY]
  - Licenses [READ ONLY]
  - New Licenses [UPLOAD ONLY]
  - Advanced Protection Program enrollment
`,

  // Entra admin center > Users > Bulk create, and Download users, whose columns are the bare property names.
  entra: `
optional: true
profile:
  login: { column: ['User name [userPrincipalName] Required', userPrincipalName] }
  # Not everyone has a mailbox: the user name, which has the form of an address, stands in.
  email: '{{ mail | default: userPrincipalName | default: row["User name [userPrincipalName] Required"] }}'
  firstName: { column: ['First name [givenName]', givenName] }
  lastName: { column: ['Last name [surname]', surname] }
  displayName: { column: ['Name [displayName] Required', displayName] }
  title: { column: ['Job title [jobTitle]', jobTitle] }
  department: { column: ['Department [department]', department] }
  organization: { column: ['Company name [companyName]', companyName] }
  # The usage location is a code of two letters; the country is written out.
  countryCode: { column: ['Usage location [usageLocation]', usageLocation] }
  streetAddress: { column: ['Street address [streetAddress]', streetAddress] }
  state: { column: ['State or province [state]', state] }
  city: { column: ['City [city]', city] }
  zipCode: { column: ['ZIP or postal code [postalCode]', postalCode] }
  primaryPhone: { column: ['Office phone [telephoneNumber]', telephoneNumber] }
  mobilePhone: { column: ['Mobile phone [mobile]', mobilePhone, mobile] }
  secondEmail: { column: [alternateEmailAddress] }
  userType: { column: ['User type [userType]', userType] }
  employeeNumber: { column: ['Employee ID [employeeId]', employeeId] }
credentials:
  password: { column: ['Initial password [passwordProfile] Required'] }
ignore:
  - Block sign in (Yes/No) [accountEnabled] Required
  - Country or region [country]
  - Office [physicalDeliveryOfficeName]
  - id
  - objectId
  - accountEnabled
  - country
  - physicalDeliveryOfficeName
  - officeLocation
  - ageGroup
  - consentProvidedForMinor
  - legalAgeGroupClassification
  - creationType
  - directorySynced
  - dirSyncEnabled
  - onPremisesSyncEnabled
  - invitationState
  - identityIssuer
  - createdDateTime
`,

  // Reports > a report of your own > Export as CSV; the labels are those of BambooHR's fields.
  bamboohr: `
optional: true
profile:
  login: { column: [Work Email, Email] }
  email: { column: [Work Email, Email] }
  firstName: First Name
  lastName: Last Name
  middleName: Middle Name
  nickName: { column: [Preferred Name, 'Preferred First Name'] }
  displayName: Display Name
  title: Job Title
  department: Department
  division: Division
  employeeNumber: { column: ['Employee #', Employee Number, 'Employee ID', EEID] }
  userType: { column: [Employment Status, Employment Status Type] }
  manager: { column: [Reporting to, Reports To, Supervisor, Supervisor Name, Manager] }
  managerId: { column: [Supervisor EID, Supervisor Id] }
  secondEmail: { column: [Home Email, Personal Email] }
  mobilePhone: Mobile Phone
  primaryPhone: { column: [Work Phone, Home Phone] }
  streetAddress: { column: [Address Line 1, Street 1, Address] }
  city: City
  state: { column: [State, Province] }
  zipCode: { column: [Zip Code, ZIP Code, Zip, Postal Code] }
ignore:
  - EEID
  - Employee ID
  - Status
  - Location
  - Hire Date
  - Original Hire Date
  - Termination Date
  - Birth Date
  - Age
  - Gender
  - Marital Status
  - Ethnicity
  - Country        # written out; map it with a template where Okta should have the code
  - Address Line 2
  - Home Phone
  - Work Phone Extension
  - Work Ext.
  - Supervisor email
  - Pay rate
  - Pay type
  - Last changed
  - LinkedIn URL
`,

  // A Workday report (RaaS) of workers; tenants name columns as they like, and these are what most keep.
  workday: `
optional: true
profile:
  login: { column: [User Name, Username, User_Name, Workday Account, Email - Primary Work, Primary Work Email, Work Email, primaryWorkEmail, Email - Work, Email] }
  email: { column: [Email - Primary Work, Primary Work Email, Work Email, Work_Email, primaryWorkEmail, Email - Work, Email] }
  firstName: { column: [Preferred First Name, Preferred Name - First Name, Legal First Name, Legal Name - First Name, First Name, First_Name] }
  lastName: { column: [Preferred Last Name, Preferred Name - Last Name, Legal Last Name, Legal Name - Last Name, Last Name, Last_Name] }
  middleName: { column: [Legal Middle Name, Legal Name - Middle Name, Middle Name, Middle_Name] }
  displayName: { column: [Preferred Name, Worker, Full Name, Full_Name] }
  employeeNumber: { column: [Employee ID, Employee_ID, Worker ID, Worker_ID] }
  title: { column: [Business Title, businessTitle, Job Title, Position Title, Position] }
  department: { column: [Supervisory Organization, Supervisory_Organization, Department] }
  costCenter: { column: [Cost Center - ID, Cost Center ID, Cost_Center_ID, Cost Center, Cost_Center, Cost Center - Name] }
  organization: { column: [Company, Company - Name, Company_Name] }
  division: { column: [Business Unit, Division] }
  userType: { column: [Worker Type, Worker_Type, Employee Type, Employee_Type] }
  manager: { column: [Manager, "Worker's Manager", Manager Name, Manager - Name] }
  managerId: { column: [Manager ID, Manager_ID, Manager Employee ID, Manager - Employee ID] }
  mobilePhone: { column: [Phone - Primary Work Mobile, Mobile Phone, Mobile_Phone, Work Mobile] }
  primaryPhone: { column: [Phone - Primary Work, Primary Work Phone, Work Phone, Work_Phone] }
  streetAddress: { column: [Work Address - Line 1, Primary Work Address - Line 1, Work Address - Address Line 1] }
  city: { column: [Work Address - City, Primary Work Address - City, City] }
  state: { column: [Work Address - State, Work Address - State/Province, Primary Work Address - State, State] }
  zipCode: { column: [Work Address - Postal Code, Primary Work Address - Postal Code, Postal Code] }
  countryCode: { column: [Country ISO Code, Country Alpha-2 Code, Work Address - Country Code, Location Country Code] }
  timezone: { column: [Location Time Zone, Time Zone] }
ignore:
  - Worker
  - Preferred Name
  - Full Name
  - Legal Name
  - Legal First Name
  - Legal Last Name
  - Legal Name - First Name
  - Legal Name - Last Name
  - First Name
  - Last Name
  - Email - Primary Home
  - Worker ID
  - Worker Status
  - Active Status
  - Worker Sub-Type
  - Employee Type
  - Time Type
  - FTE
  - Location
  - Location Name
  - Work Location
  - Country
  - Work Address - Country
  - Cost Center
  - Cost Center - Name
  - Job Profile
  - Job Code
  - Job Title
  - Position
  - Position ID
  - Management Level
  - Job Family
  - Hire Date
  - Original Hire Date
  - Continuous Service Date
  - Termination Date
  - Last Day of Work
`,
};

/** What `--mapping preset:<name>` can be given. */
export const presetNames: readonly string[] = Object.keys(presets);

/** There is no preset of that name. */
export class UnknownPresetError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_PRESET';

  constructor(name: string) {
    super(`There is no preset "${name}".${didYouMean(name, presetNames)}`, {
      hint: `Give one of ${presetNames.map((known) => `preset:${known}`).join(', ')}, or the path of a mapping file.`,
    });
  }
}

/**
 * A mapping that ships with the program.
 *
 * @throws {UnknownPresetError}
 */
export function readPreset(name: string): MappingFile {
  const key = name.trim().toLowerCase();
  const text = Object.hasOwn(presets, key) ? presets[key] : undefined;
  if (text === undefined) throw new UnknownPresetError(name);
  return parseMappingFile(text.trimStart(), `preset:${key}`);
}

/**
 * The preset whose export a file most likely is; undefined for none. Nearly all of the columns have to be its own, and
 * one of them no other's. Okta's own names are recognized without one.
 */
export function presetFor(header: readonly string[]): string | undefined {
  const columns = header.map((column) => column.trim().toLowerCase());
  const known = new Map(presetNames.map((name) => [name, columnsOf(name)]));
  const isOnly = (name: string, column: string): boolean =>
    [...known].every(([other, names]) => names.has(column) === (other === name));
  return presetNames.find((name) => {
    const own = columns.filter((column) => known.get(name)?.has(column));
    return (
      name !== 'okta' &&
      own.length >= columns.length * SURE_SHARE &&
      own.some((column) => isOnly(name, column))
    );
  });
}

const SURE_SHARE = 0.8;

/** Every column that a preset names, in lower case. */
function columnsOf(preset: string): ReadonlySet<string> {
  const { fields, ignore } = readPreset(preset);
  const mapped = fields.flatMap(({ source }) =>
    source.kind === 'column' ? [source.column, ...(source.orElse ?? [])] : [],
  );
  return new Set([...mapped, ...ignore.map(({ column }) => column)].map((column) => column.toLowerCase()));
}
