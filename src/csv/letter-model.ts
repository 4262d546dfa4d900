import { CHARACTERS, LANGUAGES, type LanguageSample } from './common-names.js';

/** Tells how well a text fits the languages that are saved in an encoding. */
export interface LetterModel {
  /** Encodings of one byte per character. */
  readonly encodings: readonly string[];
  /**
   * The logarithm of the probability of the letters outside ASCII, in the best language. Only scores of the same bytes in different
   * encodings can be compared.
   */
  score(encoding: string, text: string): number;
  /** Whether a text looks like names in none of the languages: then its encoding is probably another one, perhaps an unknown one. */
  isUnlikely(encoding: string, text: string): boolean;
}

/** Learns from the words of `LANGUAGES`. */
export function createLetterModel(): LetterModel {
  const languages = LANGUAGES.map((sample) => ({ ...sample, counts: countLetters(sample) }));
  const encodings = [...new Set(LANGUAGES.flatMap((sample) => sample.encodings))];
  const bestScore = (encoding: string, occurrences: readonly Occurrence[]): number => {
    const read = languages.filter((language) => language.encodings.includes(encoding));
    return Math.max(...read.map(({ counts }) => scoreOfLanguage(occurrences, counts)));
  };
  return {
    encodings,
    score(encoding, text) {
      const letters = [...lettersOutsideAscii(text)];
      return bestScore(encoding, letters) + unusualCase(text) + (PRIORS[encoding] ?? 0);
    },
    isUnlikely(encoding, text) {
      const letters = [...lettersOutsideAscii(text)].filter(({ character }) => !PUNCTUATION.test(character));
      return bestScore(encoding, letters) + unusualCase(text) < UNLIKELY * letters.length;
    },
  };
}

/**
 * Threshold for the average score of a letter. Names outside the training data score at least -10, even a single one; text in the
 * wrong encoding usually scores less.
 */
const UNLIKELY = -10.5;

/** Most files come from Windows, and most of those from Western Europe and America. */
const PRIORS: Readonly<Record<string, number>> = {
  'windows-1252': 1,
  macintosh: -0.5,
  'iso-8859-2': -1,
  'iso-8859-5': -2,
  'iso-8859-7': -0.5,
  'x-mac-cyrillic': -2,
  ibm866: -2,
  ibm850: -2,
  ibm852: -2,
  ibm857: -2,
  'windows-1255': -1,
  'windows-1256': -1,
  'windows-1258': -2,
  'windows-874': -1,
  'iso-8859-4': -4,
  'iso-8859-6': -2,
  'iso-8859-13': -3,
  'iso-8859-16': -4,
  ibm737: -3,
  ibm775: -3,
  ibm862: -3,
  'x-mac-ce': -2,
  'x-mac-croatian': -3,
  'x-mac-greek': -2,
  'x-mac-icelandic': -5,
  'x-mac-romanian': -3,
  'x-mac-turkish': -2,
};

/** A character outside ASCII, and what stands beside it. */
interface Occurrence {
  readonly character: string;
  /** In lower case. */
  readonly letter: string;
  readonly before: string;
  readonly after: string;
  /** Whether it is an apostrophe in a usual place of a name: `O’Brien`, `McDonald’s`. */
  readonly isApostrophe: boolean;
}

const OUTSIDE_ASCII = /[^\0-\x7f]/;
const LETTER = /[\p{L}\p{M}]/u;
/** Punctuation in and around names; before a word, and after one. */
const [OPENING, CLOSING] = [/[“‘„«‹¿¡°]/, /[”’»›…™®]/];
const PUNCTUATION = /[\s‘’‚“”„«»‹›–—…·•€£§°²³½®©™ªº¿¡\u00a0]/;

function* lettersOutsideAscii(text: string): Generator<Occurrence> {
  const characters = Array.from(text);
  for (const [index, character] of characters.entries()) {
    if (!OUTSIDE_ASCII.test(character)) continue;
    const [before, after] = [neighbor(characters[index - 1]), neighbor(characters[index + 1])];
    const isApostrophe =
      character === '’' &&
      APOSTROPHE_IN.test(
        `${characters.slice(Math.max(0, index - 2), index).join('')}’${characters.slice(index + 1, index + 3).join('')}`,
      );
    yield { character, letter: character.toLowerCase(), before, after, isApostrophe };
  }
}

const APOSTROPHE_IN = /(?:^|\P{L})[DLMNOdl]’\p{Lu}|\p{L}’s(?:\P{L}|$)/u;

/** A letter in lower case; `^` for the edge of a word. */
function neighbor(character: string | undefined): string {
  return character === undefined || !LETTER.test(character) ? EDGE : character.toLowerCase();
}

const EDGE = '^';

/** How often a letter is beside others. */
class Neighbors {
  #total = 0;
  readonly #letters = new Map<string, number>();
  readonly #kinds = new Map<string, number>();

  add(neighbor: string): void {
    this.#total += 1;
    this.#letters.set(neighbor, (this.#letters.get(neighbor) ?? 0) + 1);
    const kind = kindOf(neighbor);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }

  /** The probability of a neighbor; of one that was never seen, by its kind. */
  probabilityOf(neighbor: string): number {
    const kind = kindOf(neighbor);
    const ofKind = ((this.#kinds.get(kind) ?? 0) + 0.5) / (this.#total + 2) / KIND_SIZES[kind];
    return ((this.#letters.get(neighbor) ?? 0) + SMOOTHING * ofKind) / (this.#total + SMOOTHING);
  }
}

const SMOOTHING = 3;
const KIND_SIZES = { edge: 1, vowel: 6, consonant: 20, foreign: 12 } as const;

function kindOf(neighbor: string): keyof typeof KIND_SIZES {
  if (neighbor === EDGE) return 'edge';
  if (OUTSIDE_ASCII.test(neighbor)) return 'foreign';
  return /[aeiouy]/.test(neighbor) ? 'vowel' : 'consonant';
}

interface LetterCounts {
  readonly total: number;
  readonly letters: ReadonlyMap<
    string,
    { readonly count: number; readonly before: Neighbors; readonly after: Neighbors }
  >;
}

function countLetters({ words }: LanguageSample): LetterCounts {
  const letters = new Map<string, { count: number; readonly before: Neighbors; readonly after: Neighbors }>();
  let total = 0;
  for (const { letter, before, after } of lettersOutsideAscii(words)) {
    const counts = letters.get(letter) ?? { count: 0, before: new Neighbors(), after: new Neighbors() };
    counts.count += 1;
    counts.before.add(before);
    counts.after.add(after);
    letters.set(letter, counts);
    total += 1;
  }
  return { total, letters };
}

/** The probabilities of what no language has: another letter, a punctuation mark beside a word, and any other symbol. */
const [FOREIGN, MARK, SYMBOL] = [1 / 2000, 1 / 3000, 1e-6];
/** That of a neighbor, where it is not known. */
const ANY_NEIGHBOR = 1 / 30;
/** Penalty for a letter that is a word by itself. */
const LONELY = 0.1;
/** Some words are not in the language. */
const UNSEEN = 20;

function scoreOfLanguage(occurrences: readonly Occurrence[], { letters, total }: LetterCounts): number {
  let score = 0;
  for (const occurrence of occurrences) {
    const { letter, before, after } = occurrence;
    const counts = letters.get(letter);
    score += Math.log(
      counts === undefined
        ? unknown(occurrence)
        : (counts.count / (total + UNSEEN)) *
            counts.before.probabilityOf(before) *
            counts.after.probabilityOf(after) *
            (before === EDGE && after === EDGE ? LONELY : 1),
    );
  }
  return score;
}

function unknown({ character, before, after, isApostrophe }: Occurrence): number {
  if (isApostrophe) return MARK;
  const [begins, ends] = [before === EDGE, after === EDGE];
  const isMark = (begins || ends) && PUNCTUATION.test(character);
  if (isMark && ((begins && ends) || (begins ? OPENING : CLOSING).test(character))) return MARK;
  return (isMark ? MARK : LETTER.test(character) ? FOREIGN : SYMBOL) * ANY_NEIGHBOR ** 2;
}

const WORD = /[\p{L}\p{M}]*[^\0-\x7f][\p{L}\p{M}]*/gu;
/** `Zoë`, `ZOË`, `LeFèvre`, and letters without case. */
const USUAL_CASE = /^(?:[^\p{Lu}]*(?:\p{Lu}[^\p{Lu}]+)*|[^\p{Ll}]+)$/u;
/** A name without ASCII letters that begins with a small one. */
const SMALL_NAME = /^(?=[^\0-\x7f])\p{Ll}[^\0-\x7f]+$/u;

function unusualCase(text: string): number {
  let score = 0;
  for (const [word] of text.matchAll(WORD)) {
    if (!USUAL_CASE.test(word)) score -= 5;
    else if (SMALL_NAME.test(word)) score -= 3;
  }
  return score;
}

/** Encodings with several bytes per character. */
export const WIDE_ENCODINGS: readonly string[] = CHARACTERS.flatMap(({ encodings }) => encodings);

const WIDE_LETTER = /[\p{Script=Han}\p{Script=Hira}\p{Script=Kana}\p{Script=Hangul}ー々〆ヶ]/u;
/** How many of the characters are common ones, and how many others there are. */
const [COMMON_SHARE, OTHERS] = [0.8, 6000];

/** The logarithm of the probability of the characters outside ASCII, as `LetterModel.score` for encodings of several bytes. */
export function scoreWide(encoding: string, text: string): number {
  const common = CHARACTERS.find(({ encodings }) => encodings.includes(encoding))?.characters ?? '';
  let score = 0;
  for (const { character } of lettersOutsideAscii(text)) {
    if (common.includes(character)) score += Math.log(COMMON_SHARE / common.length);
    else if (WIDE_LETTER.test(character)) score += Math.log((1 - COMMON_SHARE) / OTHERS);
    else score += Math.log(PUNCTUATION.test(character) ? MARK : SYMBOL);
  }
  return score;
}
