import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { CompressionBombError, DamagedFileError } from './errors.js';
import { prepend } from './prepend.js';
import { isGzip } from './file-signature.js';

/** The bytes of a file, the first of them separate. */
export interface FileBytes {
  /** At least 16 bytes, enough to recognize the format, unless the file is shorter. */
  readonly first: Buffer;
  /** The bytes after `first`. A caller that does not read them must close this. */
  readonly rest: AsyncGenerator<Uint8Array, void, undefined>;
}

const FIRST_BYTES = 16;
const MIB = 1024 * 1024;
/**
 * How many times its compressed size a file may have. Lists of users reach 5 to 30, and unique logins keep even repetitive lists below
 * 200. The maximum of gzip is 1032 (deflate, RFC 1951), and bombs come close to it.
 */
const MAX_RATIO = 200;
/** Smaller files may have any ratio: they do no harm. */
const MIN_BOMB_BYTES = 256 * MIB;

/**
 * Reads the first bytes of a file, and decompresses a gzip file as it is read.
 *
 * @throws {DamagedFileError | CompressionBombError} while reading `rest`.
 */
export async function decompress(bytes: AsyncIterable<Uint8Array>): Promise<FileBytes> {
  const file = await peek(bytes);
  return isGzip(file.first) ? peek(gunzip(prepend(file.first, file.rest))) : file;
}

function peek(bytes: AsyncIterable<Uint8Array>): Promise<FileBytes> {
  return peekMore({ first: Buffer.alloc(0), rest: generatorOf(bytes) }, FIRST_BYTES);
}

/** The same file with at least `count` bytes in `first`, unless it is shorter. */
export async function peekMore({ first, rest }: FileBytes, count: number): Promise<FileBytes> {
  const chunks: Uint8Array[] = [first];
  for (let bytes = first.length; bytes < count; bytes += chunks.at(-1)!.length) {
    const { value: chunk } = await rest.next();
    if (!chunk) break;
    chunks.push(chunk);
  }
  return { first: Buffer.concat(chunks), rest };
}

async function* generatorOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* bytes;
}

async function* gunzip(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = createGunzip();
  let failure: unknown;
  let compressedBytes = 0;
  let expandedBytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of keepOpen(bytes)) {
      compressedBytes += chunk.length;
      yield chunk;
    }
  };
  const piping = pipeline(Readable.from(counted(), { objectMode: false }), decoder).catch(
    (error: unknown) => {
      failure = error;
    },
  );
  try {
    for await (const chunk of decoder as AsyncIterable<Uint8Array>) {
      expandedBytes += chunk.length;
      // The input may be a few chunks ahead of the output.
      if (expandedBytes > MIN_BOMB_BYTES && expandedBytes > MAX_RATIO * compressedBytes) {
        throw new CompressionBombError(Math.floor(expandedBytes / MIB), MAX_RATIO);
      }
      yield chunk;
    }
    // Some tools pad with zeros. They are read too, so that the hash covers the whole file.
    while (!(await bytes.next()).done);
  } catch (error) {
    if (error instanceof CompressionBombError) throw error;
    await piping;
    if (isZlibError(error)) {
      throw new DamagedFileError('its gzip data is truncated or damaged', error);
    }
    throw failure ?? error;
  } finally {
    decoder.destroy();
    await bytes.return();
  }
}

/** Iterates without closing the source when the reader leaves. */
async function* keepOpen<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
