import type { Readable } from 'node:stream';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

import { DamagedFileError, WorkbookTooLargeError } from '../errors.js';

const MIB = 1024 * 1024;
/** Maximum file size. The file stays in memory, since the directory of a zip archive is at its end. */
export const MAX_WORKBOOK_BYTES: number = 100 * MIB;
/** Excel writes a dozen parts, and one for each sheet, picture and comment. */
const MAX_PARTS = 10_000;

/** The parts of a workbook, which is a zip archive. */
export class Archive {
  readonly #zip: ZipFile;
  readonly #parts: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, parts: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#parts = parts;
  }

  /** @throws {DamagedFileError | WorkbookTooLargeError} */
  static async open(bytes: Buffer): Promise<Archive> {
    try {
      const zip = await fromBufferPromise(bytes, { lazyEntries: true });
      if (zip.entryCount > MAX_PARTS) {
        throw new WorkbookTooLargeError(`it has ${zip.entryCount} parts, but the limit is ${MAX_PARTS}`);
      }
      const parts = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) parts.set(keyOf(entry.fileName), entry);
      return new Archive(zip, parts);
    } catch (error) {
      throw toDamagedFileError(error);
    }
  }

  /** In lower case. */
  get names(): Iterable<string> {
    return this.#parts.keys();
  }

  has(name: string): boolean {
    return this.#parts.has(keyOf(name));
  }

  /**
   * The decompressed bytes of a part; `undefined` if there is no such part. Reading fails if the size is not what the archive declares.
   *
   * @throws {WorkbookTooLargeError} The declared size is larger than `maxBytes`.
   */
  async read(name: string, maxBytes: number): Promise<AsyncIterable<Buffer> | undefined> {
    const entry = this.#parts.get(keyOf(name));
    if (entry === undefined) return undefined;
    if (entry.uncompressedSize > maxBytes) {
      const size = Math.ceil(entry.uncompressedSize / MIB);
      throw new WorkbookTooLargeError(
        `${name} has ${size} MiB decompressed, but the limit is ${maxBytes / MIB} MiB`,
      );
    }
    try {
      return convertErrors(await this.#zip.openReadStreamPromise(entry));
    } catch (error) {
      throw toDamagedFileError(error);
    }
  }
}

/** Part names are compared ignoring case (ECMA-376 part 2, "Part names"). */
function keyOf(name: string): string {
  return name.replace(/^\//, '').toLowerCase();
}

async function* convertErrors(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw toDamagedFileError(error);
  }
}

function toDamagedFileError(error: unknown): unknown {
  if (error instanceof WorkbookTooLargeError || !(error instanceof Error)) return error;
  return new DamagedFileError(
    `its zip data is truncated or damaged (${error.message.replace(/\.$/, '')})`,
    error,
  );
}
