import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { DamagedFileError } from './errors.js';
import { prepend } from './prepend.js';
import { isGzip } from './sniff.js';

/** The bytes of a file, with the first of them looked at. */
export interface Unpacked {
  /** At least the 16 that tell the kind of a file, if it has as many. */
  readonly first: Buffer;
  /** What follows. Whoever does not read it has to close it. */
  readonly rest: AsyncGenerator<Uint8Array, void, undefined>;
}

const FIRST_BYTES = 16;

/**
 * Takes a look at the first bytes, and decompresses what is compressed with gzip, as it is read: a bomb only goes on for long.
 *
 * @throws while reading, {@link DamagedFileError}: the compressed data are cut off or damaged.
 */
export async function unpack(bytes: AsyncIterable<Uint8Array>): Promise<Unpacked> {
  const file = await begun(bytes);
  return isGzip(file.first) ? begun(gunzipped(prepend(file.first, file.rest))) : file;
}

async function begun(bytes: AsyncIterable<Uint8Array>): Promise<Unpacked> {
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
  const feeding = pipeline(Readable.from(unclosed(bytes), { objectMode: false }), gunzip).catch(
    (error: unknown) => {
      failure = error;
    },
  );
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
    // Zeros may follow, which some tapes and tools pad with: whoever hashes the file wants them read.
    while (!(await bytes.next()).done);
  } catch (error) {
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
async function* unclosed<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
