import { isAscii, isUtf8 } from 'node:buffer';

import { lineEndsOf } from './lines.js';

/**
 * Encodings that people's files have, as the library calls them, and the Encoding Standard. What is left out (Macintosh, DOS,
 * EBCDIC) has no decoder here, or is told apart from these only by luck.
 */
const CANDIDATES: Readonly<Record<string, string>> = {
  'windows-1252': 'windows-1252',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'windows-1255': 'windows-1255',
  'windows-1256': 'windows-1256',
  'windows-1257': 'windows-1257',
  'windows-1258': 'windows-1258',
  cp874: 'windows-874',
  'iso-8859-2': 'iso-8859-2',
  'iso-8859-5': 'iso-8859-5',
  'iso-8859-7': 'iso-8859-7',
  // KOI8-R has box drawing in the place of the letters that this has besides.
  'koi8-u': 'koi8-u',
  cp932: 'shift_jis',
  'euc-jis-2004': 'euc-jp',
  gb18030: 'gb18030',
  big5hkscs: 'big5',
  cp949: 'euc-kr',
};
/** The library's own names for some of them in its answers. */
const ALIASES: Readonly<Record<string, string>> = {
  'euc-jp': 'euc-jp',
  big5: 'big5',
  shift_jis: 'shift_jis',
};

/** Western names have few letters to go by: another encoding has to explain them better by so much. */
const WINDOWS_1252_ADVANTAGE = 1.5;
/** More than this tells no more. */
const MAX_EVIDENCE_BYTES = 16 * 1024;
const ESCAPE = 0x1b;
/** They switch to JIS X 0208. */
const JAPANESE_ESCAPES = ['$@', '$B'].map((rest) => `${String.fromCharCode(ESCAPE)}${rest}`);

/**
 * Tells the encoding from a sample that is not pure ASCII.
 *
 * It is UTF-8 when at least half of the lines that are not ASCII are valid UTF-8: text of another encoding is so only by rare
 * accident. Else it is what explains the words with such characters best, by the library's statistics and by whether
 * the words look like words; Windows-1252 when nothing explains them clearly better.
 *
 * @param sample - whole lines, no BOM, not UTF-16.
 * @returns its name in the Encoding Standard, in lower case.
 */
export async function detectEncoding(sample: Buffer): Promise<string> {
  if (JAPANESE_ESCAPES.some((escape) => sample.includes(escape))) return 'iso-2022-jp';
  if (isMostlyUtf8(sample)) return 'utf-8';

  const evidence = nonAsciiCells(sample);
  // Takes a tenth of a second to load, and most files do without.
  const { detectAll } = await import('jschardet');
  const matches = detectAll(evidence, { detectEncodings: Object.keys(CANDIDATES), minimumThreshold: 0 });
  let best = { encoding: 'windows-1252', score: 0 };
  for (const { encoding: name, confidence } of matches) {
    const answer = (name ?? '').toLowerCase();
    const encoding = CANDIDATES[answer] ?? ALIASES[answer];
    const text = encoding === undefined ? undefined : decoded(evidence, encoding);
    if (encoding === undefined || text === undefined) continue;
    const advantage = encoding === 'windows-1252' ? WINDOWS_1252_ADVANTAGE : 1;
    const score = confidence * wordLikeShare(text) ** 2 * advantage;
    if (score > best.score) best = { encoding, score };
  }
  // Many letters have the same byte in several encodings: what follows the sample is the likeliest to be in this one.
  const isTheSame = decoded(evidence, best.encoding) === decoded(evidence, 'windows-1252');
  return isTheSame ? 'windows-1252' : best.encoding;
}

/** Whether a block reads the same in all of these encodings. */
export function isPlainAscii(block: Buffer): boolean {
  return isAscii(block) && !block.includes(ESCAPE);
}

function isMostlyUtf8(sample: Buffer): boolean {
  if (isUtf8(sample)) return true;
  let valid = 0;
  let malformed = 0;
  for (const { content } of lineEndsOf('utf-8').split(sample)) {
    if (isAscii(content)) continue;
    if (isUtf8(content)) valid += 1;
    else malformed += 1;
  }
  return valid > 0 && valid >= malformed;
}

/** Whether text that is valid UTF-8 is so on purpose: it has other than ASCII, and that makes words. */
export function isClearlyUtf8(line: Buffer): boolean {
  return !isAscii(line) && isUtf8(line) && wordLikeShare(line.toString()) === 1;
}

/**
 * The cells that are not ASCII: the addresses and departments around them speak English. The bytes to cut at are part of no
 * longer character in any of the encodings.
 */
function nonAsciiCells(sample: Buffer): Buffer {
  const cells = sample.toString('latin1').match(/[^\r\n,;\t"]*[\x80-\xff][^\r\n,;\t"]*/g) ?? [];
  const distinct = [...new Set(cells)].join('\n');
  return Buffer.from(distinct.slice(0, MAX_EVIDENCE_BYTES), 'latin1');
}

function decoded(evidence: Buffer, encoding: string): string | undefined {
  try {
    // As a stream, so that a character that the evidence cuts off counts for nothing.
    return new TextDecoder(encoding, { fatal: true }).decode(evidence, { stream: true });
  } catch {
    // Then it is not that.
    return undefined;
  }
}

const ONE_SCRIPT = ['Latin', 'Cyrillic', 'Greek', 'Hebrew', 'Arabic', 'Thai', 'Hangul', 'Han', 'Hira', 'Kana']
  .map((script) =>
    script === 'Han'
      ? '[\\p{Script=Han}\\p{Script=Hira}\\p{Script=Kana}ー々〆ヶ]+'
      : `[\\p{Script=${script}}\\p{M}]+`,
  )
  .join('|');
const WORD_OF_ONE_SCRIPT = new RegExp(`^(?:${ONE_SCRIPT})$`, 'u');
/** `Zoë`, `ZOË`, `LeFèvre`, also letters without case; not `zoË`. */
const WORD_CASE = /^(?:[^\p{Lu}]*(?:\p{Lu}[^\p{Lu}]+)*|[^\p{Ll}]+)$/u;
/** Runs of anything that is not ASCII, with the letters around it. */
const NON_ASCII_WORD = /[a-z\u0080-\u{10ffff}]*[\u0080-\u{10ffff}][a-z\u0080-\u{10ffff}]*/giu;
/** What stands in and around words on purpose. */
const PUNCTUATION = /[‘’‚“”„«»‹›–—…€£§°ºª·•¿¡®™©、。・「」（）　\u00a0]/gu;

/** Share, from 0 to 1, of the words with other than ASCII that look like words: one script, usual case, no odd signs. */
function wordLikeShare(text: string): number {
  let words = 0;
  let good = 0;
  for (const [found] of text.matchAll(NON_ASCII_WORD)) {
    for (const word of found.replaceAll(PUNCTUATION, ' ').split(' ')) {
      if (word === '') continue;
      words += 1;
      if (WORD_OF_ONE_SCRIPT.test(word) && WORD_CASE.test(word)) good += 1;
    }
  }
  return words === 0 ? 1 : good / words;
}
