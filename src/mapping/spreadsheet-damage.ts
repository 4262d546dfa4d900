import type { ValueProblem } from '../rows/problem.js';
import { quoted } from '../text.js';

const [NUMBER_SIGN, PLUS, LETTER_E] = ['#', '+', 'E'].map((character) => character.charCodeAt(0));

/**
 * Finds a cell that a spreadsheet has damaged: an error instead of a value, or a long number saved in scientific notation without
 * most of its digits. No other cell looks like these.
 *
 * @param isNumber - Number attributes may be in scientific notation.
 */
export function findSpreadsheetDamage(
  name: string,
  text: string,
  isNumber: boolean,
): ValueProblem | undefined {
  const { length } = text;
  const first = text.charCodeAt(0);
  if (
    (first === NUMBER_SIGN && errorValue.test(text)) ||
    (first === LETTER_E && libreOfficeError.test(text))
  ) {
    const message = `${name} is ${quoted(text)}, a spreadsheet error. Correct the formula or widen the column, and save the file again.`;
    return { code: 'excel-error', message };
  }
  const hasExponent = text.charCodeAt(length - 3) === PLUS || text.charCodeAt(length - 4) === PLUS;
  if (!isNumber && hasExponent && scientific.test(text)) {
    const message = `${name} is ${quoted(text)}: a spreadsheet has removed digits. Format the column as text, and enter the original number again.`;
    return { code: 'excel-scientific', message };
  }
  return undefined;
}

/** `#REF!`, `#BEZUG!`, `#¿NOMBRE?`, `#DIV/0!`; `#N/A` and its forms in other languages; `####`. */
const errorValue =
  /^#(?:[¡¿]?\p{Lu}[\p{Lu}\d_/]*[!?]|N\/A|N\/D|N\/B|N\/V|NV|I\/T|Н\/Д|YOK|HIÁNYZIK|NENÍ_K_DISPOZICI|NEDOSTUPNÝ|GETTING_DATA|#+)$/u;
const libreOfficeError = /^Err:\d{3}$/;
/** A number that does not fit: `8.88777E+09`, with the decimal separator of the language. Some programs write `e`, or three digits. */
const scientific = /^-?\d(?:[.,]\d+)?[eE]\+\d{2,3}$/;

/** 1950 to 2099, to leave other numbers alone. Days since 1899-12-31, plus one for Excel's 29 February 1900. */
const [FIRST_SERIAL, LAST_SERIAL] = [18_264, 73_050];
const DAY_MS = 86_400_000;

/** The date of a spreadsheet's serial number, `2023-07-16` for 45123; undefined for other numbers. */
export function parseDateSerial(text: string): string | undefined {
  if (!/^\d{5}(?:[.,]\d+)?$/.test(text)) return undefined;
  const serial = Number.parseInt(text, 10);
  if (serial < FIRST_SERIAL || serial > LAST_SERIAL) return undefined;
  return new Date(Date.UTC(1899, 11, 30) + serial * DAY_MS).toISOString().slice(0, 10);
}

/** Finds such a serial number in place of a date. */
export function findDateSerial(name: string, text: string): ValueProblem | undefined {
  const date = parseDateSerial(text);
  if (date === undefined) return undefined;
  const message = `${name} is ${quoted(text)}, a spreadsheet's number for ${date}. Format the column as a date, and save the file again.`;
  return { code: 'excel-date-serial', message };
}
