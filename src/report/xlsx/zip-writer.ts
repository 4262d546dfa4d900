import { constants, crc32, deflateRawSync } from 'node:zlib';

import { FileWriter } from '../file-writer.js';

/** Text of a part is compressed and written in blocks of this size. */
const BLOCK_CHARACTERS = 64 * 1024;
/** The parts have no time of their own: 1 January 1980, the earliest that zip knows. */
const DOS_DATE = 0x21;
/** Sizes follow the content, since they are unknown before; names are UTF-8. */
const FLAGS = 0x808;
const DEFLATE = 8;
const VERSION = 20;

interface Part {
  readonly name: Buffer;
  readonly offset: number;
  crc: number;
  size: number;
  packedSize: number;
}

/** Writes a zip archive of texts, one part after the other, without holding them in memory. */
export class ZipWriter {
  readonly #file: FileWriter;
  readonly #parts: Part[] = [];
  #block = '';
  /** What is compressed and not yet written. */
  #packed: Buffer[] = [];
  #offset = 0;

  constructor(path: string) {
    this.#file = new FileWriter(path);
  }

  /** Starts the next part. Text that is appended from now on belongs to it. */
  startPart(path: string): void {
    this.#endPart();
    const name = Buffer.from(path);
    this.#parts.push({ name, offset: this.#offset, crc: 0, size: 0, packedSize: 0 });
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(VERSION, 4);
    header.writeUInt16LE(FLAGS, 6);
    header.writeUInt16LE(DEFLATE, 8);
    header.writeUInt16LE(DOS_DATE, 12);
    header.writeUInt16LE(name.length, 26);
    this.#push(header, name);
  }

  /** Buffers text. The caller flushes when `isFull`. */
  append(text: string): void {
    this.#block += text;
  }

  get isFull(): boolean {
    return this.#block.length >= BLOCK_CHARACTERS;
  }

  /** Compresses and writes the buffered text. @throws {ReportError} */
  async flush(): Promise<void> {
    this.#pack(constants.Z_SYNC_FLUSH);
    const packed = Buffer.concat(this.#packed);
    this.#packed = [];
    if (packed.length > 0) await this.#file.write(packed);
  }

  /** @throws {ReportError} */
  async close(): Promise<void> {
    this.#endPart();
    const start = this.#offset;
    for (const part of this.#parts) this.#push(directoryEntry(part), part.name);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(this.#offset - start, 12);
    end.writeUInt32LE(start, 16);
    this.#push(end);
    await this.flush();
    await this.#file.close();
  }

  #endPart(): void {
    const part = this.#parts.at(-1);
    if (part === undefined) return;
    this.#pack(constants.Z_FINISH);
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(0x08074b50, 0);
    sizes.writeUInt32LE(part.crc, 4);
    sizes.writeUInt32LE(part.packedSize, 8);
    sizes.writeUInt32LE(part.size, 12);
    this.#push(sizes);
  }

  /** Blocks that are compressed one by one form one stream, of which only the last is marked as such. */
  #pack(finishFlush: number): void {
    const part = this.#parts.at(-1);
    if (part === undefined || (this.#block === '' && finishFlush !== constants.Z_FINISH)) return;
    const bytes = Buffer.from(this.#block);
    this.#block = '';
    const packed = deflateRawSync(bytes, { finishFlush });
    part.crc = crc32(bytes, part.crc);
    part.size += bytes.length;
    part.packedSize += packed.length;
    this.#push(packed);
  }

  #push(...chunks: readonly Buffer[]): void {
    for (const chunk of chunks) this.#offset += chunk.length;
    this.#packed.push(...chunks);
  }
}

function directoryEntry({ name, offset, crc, size, packedSize }: Part): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(VERSION, 4);
  entry.writeUInt16LE(VERSION, 6);
  entry.writeUInt16LE(FLAGS, 8);
  entry.writeUInt16LE(DEFLATE, 10);
  entry.writeUInt16LE(DOS_DATE, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packedSize, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(offset, 42);
  return entry;
}
