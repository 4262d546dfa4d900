import type { ValueProblem, ProblemCode, WarningCode } from '../rows/problem.js';
import { repairDoubleUtf8 } from '../rows/double-utf8.js';
import { codePointName, quoted } from '../text.js';

/** What looks wrong with a value but does not block the row. */
export interface ValueWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Classes of characters, as bits. A text without `NOT_PLAIN` is printable ASCII, as nearly all are. */
export const [NOT_PLAIN, NOTATION_MARK, APOSTROPHE, AT_SIGN, PLUS_SIGN] = [1, 2, 4, 8, 16] as const;

const CLASS_OF = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if (code < 0x20 || code === 0x7f) return NOT_PLAIN;
  const character = String.fromCharCode(code);
  if (character === "'") return APOSTROPHE;
  if (character === '@') return AT_SIGN;
  if (character === '+') return PLUS_SIGN;
  return '\\&%=<{[(#$|;*"?'.includes(character) ? NOTATION_MARK : 0;
});

/** The classes of the characters of a text. */
export function characterClasses(text: string): number {
  let classes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    classes |= unit < 0x80 ? CLASS_OF[unit]! : NOT_PLAIN;
  }
  return classes;
}

/** Whether a text is printable ASCII only: then it needs no other check of its characters. */
export function isPlain(text: string): boolean {
  return (characterClasses(text) & NOT_PLAIN) === 0;
}

/**
 * Finds characters that block a row: those that Okta cannot store, those that were lost earlier, control characters, and in logins and
 * addresses those that are hardly ever typed.
 */
export function characterProblem(name: string, text: string, isAddress: boolean): ValueProblem | undefined {
  return (
    unsupported(name, text) ??
    lost(name, text) ??
    control(name, text) ??
    (isAddress ? addressProblem(name, text) : undefined)
  );
}

/** The first character that Okta cannot store (above U+FFFF: emoji, some CJK), or undefined. */
export function unsupportedCharacter(text: string): string | undefined {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Surrogates encode code points above U+FFFF; a single one is invalid.
    if (unit >= 0xd800 && unit <= 0xdfff) return String.fromCodePoint(text.codePointAt(index) ?? unit);
  }
  return undefined;
}

/** Okta stores characters of at most three bytes in UTF-8. */
function unsupported(name: string, text: string): ValueProblem | undefined {
  const character = unsupportedCharacter(text);
  if (character === undefined) return undefined;
  const message = `${name} ${quoted(text)} contains ${character} (${codePointName(character)}), which Okta cannot store. Remove it.`;
  return { code: 'unsupported-character', message };
}

/** U+FFFD means that another program could not read a character. */
function lost(name: string, text: string): ValueProblem | undefined {
  if (!text.includes('\ufffd')) return undefined;
  const message = `${name} ${quoted(text)} contains \ufffd in place of a character that was lost earlier. Enter the character again.`;
  return { code: 'character-lost', message };
}

/** Not the tab and the line breaks that a cell can have. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u;
const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\u0007': 'bell',
  '\u000b': 'vertical tab',
  '\u000c': 'form feed',
  '\u001a': 'Ctrl-Z',
  '\u001b': 'escape',
  '\u007f': 'delete',
  '\u0085': 'next line',
};

/** Control characters, which no keyboard types: other programs separate lines, pages or fields with them. */
function control(name: string, text: string): ValueProblem | undefined {
  const [character] = CONTROL.exec(text) ?? [];
  if (character === undefined) return undefined;
  const garbled = garbledText(text);
  if (garbled !== undefined) {
    const message = `${name} ${quoted(text)} contains a control character (${codePointName(character)}), because it was saved as UTF-8 twice. ${garbled}`;
    return { code: 'control-character', message };
  }
  const known = CONTROL_NAMES[character];
  const what = `${codePointName(character)}${known === undefined ? '' : `, ${known}`}`;
  const isLineBreak = ['\u000b', '\u000c', '\u0085'].includes(character);
  const advice = isLineBreak ? 'Write a space instead, or remove it.' : 'Remove it.';
  return {
    code: 'control-character',
    message: `${name} ${quoted(text)} contains a control character (${what}). ${advice}`,
  };
}

/**
 * Finds what no login or address should contain, although Okta accepts it: curly quotes, invisible characters, and look-alike letters of
 * another script.
 */
function addressProblem(name: string, text: string): ValueProblem | undefined {
  const found =
    findCurlyQuote(text) ??
    findInvisible(text) ??
    findFullWidth(text) ??
    findForeignLetter(text, /[.@\-_+\s]/);
  return (
    found && { code: found.code, message: `${name} ${quoted(text)} contains ${found.what}. ${found.advice}.` }
  );
}

/** Attributes whose values have one line; addresses and texts of the org may have several. */
const SINGLE_LINE: ReadonlySet<string> = new Set(
  `firstName lastName middleName displayName nickName honorificPrefix honorificSuffix title department division organization
  city state zipCode countryCode mobilePhone primaryPhone employeeNumber costCenter manager managerId userType`.split(
    /\s+/,
  ),
);

/** Attributes whose values are compared or dialed, so full-width digits would not match. */
const OF_DIGITS: ReadonlySet<string> = new Set([
  'mobilePhone',
  'primaryPhone',
  'employeeNumber',
  'managerId',
  'zipCode',
]);

/** Finds what looks wrong in any other text, but may be intended. */
export function textWarning(name: string, text: string): ValueWarning | undefined {
  const garbled = garbledText(text);
  if (garbled !== undefined) {
    const message = `${name} ${quoted(text)} looks as if it was saved as UTF-8 twice. ${garbled}`;
    return { code: 'text-garbled', message };
  }
  if (SINGLE_LINE.has(name) && /[\r\n]/.test(text)) {
    const message = `${name} ${quoted(text)} contains a line break. Check that it is intended.`;
    return { code: 'line-break', message };
  }
  const found =
    findInvisible(text) ??
    (OF_DIGITS.has(name) ? findFullWidth(text) : undefined) ??
    findForeignLetter(text, /[^\p{L}\p{M}]/u);
  return (
    found && {
      code: found.code,
      message: `${name} ${quoted(text)} contains ${found.what}. Check that it is intended.`,
    }
  );
}

interface Found<Code extends ProblemCode | WarningCode = ProblemCode & WarningCode> {
  readonly code: Code;
  readonly what: string;
  readonly advice: string;
}

const curlyQuotes = /[\u2018-\u201f\u2032\u2033\u00b4]/;

function findCurlyQuote(text: string): Found<'smart-quote'> | undefined {
  const [quote] = curlyQuotes.exec(text) ?? [];
  if (quote === undefined) return undefined;
  const advice = /[\u201c-\u201f\u2033]/.test(quote) ? 'Remove it' : "Write ' instead, or remove it";
  return { code: 'smart-quote', what: `the quotation mark ${quote} (${codePointName(quote)})`, advice };
}

/** Unusual spaces, zero-width characters, and those that change the direction of text. */
const invisible =
  /[\u00a0\u00ad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0]/;
/** Needed in Persian and in Indic scripts. */
const joiners = /[\u200c\u200d]/;

function findInvisible(text: string): Found | undefined {
  const [character] = invisible.exec(text) ?? [];
  if (character === undefined || (joiners.test(character) && /[\u0600-\u0dff]/.test(text))) return undefined;
  const what =
    character === '\u00a0'
      ? 'a no-break space (U+00A0)'
      : `an invisible character (${codePointName(character)})`;
  return { code: 'invisible-character', what, advice: 'Remove it' };
}

/** ASCII characters as East Asian keyboards can type them: `ａ＋１`. A full-width ＠ makes a text no address. */
function findFullWidth(text: string): Found | undefined {
  const [character] = /[\uff01-\uff1f\uff21-\uff5e]/.exec(text) ?? [];
  if (character === undefined || text.includes('＠')) return undefined;
  const what = `the full-width character ${character} (${codePointName(character)})`;
  return { code: 'mixed-scripts', what, advice: `Type ${character.normalize('NFKC')} instead` };
}

/** Scripts with look-alike letters. Others may be mixed, as Japanese with Latin. */
const scripts = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
] as const;

/** Finds a word that mixes two such scripts. Different words may use different scripts. */
function findForeignLetter(text: string, separator: RegExp): Found | undefined {
  if (!/[\u0370-\u052f\u1f00-\u1fff]/.test(text)) return undefined;
  for (const word of text.split(separator)) {
    const found = scripts.flatMap(([script, letter]) => {
      const letters = Array.from(word).filter((character) => letter.test(character));
      return letters.length === 0 ? [] : [{ script, letters }];
    });
    const [first] = found;
    if (first === undefined || found.length < 2) continue;
    const stray = found.reduce((one, other) => (other.letters.length <= one.letters.length ? other : one));
    const main = found.find(({ script }) => script !== stray.script) ?? first;
    const [letter = ''] = stray.letters;
    return {
      code: 'mixed-scripts',
      what: `the ${stray.script} letter ${letter} (${codePointName(letter)}) among ${main.script} letters`,
      advice: 'Type it again',
    };
  }
  return undefined;
}

/** What a text that was saved as UTF-8 twice means, as advice; undefined for any other text. */
function garbledText(text: string): string | undefined {
  const repaired = repairDoubleUtf8(text);
  if (repaired !== undefined) {
    return `It probably means ${quoted(repaired)}. Export the file again as UTF-8, or correct the value.`;
  }
  return GARBLED.test(text) ? 'Compare it with the source.' : undefined;
}

/** The UTF-8 bytes of a part of a text, read as Windows-1252: `Ã¼` for `ü`, `â€™` for `’`. */
const GARBLED = /[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€/;
