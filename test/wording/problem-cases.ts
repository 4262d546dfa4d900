import type { SandboxOptions } from '../../src/sandbox/options.js';
import { sheetRows, workbook, type SheetCell } from '../csv/build-workbook.js';

/** A file of one or a few rows that shows one problem or warning. */
export interface ProblemCase {
  /** The code of the problem or warning. */
  readonly code: string;
  /** Distinguishes several messages of one code. */
  readonly what?: string;
  /** Cells that are added to those of a valid row, or replace them. */
  readonly cells?: Readonly<Record<string, string>>;
  /** The same for later rows. */
  readonly more?: readonly Readonly<Record<string, string>>[];
  /** The whole file, if cells cannot express it. */
  readonly file?: string | Uint8Array;
  readonly mapping?: string;
  readonly args?: readonly string[];
  /** An org other than the usual one. */
  readonly org?: SandboxOptions;
  /** Whether the check needs the org. */
  readonly needsOrg?: boolean;
}

const HEADER = 'login,email,firstName,lastName';
const PERSON = 'login: login, email: email, firstName: firstName, lastName: lastName';

/** A workbook of people with one more column. */
function sheetOf(column: string, ...cells: readonly SheetCell[]): Buffer {
  const people = cells.map((cell, index) => {
    const login = `ada${index + 1}@example.com`;
    return [login, login, 'Ada', 'Lovelace', cell];
  });
  return workbook({ rows: sheetRows([[...HEADER.split(','), column], ...people]), formats: ['d-mmm'] });
}

const ROWS: readonly ProblemCase[] = [
  {
    code: 'malformed-text',
    file: Buffer.from(
      `${HEADER}\nada@example.com,ada@example.com,\u00c5da,L\u00f6ve\nbo@example.com,bo@example.com,B\u00f8,\u00ff\n`,
    ).map((byte, index, bytes) => (index === bytes.length - 2 ? 0xff : byte)),
  },
  { code: 'empty-row', file: `${HEADER},_line,_error\n,,,,2,x\n` },
  {
    code: 'same-user-invalid',
    file: `${HEADER},groups\nada@example.com,ada@example.com,Ada,Lovelace,No such group\nada@example.com,ada@example.com,Ada,Lovelace,\n`,
    needsOrg: true,
  },
  { code: 'header-repeated', file: `${HEADER}\nada@example.com,ada@example.com,Ada,Lovelace\n${HEADER}\n` },
  { code: 'not-a-person', cells: { login: 'Total: 1', email: '', firstName: '', lastName: '' } },
  { code: 'row-too-short', what: 'one cell', file: `${HEADER}\nada@example.com\n` },
  {
    code: 'row-too-short',
    what: 'the line is in quotes',
    file: `${HEADER}\nada@example.com,ada@example.com,Ada,Lovelace\n"bo@example.com,""bo@example.com"",Bo,Bell"\n`,
  },
  {
    code: 'row-too-short',
    what: 'another delimiter',
    file: `${HEADER}\nada@example.com,ada@example.com,Ada,Lovelace\nbo@example.com;bo@example.com;Bo;Bell\n`,
  },
  { code: 'row-too-short', what: 'one cell is missing', file: `${HEADER}\nada@example.com,a,b\n` },
  {
    code: 'row-too-short',
    what: 'many cells are missing',
    file: `${HEADER},title,city,state,zipCode\nada@example.com,ada@example.com\n`,
  },
  { code: 'row-too-long', file: `${HEADER}\nada@example.com,ada@example.com,Ada,Lovelace,Countess\n` },
  {
    code: 'row-unmended',
    what: 'missing',
    file: `${HEADER},_line,_error\nada@example.com,ada@example.com,Ada,[missing],2,short\n`,
  },
  {
    code: 'row-unmended',
    what: 'surplus',
    file: `${HEADER},_line,_error\nada@example.com,ada@example.com,Ada,Lovelace [surplus: x],2,long\n`,
  },
  {
    code: 'row-unmended',
    what: 'a formula',
    file: `${HEADER},_line,_error\nada@example.com,ada@example.com,Ada,[formula not calculated],2,formula\n`,
  },
  {
    code: 'row-unmended',
    what: 'lost digits',
    file: `${HEADER},employeeNumber,_line,_error\nada@example.com,ada@example.com,Ada,Lovelace,12345678901234600 [digits lost],2,digits\n`,
  },
  {
    code: 'row-shifted',
    file: `${HEADER},title\nEngineer,Ada,ada@example.com,Lovelace,x\n`,
  },
  { code: 'secret-redacted', cells: { password: '[redacted]' } },
  { code: 'secret-redacted', what: 'behind asterisks', cells: { password: '****' } },
  {
    code: 'template-failed',
    cells: { Kind: 'x' },
    mapping: `profile: { ${PERSON}, title: "{{ row[row.Kind] }}" }\n`,
  },
  {
    code: 'dates-reversed',
    cells: { Start: '2026-03-01', End: '2026-02-01' },
    mapping: `profile: { ${PERSON} }\nstart: Start\nend: End\n`,
  },
  {
    code: 'not-a-date',
    what: 'of a start date',
    cells: { Start: '01/03/2026' },
    mapping: `profile: { ${PERSON} }\nstart: Start\n`,
  },
];

const DAMAGE: readonly ProblemCase[] = [
  { code: 'excel-error', cells: { title: '#N/A' } },
  { code: 'excel-long-number', file: sheetOf('employeeNumber', 1.2345678901234568e16) },
  { code: 'formula-not-calculated', file: sheetOf('title', { formula: 'UPPER(A2)' }) },
  { code: 'excel-scientific', cells: { employeeNumber: '8.88777E+09' } },
  {
    code: 'excel-date-serial',
    cells: { Start: '45123' },
    mapping: `profile: { ${PERSON}, startDate: { column: Start, date: dd/MM/yyyy } }\n`,
    needsOrg: true,
  },
  { code: 'control-character', what: 'a line break', cells: { lastName: 'Love\u000blace' } },
  { code: 'control-character', what: 'a bell', cells: { title: 'Coun\u0007tess' } },
  { code: 'control-character', what: 'saved twice', cells: { lastName: 'M\u00c3\u0083\u00c2\u00bcller' } },
  { code: 'program-output', what: 'an ID', cells: { employeeNumber: '100234.0' } },
  { code: 'program-output', what: 'a phone number', cells: { mobilePhone: '[object Object]' } },
  {
    code: 'character-lost',
    what: 'in a constant',
    mapping: `profile: { ${PERSON}, title: { value: "Caf\\u00e9\\ufffd" } }\n`,
  },
  { code: 'smart-quote', what: 'apostrophe', cells: { login: 'o\u2019neil@example.com' } },
  { code: 'smart-quote', what: 'quotation mark', cells: { login: '\u201cada@example.com' } },
  { code: 'invisible-character', what: 'in a login', cells: { login: 'a\u200bda@example.com' } },
  {
    code: 'invisible-character',
    what: 'a no-break space in a login',
    cells: { login: 'a\u00a0da@example.com' },
  },
  { code: 'mixed-scripts', what: 'in a login', cells: { login: '\u0430da@example.com' } },
];

const WARNINGS: readonly ProblemCase[] = [
  {
    code: 'sourced-elsewhere',
    cells: { login: 'directory@example.com', title: 'Lead' },
    args: ['--if-exists=update'],
    needsOrg: true,
  },
  {
    code: 'realm-kept',
    cells: { login: 'taken@example.com', email: 'taken@example.com', realm: 'Partners' },
    args: ['--if-exists=update'],
    needsOrg: true,
  },
  { code: 'value-shared', cells: {}, more: [{ login: 'bo@example.com', email: 'ada@example.com' }] },
  {
    code: 'leading-zero-lost',
    what: 'after the first zero',
    cells: { employeeNumber: '000103' },
    more: [{ login: 'bo@example.com', employeeNumber: '102' }],
  },
  {
    code: 'leading-zero-lost',
    what: 'before the first zero',
    cells: { employeeNumber: '101' },
    more: [{ login: 'bo@example.com', employeeNumber: '000102' }],
  },
  {
    code: 'leading-zero-lost',
    what: 'several before the first zero',
    cells: { employeeNumber: '101' },
    more: [
      { login: 'bo@example.com', employeeNumber: '102' },
      { login: 'cy@example.com', employeeNumber: '000103' },
    ],
  },
  {
    code: 'leading-zero-lost',
    what: 'numbers of a workbook',
    file: sheetOf('employeeNumber', 20260017, 7),
  },
  { code: 'phone-as-number', file: sheetOf('mobilePhone', 491701234567) },
  { code: 'excel-date', what: 'in a CSV', cells: { department: '4-Mar' } },
  { code: 'excel-date', what: 'in a workbook', file: sheetOf('department', { number: 46_085, style: 1 }) },
  { code: 'apostrophe-first', cells: { title: "'=Engineer" } },
  { code: 'apostrophe-first', what: 'in an ID', cells: { employeeNumber: "'00123" } },
  { code: 'character-lost', what: 'replaced by a question mark', cells: { lastName: 'M?ller' } },
  { code: 'name-odd', what: 'no letter', cells: { lastName: '-' } },
  { code: 'name-odd', what: 'a missing value', cells: { lastName: 'N/A' } },
  { code: 'name-odd', what: 'an address', cells: { firstName: 'ada@example.com' } },
  { code: 'name-odd', what: 'a logical value', cells: { firstName: 'TRUE' } },
  {
    code: 'line-break',
    file: `${HEADER},title\nada@example.com,ada@example.com,Ada,Lovelace,"Lead\nEngineer"\n`,
  },
  { code: 'digits-grouped', cells: { employeeNumber: '12,345' } },
  { code: 'digits-lost', cells: { employeeNumber: '1234567890123450' } },
  { code: 'phone-without-digits', cells: { mobilePhone: 'n/a' } },
  { code: 'domain-without-dot', cells: { login: 'ada@example' } },
  { code: 'text-garbled', cells: { lastName: 'M\u00c3\u00bcller' } },
  { code: 'text-garbled', what: 'read as Mac Roman', cells: { lastName: 'M\u221a\u00baller' } },
  { code: 'text-garbled', what: 'incomplete', cells: { title: '\u00e2\u20ac' } },
  { code: 'program-output', what: 'a type', cells: { title: 'System.String[]' } },
  { code: 'program-output', what: 'a missing value', cells: { department: 'undefined' } },
  { code: 'program-output', what: 'an escape', cells: { lastName: 'O&#039;Brien' } },
  { code: 'unicode-normalised', cells: { login: 'zoe\u0308@example.com' } },
  {
    code: 'name-split',
    file: 'name,email\nAnn Marie Lee,ann@example.com\n',
    mapping:
      'profile: { email: email, firstName: { fullName: name, part: given }, lastName: { fullName: name, part: family } }',
  },
  { code: 'group-list', what: 'with commas', cells: { groups: 'Engineering, Support' } },
  { code: 'group-list', what: 'in brackets', cells: { groups: "['Engineering','Support']" } },
  { code: 'group-list', what: 'of names in LDAP', cells: { groups: 'CN=Engineering,OU=Groups,DC=example' } },
  {
    code: 'group-list',
    what: 'with --create-groups',
    cells: { groups: 'Sales|Support' },
    args: ['--create-groups'],
    needsOrg: true,
  },
  { code: 'invisible-character', what: 'in other text', cells: { title: 'Engi\u200bneer' } },
  { code: 'mixed-scripts', what: 'in other text', cells: { title: '\u0430ccountant' } },
  {
    code: 'email-taken',
    what: 'an email of another user',
    cells: { email: 'taken@example.com' },
    needsOrg: true,
  },
];

const PROFILE: readonly ProblemCase[] = [
  { code: 'not-a-boolean', cells: { remote: 'perhaps' }, needsOrg: true },
  { code: 'not-a-number', cells: { fte: 'half' }, needsOrg: true },
  {
    code: 'not-a-number',
    what: 'with a decimal comma',
    cells: { Share: 'half' },
    mapping: `profile: { ${PERSON}, fte: { column: Share, decimal: "," } }\n`,
    needsOrg: true,
  },
  { code: 'not-an-integer', cells: { level: '1.5' }, needsOrg: true },
  { code: 'not-an-integer', what: 'out of range', cells: { level: '9999999999' }, needsOrg: true },
  {
    code: 'not-a-date',
    cells: { Start: 'tomorrow' },
    mapping: `profile: { ${PERSON}, startDate: { column: Start, date: dd/MM/yyyy } }\n`,
    needsOrg: true,
  },
  ...[
    ['no country code', '030 123456', 'e164'],
    ['too short', '+4930', 'e164: DE'],
    ['too long', '+49301234567890123456', 'e164: DE'],
    ['an extension', '+49 30 23125 314 ext. 5', 'e164: DE'],
    ['no number', 'none', 'e164: DE'],
  ].map(([what = '', phone = '', form = '']) => ({
    code: 'not-a-phone-number',
    what,
    cells: { Phone: phone },
    mapping:
      form === 'e164'
        ? `profile: { ${PERSON}, mobilePhone: "{{ row.Phone | e164 }}" }\n`
        : `profile: { ${PERSON}, mobilePhone: { column: Phone, ${form} } }\n`,
  })),
  { code: 'wrong-type', mapping: `profile: { ${PERSON}, title: { value: 5 } }\n` },
  {
    code: 'wrong-type',
    what: 'a list',
    mapping: `profile: { ${PERSON}, skills: { value: 5 } }\n`,
    needsOrg: true,
  },
  { code: 'required-missing', cells: { lastName: '' } },
  {
    code: 'required-missing',
    what: 'without a column',
    file: 'login,firstName,lastName\nada@example.com,Ada,Lovelace\n',
  },
  { code: 'attribute-unknown', cells: { agency: 'x', type: 'student' }, needsOrg: true },
  {
    code: 'attribute-unknown',
    what: 'of the default type',
    cells: { agency: 'x', type: '' },
    needsOrg: true,
  },
  { code: 'attribute-read-only', cells: { frozen: 'x' }, needsOrg: true },
  { code: 'too-short', cells: { badgeNumber: '1' }, needsOrg: true },
  { code: 'too-long', cells: { firstName: 'A'.repeat(51) } },
  { code: 'below-minimum', cells: { level: '0' }, needsOrg: true },
  { code: 'above-maximum', cells: { level: '13' }, needsOrg: true },
  { code: 'not-one-of', cells: { shirtSize: 'XXL' }, needsOrg: true },
  { code: 'not-one-of', what: 'a long list', cells: { floor: 'twelfth' }, needsOrg: true },
  { code: 'pattern-mismatch', cells: { room: '12' }, needsOrg: true },
  { code: 'unsupported-character', cells: { firstName: 'Ada \u{1f33b}' } },
  { code: 'not-an-email', cells: { email: 'ada.example.com' } },
  ...[
    ['two @', 'ada@@example.com'],
    ['nothing before the @', '@example.com'],
    ['nothing after the @', 'ada@'],
    ['a space', 'ada lovelace@example.com'],
    ['a stray dot', 'ada.@example.com'],
    ['a stray character', 'ada(x)@example.com'],
    ['a hyphen at an end', 'ada@-example.com'],
  ].map(([what = '', email = '']) => ({ code: 'not-an-email', what, cells: { email } })),
  { code: 'not-a-uri', cells: { profileUrl: 'no address' } },
  { code: 'not-a-country-code', cells: { countryCode: 'Germany' } },
  { code: 'not-a-country-code', what: 'not a country', cells: { countryCode: 'Nowhere' } },
  { code: 'not-a-language', cells: { preferredLanguage: 'English, of course' } },
  { code: 'not-a-language', what: 'with an underscore', cells: { preferredLanguage: 'en_US' } },
  { code: 'not-a-language', what: 'by its name', cells: { preferredLanguage: 'German' } },
  { code: 'not-a-locale', cells: { locale: 'English' } },
  { code: 'not-a-locale', what: 'with a hyphen', cells: { locale: 'en-US' } },
  { code: 'not-a-timezone', cells: { timezone: 'GMT+8' } },
  { code: 'not-a-date-time', cells: { startDate: 'soon' }, needsOrg: true },
  { code: 'login-not-an-email', cells: { login: 'ada.lovelace' } },
  {
    code: 'login-characters',
    cells: { login: 'Ada1' },
    org: { orgOptions: { loginPattern: '[a-z]+' } },
    needsOrg: true,
  },
  {
    code: 'login-repeated',
    cells: {},
    more: [{ email: 'other@example.com' }],
  },
  {
    code: 'value-repeated',
    cells: { badgeNumber: 'B-9001' },
    more: [{ login: 'bo@example.com', badgeNumber: 'B-9001' }],
    needsOrg: true,
  },
];

const BCRYPT = {
  'credentials.password.hash.algorithm': 'BCRYPT',
  'credentials.password.hash.workFactor': '10',
  'credentials.password.hash.salt': 'x'.repeat(22),
  'credentials.password.hash.value': 'x'.repeat(31),
};
const DIGEST = {
  'credentials.password.hash.algorithm': 'SHA-256',
  'credentials.password.hash.salt': Buffer.alloc(6, 7).toString('base64'),
  'credentials.password.hash.saltOrder': 'PREFIX',
  'credentials.password.hash.value': Buffer.alloc(32, 7).toString('base64'),
};
const PBKDF2 = {
  'credentials.password.hash.algorithm': 'PBKDF2',
  'credentials.password.hash.salt': Buffer.alloc(6, 7).toString('base64'),
  'credentials.password.hash.iterationCount': '4096',
  'credentials.password.hash.keySize': '32',
  'credentials.password.hash.digestAlgorithm': 'SHA256_HMAC',
  'credentials.password.hash.value': Buffer.alloc(32, 7).toString('base64'),
};
const RECOVERY = { recoveryQuestion: 'First car?', recoveryAnswer: 'A green Mini' };

const CREDENTIALS: readonly ProblemCase[] = [
  { code: 'password-combination', cells: { password: 'Tr0ub4dor', ...BCRYPT } },
  { code: 'password-too-long', cells: { password: 'x'.repeat(73) } },
  { code: 'unsupported-character', what: 'in a password', cells: { password: 'Tr0ub4dor\u{1f33b}' } },
  { code: 'hash-algorithm', cells: { ...DIGEST, 'credentials.password.hash.algorithm': 'ARGON2' } },
  { code: 'hash-field-missing', cells: { ...DIGEST, 'credentials.password.hash.value': '' } },
  {
    code: 'hash-field-missing',
    what: 'no algorithm',
    cells: { ...DIGEST, 'credentials.password.hash.algorithm': '' },
  },
  {
    code: 'hash-field-missing',
    what: 'a salt without its order',
    cells: { ...DIGEST, 'credentials.password.hash.saltOrder': '' },
  },
  {
    code: 'hash-field-missing',
    what: 'an order without its salt',
    cells: { ...DIGEST, 'credentials.password.hash.salt': '' },
  },
  { code: 'hash-value', what: 'bcrypt', cells: { ...BCRYPT, 'credentials.password.hash.value': 'x' } },
  { code: 'hash-value', what: 'Base64', cells: { ...DIGEST, 'credentials.password.hash.value': 'abc!' } },
  { code: 'hash-value', what: 'length', cells: { ...DIGEST, 'credentials.password.hash.value': 'abcd' } },
  { code: 'hash-salt', what: 'bcrypt', cells: { ...BCRYPT, 'credentials.password.hash.salt': 'x' } },
  { code: 'hash-salt', what: 'Base64', cells: { ...DIGEST, 'credentials.password.hash.salt': 'pepper!!' } },
  { code: 'hash-salt-order', cells: { ...DIGEST, 'credentials.password.hash.saltOrder': 'BOTH' } },
  { code: 'hash-work-factor', cells: { ...BCRYPT, 'credentials.password.hash.workFactor': '21' } },
  {
    code: 'hash-iteration-count',
    cells: { ...PBKDF2, 'credentials.password.hash.iterationCount': '1000' },
  },
  { code: 'hash-key-size', cells: { ...PBKDF2, 'credentials.password.hash.keySize': '256' } },
  { code: 'hash-key-size', what: 'zero', cells: { ...PBKDF2, 'credentials.password.hash.keySize': '0' } },
  {
    code: 'hash-digest-algorithm',
    cells: { ...PBKDF2, 'credentials.password.hash.digestAlgorithm': 'MD5' },
  },
  {
    code: 'not-an-integer',
    what: 'of a hash',
    cells: { ...PBKDF2, 'credentials.password.hash.keySize': 'many' },
  },
  { code: 'hook-type', cells: { 'credentials.password.hook': 'mine' } },
  { code: 'recovery-incomplete', what: 'no answer', cells: { ...RECOVERY, recoveryAnswer: '' } },
  { code: 'recovery-incomplete', what: 'no question', cells: { ...RECOVERY, recoveryQuestion: '' } },
  { code: 'recovery-too-long', cells: { ...RECOVERY, recoveryAnswer: 'x'.repeat(101) } },
  { code: 'recovery-answer-in-question', cells: { ...RECOVERY, recoveryAnswer: 'first car' } },
  { code: 'provider-type', cells: { 'credentials.provider.type': 'LDAP' } },
  {
    code: 'provider-with-credentials',
    cells: { 'credentials.provider.type': 'FEDERATION', password: 'Tr0ub4dor' },
  },
  { code: 'change-password-without-password', args: ['--change-password'] },
  {
    code: 'change-password-without-activation',
    cells: { password: 'Tr0ub4dor' },
    args: ['--change-password', '--no-activate'],
  },
];

const ORG: readonly ProblemCase[] = [
  { code: 'group-everyone', cells: { groups: 'Everyone' } },
  { code: 'group-name', what: 'a control character', cells: { groups: 'Sal\u001bes' } },
  { code: 'group-name', what: 'an emoji', cells: { groups: 'Sales 🚀' } },
  { code: 'group-name', what: 'too long', cells: { groups: 'Sales '.repeat(60) } },
  { code: 'unknown-group', cells: { groups: 'Nowhere' }, needsOrg: true },
  { code: 'unknown-group', what: 'of an application', cells: { groups: 'Payroll' }, needsOrg: true },
  { code: 'unknown-group', what: 'two of one name', cells: { groups: 'Twins' }, needsOrg: true },
  { code: 'unknown-group', what: 'built in', cells: { groups: 'Administrators' }, needsOrg: true },
  { code: 'realm-unconfirmed', cells: { realm: 'Partners' }, needsOrg: true, org: {} },
  { code: 'unknown-realm', cells: { realm: 'Partner' }, needsOrg: true },
  { code: 'unknown-type', cells: { type: 'pilot' }, needsOrg: true },
  { code: 'login-taken', cells: { login: 'taken@example.com' }, needsOrg: true },
  {
    code: 'login-taken',
    what: 'by a deactivated user',
    cells: { login: 'gone@example.com' },
    needsOrg: true,
  },
  {
    code: 'deprovisioned',
    cells: { login: 'gone@example.com' },
    args: ['--if-exists=update'],
    needsOrg: true,
  },
  {
    code: 'without-credentials',
    cells: { login: 'staged@example.com', password: 'Tr0ub4dor' },
    args: ['--if-exists=update'],
    needsOrg: true,
  },
  {
    code: 'other-type',
    cells: { login: 'taken@example.com', type: 'student' },
    args: ['--if-exists=update'],
    needsOrg: true,
  },
];

/** One example of every problem and warning of a row, by topic. */
export const PROBLEM_CASES: Readonly<Record<string, readonly ProblemCase[]>> = {
  'The row as a whole': ROWS,
  'Damage by other programs': DAMAGE,
  Warnings: WARNINGS,
  'Profile attributes': PROFILE,
  Credentials: CREDENTIALS,
  'Groups, types and existing users': ORG,
};
