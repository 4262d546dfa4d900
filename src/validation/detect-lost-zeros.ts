import { quoted } from '../text.js';

/** What one column's numbers have been so far. */
interface Widths {
  /** Digits of those that begin with a zero, and the first such line; 0 before there is one. */
  padded: number;
  paddedLine: number;
  example: string;
  /** Digits of the longest. */
  widest: number;
  /** How many had how many digits, and where the first stood, while none began with a zero. */
  readonly before: Map<number, { count: number; firstLine: number }>;
}

/** No identifier is longer; nor is a column worth watching that is watched by more countries than there are. */
const [MAX_DIGITS, MAX_COLUMNS] = [20, 1000];

/**
 * Points out numbers that have most likely lost their leading zeros to a spreadsheet: those with fewer digits than
 * neighbours that still begin with one, `102` beside `000103`.
 *
 * Reads every number once, in the order of the file, and keeps a few counts for each column: what came before the first
 * zero is pointed out when that comes. A column whose numbers are of any length has nothing that could be told.
 */
export class LostZeroDetector {
  readonly #columns = new Map<string, Widths>();

  /**
   * @param column - What to compare with: an attribute, or an attribute in one country.
   * @returns the sentence about this number, or about those before it; undefined for nothing to say.
   */
  note(column: string, name: string, text: string, line: number): string | undefined {
    if (text.length > MAX_DIGITS || !/^\d+$/.test(text)) return undefined;
    const widths = this.#widthsOf(column);
    if (widths === undefined) return undefined;
    const digits = text.length;
    widths.widest = Math.max(widths.widest, digits);

    if (text.startsWith('0') && digits > 1) {
      if (widths.padded === 0) return this.#begin(widths, name, text, line);
      // Zeros in front of numbers of several lengths are not there to fill them up.
      if (widths.padded !== digits) widths.widest = MAX_DIGITS + 1;
      return undefined;
    }
    if (widths.padded === 0) {
      const { count, firstLine } = widths.before.get(digits) ?? { count: 0, firstLine: line };
      widths.before.set(digits, { count: count + 1, firstLine });
      return undefined;
    }
    if (digits >= widths.padded || widths.widest > widths.padded) return undefined;
    return `${name} ${quoted(text)} has fewer digits than ${quoted(widths.example)} on line ${widths.paddedLine}, which begins with a zero: ${ADVICE}`;
  }

  /** The first number with a zero in front: now those before it can be judged. */
  #begin(widths: Widths, name: string, text: string, line: number): string | undefined {
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
      count === 1 ? `that on line ${firstLine} has` : `${count} before it, from line ${firstLine} on, have`;
    return `${name} ${quoted(text)} begins with a zero, and ${others} fewer digits: ${ADVICE}`;
  }

  #widthsOf(column: string): Widths | undefined {
    const known = this.#columns.get(column);
    if (known !== undefined || this.#columns.size >= MAX_COLUMNS) return known;
    const fresh: Widths = { padded: 0, paddedLine: 0, example: '', widest: 0, before: new Map() };
    this.#columns.set(column, fresh);
    return fresh;
  }
}

const ADVICE =
  'a spreadsheet may have taken the zeros away. Format the column as text before the numbers go in, and save again.';
