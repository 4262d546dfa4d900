import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';

const [NUMBER_SIGN, PLUS] = ['#'.charCodeAt(0), '+'.charCodeAt(0)];

/**
 * What a spreadsheet has made of a cell beyond repair: an error instead of a value, or a long number that it shows, and
 * saves, in scientific notation with most of its digits gone. Nothing else looks like these.
 *
 * @param isNumber - Numbers may be written so.
 */
export function findSpreadsheetDamage(
  name: string,
  text: string,
  isNumber: boolean,
): ValueProblem | undefined {
  const { length } = text;
  if (text.charCodeAt(0) === NUMBER_SIGN && errorValue.test(text)) {
    return {
      code: 'excel-error',
      message: `${name} is ${quoted(text)}, which a spreadsheet shows instead of a value: mend its formula or widen its column, and save the file again.`,
    };
  }
  if (!isNumber && text.charCodeAt(length - 3) === PLUS && scientific.test(text)) {
    return {
      code: 'excel-scientific',
      message: `${name} is ${quoted(text)}: a spreadsheet has cut off its digits. Take the number from the source; format the column as text before it goes in.`,
    };
  }
  return undefined;
}

const errorValue = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|#+)$/;
/** As Excel shows a number that does not fit: `8.88777E+09`, with the decimal separator of its language. */
const scientific = /^-?\d(?:[.,]\d+)?E\+\d\d$/;

/** Days since 1899-12-31, but for Excel's 29 February 1900: of 1950 to 2099, so that other numbers are not taken for it. */
const [FIRST_SERIAL, LAST_SERIAL] = [18_264, 73_050];
const DAY_MS = 86_400_000;

/** The date that a spreadsheet means by a number, `2023-07-16` by 45123; undefined when it means none that people have. */
export function parseDateSerial(text: string): string | undefined {
  if (!/^\d{5}(?:[.,]\d+)?$/.test(text)) return undefined;
  const serial = Number.parseInt(text, 10);
  if (serial < FIRST_SERIAL || serial > LAST_SERIAL) return undefined;
  return new Date(Date.UTC(1899, 11, 30) + serial * DAY_MS).toISOString().slice(0, 10);
}

/** The problem about such a number where a date belongs. */
export function findDateSerial(name: string, text: string): ValueProblem | undefined {
  const date = parseDateSerial(text);
  if (date === undefined) return undefined;
  return {
    code: 'excel-date-serial',
    message: `${name} is ${quoted(text)}, which is how a spreadsheet counts ${quoted(date)}: format the column as a date and save the file again.`,
  };
}
