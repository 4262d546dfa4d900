import { detectEncoding, isPlainAscii } from './detect-encoding.js';
import { RowTooLargeError, UnknownEncodingError } from './errors.js';
import { LineDecoder, type TextBlock } from './line-decoder.js';
import { lineEndsOf, type LineEnds } from './lines.js';
import { prepend } from './prepend.js';
import { detectUnicodeEncoding } from './file-signature.js';
import type { FileBytes } from './decompress.js';

/** Text of a file, as UTF-8 because that is what csv-parse reads. */
export interface DecodedText {
  /** What the text is read as, as far as it has been read: final at its end. */
  readonly encoding: () => DetectedEncoding;
  /** The text without its BOM. Single use; leaving early closes the source. */
  readonly blocks: AsyncGenerator<TextBlock, void, undefined>;
}

/** An encoding, and how sure it is. */
export interface DetectedEncoding {
  /** Name of the encoding as the Encoding Standard has it, in lower case, for instance `windows-1252`. */
  readonly encoding: string;
  /** When it is a guess from the bytes: the line from which on they told. */
  readonly guessedOnLine?: number | undefined;
}

/** Larger chunks are read piece by piece, so that what is made of one of them stays small. */
const CHUNK_BYTES = 16 * 1024;
/** A line of people is a few hundred bytes; a file without line breaks must not fill the memory. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** What the detection of an encoding gets to see. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Decodes a file.
 *
 * A BOM decides, then `known`, then zero bytes at the beginning, which say UTF-16. Else the encoding stays open as long as the file is
 * plain ASCII, and is detected from the 64 KiB that begin with the first line that is not, wherever in the file that stands.
 *
 * @param known - what an earlier reading of the same file found, or a label of the Encoding Standard
 *   (https://encoding.spec.whatwg.org) that somebody named.
 * @throws {UnknownEncodingError} `known` is no such label.
 */
export function decode(
  { first, rest }: FileBytes,
  known: DetectedEncoding | string | undefined,
): DecodedText {
  const { bomBytes, encoding: sniffed } = detectUnicodeEncoding(first);
  const told: DetectedEncoding | undefined =
    bomBytes === 0 && known !== undefined
      ? typeof known === 'string'
        ? { encoding: canonicalName(known) }
        : known
      : sniffed === undefined
        ? undefined
        : { encoding: sniffed };
  let found = told;
  const chunks = splitChunks(prepend(first.subarray(bomBytes), rest));
  return { encoding: () => found ?? { encoding: 'utf-8' }, blocks: blocks() };

  async function* blocks(): AsyncGenerator<TextBlock, void, undefined> {
    // What stays open is ASCII as yet, and thereby UTF-8.
    const decoder = new LineDecoder(told?.encoding ?? 'utf-8', bomBytes);
    if (told?.guessedOnLine !== undefined) decoder.guess(told.encoding);
    const lineEnds = lineEndsOf(told?.encoding ?? 'utf-8');
    const source = wholeLines(chunks, lineEnds, () => decoder.line);
    for await (const lines of source) {
      if (found !== undefined || isPlainAscii(lines)) {
        yield* decoded(lines);
        continue;
      }
      const plain = leadingAsciiLines(lines, lineEnds);
      yield* decoded(plain);
      const held = await readSample(lines.subarray(plain.length), source);
      const encoding = await detectEncoding(sampleOf(held, lineEnds));
      if (encoding === 'utf-8') found = { encoding };
      else {
        found = { encoding, guessedOnLine: decoder.line };
        decoder.guess(encoding);
      }
      yield* decoded(held);
    }

    function* decoded(lines: Buffer): Generator<TextBlock, void, undefined> {
      const block = decoder.decode(lines);
      if (block.utf8.length > 0) yield block;
      if (block.failure) throw block.failure;
    }
  }
}

function canonicalName(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    throw new UnknownEncodingError(label, error);
  }
}

async function* splitChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  for await (const { buffer, byteOffset, byteLength } of bytes) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    for (let at = 0; at < byteLength; at += CHUNK_BYTES) yield chunk.subarray(at, at + CHUNK_BYTES);
  }
}

/** Blocks that end with a line break, but for the last, which may not. */
async function* wholeLines(
  chunks: AsyncIterable<Buffer>,
  lineEnds: LineEnds,
  line: () => number,
): AsyncGenerator<Buffer, void, undefined> {
  let block: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    // Looked at before, but for a CR of which only what follows tells whether it is half of a CRLF: a unit, or one and a half.
    const lookedAt = Math.max(0, block.length - 3);
    block = block.length === 0 ? chunk : Buffer.concat([block, chunk]);
    const end = lineEnds.lastIn(block, lookedAt - (lookedAt % 2));
    if (end === 0 && block.length > MAX_LINE_BYTES) throw new RowTooLargeError(line(), MAX_LINE_BYTES);
    if (end > 0) yield block.subarray(0, end);
    block = block.subarray(end);
  }
  if (block.length > 0) yield block;
}

/** The lines before the first one that tells something: the sample must not depend on how the bytes arrive. */
function leadingAsciiLines(block: Buffer, lineEnds: LineEnds): Buffer {
  for (const { at, content } of lineEnds.split(block)) {
    if (!isPlainAscii(content)) return block.subarray(0, at);
  }
  return block;
}

/** Reads on until there is enough for a sample. */
async function readSample(begun: Buffer, source: AsyncGenerator<Buffer, void, undefined>): Promise<Buffer> {
  const blocks = [begun];
  let bytes = begun.length;
  while (bytes < SAMPLE_BYTES) {
    const { value: lines } = await source.next();
    if (!lines) break;
    blocks.push(lines);
    bytes += lines.length;
  }
  return Buffer.concat(blocks);
}

function sampleOf(held: Buffer, lineEnds: LineEnds): Buffer {
  if (held.length <= SAMPLE_BYTES) return held;
  const sample = held.subarray(0, SAMPLE_BYTES);
  return sample.subarray(0, lineEnds.lastIn(sample) || SAMPLE_BYTES);
}
