import type { LanguageNames } from './language-names.js';

export const english: LanguageNames = {
  language: 'English',
  fields: {
    login:
      'login | username | user name | login name | login ID | logon name | logon | sign-in name | user principal name | UPN | user logon name | user login | account name | login email | Okta username | Okta login | SSO username | SAM account name | user ID ??',
    firstName:
      'first name | given name | given names | first | forename | fname | legal first name | legal name first name | name given name',
    lastName:
      'last name | surname | family name | last | lname | sn | legal last name | legal name last name | name family name | second name ??',
    middleName: 'middle name | middle | middle initial | middle names | MI',
    honorificPrefix:
      'honorific prefix | prefix | name prefix | salutation | honorific | title prefix | form of address | academic title',
    honorificSuffix: 'honorific suffix | suffix | name suffix | suffixes',
    email:
      'email | primary email | primary email address | email address | mail | mail address | email ID | work email | work email address | primary work email | email primary work | business email | company email | corporate email | office email | official email | SMTP address | primary SMTP address | user email | emails value | emails work value | emails primary value | emails type work value',
    title:
      'title | job title | position | job | position title | business title | job position | designation | occupation | job name | title description | job title description | profession | role ?? | function ?? | job role ?? | job profile ??',
    displayName: 'display name | shown name | name displayed',
    nickName: 'nick name | preferred name | known as | goes by | preferred first name | nick',
    profileUrl: 'profile URL | profile link | profile page',
    secondEmail:
      'secondary email | second email | personal email | private email | home email | recovery email | alternate email | alternative email | alternate email address | backup email | other email | email 2 ??',
    mobilePhone:
      'mobile phone | mobile | mobile number | mobile phone number | cell | cell phone | cell phone number | cell number | cellular | mobile no | mobile telephone | phone numbers mobile value | work mobile | business mobile | company mobile | phone primary work mobile | personal mobile ?? | private mobile ??',
    primaryPhone:
      'primary phone | phone | phone number | telephone | telephone number | work phone | office phone | business phone | tel | tel no | phone no | desk phone | landline | direct line | biz phone | phone numbers value | phone numbers work value | phone primary work | primary work phone | contact number ?? | home phone ?? | phone 1 ??',
    streetAddress:
      'street address | street | street name | street and number | address line 1 | address 1 | addr 1 | street address 1 | street 1 | work address line 1',
    city: 'city | town | locality | city name | city town | municipality',
    state:
      'state | province | region | state province | state or province | province state | state region | territory | county ??',
    zipCode: 'zip | postal code | post code | zip postal code | zip or postal code | postal | zip code',
    countryCode:
      'country code | country | country name | country region | country or region | country ISO code | country code ISO | nation | usage location',
    postalAddress: 'postal address | mailing address | full address | complete address | home address ??',
    address: 'address | work address | office address | business address',
    preferredLanguage:
      'preferred language | language | lang | language code | communication language | correspondence language',
    locale: 'locale | locale code | default locale | regional settings',
    timezone: 'time zone | TZ | location time zone',
    userType:
      'user type | employee type | worker type | employment type | type of employment | person type | contract type | staff type',
    employeeNumber:
      'employee number | employee ID | employee no | emp ID | emp no | personnel number | staff ID | staff number | personnel no | staff no | employee code | worker ID | worker number | associate ID | associate number | payroll number | payroll ID | person ID | person number | file number ?? | EEID | person ID external | user ID ?? | ID ?? | ID number ?? | badge number ?? | badge ID ??',
    costCenter:
      'cost center | cost centre | cost ctr | cost center code | cost center number | cost center ID | cost centre code | CC code | cost center name ??',
    organization:
      'organization | organisation | company | company name | employer | legal entity | organization name | firm | corporation | company code ??',
    division:
      'division | business unit | business area | division name | BU | line of business | business unit description | business unit name | branch ?? | segment ??',
    department:
      'department | dept | dept name | department name | organizational unit | org unit | organisational unit | home department | home department description | department description | supervisory organization | team ?? | area ??',
    managerId: 'manager ID | manager employee ID | manager number | supervisor EID',
    manager:
      'manager | manager name | mgr | supervisor | boss | line manager | reports to | reporting to | reporting manager | direct manager | direct supervisor | supervisor name | immediate supervisor | people manager | immediate manager | reports to name | superior | team lead ??',
    password: 'password | initial password | temporary password | temp password | start password | pwd ??',
    recoveryQuestion: 'recovery question | security question',
    recoveryAnswer: 'recovery answer | recovery question answer | security answer | security question answer',
    groups:
      'groups | group | group name | group names | groups name | group membership | group memberships | member of | user groups | security groups | Okta groups | AD groups | teams ?? | roles ??',
    name: 'name',
    fullName:
      'full name | complete name | employee | employee name | worker | payroll name | first and last name | name of employee | person name | first name last name | last name first name | user full name | staff name | name first last | name last first | legal name | surname and first name | contact name',
    startDate:
      'start | start date | joined | date joined | hire date | date of hire | hired | joining date | date of joining | join date | entry date | first day | first day of work | employment start | employment start date | original hire date ?? | continuous service date ?? | onboarding date | starts on | contract start',
    endDate:
      'end | end date | termination date | last day | last day of work | leaving date | exit date | contract end | contract ends | contract end date | date of leaving | offboarding date',
    location:
      'location | office | office location | work location | site | workplace | location name | physical delivery office name | location description',
  },
  parts: {
    email: 'email | mail | email address | mail address',
    phone: 'phone | telephone | tel | phone number | telephone number',
    mobile: 'mobile | cell | cellular | mobile phone | cell phone | cellphone | mobile number',
    work: 'work | business | office | company | corporate | official | primary work | primary',
    private: 'personal | private | home',
    manager:
      'manager | mgr | boss | supervisor | line manager | reports to | reporting manager | superior | direct manager',
    employee: 'employee | worker | user | staff | staff member | associate | colleague | person',
    id: 'ID | number | no | nr | code | #',
    name: 'name | full name | display name',
    filler: 'the | of | s | and | for | your | their | contact',
  },
};
