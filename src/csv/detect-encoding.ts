import { isAscii, isUtf8 } from 'node:buffer';

import { wordLikeShare } from '../rows/word-shape.js';

import { lineEndsOf } from './lines.js';

/**
 * The supported encodings: the library's name, and the one in the Encoding Standard. Others (Macintosh, DOS, EBCDIC) have no decoder
 * here, or cannot be told apart from these reliably.
 */
const CANDIDATES: Readonly<Record<string, string>> = {
  ...sameNames('windows-1252 windows-1250 windows-1251 windows-1253 windows-1254 windows-1255'),
  ...sameNames('windows-1256 windows-1257 windows-1258 iso-8859-2 iso-8859-5 iso-8859-7'),
  // A superset of the letters of KOI8-R, which has box-drawing characters in place of the others.
  ...sameNames('koi8-u gb18030'),
  cp874: 'windows-874',
  cp932: 'shift_jis',
  'euc-jis-2004': 'euc-jp',
  big5hkscs: 'big5',
  cp949: 'euc-kr',
};
/** Other names that the library returns for some of them. */
const ALIASES = sameNames('euc-jp big5 shift_jis');

function sameNames(names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, name]));
}

/** Western names contain few non-ASCII letters: another encoding must score better by this factor. */
const WINDOWS_1252_ADVANTAGE = 1.5;
/** More text does not improve the result. */
const MAX_EVIDENCE_BYTES = 16 * 1024;
const ESCAPE = 0x1b;
/** Escape sequences that switch to JIS X 0208. */
const JAPANESE_ESCAPES = ['$@', '$B'].map((rest) => `${String.fromCharCode(ESCAPE)}${rest}`);

/**
 * Detects the encoding of a sample that is not pure ASCII.
 *
 * It is UTF-8 if at least half of the non-ASCII lines are valid UTF-8, as text in another encoding hardly ever is. Otherwise it is the
 * encoding with the best score: the library's confidence, weighted by how much the decoded text looks like words. Windows-1252 wins
 * unless another is clearly better.
 *
 * @param sample - whole lines, no BOM, not UTF-16.
 * @returns the name in the Encoding Standard, in lower case.
 */
export async function detectEncoding(sample: Buffer): Promise<string> {
  if (JAPANESE_ESCAPES.some((escape) => sample.includes(escape))) return 'iso-2022-jp';
  if (isMostlyUtf8(sample)) return 'utf-8';

  const evidence = nonAsciiCells(sample);
  // Loading takes a tenth of a second, and most files do not need it.
  const { detectAll } = await import('jschardet');
  const matches = detectAll(evidence, { detectEncodings: Object.keys(CANDIDATES), minimumThreshold: 0 });
  let best = { encoding: 'windows-1252', score: 0 };
  for (const { encoding: name, confidence } of matches) {
    const libraryName = (name ?? '').toLowerCase();
    const encoding = CANDIDATES[libraryName] ?? ALIASES[libraryName];
    const text = encoding === undefined ? undefined : decoded(evidence, encoding);
    if (encoding === undefined || text === undefined) continue;
    const advantage = encoding === 'windows-1252' ? WINDOWS_1252_ADVANTAGE : 1;
    const score = confidence * wordLikeShare(text) ** 2 * advantage;
    if (score > best.score) best = { encoding, score };
  }
  // Many letters have the same byte in several encodings; then the rest of the file is most likely Windows-1252.
  const isSameText = decoded(evidence, best.encoding) === decoded(evidence, 'windows-1252');
  return isSameText ? 'windows-1252' : best.encoding;
}

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
    return new TextDecoder(encoding, { fatal: true }).decode(evidence, { stream: true });
  } catch {
    // The text is not in this encoding.
    return undefined;
  }
}
