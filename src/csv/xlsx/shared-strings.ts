import { WorkbookTooLargeError } from '../errors.js';

import type { Archive } from './archive.js';
import { readXml } from './xml.js';

const MIB = 1024 * 1024;
/** Of the part; what is kept of it is less. */
const MAX_PART_BYTES = 512 * MIB;
const MAX_KEPT_BYTES = 192 * MIB;
const BLOCK_BYTES = MIB;
/** Empty texts, which take no room themselves, still take a place each. Fourteen columns of a full sheet have fewer. */
const MAX_COUNT = 16_000_000;

/**
 * The texts that cells refer to by number. They are kept as UTF-8 in large blocks: a million texts as JavaScript strings would take
 * several times as much.
 */
export class SharedStrings {
  readonly #blocks: Buffer[] = [];
  #free: Buffer = Buffer.alloc(0);
  #keptBytes = 0;
  /** Of each text: its block, and where in it it begins and ends. */
  #places = new Uint32Array(3 * 1024);
  #count = 0;

  readonly #maxCount: number;

  private constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  /** @throws {DamagedFileError | WorkbookTooLargeError} */
  static async read(archive: Archive, part: string, maxCount: number = MAX_COUNT): Promise<SharedStrings> {
    const strings = new SharedStrings(maxCount);
    const bytes = await archive.read(part, MAX_PART_BYTES);
    if (bytes === undefined) return strings;
    const item = new TextItem();
    const reading = readXml(bytes, part, {
      open: (name) => (name === 'si' ? item.begin() : item.open(name)),
      text: (text) => item.add(text),
      close: (name) => (name === 'si' ? strings.#add(item.end()) : item.close(name)),
    });
    for await (const _ of reading);
    return strings;
  }

  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    const [block, start, end] = this.#places.subarray(3 * index, 3 * index + 3);
    return this.#blocks[block!]!.toString('utf8', start, end);
  }

  #add(text: string): void {
    if (this.#count === this.#maxCount) {
      throw new WorkbookTooLargeError(`it has more than ${this.#maxCount} texts`);
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#free.length || this.#blocks.length === 0) {
      this.#keptBytes += Math.max(BLOCK_BYTES, bytes);
      if (this.#keptBytes > MAX_KEPT_BYTES) {
        throw new WorkbookTooLargeError(`its cells hold more than ${MAX_KEPT_BYTES / MIB} MiB of text`);
      }
      this.#free = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, bytes));
      this.#blocks.push(this.#free);
    }
    const block = this.#blocks.at(-1)!;
    const start = block.length - this.#free.length;
    this.#free.write(text);
    this.#free = this.#free.subarray(bytes);
    if (3 * this.#count === this.#places.length) {
      const grown = new Uint32Array(2 * this.#places.length);
      grown.set(this.#places);
      this.#places = grown;
    }
    this.#places.set([this.#blocks.length - 1, start, start + bytes], 3 * this.#count);
    this.#count += 1;
  }
}

/** What a cell may hold in Excel, and some. */
const MAX_TEXT_CHARACTERS = MIB;

/** Collects the text of a string item: its runs without their fonts, and without the readings (furigana) above it. */
export class TextItem {
  #text = '';
  #isText = false;
  #isReading = false;

  begin(): void {
    this.#text = '';
  }

  open(name: string): void {
    if (name === 'rPh') this.#isReading = true;
    else if (name === 't') this.#isText = !this.#isReading;
  }

  add(text: string): void {
    if (!this.#isText) return;
    this.#text += text;
    if (this.#text.length > MAX_TEXT_CHARACTERS) {
      throw new WorkbookTooLargeError('a cell holds more than a million characters');
    }
  }

  close(name: string): void {
    if (name === 'rPh') this.#isReading = false;
    else if (name === 't') this.#isText = false;
  }

  end(): string {
    return unescaped(this.#text);
  }
}

/**
 * Characters that XML cannot hold are written `_x000D_` (ECMA-376 part 1, "ST_Xstring"). NUL, which no text has, stays written so.
 */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (escape, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code === 0 || (code >= 0xd800 && code < 0xe000) ? escape : String.fromCharCode(code);
  });
}
