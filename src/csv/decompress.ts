import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { CompressionBombError, DamagedFileError } from './errors.js';
import { prepend } from './prepend.js';
import { isGzip } from './file-signature.js';

/** The bytes of a file, with the first of them looked at. */
export interface FileBytes {
  /** At least the 16 that tell the kind of a file, if it has as many. */
  readonly first: Buffer;
  /** What follows. Whoever does not read it has to close it. */
  readonly rest: AsyncGenerator<Uint8Array, void, undefined>;
}

const FIRST_BYTES = 16;
const MIB = 1024 * 1024;
/**
 * How many times its size a file may unpack to. Lists of people are at five to thirty; their logins alone, no two alike, keep
 * even a monotonous list of many columns below. gzip's most is 1032 (deflate, RFC 1951), and bombs are near it.
 */
const MAX_RATIO = 200;
/** Small files may be as monotonous as they like: they harm nobody. */
const MIN_BOMB_BYTES = 256 * MIB;

/**
 * Takes a look at the first bytes, and decompresses what is compressed with gzip, as it is read.
 *
 * @throws while reading, {@link DamagedFileError}: the compressed data are cut off or damaged; {@link CompressionBombError}.
 */
export async function decompress(bytes: AsyncIterable<Uint8Array>): Promise<FileBytes> {
  const file = await begun(bytes);
  return isGzip(file.first) ? begun(gunzipped(prepend(file.first, file.rest))) : file;
}

async function begun(bytes: AsyncIterable<Uint8Array>): Promise<FileBytes> {
  const rest = generatorOf(bytes);
  let first: Buffer = Buffer.alloc(0);
  while (first.length < FIRST_BYTES) {
    const { value: chunk } = await rest.next();
    if (!chunk) break;
    first = Buffer.concat([first, chunk]);
  }
  return { first, rest };
}

async function* generatorOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* bytes;
}

async function* gunzipped(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip();
  let failure: unknown;
  let packedBytes = 0;
  let unpackedBytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of keepOpen(bytes)) {
      packedBytes += chunk.length;
      yield chunk;
    }
  };
  const feeding = pipeline(Readable.from(counted(), { objectMode: false }), gunzip).catch(
    (error: unknown) => {
      failure = error;
    },
  );
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      unpackedBytes += chunk.length;
      // What was handed to gunzip may lie ahead of what comes out of it, by a few chunks.
      if (unpackedBytes > MIN_BOMB_BYTES && unpackedBytes > MAX_RATIO * packedBytes) {
        throw new CompressionBombError(Math.floor(unpackedBytes / MIB), MAX_RATIO);
      }
      yield chunk;
    }
    // Zeros may follow, which some tapes and tools pad with: whoever hashes the file wants them read.
    while (!(await bytes.next()).done);
  } catch (error) {
    if (error instanceof CompressionBombError) throw error;
    await feeding;
    if (isZlibError(error)) {
      throw new DamagedFileError('it is compressed with gzip, and cut off or damaged', error);
    }
    throw failure ?? error;
  } finally {
    gunzip.destroy();
    await bytes.return();
  }
}

/** The same, left open when the reader leaves. */
async function* keepOpen<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
