/** ISO 3166-1 alpha-2, the officially assigned codes. */
const COUNTRY_CODES = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
    'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
    'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT ' +
    'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
    'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
    'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

/** Atoms as in RFC 5322, section 3.2.3; with RFC 6531, section 3.3, all non-ASCII characters too. A domain may have one label. */
const ATOM = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~\u0080-\uffff-]+`;
const DOMAIN_LABEL = String.raw`[A-Za-z0-9\u0080-\uffff](?:[A-Za-z0-9\u0080-\uffff-]*[A-Za-z0-9\u0080-\uffff])?`;
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*$`);
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
const LANGUAGE_RANGE = String.raw`(?:\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:\s*;\s*q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?`;
const LANGUAGE_PRIORITY_LIST = new RegExp(`^${LANGUAGE_RANGE}(?:\\s*,\\s*${LANGUAGE_RANGE})*$`);
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const TIME_ZONE = /^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*$/;

/** The semantics of the other formats (ref-id, encrypted, hashed) are not documented. */
const FORMATS = new Map<string, readonly [isValid: (value: string) => boolean, what: string]>([
  ['uri', [(value) => URI.test(value), 'a valid URI']],
  ['country-code', [(value) => COUNTRY_CODES.has(value), 'a valid ISO 3166-1 alpha-2 country code']],
  [
    'language-code',
    [
      (value) => LANGUAGE_PRIORITY_LIST.test(value),
      'a valid language priority list from RFC 7231 Section 5.3.5',
    ],
  ],
  ['locale', [isLocale, 'a valid locale']],
  ['timezone', [isTimeZone, 'a valid IANA time zone']],
  ['date-time', [isInstant, 'a valid ISO 8601 date-time']],
]);

/** The error cause for a value that does not match the format; `undefined` when it matches. */
export function formatProblem(format: string, field: string, value: string): string | undefined {
  if (format === 'email') return isEmail(value) ? undefined : `${field}: Does not match required pattern`;
  const [isValid, what] = FORMATS.get(format) ?? [];
  if (isValid === undefined || isValid(value)) return undefined;
  // Only the text for preferredLanguage is known from a real org; the other formats use the same.
  return `For property '${field}', string value of ${value} is not ${what}`;
}

/** Whether the value is an email address as in RFC 5322, with the international characters of RFC 6531. */
export function isEmail(value: string): boolean {
  return EMAIL.test(value);
}

/** An RFC 3339 timestamp whose date exists. */
function isInstant(value: string): boolean {
  if (!RFC_3339.test(value) || Number.isNaN(Date.parse(value))) return false;
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number);
  // Date.parse turns 30 February into a day in March.
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function isLocale(value: string): boolean {
  return /^[a-z]{2}_[A-Z]{2}$/.test(value) && COUNTRY_CODES.has(value.slice(3));
}

function isTimeZone(value: string): boolean {
  if (!TIME_ZONE.test(value)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    // Intl throws RangeError for unknown time zones, and nothing else.
    return false;
  }
}
