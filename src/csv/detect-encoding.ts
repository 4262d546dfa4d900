import { isAscii, isUtf8 } from 'node:buffer';

import { wordLikeShare } from '../rows/word-shape.js';

import { createDecoder } from './code-pages.js';
import { lineEndsOf } from './lines.js';

/** The encodings of several bytes per character: the library's name, and the one in the Encoding Standard. */
const WIDE_NAMES: Readonly<Record<string, string>> = {
  gb18030: 'gb18030',
  cp932: 'shift_jis',
  shift_jis: 'shift_jis',
  'euc-jis-2004': 'euc-jp',
  'euc-jp': 'euc-jp',
  big5hkscs: 'big5',
  big5: 'big5',
  cp949: 'euc-kr',
};
/** What the library compares them with. */
const NARROW_NAMES =
  'windows-1252 windows-1250 windows-1251 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 iso-8859-2 iso-8859-5 iso-8859-7 koi8-u cp874'.split(
    ' ',
  );

/** More text does not improve the result. */
const MAX_EVIDENCE_BYTES = 4 * 1024;
const ESCAPE = 0x1b;
/** Escape sequences that switch to JIS X 0208. */
const JAPANESE_ESCAPES = ['$@', '$B'].map((rest) => `${String.fromCharCode(ESCAPE)}${rest}`);
/**
 * Two readings whose logarithms of probability differ by less are close: in the files of one to three lines with which this was
 * measured, the second was right in most of those in which the first was wrong.
 */
const CLOSE = 4;

/** The result of a detection. */
export interface EncodingGuess {
  /** Its name in the Encoding Standard, in lower case. */
  readonly encoding: string;
  /** Another encoding that is nearly as probable; for a text that looks like names in none, the next best one. */
  readonly rival?: string | undefined;
}

/** The sample, read in one encoding. */
interface Reading {
  readonly encoding: string;
  readonly text: string;
  /** The logarithm of the probability of the text. */
  readonly score: number;
}

/**
 * Detects the encoding of a sample that is not pure ASCII.
 *
 * It is UTF-8 if at least half of the non-ASCII lines are valid UTF-8, as text in another encoding hardly ever is. Otherwise it is the
 * encoding in which the text is most probably names and words of some language. A reading with control characters is never right.
 *
 * @param sample - whole lines, no BOM, not UTF-16.
 */
export async function detectEncoding(sample: Buffer): Promise<EncodingGuess> {
  if (JAPANESE_ESCAPES.some((escape) => sample.includes(escape))) return { encoding: 'iso-2022-jp' };
  if (isMostlyUtf8(sample)) return { encoding: 'utf-8' };

  const evidence = nonAsciiCells(sample);
  // Most files do not need it.
  const { createLetterModel, scoreWide, WIDE_ENCODINGS } = await import('./letter-model.js');
  const isWide = await looksWide(evidence);
  const model = createLetterModel();
  const readings = (isWide ? WIDE_ENCODINGS : model.encodings)
    .flatMap((encoding): Reading[] => {
      const text = decoded(evidence, encoding);
      if (text === undefined || CONTROL.test(text)) return [];
      return [{ encoding, text, score: isWide ? scoreWide(encoding, text) : model.score(encoding, text) }];
    })
    .toSorted((one, other) => other.score - one.score);
  const [best] = readings;
  if (best === undefined) return { encoding: 'windows-1252' };
  const isUnlikely = !isWide && model.isUnlikely(best.encoding, best.text);
  const rival = readings.find(
    ({ text, score }) => text !== best.text && (isUnlikely || best.score - score < CLOSE),
  );
  return {
    encoding: preferred(best, readings, model.encodings),
    rival: rival && preferred(rival, readings, model.encodings),
  };
}

/** Control characters that are neither in ASCII nor in names. */
const CONTROL = /[\u0080-\u009f]/;

/** Many letters have the same byte in several encodings; then the rest of the file is in the most frequent one. */
function preferred(
  { text, encoding }: Reading,
  readings: readonly Reading[],
  order: readonly string[],
): string {
  const same = readings.filter((reading) => reading.text === text).map((reading) => reading.encoding);
  return order.find((one) => same.includes(one)) ?? encoding;
}

/** Whether the text is in a language with thousands of characters, of which nearly all words consist of nothing else. */
async function looksWide(evidence: Buffer): Promise<boolean> {
  if (!/[\x80-\xff][\x40-\xff]/.test(evidence.toString('latin1'))) return false;
  // Loading takes a tenth of a second.
  const { detectAll } = await import('jschardet');
  const detectEncodings = [...Object.keys(WIDE_NAMES), ...NARROW_NAMES];
  let best = { isWide: false, score: 0 };
  for (const { encoding: name, confidence } of detectAll(evidence, {
    detectEncodings,
    minimumThreshold: 0,
  })) {
    const libraryName = (name ?? '').toLowerCase();
    const wide = WIDE_NAMES[libraryName];
    const text = decoded(evidence, wide ?? (libraryName === 'cp874' ? 'windows-874' : libraryName));
    if (text === undefined || MIXED_WIDTH.test(text)) continue;
    const share = wordLikeShare(text);
    const score = confidence * share ** 2;
    if (score > best.score) best = { isWide: wide !== undefined && share >= PURE, score };
  }
  return best.isWide;
}

/** `ClＮence` is `Clémence` in the code page 850, read as Shift JIS. */
const MIXED_WIDTH = /[A-Za-z][\uff21-\uff5a]|[\uff21-\uff5a][A-Za-z]/;

/** The share of words that are in one script. */
const PURE = 0.9;

/** Whether a block reads the same in all of the supported encodings. */
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

/** Whether a line is UTF-8 and not so by accident: its non-ASCII characters form words. */
export function isClearlyUtf8(line: Buffer): boolean {
  return !isAscii(line) && isUtf8(line) && wordLikeShare(line.toString()) === 1;
}

/**
 * The non-ASCII cells: ASCII cells such as addresses would suggest English. The separators are not part of a multi-byte character in
 * any of the encodings.
 */
function nonAsciiCells(sample: Buffer): Buffer {
  const cells = sample.toString('latin1').match(/[^\r\n,;\t"]*[\x80-\xff][^\r\n,;\t"]*/g) ?? [];
  const distinct = [...new Set(cells)].join('\n');
  return Buffer.from(distinct.slice(0, MAX_EVIDENCE_BYTES), 'latin1');
}

function decoded(evidence: Buffer, encoding: string): string | undefined {
  try {
    // As a stream, so that an incomplete character at the end is ignored.
    return createDecoder(encoding, { fatal: true }).decode(evidence, { stream: true });
  } catch {
    // The text is not in this encoding.
    return undefined;
  }
}
