import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { countryCodes, createCountryLookup } from './countries.js';
import { emailProblem } from './email.js';
import { createLanguageLookup, isLanguageCode, localeOf, type LanguageLookup } from './languages.js';
import { createTimezoneLookup } from './timezones.js';

/** Checks a text against one format. `name` is the attribute, for the message. */
export type FormatCheck = (name: string, text: string) => ValueProblem | undefined;

/**
 * The formats that Okta checks, by their name in a schema; `ref-id`, `encrypted` and `hashed` are left to Okta.
 *
 * Not stricter than Okta's documentation: lower case is accepted unless the documentation rules it out.
 *
 * @see Okta API reference, Schemas
 */
export function createFormatChecks(): ReadonlyMap<string, FormatCheck> {
  const countryOf = createCountryLookup();
  const languageOf = createLanguageLookup(countryOf);
  return new Map<string, FormatCheck>([
    ['email', checkEmail],
    ['uri', checkUri],
    ['country-code', createCountryCheck(countryOf)],
    ['language-code', createLanguageCheck(languageOf)],
    ['locale', createLocaleCheck(languageOf)],
    ['timezone', createTimezoneCheck()],
    ['date-time', checkDateTime],
  ]);
}

function checkEmail(name: string, text: string): ValueProblem | undefined {
  const reason = emailProblem(text);
  if (reason === undefined) return undefined;
  return { code: 'not-an-email', message: `${name} ${quoted(text)} is not an email address: ${reason}.` };
}

/** RFC 1808 allows relative URLs, so only characters that no URI may contain are certainly wrong. */
function checkUri(name: string, text: string): ValueProblem | undefined {
  if (!/[\s<>"{}|\\^`]/.test(text)) return undefined;
  const message = `${name} ${quoted(text)} is not a URL: it contains a space or another character that URLs cannot contain.`;
  return { code: 'not-a-uri', message };
}

/** ISO 3166-1 alpha-2. */
function createCountryCheck(codeOf: (text: string) => string | undefined): FormatCheck {
  return (name, text) => {
    if (countryCodes.has(text.toUpperCase())) return undefined;
    const code = codeOf(text);
    const advice = code === undefined ? 'Write two letters, such as GB, DE or US.' : `Write ${code}.`;
    const message = `${name} ${quoted(text)} is not a country code (ISO 3166-1). ${advice}`;
    return { code: 'not-a-country-code', message };
  };
}

/** RFC 7231, section 5.3.5: `fr`, `en-US`, `fr-CH, fr;q=0.9, *;q=0.5`. A longer first part is a name, such as `German`. */
function createLanguageCheck(languageOf: LanguageLookup): FormatCheck {
  return (name, text) => {
    if (text.split(',').every(isLanguageRange)) return undefined;
    const tag = languageOf(text);
    const advice =
      tag !== undefined
        ? `Write ${tag}.`
        : /^[a-z]{2,3}_[a-z]{2}$/i.test(text)
          ? `Write ${text.replaceAll('_', '-')}.`
          : 'Write en, en-US or fr;q=0.8.';
    const message = `${name} ${quoted(text)} is not a language (RFC 7231). ${advice}`;
    return { code: 'not-a-language', message };
  };
}

function isLanguageRange(part: string): boolean {
  const [range = '', weight, ...rest] = part.split(';').map((piece) => piece.trim());
  if (rest.length > 0 || !/^(?:\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)$/i.test(range)) return false;
  const [language = ''] = range.split('-');
  if (range !== '*' && !isLanguageCode(language)) return false;
  return weight === undefined || /^q\s?=\s?(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i.test(weight);
}

/** ISO 639-1, `_`, ISO 3166-1: `en_US`. */
function createLocaleCheck(languageOf: LanguageLookup): FormatCheck {
  return (name, text) => {
    const [, language = '', country = ''] = /^([a-z]{2})_([a-z]{2})$/i.exec(text) ?? [];
    if (isLanguageCode(language) && countryCodes.has(country.toUpperCase())) return undefined;
    const tag = /^[a-z]{2}$/i.test(text) && isLanguageCode(text) ? text : languageOf(text.replace('_', '-'));
    const locale = tag === undefined ? undefined : localeOf(tag);
    const advice = locale ?? 'language_COUNTRY, such as en_US';
    return { code: 'not-a-locale', message: `${name} ${quoted(text)} is not a locale. Write ${advice}.` };
  };
}

/** There are about six hundred time zones, but a file may have any number of wrong ones. */
const MAX_REMEMBERED = 1000;

function createTimezoneCheck(): FormatCheck {
  // Intl takes longer than all other checks of a row, and the rows of a file have few different time zones.
  const results = new Map<string, boolean>();
  const timezoneOf = createTimezoneLookup();
  return (name, text) => {
    const isKnown = results.get(text) ?? isTimezone(text);
    if (results.size < MAX_REMEMBERED) results.set(text, isKnown);
    if (isKnown) return undefined;
    const timezone = timezoneOf(text);
    const advice =
      timezone === undefined ? 'Write an IANA name, such as Europe/Madrid.' : `Write ${timezone}.`;
    const message = `${name} ${quoted(text)} is not a time zone. ${advice}`;
    return { code: 'not-a-timezone', message };
  };
}

function isTimezone(text: string): boolean {
  // Newer versions of Node also accept offsets, which are not IANA names.
  if (!/^[a-z]/i.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError: no such time zone. Intl has no other way to check.
    return false;
  }
}

const dateTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** A valid RFC 3339 date and time: the form of ISO 8601 that Okta certainly accepts (section 3.3). */
function checkDateTime(name: string, text: string): ValueProblem | undefined {
  const match = dateTime.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const isReal = match !== null && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (isReal && hour <= 24 && minute <= 59 && second <= 60) return undefined;
  const message = `${name} ${quoted(text)} is not a date and time (ISO 8601). Write it as 2026-01-31T09:00:00Z, or convert it in a mapping: { column: …, date: yyyy-MM-dd }.`;
  return { code: 'not-a-date-time', message };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
