import anyAscii from 'any-ascii';

/** Letters that a language writes out differently than by leaving off their marks. */
const spellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de: { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' },
  da: { å: 'aa', ø: 'oe', æ: 'ae', Å: 'Aa', Ø: 'Oe', Æ: 'Ae' },
};

/** Languages that `toAscii` knows rules of. */
export const asciiLanguages: readonly string[] = Object.keys(spellings);

/** Vowels that Greek writes with two letters; passports write one letter for them (ISO 843). */
const greekOu: Readonly<Record<string, string>> = {
  ου: 'ou',
  ού: 'ou',
  Ου: 'Ou',
  Ού: 'Ou',
  ΟΥ: 'OU',
  ΟΎ: 'OU',
};

/**
 * A text in the letters of ASCII, as logins and addresses want it: `Łukasz` is `Lukasz`, `Юрий` is `Yuriy`.
 *
 * Marks are left off: `ü` is `u`, which is right for most languages that have the letter, Turkish and Swedish among
 * them. German writes `ue`; give `de` for that, or `da` for the Danish `oe` and `aa`.
 */
export function toAscii(text: string, language?: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  const rules = language === undefined ? undefined : spellings[language];
  const composed = text.normalize('NFC').replace(/[οΟ][υύΥΎ]/g, (letters) => greekOu[letters] ?? letters);
  const ruled =
    rules === undefined ? composed : composed.replace(/\p{L}/gu, (letter) => rules[letter] ?? letter);
  return anyAscii(ruled);
}

/** The same as part of a login: lower case, letters and digits, `-` for what stands between; `O’Brien` is `obrien`. */
export function slugify(text: string, language?: string): string {
  return toAscii(text, language)
    .toLowerCase()
    .replace(/['`"]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
