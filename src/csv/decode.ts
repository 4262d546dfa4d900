import { encodingNamed } from './code-pages.js';
import { detectEncoding, isPlainAscii } from './detect-encoding.js';
import { RowTooLargeError, UnknownEncodingError } from './errors.js';
import { LineDecoder, type TextBlock } from './line-decoder.js';
import { lineEndsOf, type LineEnds } from './lines.js';
import { prepend } from './prepend.js';
import { detectUnicodeEncoding } from './file-signature.js';
import type { FileBytes } from './decompress.js';

/** The text of a file, as UTF-8, which is what csv-parse reads. */
export interface DecodedText {
  /** The encoding, as far as the text has been read; final at its end. */
  readonly encoding: () => DetectedEncoding;
  /** Undefined if the encoding is given, not detected yet, or clear. */
  readonly closeGuess: () => CloseGuess | undefined;
  /** The text without its BOM. Single use; leaving early closes the source. */
  readonly blocks: AsyncGenerator<TextBlock, void, undefined>;
}

/** An encoding, and whether it is a guess. */
export interface DetectedEncoding {
  /** Its name in the Encoding Standard, in lower case, such as `windows-1252`. */
  readonly encoding: string;
  /** For a guess: the first line that is not ASCII, from which the encoding was guessed. */
  readonly guessedOnLine?: number | undefined;
}

/** A guess with another encoding that is nearly as probable, and the lines that show the difference. */
export interface CloseGuess {
  readonly rival: string;
  readonly sample: Buffer;
}

/** Larger chunks are split, so that the rows made from one chunk stay few. */
const CHUNK_BYTES = 16 * 1024;
/** Usual lines have a few hundred bytes; a file without line breaks must not fill the memory. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** How much text is used to detect an encoding. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Decodes a file.
 *
 * A BOM decides, then `known`, then zero bytes at the start, which mean UTF-16. Otherwise the encoding stays open while the text is
 * ASCII, and is detected from the 64 KiB that start with the first line that is not, however late in the file that is.
 *
 * @param known - the result of an earlier reading of the file, or a label that the user gave; see `encodingNamed`.
 * @throws {UnknownEncodingError} `known` is not such a label.
 */
export function decode(
  { first, rest }: FileBytes,
  known: DetectedEncoding | string | undefined,
): DecodedText {
  const unicode = detectUnicodeEncoding(first);
  const { bomBytes } = unicode;
  const given: DetectedEncoding | undefined =
    bomBytes === 0 && known !== undefined ? toDetected(known) : unicode.detected;
  let found = given;
  let closeGuess: CloseGuess | undefined;
  const chunks = splitChunks(prepend(first.subarray(bomBytes), rest));
  return {
    encoding: () => found ?? { encoding: 'utf-8' },
    closeGuess: () => closeGuess,
    blocks: blocks(),
  };

  async function* blocks(): AsyncGenerator<TextBlock, void, undefined> {
    // While the encoding is open, the text is ASCII, and ASCII is UTF-8.
    const decoder = new LineDecoder(given?.encoding ?? 'utf-8', bomBytes);
    if (given?.guessedOnLine !== undefined) decoder.guess(given.encoding);
    const lineEnds = lineEndsOf(given?.encoding ?? 'utf-8');
    const source = wholeLines(chunks, lineEnds, () => decoder.line);
    for await (const lines of source) {
      if (found !== undefined || isPlainAscii(lines)) {
        yield* decoded(lines);
        continue;
      }
      const ascii = leadingAsciiLines(lines, lineEnds);
      yield* decoded(ascii);
      const sample = await readSample(lines.subarray(ascii.length), source);
      const { encoding, rival } = await detectEncoding(trimSample(sample, lineEnds));
      if (rival !== undefined) closeGuess = { rival, sample };
      if (encoding === 'utf-8') found = { encoding };
      else {
        found = { encoding, guessedOnLine: decoder.line };
        decoder.guess(encoding);
      }
      yield* decoded(sample);
    }

    function* decoded(lines: Buffer): Generator<TextBlock, void, undefined> {
      const block = decoder.decode(lines);
      if (block.utf8.length > 0) yield block;
      if (block.failure) throw block.failure;
    }
  }
}

function toDetected(known: DetectedEncoding | string): DetectedEncoding {
  if (typeof known !== 'string') return known;
  try {
    return { encoding: encodingNamed(known) };
  } catch (error) {
    throw new UnknownEncodingError(known, error);
  }
}

async function* splitChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  for await (const { buffer, byteOffset, byteLength } of bytes) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    for (let at = 0; at < byteLength; at += CHUNK_BYTES) yield chunk.subarray(at, at + CHUNK_BYTES);
  }
}

/** Blocks of whole lines; the last one may lack its line break. */
async function* wholeLines(
  chunks: AsyncIterable<Buffer>,
  lineEnds: LineEnds,
  line: () => number,
): AsyncGenerator<Buffer, void, undefined> {
  let block: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    // Searched before, except a final CR, which may be half of a CRLF: one unit, or one and a half.
    const searched = Math.max(0, block.length - 3);
    block = block.length === 0 ? chunk : Buffer.concat([block, chunk]);
    const end = lineEnds.lastIn(block, searched - (searched % 2));
    if (end === 0 && block.length > MAX_LINE_BYTES) throw new RowTooLargeError(line(), MAX_LINE_BYTES);
    if (end > 0) yield block.subarray(0, end);
    block = block.subarray(end);
  }
  if (block.length > 0) yield block;
}

/** The lines before the first that is not ASCII, so that the sample does not depend on how the bytes arrive. */
function leadingAsciiLines(block: Buffer, lineEnds: LineEnds): Buffer {
  for (const { at, content } of lineEnds.split(block)) {
    if (!isPlainAscii(content)) return block.subarray(0, at);
  }
  return block;
}

/** Reads until there is enough for a sample. */
async function readSample(start: Buffer, source: AsyncGenerator<Buffer, void, undefined>): Promise<Buffer> {
  const blocks = [start];
  let bytes = start.length;
  while (bytes < SAMPLE_BYTES) {
    const { value: lines } = await source.next();
    if (!lines) break;
    blocks.push(lines);
    bytes += lines.length;
  }
  return Buffer.concat(blocks);
}

function trimSample(text: Buffer, lineEnds: LineEnds): Buffer {
  if (text.length <= SAMPLE_BYTES) return text;
  const sample = text.subarray(0, SAMPLE_BYTES);
  return sample.subarray(0, lineEnds.lastIn(sample) || SAMPLE_BYTES);
}
