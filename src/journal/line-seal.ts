import { crc32 } from 'node:zlib';

/*
 * Every line ends with its number and a checksum: `…,"seq":17,"crc":"0a1b2c3d"}`. The checksum covers all bytes before it, and
 * the number shows lines that are missing, repeated or out of order. Lines stay JSON.
 */

const SEQ_KEY = ',"seq":';
const CRC_KEY = ',"crc":"';
const HEX_DIGITS = 8;
const CRC_BYTES = CRC_KEY.length + HEX_DIGITS + '"}'.length;
const [QUOTE = 0, BRACE = 0, ZERO = 0, NINE = 0, A = 0, F = 0] = Buffer.from('"}09af');

/** @param line - a JSON object with at least one field. */
export function sealLine(line: string, seq: number): string {
  const text = `${line.slice(0, -1)},"seq":${seq}`;
  return `${text},"crc":"${crc32(text).toString(16).padStart(HEX_DIGITS, '0')}"}`;
}

/** What the end of a line shows. */
export type Seal =
  /** `end`: where the seal starts; a brace in its place completes the line as it was before. */
  | { readonly kind: 'intact'; readonly seq: number; readonly end: number }
  /** The line was changed. */
  | { readonly kind: 'broken' }
  /** Version 0.1.0 wrote no seals. */
  | { readonly kind: 'none' };

const BROKEN: Seal = { kind: 'broken' };
const NONE: Seal = { kind: 'none' };

/** Checks the line that is in `bytes` from `start` to `end`, without its newline. */
export function checkSeal(bytes: Buffer, start: number, end: number): Seal {
  const crcStart = end - CRC_BYTES;
  if (crcStart <= start || bytes[end - 1] !== BRACE || !hasAt(bytes, CRC_KEY, crcStart)) return NONE;
  const crc = hexAt(bytes, crcStart + CRC_KEY.length);
  if (bytes[end - 2] !== QUOTE || crc32(bytes.subarray(start, crcStart)) !== crc) return BROKEN;
  let seq = 0;
  let seqStart = crcStart;
  for (let unit = 1; isDigit(bytes[seqStart - 1]); unit *= 10) {
    seqStart -= 1;
    seq += unit * ((bytes[seqStart] ?? 0) - ZERO);
  }
  const sealStart = seqStart - SEQ_KEY.length;
  if (sealStart <= start || seqStart === crcStart || !hasAt(bytes, SEQ_KEY, sealStart)) return BROKEN;
  return { kind: 'intact', seq, end: sealStart };
}

/**
 * Whether there is more after something that looks like a seal; a line that was torn ends with its seal at the latest. A power
 * failure may leave zeros behind it.
 */
export function continuesAfterSeal(bytes: Buffer): boolean {
  const crcStart = bytes.indexOf(CRC_KEY);
  if (crcStart === -1) return false;
  return bytes.subarray(crcStart + CRC_BYTES).some((byte) => byte !== 0);
}

/** A line as it was before it was sealed; undefined if it was changed. */
export function unsealLine(line: string): string | undefined {
  const bytes = Buffer.from(line);
  return unsealedText(bytes, 0, bytes.length);
}

/** The same for the line in `bytes` from `start` to `end`, without its newline. */
export function unsealedText(bytes: Buffer, start: number, end: number): string | undefined {
  const seal = checkSeal(bytes, start, end);
  if (seal.kind === 'none') return bytes.toString('utf8', start, end);
  return seal.kind === 'broken' ? undefined : `${bytes.toString('utf8', start, seal.end)}}`;
}

function hasAt(bytes: Buffer, key: string, start: number): boolean {
  for (let index = 0; index < key.length; index += 1) {
    if (bytes[start + index] !== key.charCodeAt(index)) return false;
  }
  return true;
}

/** @returns NaN for other characters than lowercase hexadecimal digits. */
function hexAt(bytes: Buffer, start: number): number {
  let value = 0;
  for (let index = start; index < start + HEX_DIGITS; index += 1) {
    const byte = bytes[index] ?? 0;
    if (isDigit(byte)) value = value * 16 + byte - ZERO;
    else if (byte >= A && byte <= F) value = value * 16 + 10 + byte - A;
    else return Number.NaN;
  }
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
