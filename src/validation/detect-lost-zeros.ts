import { lineText, onLine, type Place } from '../rows/place.js';
import { quoted } from '../text.js';

/** What is known about the numbers of one column. */
interface Widths {
  /** Digits of the numbers with a leading zero, and the line of the first; 0 before there is one. */
  padded: number;
  paddedLine: number;
  example: string;
  /** Digits of the longest number. */
  widest: number;
  /** Before the first number with a leading zero: how many numbers had how many digits, and the line of the first. */
  readonly before: Map<number, { count: number; firstLine: number }>;
}

/** Where a number stands. */
type LineOfNumber = Pick<Place, 'line' | 'lineLabel'>;

/** No identifier has more digits, and no file has more countries. */
const [MAX_DIGITS, MAX_COLUMNS] = [20, 1000];

/**
 * Finds numbers that have probably lost leading zeros in a spreadsheet: those with fewer digits than others that still have one, as
 * `102` beside `000103`.
 *
 * Needs every number once, in the order of the file, and keeps a few counts for each column: numbers before the first leading zero are
 * reported when it appears. Columns with numbers of various lengths are ignored.
 */
export class LostZeroDetector {
  readonly #columns = new Map<string, Widths>();
  readonly #numbers = new Map<string, { shortest: string; longest: string }>();

  /**
   * @param column - which numbers to compare: an attribute, or an attribute in one country.
   * @returns a message about this number or about earlier ones.
   */
  check(column: string, name: string, text: string, at: LineOfNumber): string | undefined {
    if (text.length > MAX_DIGITS || !/^\d+$/.test(text)) return undefined;
    const widths = this.#widthsOf(column);
    if (widths === undefined) return undefined;
    const digits = text.length;
    widths.widest = Math.max(widths.widest, digits);

    if (text.startsWith('0') && digits > 1) {
      if (widths.padded === 0) return this.#checkEarlier(widths, name, text, at);
      // Leading zeros in numbers of various lengths are not padding.
      if (widths.padded !== digits) widths.widest = MAX_DIGITS + 1;
      return undefined;
    }
    if (widths.padded === 0) {
      const { count, firstLine } = widths.before.get(digits) ?? { count: 0, firstLine: at.line };
      widths.before.set(digits, { count: count + 1, firstLine });
      return undefined;
    }
    if (digits >= widths.padded || widths.widest > widths.padded) return undefined;
    return `${name} ${quoted(text)} has fewer digits than ${quoted(widths.example)} ${onLine(widths.paddedLine, at.lineLabel)}, which starts with a zero. ${ADVICE}`;
  }

  /**
   * The same for a cell that a workbook stores as a number, which never has leading zeros: reports a column once, when its numbers
   * turn out to have different lengths.
   */
  checkNumber(column: string, name: string, text: string): string | undefined {
    const seen = this.#numbers.get(column);
    if (seen === undefined) {
      if (this.#numbers.size < MAX_COLUMNS) this.#numbers.set(column, { shortest: text, longest: text });
      return undefined;
    }
    if (seen.shortest.length !== seen.longest.length || text.length === seen.longest.length) return undefined;
    if (text.length < seen.shortest.length) seen.shortest = text;
    else seen.longest = text;
    return `${name} is stored as numbers of different lengths, such as ${quoted(seen.shortest)} and ${quoted(seen.longest)}. Numbers have no leading zeros: if some should, format the column as text, and enter the numbers again.`;
  }

  /** At the first number with a leading zero, the numbers before it can be judged. */
  #checkEarlier(
    widths: Widths,
    name: string,
    text: string,
    { line, lineLabel }: LineOfNumber,
  ): string | undefined {
    widths.padded = text.length;
    widths.paddedLine = line;
    widths.example = text;
    if (widths.widest > widths.padded) return undefined;
    const shorter = [...widths.before].filter(([digits]) => digits < text.length).map(([, seen]) => seen);
    widths.before.clear();
    if (shorter.length === 0) return undefined;
    const count = shorter.reduce((sum, seen) => sum + seen.count, 0);
    const firstLine = Math.min(...shorter.map((seen) => seen.firstLine));
    const others =
      count === 1
        ? `the value ${onLine(firstLine, lineLabel)} has`
        : `${count} earlier values, from ${lineText(firstLine, lineLabel)}, have`;
    return `${name} ${quoted(text)} starts with a zero, but ${others} fewer digits. ${ADVICE}`;
  }

  #widthsOf(column: string): Widths | undefined {
    const known = this.#columns.get(column);
    if (known !== undefined || this.#columns.size >= MAX_COLUMNS) return known;
    const widths: Widths = { padded: 0, paddedLine: 0, example: '', widest: 0, before: new Map() };
    this.#columns.set(column, widths);
    return widths;
  }
}

const ADVICE =
  'A spreadsheet may have removed leading zeros. Format the column as text, enter the numbers again, and save the file.';
