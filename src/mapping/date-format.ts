/** A date, with a time if the format has one. */
export interface CalendarDate {
  /** `2026-02-28` */
  readonly date: string;
  /** `09:05:00`; undefined if the format has no hours. */
  readonly time: string | undefined;
}

const tokens: Readonly<Record<string, { readonly pattern: string; readonly field: string }>> = {
  yyyy: { pattern: String.raw`(\d{4})`, field: 'year' },
  yy: { pattern: String.raw`(\d{2})`, field: 'shortYear' },
  MM: { pattern: String.raw`(\d{2})`, field: 'month' },
  M: { pattern: String.raw`(\d{1,2})`, field: 'month' },
  dd: { pattern: String.raw`(\d{2})`, field: 'day' },
  d: { pattern: String.raw`(\d{1,2})`, field: 'day' },
  HH: { pattern: String.raw`(\d{2})`, field: 'hour' },
  mm: { pattern: String.raw`(\d{2})`, field: 'minute' },
  ss: { pattern: String.raw`(\d{2})`, field: 'second' },
};

/** The parts of a format, for messages. */
export const dateTokens: string = Object.keys(tokens).join(', ');

/**
 * Compiles a date format (Unicode's letters: `dd/MM/yyyy`, `d.M.yy`, `yyyy-MM-dd HH:mm`).
 *
 * The returned function returns undefined for text in another format and for dates that do not exist. Two-digit years are 1970 to
 * 2069.
 *
 * @returns Undefined for an invalid format: an unknown letter, or no day, month and year.
 */
export function compileDateFormat(format: string): ((text: string) => CalendarDate | undefined) | undefined {
  const fields: string[] = [];
  let pattern = '';
  for (const [part] of format.matchAll(/([A-Za-z])\1*|[^A-Za-z]+/g)) {
    const token = Object.hasOwn(tokens, part) ? tokens[part] : undefined;
    if (token !== undefined) {
      fields.push(token.field);
      pattern += token.pattern;
    } else if (/[A-Za-z]/.test(part) && part !== 'T') {
      return undefined;
    } else {
      pattern += part.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    }
  }
  const hasOneYear = fields.includes('year') !== fields.includes('shortYear');
  const isDate = hasOneYear && fields.includes('month') && fields.includes('day');
  if (!isDate || new Set(fields).size < fields.length) return undefined;

  const matcher = new RegExp(`^${pattern}$`);
  return (text) => {
    const match = matcher.exec(text);
    if (match === null) return undefined;
    const number = new Map(fields.map((field, index) => [field, Number(match[index + 1])]));
    return toCalendarDate(number);
  };
}

function toCalendarDate(number: ReadonlyMap<string, number>): CalendarDate | undefined {
  const shortYear = number.get('shortYear') ?? 0;
  const year = number.get('year') ?? (shortYear < 70 ? 2000 : 1900) + shortYear;
  const [month, day] = [number.get('month') ?? 0, number.get('day') ?? 0];
  const [hour, minute, second] = [number.get('hour'), number.get('minute') ?? 0, number.get('second') ?? 0];
  if ((hour ?? 0) > 23 || minute > 59 || second > 59) return undefined;

  const instant = new Date(Date.UTC(year, month - 1, day));
  // Date turns 31 February into 3 March.
  const isReal =
    instant.getUTCFullYear() === year && instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day;
  if (!isReal) return undefined;
  return {
    date: `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`,
    time: hour === undefined ? undefined : `${two(hour)}:${two(minute)}:${two(second)}`,
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
