import { countLineBreaks, firstNonBlank } from './quoting.js';

const LF = 0x0a;
const CR = 0x0d;
/** Above this size, blank lines after the last row are skipped. */
const MANY_BLANK_LINES_BYTES = 1024 * 1024;

/** Follows the parser through the text, to compute line numbers and to give access to the text of the current row. */
export class LineTracker {
  /** The text from the end of the last row on, and possibly some before it. */
  #text: Buffer = Buffer.alloc(0);
  #textStartBytes = 0;
  #rowEndBytes = 0;
  /** The parser's line count at the end of the last row. It counts CRLF within quotes as two lines. */
  #parserLine = 0;
  /** Difference between the physical line and the parser's count. */
  #offset: number;
  /** Physical line after the last row. */
  nextLine: number;

  constructor(firstLine: number) {
    this.#offset = firstLine - 1;
    this.nextLine = firstLine;
  }

  /** Adds the text that the parser is about to receive. It starts on a new line. */
  feed(block: Buffer): void {
    if (this.unfinishedBytes > MANY_BLANK_LINES_BYTES) this.#skipBlankLines();
    const rest = this.#text.subarray(this.#rowEndBytes - this.#textStartBytes);
    this.#textStartBytes = this.#rowEndBytes;
    this.#text = rest.length === 0 ? block : Buffer.concat([rest, block]);
  }

  /** How much text was fed since the last row ended. */
  get unfinishedBytes(): number {
    return this.#textStartBytes + this.#text.length - this.#rowEndBytes;
  }

  /** The text from the end of the last row to `endBytes`, which counts from the start of the text. */
  textUpTo(endBytes = Infinity): string {
    const end = Math.min(endBytes - this.#textStartBytes, this.#text.length);
    return this.#text.toString('utf8', this.#rowEndBytes - this.#textStartBytes, end);
  }

  /** Records the end of a row, and returns the physical line on which the row started. */
  rowEnded(cells: readonly string[], info: { lines: number; bytes: number }): number {
    // Fast path: nearly every row is one line and directly follows the row before it. Only others need a look at their cells.
    const isNextLine = info.lines === this.#parserLine + 1;
    const breaks = isNextLine ? { parserLines: 0, lines: 0 } : breaksWithin(cells);
    const line = info.lines - breaks.parserLines + this.#offset;
    this.#offset -= breaks.parserLines - breaks.lines;
    this.#parserLine = info.lines;
    this.#rowEndBytes = info.bytes;
    this.nextLine = line + breaks.lines + 1;
    return line;
  }

  /** Drops the blank lines after the last row: there may be any number of them. */
  #skipBlankLines(): void {
    const first = this.#text[this.#rowEndBytes - this.#textStartBytes];
    // A row has started: decoding it again with every block would be too slow.
    if (first !== LF && first !== CR) return;
    const text = this.textUpTo();
    const blankBytes = firstNonBlank(text);
    this.nextLine += countLineBreaks(text.slice(0, blankBytes));
    this.#rowEndBytes += blankBytes;
  }
}

/** Line breaks in the cells of a row, which are those within its quotes. */
function breaksWithin(cells: readonly string[]): { parserLines: number; lines: number } {
  const breaks = { parserLines: 0, lines: 0 };
  for (const cell of cells) {
    breaks.parserLines += cell.match(/[\r\n]/g)?.length ?? 0;
    breaks.lines += countLineBreaks(cell);
  }
  return breaks;
}
