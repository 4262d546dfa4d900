import { DigestTable } from '../digest-table.js';
import type { Row } from '../rows/row.js';

import { LostZeroDetector } from './detect-lost-zeros.js';

/** What the checks of one file remember of its rows, since some problems are about several rows. */
export interface RowMemory {
  /**
   * Remembers that a row has a value, unless an earlier row has it.
   *
   * @param table - which values to compare: an attribute.
   * @param isLogin - whether `firstLineWith('login', text, row)` is called as well: then the text need not be kept twice.
   * @returns the line of the first row with this value, if that is another row.
   */
  firstLineWith(table: string, text: string, row: Row, isLogin?: boolean): number | undefined;
  /**
   * Remembers a text that may be a number with leading zeros.
   *
   * @returns a message if it seems to have lost them.
   */
  lostZeros(number: PaddedNumber, row: Row): string | undefined;
}

/** A text that may be a number with leading zeros. */
export interface PaddedNumber {
  /** Which numbers to compare; see `LostZeroDetector`. */
  readonly column: string;
  /** Of the attribute. */
  readonly name: string;
  readonly text: string;
  /** Whether a workbook stores it as a number. */
  readonly isNumber: boolean;
}

/**
 * For rows that come once, in the order of the file.
 *
 * @param expectedRows - about how many there are; each has a login of its own.
 */
export function createRowMemory(expectedRows = 0): RowMemory {
  const tables = new Map<string, DigestTable>();
  const zeros = new LostZeroDetector();
  const tableOf = (name: string): DigestTable => {
    let table = tables.get(name);
    if (table === undefined) {
      table = new DigestTable(name === 'login' ? expectedRows : 0);
      tables.set(name, table);
    }
    return table;
  };
  /** The lines whose value is their login, by table. */
  const ofLogins = new Map<string, LineSet>();
  return {
    firstLineWith(name, text, { line }, isLogin = false) {
      let lines = ofLogins.get(name);
      const lineOfLogin = isLogin || lines !== undefined ? tableOf('login').find(text) : undefined;
      const hasValue = lineOfLogin !== undefined && lines?.has(lineOfLogin) === true;
      const isRepeated = lineOfLogin !== undefined && lineOfLogin !== line;
      if (!isLogin || (isRepeated && !hasValue)) {
        // The login of a row that repeats it leads to the first row only.
        const firstLine = tableOf(name).setIfAbsent(text, line);
        if (!hasValue) return firstLine;
        return Math.min(lineOfLogin, firstLine ?? lineOfLogin);
      }
      if (lines === undefined) {
        lines = new LineSet();
        ofLogins.set(name, lines);
      }
      lines.add(line);
      return tables.get(name)?.find(text);
    },
    lostZeros: (number, row) => findLostZeros(zeros, number, row),
  };
}

/** Line numbers, one bit each. */
class LineSet {
  #words = new Uint32Array(1024);

  add(line: number): void {
    const word = line >>> 5;
    if (word >= this.#words.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[word]! |= 1 << (line & 31);
  }

  has(line: number): boolean {
    return (((this.#words[line >>> 5] ?? 0) >>> (line & 31)) & 1) === 1;
  }
}

export function findLostZeros(
  zeros: LostZeroDetector,
  { column, name, text, isNumber }: PaddedNumber,
  at: Pick<Row, 'line' | 'lineLabel'>,
): string | undefined {
  return (
    zeros.check(column, name, text, at) ?? (isNumber ? zeros.checkNumber(column, name, text) : undefined)
  );
}
