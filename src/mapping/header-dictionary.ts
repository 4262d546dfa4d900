import { catalan } from './header-names/catalan.js';
import { czech, hungarian, romanian, slovak, turkish } from './header-names/central-european.js';
import { russian, ukrainian } from './header-names/cyrillic.js';
import { dutch } from './header-names/dutch.js';
import { chinese, korean } from './header-names/east-asian.js';
import { english } from './header-names/english.js';
import { french } from './header-names/french.js';
import { german } from './header-names/german.js';
import { greek } from './header-names/greek.js';
import { hindi } from './header-names/hindi.js';
import { italian } from './header-names/italian.js';
import { japanese } from './header-names/japanese.js';
import type { HeaderField, HeaderPart, LanguageNames } from './header-names/language-names.js';
import { danish, finnish, norwegian } from './header-names/nordic.js';
import { persian } from './header-names/persian.js';
import { polish } from './header-names/polish.js';
import { portuguese } from './header-names/portuguese.js';
import { arabic, hebrew } from './header-names/semitic.js';
import { bulgarian, croatian, serbian, slovenian } from './header-names/south-slavic.js';
import { indonesian, malay, thai, vietnamese } from './header-names/southeast-asian.js';
import { spanish } from './header-names/spanish.js';
import { swedish } from './header-names/swedish.js';
import { headerKey, wordsOf } from './header-words.js';

/** What a name means in one language. */
export interface HeaderMeaning {
  readonly field: HeaderField;
  readonly language: string;
  /** `sure` anywhere, `in-language` only among other columns of the language; a `hint` is only a suggestion. */
  readonly strength: 'sure' | 'in-language' | 'hint';
}

/** The usual names of columns, in all languages. */
export interface HeaderDictionary {
  /** @param inAnyOrder - also by its words in another order, as `Email - Work` for `work email`; by default it is. */
  readonly meaningsOf: (words: readonly string[], inAnyOrder?: boolean) => readonly HeaderMeaning[];
  /** The parts of a composed name; undefined if one of its words is none. */
  readonly partsOf: (words: readonly string[]) => readonly HeaderPart[] | undefined;
  /** The key of every name, for suggestions. */
  readonly keys: readonly string[];
}

const LANGUAGES: readonly LanguageNames[] = [
  english,
  german,
  french,
  spanish,
  portuguese,
  italian,
  dutch,
  polish,
  swedish,
  japanese,
  danish,
  norwegian,
  finnish,
  czech,
  slovak,
  hungarian,
  romanian,
  turkish,
  russian,
  ukrainian,
  chinese,
  korean,
  greek,
  arabic,
  hebrew,
  persian,
  catalan,
  croatian,
  serbian,
  slovenian,
  bulgarian,
  thai,
  vietnamese,
  indonesian,
  malay,
  hindi,
];

let dictionary: HeaderDictionary | undefined;

/** Always the same. Made on first use, as many files have only Okta's own names. */
export function headerDictionary(): HeaderDictionary {
  return (dictionary ??= buildDictionary());
}

function buildDictionary(): HeaderDictionary {
  const meanings = new Map<string, HeaderMeaning[]>();
  /** By their words in alphabetical order: `Email - Work` is `work email`. */
  const reordered = new Map<string, HeaderMeaning[]>();
  const parts = new Map<string, HeaderPart>();
  for (const { language, fields, parts: words } of LANGUAGES) {
    for (const [field, names] of entriesOf(fields)) {
      for (const { name, strength } of namesIn(names)) {
        const meaning = { field, language, strength };
        for (const spelling of spellingsOf(name)) {
          addTo(meanings, headerKey(spelling), meaning);
          if (spelling.length > 1) addTo(reordered, inOrder(spelling), meaning);
        }
      }
    }
    for (const [part, names] of entriesOf(words)) {
      for (const { name } of namesIn(names)) {
        for (const spelling of spellingsOf(name)) {
          const key = headerKey(spelling);
          if (!parts.has(key)) parts.set(key, part);
        }
      }
    }
  }
  return {
    meaningsOf: (words, inAnyOrder = true) =>
      meanings.get(headerKey(words)) ?? (inAnyOrder ? reordered.get(inOrder(words)) : undefined) ?? [],
    partsOf: (words) => composedOf(words, parts),
    keys: [...meanings.keys()],
  };
}

/** In longer phrases, `corporate email address` before `corporate`. */
const MAX_PHRASE = 4;

function composedOf(
  words: readonly string[],
  parts: ReadonlyMap<string, HeaderPart>,
): readonly HeaderPart[] | undefined {
  const found: HeaderPart[] = [];
  for (let from = 0; from < words.length;) {
    let length = Math.min(MAX_PHRASE, words.length - from);
    let part: HeaderPart | undefined;
    for (; length > 0; length -= 1) {
      part = parts.get(headerKey(words.slice(from, from + length)));
      if (part !== undefined) break;
    }
    if (part === undefined) return undefined;
    if (part !== 'filler') found.push(part);
    from += length;
  }
  return found;
}

function entriesOf<Key extends string>(
  record: Readonly<Partial<Record<Key, string>>>,
): readonly (readonly [Key, string])[] {
  const entries: (readonly [Key, string])[] = [];
  for (const key in record) {
    const value = record[key];
    if (value !== undefined) entries.push([key, value]);
  }
  return entries;
}

function namesIn(text: string): readonly { name: string; strength: HeaderMeaning['strength'] }[] {
  return text.split('|').map((part) => {
    const name = part.trim();
    if (name.endsWith('??')) return { name: name.slice(0, -2), strength: 'hint' };
    return name.endsWith('?')
      ? { name: name.slice(0, -1), strength: 'in-language' }
      : { name, strength: 'sure' };
  });
}

/** `Straße`, also written `Strasse`; `Länderkürzel`, also `Laenderkuerzel`. */
function spellingsOf(name: string): readonly (readonly string[])[] {
  const spelling = wordsOf(name);
  if (!/[äöü]/i.test(name)) return [spelling];
  const transcribed = name.replaceAll(/[äöü]/gi, (letter) => UMLAUTS[letter.toLowerCase()] ?? letter);
  return [spelling, wordsOf(transcribed)];
}

const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };

function inOrder(words: readonly string[]): string {
  return words.toSorted().join(' ');
}

function addTo(map: Map<string, HeaderMeaning[]>, key: string, meaning: HeaderMeaning): void {
  const meanings = map.get(key);
  if (meanings === undefined) map.set(key, [meaning]);
  else if (
    !meanings.some(({ field, language }) => field === meaning.field && language === meaning.language)
  ) {
    meanings.push(meaning);
  }
}
