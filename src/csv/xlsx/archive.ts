import type { Readable } from 'node:stream';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

import { DamagedFileError, WorkbookTooLargeError } from '../errors.js';

const MIB = 1024 * 1024;
/** Of the file. It stays in memory, since the directory of a zip archive is at its end. */
export const MAX_WORKBOOK_BYTES: number = 100 * MIB;
/** Excel writes a dozen, and one for each sheet, picture and comment. */
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
      if (zip.entryCount > MAX_PARTS) throw new WorkbookTooLargeError(`it has ${zip.entryCount} parts`);
      const parts = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) parts.set(keyOf(entry.fileName), entry);
      return new Archive(zip, parts);
    } catch (error) {
      throw asDamage(error);
    }
  }

  has(name: string): boolean {
    return this.#parts.has(keyOf(name));
  }

  /**
   * The unpacked bytes of a part; `undefined` when there is none of that name. What the archive says of its size holds, or reading
   * it fails.
   *
   * @throws {WorkbookTooLargeError} The part says that it is larger than `maxBytes`.
   */
  async read(name: string, maxBytes: number): Promise<AsyncIterable<Buffer> | undefined> {
    const entry = this.#parts.get(keyOf(name));
    if (entry === undefined) return undefined;
    if (entry.uncompressedSize > maxBytes) {
      const size = Math.ceil(entry.uncompressedSize / MIB);
      throw new WorkbookTooLargeError(`${name} takes ${size} MiB unpacked, more than ${maxBytes / MIB}`);
    }
    try {
      return withDamage(await this.#zip.openReadStreamPromise(entry));
    } catch (error) {
      throw asDamage(error);
    }
  }
}

/** Part names are compared without case (ECMA-376 part 2, "Part names"). */
function keyOf(name: string): string {
  return name.replace(/^\//, '').toLowerCase();
}

async function* withDamage(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw asDamage(error);
  }
}

function asDamage(error: unknown): unknown {
  if (error instanceof WorkbookTooLargeError || !(error instanceof Error)) return error;
  return new DamagedFileError(
    `it is an Excel workbook or another zip archive, cut off or damaged (${error.message})`,
    error,
  );
}
