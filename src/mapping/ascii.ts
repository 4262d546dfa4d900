import type * as AnyAscii from 'any-ascii';

import { lazyRequire } from '../lazy-require.js';

/** Letters that a language does not transliterate by dropping their marks. */
const replacements: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de: { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' },
  da: { å: 'aa', ø: 'oe', æ: 'ae', Å: 'Aa', Ø: 'Oe', Æ: 'Ae' },
};

/** Languages that transliteration has rules for. */
export const asciiLanguages: readonly string[] = Object.keys(replacements);

/** A vowel that Greek writes with two letters, as in passports (ISO 843). */
const greekOu: Readonly<Record<string, string>> = {
  ου: 'ou',
  ού: 'ou',
  Ου: 'Ou',
  Ού: 'Ou',
  ΟΥ: 'OU',
  ΟΎ: 'OU',
};

/** Transliterates a text to ASCII. */
export type Transliterator = (text: string, language?: string) => string;

/**
 * Transliterates texts to ASCII for logins and addresses: `Łukasz` becomes `Lukasz`, `Юрий` becomes `Yuriy`.
 *
 * Marks are dropped: `ü` becomes `u`, which is right for most languages with that letter, such as Turkish and Swedish. For German
 * `ue` pass `de`, for Danish `oe` and `aa` pass `da`.
 */
export function createTransliterator(): Transliterator {
  let loaded: typeof AnyAscii | undefined;
  return (text, language) => {
    if (/^[ -~]*$/.test(text)) return text;
    const rules = language === undefined ? undefined : replacements[language];
    const composed = text.normalize('NFC').replace(/[οΟ][υύΥΎ]/g, (letters) => greekOu[letters] ?? letters);
    const replaced =
      rules === undefined ? composed : composed.replace(/\p{L}/gu, (letter) => rules[letter] ?? letter);
    // Its table of half a megabyte takes longer to load than a small file to check.
    const { default: anyAscii }: typeof AnyAscii = (loaded ??= lazyRequire('any-ascii'));
    return anyAscii(replaced);
  };
}

/** An ASCII text as part of a login: lower-case letters and digits, anything else becomes `-`; `O'Brien` becomes `obrien`. */
export function slugify(ascii: string): string {
  return ascii
    .toLowerCase()
    .replace(/['`"]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
