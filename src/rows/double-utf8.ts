import { wordLikeShare } from './word-shape.js';

/**
 * The text that was saved as UTF-8 twice: its UTF-8 was read in one of these encodings, and saved as UTF-8 again, so that `é` became
 * `Ã©` (Windows), `√©` (Mac) or `├®` (DOS).
 *
 * @returns the text as it was before; undefined if it does not look garbled.
 */
export function repairDoubleUtf8(text: string): string | undefined {
  if (!MAY_BE_GARBLED.test(text)) return undefined;
  const whole = restore(text);
  for (const encoding of ENCODINGS) {
    let repaired = whole;
    // Some texts were saved more than twice.
    for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) repaired = repairOnce(repaired, encoding);
    // Letters that happen to form such a sequence are words as they are.
    if (repaired !== whole && !isWord(whole) && isReadable(repaired)) return repaired;
  }
  return undefined;
}

const MAX_ROUNDS = 3;
/** A character of UTF-8 has at least two bytes; the second of `à` is a no-break space, which is easily lost. */
const MAY_BE_GARBLED = /[\u0080-\uffff]{2}|Ã(?=\s|$)/;

/** The upper halves of encodings of DOS, which the platform does not know. */
const DOS_ENCODINGS = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
] as const;

interface Encoding {
  /** The byte of each character above ASCII. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Matches the bytes of one UTF-8 character, read in the encoding. */
  readonly character: RegExp;
}

const WINDOWS_1252 = upperHalfOf('windows-1252');

/** The encodings in which UTF-8 is most often misread, the most frequent first. */
const ENCODINGS: readonly Encoding[] = [
  WINDOWS_1252,
  ...['macintosh', 'windows-1250', 'windows-1251', 'windows-1254'].map(upperHalfOf),
  ...DOS_ENCODINGS,
].map(toEncoding);

function upperHalfOf(encoding: string): string {
  const bytes = Uint8Array.from({ length: 0x80 }, (_, index) => 0x80 + index);
  // As a stream, since Node 20 otherwise decodes windows-1252 as if it were Latin-1.
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

function toEncoding(upperHalf: string): Encoding {
  const characters = Array.from(upperHalf);
  const classOf = (first: number, last: number): string =>
    `[${characters
      .slice(first - 0x80, last - 0x80 + 1)
      .join('')
      .replaceAll(/[\\\]^-]/g, String.raw`\$&`)}]`;
  const next = classOf(0x80, 0xbf);
  return {
    bytes: new Map(characters.map((character, index) => [character, 0x80 + index])),
    character: new RegExp(
      `${classOf(0xc2, 0xdf)}${next}|${classOf(0xe0, 0xef)}${next}{2}|${classOf(0xf0, 0xf4)}${next}{3}`,
      'g',
    ),
  };
}

/** Undoes what programs do to some of the characters: control characters in place of those of Windows, and no-break spaces. */
function restore(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\p{Cc}/gu, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control)
    .replaceAll(/Ã(?: (?= )|(?=[ \t]|$))/g, 'Ã\u00a0');
}

function repairOnce(text: string, { bytes, character }: Encoding): string {
  return text.replaceAll(character, (found) => decoded(found, bytes) ?? found);
}

function isReadable(text: string): boolean {
  return wordLikeShare(text.replace(/^\uFEFF/, '')) === 1;
}

function isWord(text: string): boolean {
  return wordLikeShare(text) === 1 && !TYPICAL.test(text) && !SYMBOLS.test(text);
}

/** Pairs of letters that look like a word, but that no language has. */
const TYPICAL = /[ÂÃÅ][ŠŒŽšœžŸªº]/;
/** Hardly ever part of a name. */
const SYMBOLS = /[¡-¬®-¿√≈∂†‡•™‰€…‹›“”„‚–—]/;

function decoded(characters: string, bytes: ReadonlyMap<string, number>): string | undefined {
  try {
    const utf8 = Uint8Array.from(Array.from(characters, (character) => bytes.get(character) ?? 0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8);
  } catch {
    // Not UTF-8, such as an overlong sequence.
    return undefined;
  }
}
