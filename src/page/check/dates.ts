import { compileDateFormat } from '../../mapping/date-format.js';
import { parseDateSerial } from '../../mapping/spreadsheet-damage.js';

/** Day and month are told apart by their order only where the separator or the numbers leave no doubt. */
const FORMATS = [
  'yyyy-MM-dd',
  'yyyy-M-d',
  'yyyy/M/d',
  'yyyy.M.d',
  'yyyyMMdd',
  'd.M.yyyy',
  'd.M.yy',
  'd/M/yyyy',
  'M/d/yyyy',
  'd/M/yy',
  'M/d/yy',
  'd-M-yyyy',
  'M-d-yyyy',
];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = String.raw`(${MONTHS.join('|')})[a-z]*\.?`;
const NAMED = [
  new RegExp(
    String.raw`^(?<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+${MONTH.replace('(', '(?<month>')}[\s,-]+(?<year>\d{4}|\d{2})$`,
    'i',
  ),
  new RegExp(
    String.raw`^${MONTH.replace('(', '(?<month>')}\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})$`,
    'i',
  ),
];

/** Reads dates in many formats. */
export class DateReader {
  readonly #formats = FORMATS.flatMap((format) => compileDateFormat(format) ?? []);

  /** `2026-02-28`; undefined if the text is no date, or could be two. */
  read(text: string): string | undefined {
    const [, withoutTime = text] = /^(.+?)[T\s]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?$/.exec(text) ?? [];
    const serial = parseDateSerial(text);
    if (serial !== undefined) return serial;
    const dates = new Set(this.#formats.flatMap((parse) => parse(withoutTime)?.date ?? []));
    const named = this.#readNamed(withoutTime);
    if (named !== undefined) dates.add(named);
    const [only] = dates;
    return dates.size === 1 ? only : undefined;
  }

  #readNamed(text: string): string | undefined {
    for (const pattern of NAMED) {
      const { day, month = '', year } = pattern.exec(text)?.groups ?? {};
      if (day === undefined || year === undefined) continue;
      const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
      const parse = compileDateFormat(year.length === 2 ? 'yy-M-d' : 'yyyy-M-d');
      return parse?.(`${year}-${number}-${day}`)?.date;
    }
    return undefined;
  }
}

/** A date such as `2026-02-28` in a format of a mapping file; times are midnight. */
export function formatDate(date: string, format: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const parts: Readonly<Record<string, string>> = {
    yyyy: year,
    yy: year.slice(2),
    MM: month,
    M: String(Number(month)),
    dd: day,
    d: String(Number(day)),
    HH: '00',
    mm: '00',
    ss: '00',
  };
  return format.replaceAll(/([A-Za-z])\1*/g, (token) => parts[token] ?? token);
}
