import { isUtf8 } from 'node:buffer';

import { MalformedTextError, NotCsvError, RecordTooLargeError, UnknownEncodingError } from './errors.js';
import { findMalformed } from './malformed.js';
import { prepend } from './prepend.js';
import { refuseOtherFormats, sniffEncoding, SNIFF_BYTES } from './sniff.js';

/** Text of a file, as UTF-8 because that is what csv-parse reads. */
export interface DecodedText {
  /** Name of the encoding as the Encoding Standard has it, in lower case, for instance `windows-1252`. */
  readonly encoding: string;
  /**
   * The text without its BOM, in blocks that end with a line break (the last one may not).
   * At a malformed byte it rejects, after the text before that byte. Single use; leaving early closes the source.
   */
  readonly utf8: AsyncGenerator<Buffer, void, undefined>;
}

/** Larger chunks are read piece by piece, so that what is made of one of them stays small. */
const CHUNK_BYTES = 64 * 1024;
/** A line of people is a few hundred bytes; a file without line breaks must not fill the memory. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Decodes a file. Reads its first bytes before it resolves.
 *
 * @param named - a label of the Encoding Standard (https://encoding.spec.whatwg.org). Without it the encoding is UTF-8, unless
 *   the first bytes say UTF-16. A BOM goes before both, as that standard has it.
 * @throws {UnknownEncodingError} `named` is no such label.
 * @throws {NotCsvError} The file is a workbook, an archive, a PDF or a web page.
 */
export async function decode(bytes: AsyncIterable<Uint8Array>, named?: string): Promise<DecodedText> {
  const namedEncoding = named === undefined ? undefined : canonicalName(named);
  const chunks = piecesOf(bytes);
  let first: Buffer = Buffer.alloc(0);
  while (first.length < SNIFF_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    first = Buffer.concat([first, next.value]);
  }
  try {
    refuseOtherFormats(first);
  } catch (error) {
    await chunks.return();
    throw error;
  }

  const { bomBytes, encoding: sniffed } = sniffEncoding(first);
  const encoding = bomBytes > 0 ? sniffed : (namedEncoding ?? sniffed);
  return { encoding, utf8: decodeLines(prepend(first.subarray(bomBytes), chunks), { encoding, bomBytes }) };
}

function canonicalName(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    throw new UnknownEncodingError(label, error);
  }
}

async function* piecesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  for await (const { buffer, byteOffset, byteLength } of bytes) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    for (let at = 0; at < byteLength; at += CHUNK_BYTES) yield chunk.subarray(at, at + CHUNK_BYTES);
  }
}

/**
 * Decodes whole lines. In every encoding but UTF-16 a line break is never part of a longer character, so that each block is
 * text by itself, and a byte that is malformed can be found again in it.
 */
async function* decodeLines(
  chunks: AsyncIterable<Buffer>,
  { encoding, bomBytes }: { encoding: string; bomBytes: number },
): AsyncGenerator<Buffer, void, undefined> {
  const toUtf8 = utf8Converter(encoding);
  const endOfLines = encoding.startsWith('utf-16') ? endOfUtf16Lines(encoding) : endOfByteLines;
  let block: Buffer = Buffer.alloc(0);
  let offsetBytes = bomBytes;
  let line = 1;

  for await (const chunk of chunks) {
    block = block.length === 0 ? chunk : Buffer.concat([block, chunk]);
    const end = endOfLines(block);
    if (end === 0 && block.length > MAX_LINE_BYTES) throw new RecordTooLargeError(line, MAX_LINE_BYTES);
    if (end > 0) yield* decodeBlock(block.subarray(0, end));
    block = block.subarray(end);
  }
  if (block.length > 0) yield* decodeBlock(block);

  function* decodeBlock(lines: Buffer): Generator<Buffer, void, undefined> {
    const decoded = toUtf8(lines);
    const malformed = decoded ? undefined : findMalformed(lines, encoding);
    const utf8 = decoded ?? Buffer.from(malformed?.textBefore ?? '');
    const nul = utf8.indexOf(0);
    const text = nul === -1 ? utf8 : utf8.subarray(0, nul);

    yield text;
    line += countLineBreaks(text);
    if (nul !== -1) throw nulError(line);
    if (malformed) {
      const { offset } = malformed;
      throw new MalformedTextError({
        encoding,
        line,
        offsetBytes: offsetBytes + offset,
        byte: lines[offset],
      });
    }
    offsetBytes += lines.length;
  }
}

/** Converts whole lines to UTF-8; gives `undefined` when they are malformed. */
function utf8Converter(encoding: string): (lines: Buffer) => Buffer | undefined {
  if (encoding === 'utf-8') return (lines) => (isUtf8(lines) ? lines : undefined);
  const options = { fatal: true, ignoreBOM: true };
  return (lines) => {
    const decoder = new TextDecoder(encoding, options);
    try {
      // In one go, Node 20 decodes windows-1252 as if it were Latin-1 (the euro sign becomes U+0080); as a stream it does not.
      return Buffer.from(decoder.decode(lines, { stream: true }) + decoder.decode());
    } catch {
      // TextDecoder does not say where; the caller finds out.
      return undefined;
    }
  };
}

/** Where the last whole line ends; 0 when there is none. A CR at the very end may be half of a CRLF. */
function endOfByteLines(block: Buffer): number {
  return Math.max(block.lastIndexOf(LF), block.length < 2 ? -1 : block.lastIndexOf(CR, -2)) + 1;
}

function endOfUtf16Lines(encoding: string): (block: Buffer) => number {
  const unitAt = (block: Buffer, at: number) =>
    encoding === 'utf-16le' ? block.readUInt16LE(at) : block.readUInt16BE(at);
  return (block) => {
    const last = block.length - (block.length % 2) - 2;
    for (let at = last; at >= 0; at -= 2) {
      const unit = unitAt(block, at);
      if (unit === LF || (unit === CR && at < last)) return at + 2;
    }
    return 0;
  };
}

/** CRLF, LF, and CR alone are one each. */
function countLineBreaks(utf8: Buffer): number {
  let count = 0;
  for (let at = 0; at < utf8.length; at += 1) {
    if (utf8[at] === LF || (utf8[at] === CR && utf8[at + 1] !== LF)) count += 1;
  }
  return count;
}

function nulError(line: number): NotCsvError {
  return new NotCsvError(`Line ${line} holds a NUL character, which no text has.`, {
    hint: 'Save the file as CSV; if it is UTF-16 text, say so with --encoding utf-16le.',
  });
}
