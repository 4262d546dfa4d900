import { LineRanges } from './line-ranges.js';
import { checkSeal, continuesAfterSeal } from './line-seal.js';

/** Decides which lines of a journal are believed, and remembers the others. Lines are numbered from 1. */
export class LineVerifier {
  #lines = 0;
  #lastSeq = 0;
  /** Once a line has a seal, all later ones need one. */
  #isSealed = false;
  /** Lines since the last one in its place that cannot be read: they explain a gap in the numbers. */
  #unreadable = 0;
  readonly #damaged = new LineRanges();
  readonly #misplaced = new LineRanges();
  readonly #afterGaps = new LineRanges();

  /** Number of complete lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Whether the last line, or one before it, has a seal. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  /** Whether intact lines are not in the order in which they were written, or are repeated. */
  get isOutOfOrder(): boolean {
    return this.#misplaced.size > 0;
  }

  /**
   * @returns where the seal starts, in whose place goes a closing brace; `end` for a line without one; undefined for a line that
   * cannot be believed.
   */
  check(bytes: Buffer, start: number, end: number): number | undefined {
    this.#lines += 1;
    const seal = checkSeal(bytes, start, end);
    if (seal.kind === 'intact') {
      this.#place(seal.seq);
      return seal.end;
    }
    if (seal.kind === 'none' && !this.#isSealed) {
      this.#lastSeq = this.#lines;
      return end;
    }
    this.rejectLast();
    return undefined;
  }

  /** The last line is no journal line, although its checksum is right or it has none. */
  rejectLast(): void {
    this.#damaged.add(this.#lines);
    this.#unreadable += 1;
  }

  /** @param tail - what follows the last newline: a line torn by a crash, or lines whose newlines were changed. */
  checkTail(tail: Buffer): void {
    if (!continuesAfterSeal(tail)) return;
    this.#lines += 1;
    this.rejectLast();
  }

  #place(seq: number): void {
    this.#isSealed = true;
    if (seq <= this.#lastSeq) {
      this.#misplaced.add(this.#lines);
      return;
    }
    if (seq > this.#lastSeq + 1 + this.#unreadable) this.#afterGaps.add(this.#lines);
    this.#unreadable = 0;
    this.#lastSeq = seq;
  }

  /** What is wrong, as the end of a sentence about the journal; undefined when nothing is. */
  get problem(): string | undefined {
    const parts: string[] = [];
    if (this.#damaged.size > 0) parts.push(`${this.#damaged.text} cannot be read`);
    const { size, text } = this.#misplaced;
    if (size > 0) parts.push(`${text} ${size === 1 ? 'is' : 'are'} repeated or out of order`);
    // Lines that were moved leave gaps behind.
    if (size === 0 && this.#afterGaps.size > 0) {
      parts.push(`lines are missing before ${this.#afterGaps.text}`);
    }
    return parts.length === 0 ? undefined : parts.join('; ');
  }
}
