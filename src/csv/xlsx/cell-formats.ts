import { format, getFormatFromId, getFormatInfo, isDateFormat } from 'numfmt';

import type { Archive } from './archive.js';
import { readPart } from './xml.js';

const MAX_PART_BYTES = 16 * 1024 * 1024;

/** Formats the number of a cell as Excel shows it. */
export interface CellFormats {
  /** @param style - index of the cell's format; 0 by default. */
  show(value: number, style: number): string;
  /** Whether numbers of a style are shown as dates or times. */
  isDate(style: number): boolean;
}

/**
 * Formats that depend on the settings of each computer, which the file does not contain. They are shown as ISO 8601, which is
 * unambiguous.
 */
const LOCAL_DATE = 'yyyy-mm-dd';
const LOCAL_FORMATS = new Map<number, string>([
  [14, LOCAL_DATE],
  [22, `${LOCAL_DATE} hh:mm`],
  // Used by East Asian editions (ECMA-376 part 1, "numFmt").
  ...[27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, LOCAL_DATE] as const),
  ...[32, 33, 34, 35, 55, 56].map((id) => [id, 'hh:mm:ss'] as const),
]);
/** The long date and the time format of the system. */
const SYSTEM_DATE = /^\[\$-F800\]/i;
const SYSTEM_TIME = /^\[\$-F400\]/i;
/** Days between the two date systems, 1900 and 1904. */
const DAYS_1904 = 1462;

/** @throws {DamagedFileError | WorkbookTooLargeError} */
export async function readCellFormats(
  archive: Archive,
  part: string,
  { is1904 }: { is1904: boolean },
): Promise<CellFormats> {
  const custom = new Map<number, string>();
  const idOfStyle: number[] = [];
  let isInCellFormats = false;
  await readPart(archive, part, MAX_PART_BYTES, {
    open(name, { numFmtId, formatCode }) {
      if (name === 'cellXfs') isInCellFormats = true;
      else if (name === 'xf' && isInCellFormats) idOfStyle.push(Number(numFmtId ?? 0));
      else if (name === 'numFmt') custom.set(Number(numFmtId), formatCode ?? 'General');
    },
    close(name) {
      if (name === 'cellXfs') isInCellFormats = false;
    },
  });

  const patterns = idOfStyle.map((id) => {
    const pattern = custom.get(id) ?? LOCAL_FORMATS.get(id) ?? getFormatFromId(id) ?? 'General';
    if (SYSTEM_DATE.test(pattern)) return LOCAL_DATE;
    if (SYSTEM_TIME.test(pattern)) return 'hh:mm:ss';
    // The file has all digits of a number whose format shows only some: `4.92E+11`.
    return typeOf(pattern) === 'scientific' ? 'General' : pattern;
  });
  const areDates = patterns.map((pattern) => /^(?:date|time|datetime)$/.test(typeOf(pattern) ?? ''));
  return {
    show(value, style) {
      const pattern = patterns[style] ?? 'General';
      if (/^(?:General|@)$/i.test(pattern)) return plainNumber(value);
      try {
        return format(pattern, is1904 && isDateFormat(pattern) ? value + DAYS_1904 : value).trim();
      } catch {
        // An invalid format: the number as it is stored.
        return plainNumber(value);
      }
    },
    isDate: (style) => areDates[style] === true,
  };
}

/** Undefined for an invalid format. */
function typeOf(pattern: string): string | undefined {
  try {
    return getFormatInfo(pattern).type;
  } catch {
    // Its numbers are shown as they are stored.
    return undefined;
  }
}

/**
 * A number without a format, in full: Excel shows an employee number of twelve digits as `1.23457E+11` only because cells are narrow.
 * Excel stores fifteen digits.
 */
function plainNumber(value: number): string {
  const rounded = Number(value.toPrecision(15));
  const text = String(rounded);
  // Only very small and very large numbers have an exponent; those of more than 21 digits do not occur in practice.
  return text.includes('e-') ? rounded.toLocaleString('en-US', PLAIN) : text;
}

const PLAIN = { useGrouping: false, maximumFractionDigits: 20 } as const;
