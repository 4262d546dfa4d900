import type { FixId } from '../api/check.js';
import { plural, quoted } from '../../text.js';

/** What a kind of problem is, in one sentence without values of rows. @param column - undefined for problems of whole rows. */
export function titleOf(code: string, column: string | undefined): string {
  const name = column === undefined ? 'A value' : quoted(column);
  return TITLES[code]?.(name) ?? (column === undefined ? 'The row has a problem.' : `${name} has a problem.`);
}

/** What a fix does, for a button. */
export function labelOf(fix: FixId, cells: number): string {
  switch (fix) {
    case 'trim':
      return 'Remove spaces';
    case 'lower-case':
      return 'Use lower case';
    case 'upper-case':
      return 'Use upper case';
    case 'title-case':
      return 'Use title case';
    case 'country-code':
      return cells === 1 ? 'Use the country code' : 'Use country codes';
    case 'date-format':
      return cells === 1 ? 'Change the date format' : 'Change the date formats';
    case 'did-you-mean':
      return cells === 1 ? 'Use the suggested value' : 'Use the suggested values';
    case 'clean-text':
      return 'Clean up the text';
    case 'exclude':
      return cells === 1 ? 'Leave out this row' : `Leave out ${plural(cells, 'row')}`;
    default:
      return fix satisfies never;
  }
}

type Title = (column: string) => string;

const whole =
  (title: string): Title =>
  () =>
    title;
const TITLES: Readonly<Record<string, Title>> = {
  'malformed-text': whole('The text of the row is damaged.'),
  'empty-row': whole('The row is empty.'),
  'header-repeated': whole('The row repeats the header.'),
  'row-too-short': whole('The row has too few cells.'),
  'row-too-long': whole('The row has too many cells.'),
  'row-unmended': whole('The row has not been corrected yet.'),
  'row-shifted': whole('The cells seem to be in the wrong columns.'),
  'same-user-invalid': whole('Another row of the same user has a problem.'),
  'secret-redacted': (column) => `${column} is hidden in this file.`,
  'template-failed': whole('A template of the mapping cannot be used for the row.'),
  'dates-reversed': whole('The end date is before the start date.'),
  'excel-error': (column) => `${column} is a spreadsheet error.`,
  'excel-scientific': (column) => `${column} has lost digits in a spreadsheet.`,
  'excel-long-number': (column) => `${column} has lost digits in a spreadsheet.`,
  'excel-date-serial': (column) => `${column} is a number in place of a date.`,
  'excel-date': (column) => `${column} looks like a date that a spreadsheet has made.`,
  'formula-not-calculated': (column) => `${column} is a formula without a result.`,
  'character-lost': (column) => `${column} has lost characters.`,
  'control-character': (column) => `${column} contains a control character.`,
  'program-output': (column) => `${column} looks like the output of a program.`,
  'smart-quote': (column) => `${column} contains a curly quotation mark.`,
  'invisible-character': (column) => `${column} contains an invisible character.`,
  'mixed-scripts': (column) => `${column} mixes letters of different scripts.`,
  'unsupported-character': (column) => `${column} contains a character that Okta cannot store.`,
  'text-garbled': (column) => `${column} was probably saved in the wrong encoding.`,
  'unicode-normalised': (column) => `${column} has accents that are separate characters.`,
  'leading-zero-lost': (column) => `${column} has probably lost leading zeros.`,
  'phone-as-number': (column) => `${column} is stored as a number.`,
  'apostrophe-first': (column) => `${column} starts with an apostrophe.`,
  'name-split': (column) => `${column} can be split into first and last name in several ways.`,
  'group-list': (column) => `${column} looks like several groups in one.`,
  'group-name': (column) => `${column} has a name that no group can have.`,
  'group-everyone': (column) => `${column} names the group Everyone, which has all users already.`,
  'unknown-group': (column) => `${column} names a group that the org does not have.`,
  'lookup-failed': whole('The group or realm of the row could not be looked up.'),
  'unknown-type': (column) => `${column} names a user type that the org does not have.`,
  'unknown-realm': (column) => `${column} names a realm that the org does not have.`,
  'realm-unconfirmed': (column) => `The realm in ${column} could not be looked up.`,
  'domain-without-dot': (column) => `${column} has a domain without a dot.`,
  'value-shared': (column) => `${column} is the same in several rows.`,
  'not-a-boolean': (column) => `${column} is neither true nor false.`,
  'not-a-number': (column) => `${column} is not a number.`,
  'not-an-integer': (column) => `${column} is not a whole number.`,
  'not-a-date': (column) => `${column} is not a date in the expected format.`,
  'not-a-date-time': (column) => `${column} is not a date and time.`,
  'not-a-phone-number': (column) => `${column} is not a phone number.`,
  'wrong-type': (column) => `${column} has a value of the wrong type.`,
  'required-missing': (column) => `${column} is required but empty.`,
  'attribute-unknown': (column) => `${column} does not exist for this user type.`,
  'attribute-read-only': (column) => `${column} is read-only in this org.`,
  'too-short': (column) => `${column} is too short.`,
  'too-long': (column) => `${column} is too long.`,
  'below-minimum': (column) => `${column} is too small.`,
  'above-maximum': (column) => `${column} is too large.`,
  'not-one-of': (column) => `${column} is not one of the allowed values.`,
  'pattern-mismatch': (column) => `${column} does not match the pattern of the org.`,
  'not-an-email': (column) => `${column} is not an email address.`,
  'not-a-uri': (column) => `${column} is not a URL.`,
  'not-a-country-code': (column) => `${column} is not a country code.`,
  'not-a-language': (column) => `${column} is not a language code.`,
  'not-a-locale': (column) => `${column} is not a locale.`,
  'not-a-timezone': (column) => `${column} is not a time zone.`,
  'login-not-an-email': (column) => `${column} is not an email address, as logins must be.`,
  'login-characters': (column) => `${column} contains characters that logins cannot have.`,
  'login-repeated': (column) => `${column} is the same login in several rows.`,
  'value-repeated': (column) => `${column} must be unique, but is the same in several rows.`,
  'password-too-long': (column) => `${column} is too long for a password.`,
  'password-combination': whole('The row has two kinds of password.'),
  'recovery-incomplete': whole('The recovery question or its answer is missing.'),
  'person-ambiguous': (column) => `${column} is the name of several people.`,
  'person-unknown': (column) => `${column} names someone who was not found.`,
  'manager-circle': whole('The managers form a circle.'),
};
