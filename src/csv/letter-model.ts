import { CHARACTERS, LANGUAGES, SCRIPTS, type LanguageSample, type ScriptSample } from './common-names.js';

/** Tells how well a text fits the languages that are saved in an encoding. */
export interface LetterModel {
  /** Encodings of one byte per character. */
  readonly encodings: readonly string[];
  /**
   * The logarithm of the probability of the letters outside ASCII, in the best language. Only scores of the same bytes in different
   * encodings can be compared.
   */
  score(encoding: string, text: string): number;
}

/** Learns from the words of `LANGUAGES`. */
export function createLetterModel(): LetterModel {
  const languages = LANGUAGES.map((sample) => ({ ...sample, counts: countLetters(sample) }));
  const encodings = [...new Set([...LANGUAGES, ...SCRIPTS].flatMap((sample) => sample.encodings))];
  return {
    encodings,
    score(encoding, text) {
      const letters = [...lettersOutsideAscii(text)];
      const isIn = (sample: Pick<LanguageSample, 'encodings'>): boolean =>
        sample.encodings.includes(encoding);
      const scores = [
        ...languages.filter(isIn).map(({ counts }) => scoreOfLanguage(letters, counts)),
        ...SCRIPTS.filter(isIn).map((script) => scoreOfScript(letters, script)),
      ];
      return Math.max(...scores) + unusualCase(text) + (PRIORS[encoding] ?? 0);
    },
  };
}

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
  'windows-1255': -3,
  'windows-1256': -3,
  'windows-874': -3,
};

/** A character outside ASCII, and what stands beside it. */
interface Occurrence {
  readonly character: string;
  /** In lower case. */
  readonly letter: string;
  readonly before: string;
  readonly after: string;
}

const OUTSIDE_ASCII = /[^\0-\x7f]/;
const LETTER = /[\p{L}\p{M}]/u;
/** Punctuation in and around names. */
const PUNCTUATION = /[\s‘’‚“”„«»‹›–—…·•€£§°²³½®©™ªº¿¡\u00a0]/;

function* lettersOutsideAscii(text: string): Generator<Occurrence> {
  const characters = Array.from(text);
  for (const [index, character] of characters.entries()) {
    if (!OUTSIDE_ASCII.test(character)) continue;
    const [before, after] = [neighbor(characters[index - 1]), neighbor(characters[index + 1])];
    yield { character, letter: character.toLowerCase(), before, after };
  }
}

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
/** Some words are not in the language. */
const UNSEEN = 20;

function scoreOfLanguage(occurrences: readonly Occurrence[], { letters, total }: LetterCounts): number {
  let score = 0;
  for (const { character, letter, before, after } of occurrences) {
    const counts = letters.get(letter);
    score += Math.log(
      counts === undefined
        ? unknown(character, before, after) * ANY_NEIGHBOR ** 2
        : (counts.count / (total + UNSEEN)) *
            counts.before.probabilityOf(before) *
            counts.after.probabilityOf(after),
    );
  }
  return score;
}

function unknown(character: string, before: string, after: string): number {
  if (LETTER.test(character)) return FOREIGN;
  return PUNCTUATION.test(character) && (before === EDGE || after === EDGE) ? MARK : SYMBOL;
}

/** In a script that is not mixed with ASCII letters, any letter may stand beside any other. */
function scoreOfScript(occurrences: readonly Occurrence[], { letters, count }: ScriptSample): number {
  let score = 0;
  for (const { character, before, after } of occurrences) {
    const isMixed = /[a-z]/.test(before + after);
    const probability = letters.test(character) && !isMixed ? 1 / count : SYMBOL;
    score += Math.log(probability * ANY_NEIGHBOR ** 2 * 2);
  }
  return score;
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
