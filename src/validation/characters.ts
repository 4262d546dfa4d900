import type { ValueProblem, ProblemCode, WarningCode } from '../rows/problem.js';
import { codePointName, unsupportedCharacter } from './check.js';
import { quoted } from '../text.js';

/** A complaint that does not keep a row from being sent. */
export interface ValueWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Whether a text is nothing but printable ASCII: nearly all are, and then nothing here has anything to say. */
export function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < FIRST_PRINTABLE || unit > LAST_PRINTABLE) return false;
  }
  return true;
}

const [FIRST_PRINTABLE, LAST_PRINTABLE] = [0x20, 0x7e];

/**
 * What keeps a text that is not plain from being sent: characters that Okta cannot store (users.md, section 1) or that
 * were lost before, and in logins and addresses those that nobody can be meant to type.
 */
export function characterProblem(name: string, text: string, isAddress: boolean): ValueProblem | undefined {
  return unsupported(name, text) ?? lost(name, text) ?? (isAddress ? addressProblem(name, text) : undefined);
}

/** Okta stores characters of at most three bytes in UTF-8. */
function unsupported(name: string, text: string): ValueProblem | undefined {
  const character = unsupportedCharacter(text);
  if (character === undefined) return undefined;
  return {
    code: 'unsupported-character',
    message: `${name} ${quoted(text)} has the character ${character} (${codePointName(character)}), which Okta cannot store: take it out.`,
  };
}

/** Where U+FFFD stands, some program before us could not read a character, and nobody can say which it was. */
function lost(name: string, text: string): ValueProblem | undefined {
  if (!text.includes('\ufffd')) return undefined;
  return {
    code: 'character-lost',
    message: `${name} ${quoted(text)} has a \ufffd where a character was lost before this file was written: put it back.`,
  };
}

/**
 * What no login or address is meant to have, though Okta would take it: quotes that a word processor bent, characters
 * that nobody sees, and letters of another script among Latin ones that look just like them.
 */
function addressProblem(name: string, text: string): ValueProblem | undefined {
  const fault = bentQuote(text) ?? hiddenCharacter(text) ?? foreignLetter(text, /[.@\-_+\s]/);
  return (
    fault && { code: fault.code, message: `${name} ${quoted(text)} has ${fault.what}: ${fault.advice}.` }
  );
}

/** What is odd in any other text, and may be meant. */
export function textWarning(name: string, text: string): ValueWarning | undefined {
  if (garbled.test(text)) {
    const message = `${name} ${quoted(text)} looks like UTF-8 that was read as Windows-1252: check it against the source.`;
    return { code: 'text-garbled', message };
  }
  const found = hiddenCharacter(text) ?? foreignLetter(text, /[^\p{L}\p{M}]/u);
  return (
    found && {
      code: found.code,
      message: `${name} ${quoted(text)} has ${found.what}: look whether it is meant.`,
    }
  );
}

interface Found<Code extends ProblemCode | WarningCode = ProblemCode & WarningCode> {
  readonly code: Code;
  readonly what: string;
  readonly advice: string;
}

const bentQuotes = /[\u2018-\u201f\u2032\u2033\u00b4]/;

function bentQuote(text: string): Found<'smart-quote'> | undefined {
  const [quote] = bentQuotes.exec(text) ?? [];
  if (quote === undefined) return undefined;
  const advice = /[\u201c-\u201f\u2033]/.test(quote) ? 'take it out' : "write ' instead, or leave it out";
  return { code: 'smart-quote', what: `the quotation mark ${quote} (${codePointName(quote)})`, advice };
}

/** Spaces that are none, characters without width, and those that turn the direction of writing. */
const hidden =
  /[\u00a0\u00ad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0]/;
/** Persian, and the scripts of India, need the joiners. */
const joiners = /[\u200c\u200d]/;

function hiddenCharacter(text: string): Found | undefined {
  const [character] = hidden.exec(text) ?? [];
  if (character === undefined || (joiners.test(character) && /[\u0600-\u0dff]/.test(text))) return undefined;
  const what =
    character === '\u00a0'
      ? 'a no-break space (U+00A0)'
      : `a character that cannot be seen (${codePointName(character)})`;
  return { code: 'invisible-character', what, advice: 'take it out' };
}

/** The scripts whose letters are taken for one another; others mix freely, as Japanese does with Latin. */
const scripts = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
] as const;

/** A word in letters of two such scripts; whole words may be in different ones. */
function foreignLetter(text: string, separator: RegExp): Found | undefined {
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
      what: `the ${stray.script} letter ${letter} (${codePointName(letter)}) among ${main.script} ones`,
      advice: 'type it anew',
    };
  }
  return undefined;
}

/** How the bytes of one character look when each was read as Windows-1252: `Ã¼` for `ü`, `â€™` for `’`. */
const garbled = /[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€/;
