import { WorkbookTooLargeError } from '../errors.js';

import type { Archive } from './archive.js';
import { readPart } from './xml.js';

const MIB = 1024 * 1024;
/** Maximum size of the part; less of it is kept. */
const MAX_PART_BYTES = 512 * MIB;
const MAX_KEPT_BYTES = 192 * MIB;
const BLOCK_BYTES = MIB;
/** Limits empty strings too, which still need an index entry. Fourteen columns of a full sheet have fewer. */
const MAX_COUNT = 16_000_000;

/**
 * The strings that cells refer to by number, kept as UTF-8 in large blocks: a million JavaScript strings would take several times as
 * much memory.
 */
export class SharedStrings {
  readonly #blocks: Buffer[] = [];
  #free: Buffer = Buffer.alloc(0);
  #keptBytes = 0;
  /** For each string: its block, and its start and end in it. */
  #places = new Uint32Array(3 * 1024);
  #count = 0;

  readonly #maxCount: number;

  private constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  /** @throws {DamagedFileError | WorkbookTooLargeError} */
  static async read(archive: Archive, part: string, maxCount: number = MAX_COUNT): Promise<SharedStrings> {
    const strings = new SharedStrings(maxCount);
    const item = new TextItem();
    await readPart(archive, part, MAX_PART_BYTES, {
      open: (name) => (name === 'si' ? item.start() : item.open(name)),
      text: (text) => item.add(text),
      close: (name) => (name === 'si' ? strings.#add(item.end()) : item.close(name)),
    });
    return strings;
  }

  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    const [block, start, end] = this.#places.subarray(3 * index, 3 * index + 3);
    return this.#blocks[block!]!.toString('utf8', start, end);
  }

  #add(text: string): void {
    if (this.#count === this.#maxCount) {
      throw new WorkbookTooLargeError(`it has more than ${this.#maxCount} shared strings`);
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#free.length || this.#blocks.length === 0) {
      this.#keptBytes += Math.max(BLOCK_BYTES, bytes);
      if (this.#keptBytes > MAX_KEPT_BYTES) {
        throw new WorkbookTooLargeError(`its cells contain more than ${MAX_KEPT_BYTES / MIB} MiB of text`);
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

/** More than the limit of Excel for one cell. */
const MAX_TEXT_CHARACTERS = MIB;

/** Collects the text of a string item: its runs, without fonts, and without the phonetic text (furigana) above it. */
export class TextItem {
  #text = '';
  #isText = false;
  #isPhonetic = false;

  start(): void {
    this.#text = '';
  }

  open(name: string): void {
    if (name === 'rPh') this.#isPhonetic = true;
    else if (name === 't') this.#isText = !this.#isPhonetic;
  }

  add(text: string): void {
    if (!this.#isText) return;
    this.#text += text;
    if (this.#text.length > MAX_TEXT_CHARACTERS) {
      throw new WorkbookTooLargeError('a cell contains more than a million characters');
    }
  }

  close(name: string): void {
    if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 't') this.#isText = false;
  }

  end(): string {
    return unescapeXstring(this.#text);
  }
}

/**
 * Decodes characters that XML cannot contain, written as `_x000D_` (ECMA-376 part 1, "ST_Xstring"). NUL is never valid, and stays as
 * it is.
 */
export function unescapeXstring(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (escape, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code === 0 || (code >= 0xd800 && code < 0xe000) ? escape : String.fromCharCode(code);
  });
}
