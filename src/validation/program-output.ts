import { quoted } from '../text.js';

import { APOSTROPHE, AT_SIGN, NOTATION_MARK, PLUS_SIGN } from './characters.js';
import { repairText } from './program-escapes.js';

/** What an attribute is for, which decides what looks wrong in it. */
export type TextUse =
  /** A name of a person, who may be called Null or True. */
  | 'name'
  /** A number that identifies something: nothing but the number is right. */
  | 'id'
  | 'phone'
  /** An address on the web, which has escapes of its own. */
  | 'uri'
  | 'other';

const ID_NAME = /(?:^id|Id|ID|_id|Number|_number|_no|Nr)$/;

/** Whether output of another program is a problem, not just a warning. */
export function isStrict(use: TextUse): boolean {
  return use === 'id' || use === 'phone';
}

/** A value that another program has not written for people. */
export interface ProgramOutput {
  readonly code: 'program-output';
  readonly message: string;
}

/** @param isIdentifier - whether the schema or Okta treats the attribute as one. */
export function textUseOf(name: string, isIdentifier: boolean, format: string | null | undefined): TextUse {
  if (NAMES.has(name)) return 'name';
  if (/phone|mobile|fax/i.test(name)) return 'phone';
  if (isIdentifier || ID_NAME.test(name)) return 'id';
  return format === 'uri' || name === 'profileUrl' ? 'uri' : 'other';
}

const NAMES: ReadonlySet<string> = new Set(
  'firstName lastName middleName displayName nickName honorificPrefix honorificSuffix login email secondEmail'.split(
    ' ',
  ),
);

/** Longer texts are written by people, and some checks would take long. */
const MAX_CHARACTERS = 1000;

/**
 * Finds the name of a type, a missing value, an escape or a literal of a programming language in place of a value.
 *
 * @param classes - those of the characters of the text, which tell that nearly all values need no closer look.
 * @returns For IDs and phone numbers it is a problem, otherwise a warning.
 */
export function findProgramOutput(
  name: string,
  text: string,
  use: TextUse,
  classes: number,
): ProgramOutput | undefined {
  const missing = missingValue(text, use);
  if (missing !== undefined) return output(name, text, missing, 'Enter the value, or clear the cell.');
  if (text.length <= LONGEST_PLACEHOLDER && isPlaceholder(text, use)) {
    const message = `${name} ${quoted(text)} stands for a missing value. Enter the value, or clear the cell.`;
    return { code: 'program-output', message };
  }
  if (isStrict(use) && text.includes('.0') && /^\d+\.0+$/.test(text)) {
    return output(name, text, 'a number with decimals', meant(text.replace(/\.0+$/, '')));
  }
  if (!mayBeNotation(text, use, classes)) return undefined;
  const literal = LITERALS.find(({ test }) => test.test(text));
  if (literal !== undefined) {
    const repaired = literal.repair?.(text);
    return output(
      name,
      text,
      literal.is,
      repaired === undefined ? 'Correct it in that program.' : meant(repaired),
    );
  }
  if (use === 'uri') return undefined;
  const repaired = repairText(text);
  return repaired && output(name, text, repaired.notation, meant(repaired.text));
}

/** Names of types need not contain anything but dots. */
const TYPE_START = tableOf('DMS');
const TYPE_ROOT = /^(?:System|Microsoft|Selected|Deserialized)\./;

function mayBeNotation(text: string, use: TextUse, classes: number): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  if ((classes & NOTATION_MARK) !== 0) return true;
  if (TYPE_START[text.charCodeAt(0)] === 1 && TYPE_ROOT.test(text)) return true;
  if ((classes & PLUS_SIGN) !== 0 && use !== 'phone') return true;
  if ((classes & APOSTROPHE) !== 0 && /''|^[bBuU]r?'/.test(text)) return true;
  return (classes & AT_SIGN) !== 0 && use !== 'name';
}

function output(name: string, text: string, what: string, advice: string): ProgramOutput {
  const message = `${name} ${quoted(text)} looks like output of another program (${what}). ${advice}`;
  return { code: 'program-output', message };
}

function meant(text: string): string {
  return `It probably means ${quoted(text)}. Correct it in that program.`;
}

/** How programs write that there is no value. A person may be called Null, None, Nan or True. */
const MISSING: ReadonlySet<string> = new Set([
  'undefined',
  '(null)',
  '<null>',
  '<NULL>',
  '[NULL]',
  '[null]',
  '\\N',
  '<NA>',
  'NaT',
  '<nil>',
  '%!s(<nil>)',
  '(none)',
  '<none>',
  '(empty)',
  '<empty>',
  '(not set)',
  '<not set>',
]);
const MISSING_UNLESS_NAME: ReadonlySet<string> = new Set([
  'null',
  'NULL',
  'nil',
  'None',
  'nan',
  'NaN',
  '-nan',
  'Array',
]);
const MISSING_IN_NUMBERS = /^(?:null|nil|none|nan|undefined|true|false|array|infinity)$/i;
const LONGEST_MISSING = 11;

/** What people write when there is no value. Names and phone numbers have their own checks. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  '- -- --- . .. ? ?? ??? N/A n/a N.A. n.a. k.A. TBD tbd TBC tbc TBA tba xxx XXX'.split(' '),
);
const LONGEST_PLACEHOLDER = 4;

function isPlaceholder(text: string, use: TextUse): boolean {
  return (use === 'other' || use === 'id') && PLACEHOLDERS.has(text);
}

/** Digits and most letters begin none of them. */
const MISSING_START = tableOf('u(<[\\N%nA-tTfFUiI');

/** Which ASCII characters are in a text; faster than a set for something that is asked for every value. */
function tableOf(characters: string): Uint8Array {
  return Uint8Array.from({ length: 0x80 }, (_, code) =>
    Number(characters.includes(String.fromCharCode(code))),
  );
}

function missingValue(text: string, use: TextUse): string | undefined {
  if (text.length > LONGEST_MISSING || MISSING_START[text.charCodeAt(0)] !== 1) return undefined;
  const isMissing =
    MISSING.has(text) ||
    (use !== 'name' && MISSING_UNLESS_NAME.has(text)) ||
    (isStrict(use) && MISSING_IN_NUMBERS.test(text));
  return isMissing ? 'a missing value' : undefined;
}

/** Values that are as a whole the notation of a program. */
const LITERALS: readonly {
  readonly test: RegExp;
  readonly is: string;
  readonly repair?: (text: string) => string;
}[] = [
  {
    test: /^(?:Selected\.|Deserialized\.)?(?:System|Microsoft)(?:\.\w+)+(?:`\d+)?(?:\[.*\])?$/,
    is: 'the name of a .NET type instead of its value',
  },
  { test: /^@\{.*\}$/s, is: 'a PowerShell object' },
  { test: /^\[object \w+\](?:,\s*\[object \w+\])*$/, is: 'a JavaScript object' },
  {
    test: /^(?:\[+[BCDFIJSZL]?)?(?:[a-z]\w*\.)+[A-Z][\w$]*;?@[\da-f]+$/,
    is: 'a Java object',
  },
  {
    test: /^(?:#?<[A-Za-z_][\w.:]*(?: object)? at 0x[\da-f]+>|#<[A-Z]\w*[:\s].*>|<[A-Z]\w*: .+>)$/i,
    is: 'a Python or Ruby object',
  },
  {
    test: /^(?:Decimal|UUID|ObjectId|ISODate|Timestamp|NumberLong|(?:datetime|np|numpy)\.\w+)\(.*\)$/,
    is: 'a literal of a programming language',
  },
  {
    test: /^[bBuU]r?(["']).*\1$/s,
    is: 'a Python literal',
    repair: (text) => text.replace(/^[bBuU]r?["']/, '').slice(0, -1),
  },
  {
    test: /^="[^"]*"$/,
    is: 'a formula that keeps a spreadsheet from changing the value',
    repair: (text) => text.slice(2, -1),
  },
  { test: /^\[\s*(["']).*\1\s*\]$/s, is: 'a list of a programming language' },
  {
    test: /\{\{[^}]*\}\}|\$\{\w[^}]*\}|<%[^%]*%>|\*\|\w+\|\*|^%[A-Za-z_]{3,}%$|^<<[^<>]+>>$/,
    is: 'a placeholder that was not filled in',
  },
  {
    test: /^=[+(]?\d[\d\s()/.-]*$/,
    is: 'a formula of a spreadsheet',
    repair: (text) => text.slice(1),
  },
  { test: /^\{.*\}$/s, is: 'an object or a list of a programming language' },
  { test: /[;|]{2,}$/, is: 'delimiters at its end', repair: (text) => text.replace(/[;|]+$/, '') },
];
