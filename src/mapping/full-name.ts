import type { NamePart } from './value-source.js';

/** A whole name, split. Either part may be empty. */
export interface SplitName {
  readonly given: string;
  readonly family: string;
  /** Why the split may be wrong, to follow the name in a sentence; undefined for the usual forms. */
  readonly doubt: string | undefined;
}

/**
 * Splits a whole name: `Ann Lee`, `Lee, Ann`, `Dr. Ann van der Lee`, `Ann LEE`. Titles, degrees and nicknames are left out.
 *
 * No rule is right for every name, so every form that may be split in another way is a doubtful one.
 */
export function splitName(text: string): SplitName {
  const bare = withoutAdditions(
    text
      .normalize('NFC')
      .replace(/[\s\u3000]+/gu, ' ')
      .trim(),
  );
  const oddity = oddityIn(bare);
  const [beforeComma = '', ...afterComma] = bare.split(',').map((part) => part.trim());
  const parts = afterComma.filter((part) => part !== '' && !isSuffix(part));
  if (parts.length > 0) return splitAtComma(beforeComma, parts, oddity);
  const words = withoutSuffixes(withoutTitles(beforeComma.split(' ').filter((word) => word !== '')));
  const split = splitWords(words);
  return { ...split, doubt: oddity ?? split.doubt };
}

/** One part of a whole name. */
export function partOfName(text: string, part: NamePart): string {
  return splitName(text)[part];
}

/** `Lee, Ann`; also `Lee, Ann van der` as Dutch lists have it. */
function splitAtComma(family: string, parts: readonly string[], oddity: string | undefined): SplitName {
  const given = withoutTitles((parts[0] ?? '').split(' ').filter((word) => word !== ''));
  const particles = trailingParticles(given);
  const first = given.slice(0, given.length - particles.length);
  const last = [...particles, ...withoutTitles(family.split(' '))].join(' ');
  const several = parts.length > 1 ? 'has several commas' : undefined;
  return { given: first.join(' '), family: last, doubt: oddity ?? several ?? missingPart(first, last) };
}

function missingPart(given: readonly string[], family: string): string | undefined {
  return given.length === 0 || family === '' ? 'has only one part' : undefined;
}

function splitWords(words: readonly string[]): SplitName {
  const [first = '', ...rest] = words;
  if (rest.length === 0) return splitSingle(first);
  if (words.every((word) => EAST_ASIAN.test(word))) {
    return {
      given: rest.join(' '),
      family: first,
      doubt: familyFirstDoubt(words),
    };
  }
  if (isVietnamese(words)) {
    return { given: rest.join(' '), family: first, doubt: familyFirstDoubt(words) };
  }
  const capitals = words.filter(isInCapitals);
  if (capitals.length > 0 && capitals.length < words.length) return splitCapitals(words);
  const joint = words.findIndex((word, index) => index > 1 && lower(word) === 'y');
  if (joint !== -1 && joint < words.length - 1) {
    // Two family names: `Ortega y Gasset`.
    const given = words.slice(0, joint - 1);
    return { given: given.join(' '), family: words.slice(joint - 1).join(' '), doubt: undefined };
  }
  const particle = rest.findIndex((word) => PARTICLES.has(lower(word)));
  if (particle !== -1 && particle < rest.length - 1) {
    const given = words.slice(0, particle + 1);
    return {
      given: given.join(' '),
      family: words.slice(particle + 1).join(' '),
      doubt: given.length > 2 ? `has ${given.length} words before ${rest[particle] ?? ''}` : undefined,
    };
  }
  const family = rest.at(-1) ?? '';
  const given = words.slice(0, -1);
  const names = given.filter((word) => !isInitial(word));
  return { given: given.join(' '), family, doubt: doubtOf(names, family) };
}

function familyFirstDoubt({ length }: readonly string[]): string {
  return length > 2 ? `has ${length} words` : 'is read as family name first';
}

/** `Nguyễn Thị Lan`: the letters of no other language, after a family name. */
function isVietnamese(words: readonly string[]): boolean {
  const [first = ''] = words;
  return FAMILY_FIRST.has(lower(first)) && words.some((word) => /[\u1ea0-\u1ef9ăđơư]/i.test(word));
}

/** @param names - the words before the family name that are not initials. */
function doubtOf(names: readonly string[], family: string): string | undefined {
  if (names.length > 1) return `has ${names.length + 1} words`;
  const [first = ''] = names;
  const isFamilyFirst = FAMILY_FIRST.has(lower(first)) && !FAMILY_FIRST.has(lower(family));
  return isFamilyFirst ? 'may have the family name first' : undefined;
}

function splitSingle(word: string): SplitName {
  const doubt = EAST_ASIAN.test(word) ? 'has no space between family and given name' : 'is a single word';
  return { given: word, family: '', doubt };
}

/** `Ann LEE`, `DE LA CRUZ Ana`: the capitals are the family name. */
function splitCapitals(words: readonly string[]): SplitName {
  const family = words.filter(isInCapitals);
  const given = words.filter((word) => !isInCapitals(word));
  const first = words.findIndex(isInCapitals);
  const isTogether = words.slice(first, first + family.length).every(isInCapitals);
  const leading = trailingParticles(given);
  const isBefore = first > 0 && leading.length > 0;
  return {
    given: given.slice(0, isBefore ? -leading.length : undefined).join(' '),
    family: [...(isBefore ? leading : []), ...family].join(' '),
    doubt: isTogether ? undefined : 'has capitals in several places',
  };
}

function isInCapitals(word: string): boolean {
  const letters = word.replace(/[^\p{L}]/gu, '');
  return letters.length > 1 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
}

function isInitial(word: string): boolean {
  return /^\p{Lu}\.?$/u.test(word) || /^(?:\p{Lu}\.)+$/u.test(word);
}

function trailingParticles(words: readonly string[]): readonly string[] {
  let from = words.length;
  while (from > 1 && PARTICLES.has(lower(words[from - 1] ?? ''))) from -= 1;
  return words.slice(from);
}

function withoutTitles(words: readonly string[]): readonly string[] {
  let from = 0;
  while (from < words.length - 1 && TITLES.has(lower(words[from] ?? ''))) from += 1;
  return words.slice(from);
}

function withoutSuffixes(words: readonly string[]): readonly string[] {
  let to = words.length;
  while (to > 1 && isSuffix(words[to - 1] ?? '')) to -= 1;
  return words.slice(0, to);
}

function isSuffix(part: string): boolean {
  return part.split(' ').every((word) => SUFFIXES.has(lower(word)));
}

/** Nicknames and remarks, such as `"Annie"` and `(external)`. */
function withoutAdditions(text: string): string {
  const bare = text
    .replace(/\s*(?:\([^()]*\)|\[[^[\]]*\]|（[^（）]*）)\s*/gu, ' ')
    .replace(/(?<=^|\s)(?:"[^"]*"|“[^”]*”|„[^“”]*[“”]|‘[^’]*’|'[^']*')(?=\s|$)/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\s+,/g, ',')
    .trim();
  return bare === '' ? text : bare;
}

function oddityIn(text: string): string | undefined {
  if (/[\d@]/.test(text)) return 'does not look like a name';
  return /[&+/;|]|\s(?:and|und|et|och)\s/u.test(text) ? 'may be of several people' : undefined;
}

function lower(word: string): string {
  return word.toLowerCase().replaceAll('.', '').replace(/['’]$/, '');
}

/** Scripts of names that are written with the family name first. */
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々ー・]+$/u;

const PARTICLES = words(`
  van von der den de del dela della delle degli di da dal do dos das du des la le les lo
  ten ter te tot zu zum zur vom auf am op bin ibn bint ben al el af av til san santa st
`);

const TITLES = words(`
  dr prof professor mr mrs ms miss mx sir dame lord lady rev fr br capt col gen lt maj sgt
  herr frau hr dipl dipl-ing ing mag mmag dipl-kfm dipl-inf
  mme mlle monsieur madame mademoiselle maître
  sr sra srta doña dña lic señor señora
  dott dottssa dottoressa dottore sig sigra signor signora avv arch geom rag
  drs ir mw dhr mevr mevrouw
  pan pani inż mgr hab senhor senhora eng doutor doutora
`);

const SUFFIXES = words(`
  jr sr ii iii iv phd md mba msc bsc mphil esq cpa dds jd llm llb
`);

/** Frequent East Asian and Hungarian family names in Latin letters that are not frequent given names elsewhere. */
const FAMILY_FIRST = words(`
  kim park choi jung jeong kang cho yoon jang lim han shin seo kwon hwang ahn song yoo hong
  wang li zhang liu chen yang huang zhao wu zhou xu sun zhu guo lin he gao liang zheng luo song xie tang
  chan wong cheung leung ng tsang chow lau
  nguyen nguyễn tran trần lê pham phạm hoang hoàng huynh huỳnh phan vu vũ võ dang đặng bui bùi do đỗ ngo ngô dương lý
  sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi
  matsumoto inoue kimura hayashi shimizu saito
  nagy kovács kovacs tóth toth szabó szabo horváth horvath varga kiss molnár molnar németh nemeth farkas balogh
`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
