import { countLineBreaks, firstNonBlank } from './quoting.js';

const LF = 0x0a;
const CR = 0x0d;
/** From here on it is worth a look whether the text after the last record is blank lines. */
const MANY_BLANK_LINES_BYTES = 1024 * 1024;

/** Follows the parser through the text, in order to tell lines, and to look again at the record it is in. */
export class LineTracker {
  /** The text from the end of the last record on, and possibly some before it. */
  #text: Buffer = Buffer.alloc(0);
  #textStartBytes = 0;
  #recordEndBytes = 0;
  /** The parser's own count of lines at the end of the last record. It counts CRLF within quotes as two. */
  #parserLine = 0;
  /** What to add to the parser's count to get the physical line. */
  #offset: number;
  /** Physical line after the last record. */
  nextLine: number;

  constructor(firstLine: number) {
    this.#offset = firstLine - 1;
    this.nextLine = firstLine;
  }

  /** Takes the text that the parser is about to get. It begins on a new line. */
  feed(block: Buffer): void {
    if (this.unfinishedBytes > MANY_BLANK_LINES_BYTES) this.#skipBlankLines();
    const rest = this.#text.subarray(this.#recordEndBytes - this.#textStartBytes);
    this.#textStartBytes = this.#recordEndBytes;
    this.#text = rest.length === 0 ? block : Buffer.concat([rest, block]);
  }

  /** How much was fed since the last record ended. */
  get unfinishedBytes(): number {
    return this.#textStartBytes + this.#text.length - this.#recordEndBytes;
  }

  /** The text from the end of the last record to `endBytes`, which the parser counts from the beginning. */
  textUpTo(endBytes = Infinity): string {
    const end = Math.min(endBytes - this.#textStartBytes, this.#text.length);
    return this.#text.toString('utf8', this.#recordEndBytes - this.#textStartBytes, end);
  }

  /** Takes note of a record that the parser has just finished, and tells the physical line on which it started. */
  rowEnded(cells: readonly string[], info: { lines: number; bytes: number }): number {
    // Nearly every record is one line long and follows the one before it: only the others need a look into their cells.
    const isNextLine = info.lines === this.#parserLine + 1;
    const breaks = isNextLine ? { parserLines: 0, lines: 0 } : breaksWithin(cells);
    const line = info.lines - breaks.parserLines + this.#offset;
    this.#offset -= breaks.parserLines - breaks.lines;
    this.#parserLine = info.lines;
    this.#recordEndBytes = info.bytes;
    this.nextLine = line + breaks.lines + 1;
    return line;
  }

  /** Lets go of blank lines after the last record, of which there may be any number. */
  #skipBlankLines(): void {
    const first = this.#text[this.#recordEndBytes - this.#textStartBytes];
    // A record that is begun: decoding it again with every block would take longer than all else.
    if (first !== LF && first !== CR) return;
    const text = this.textUpTo();
    const blankBytes = firstNonBlank(text);
    this.nextLine += countLineBreaks(text.slice(0, blankBytes));
    this.#recordEndBytes += blankBytes;
  }
}

/** Line breaks in the cells of a record, which are those within its quotes. */
function breaksWithin(cells: readonly string[]): { parserLines: number; lines: number } {
  const breaks = { parserLines: 0, lines: 0 };
  for (const cell of cells) {
    breaks.parserLines += cell.match(/[\r\n]/g)?.length ?? 0;
    breaks.lines += countLineBreaks(cell);
  }
  return breaks;
}
