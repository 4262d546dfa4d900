import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { countryCodes, createCountryLookup } from './countries.js';
import { emailProblem } from './email.js';

/** Checks a text against one format: the complaint about the attribute `name`, or undefined. */
export type FormatCheck = (name: string, text: string) => ValueProblem | undefined;

/**
 * The formats that Okta checks, by their name in a schema; `ref-id`, `encrypted` and `hashed` are left to Okta.
 *
 * No stricter than the documents: where they do not say whether lower case will do, it does here.
 *
 * @see groups-types-schemas.md, section 3.3
 */
export function createFormatChecks(): ReadonlyMap<string, FormatCheck> {
  return new Map<string, FormatCheck>([
    ['email', checkEmail],
    ['uri', checkUri],
    ['country-code', createCountryCheck()],
    ['language-code', checkLanguages],
    ['locale', checkLocale],
    ['timezone', createTimezoneCheck()],
    ['date-time', checkDateTime],
  ]);
}

function checkEmail(name: string, text: string): ValueProblem | undefined {
  const fault = emailProblem(text);
  if (fault === undefined) return undefined;
  return { code: 'not-an-email', message: `${name} ${quoted(text)} is not an email address: ${fault}.` };
}

/** RFC 1808 allows relative addresses, so only characters that no URI may hold are sure to be wrong. */
function checkUri(name: string, text: string): ValueProblem | undefined {
  if (!/[\s<>"{}|\\^`]/.test(text)) return undefined;
  return {
    code: 'not-a-uri',
    message: `${name} ${quoted(text)} is not a web address: it holds a space or another character that none may have.`,
  };
}

/** ISO 3166-1 alpha-2. */
function createCountryCheck(): FormatCheck {
  const codeOf = createCountryLookup();
  return (name, text) => {
    if (countryCodes.has(text.toUpperCase())) return undefined;
    const meant = codeOf(text);
    const advice = meant === undefined ? 'write two letters such as GB, DE, US' : `write ${meant}`;
    return {
      code: 'not-a-country-code',
      message: `${name} ${quoted(text)} is not a country code (ISO 3166-1): ${advice}.`,
    };
  };
}

/** RFC 7231, section 5.3.5: `fr`, `en-US`, `fr-CH, fr;q=0.9, *;q=0.5`. */
function checkLanguages(name: string, text: string): ValueProblem | undefined {
  const isList = text.split(',').every((part) => {
    const [range = '', weight, ...rest] = part.split(';').map((piece) => piece.trim());
    if (rest.length > 0 || !/^(?:\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)$/i.test(range)) return false;
    return weight === undefined || /^q\s?=\s?(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i.test(weight);
  });
  if (isList) return undefined;
  const withHyphens = text.replaceAll('_', '-');
  const advice = /^[a-z]{2,3}_[a-z]{2}$/i.test(text) ? `write ${withHyphens}` : 'write en, en-US or fr;q=0.8';
  return {
    code: 'not-a-language',
    message: `${name} ${quoted(text)} is not a language (RFC 7231): ${advice}.`,
  };
}

/** ISO 639-1, `_`, ISO 3166-1: `en_US`. */
function checkLocale(name: string, text: string): ValueProblem | undefined {
  if (/^[a-z]{2}_[a-z]{2}$/i.test(text)) return undefined;
  const advice = /^[a-z]{2}-[a-z]{2}$/i.test(text)
    ? text.replace('-', '_')
    : 'language_COUNTRY, such as en_US';
  return { code: 'not-a-locale', message: `${name} ${quoted(text)} is not a locale: write ${advice}.` };
}

/** There are some six hundred time zones; wrong ones may be as many as rows. */
const MAX_REMEMBERED = 1000;

function createTimezoneCheck(): FormatCheck {
  // Asking Intl takes longer than all the rest of a row, and rows of one file ask the same few questions.
  const answers = new Map<string, boolean>();
  return (name, text) => {
    const isKnown = answers.get(text) ?? isTimezone(text);
    if (answers.size < MAX_REMEMBERED) answers.set(text, isKnown);
    if (isKnown) return undefined;
    return {
      code: 'not-a-timezone',
      message: `${name} ${quoted(text)} is not a time zone: write its IANA name, such as Europe/Madrid.`,
    };
  };
}

function isTimezone(text: string): boolean {
  // Newer versions of Node take offsets too; IANA has no such names.
  if (!/^[a-z]/i.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError: no such zone. It is the only way that Intl says so.
    return false;
  }
}

const dateTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** An instant of RFC 3339 that is on the calendar: the form of ISO 8601 that is sure to be taken (section 3.3). */
function checkDateTime(name: string, text: string): ValueProblem | undefined {
  const match = dateTime.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const isReal = match !== null && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (isReal && hour <= 24 && minute <= 59 && second <= 60) return undefined;
  return {
    code: 'not-a-date-time',
    message: `${name} ${quoted(text)} is not a date and time (ISO 8601): write it as 2026-01-31T09:00:00Z (a mapping can do it: { column: …, date: yyyy-MM-dd }).`,
  };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
