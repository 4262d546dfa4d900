import { DigestTable } from '../digest-table.js';
import type { Row } from '../rows/row.js';

import { LostZeroDetector } from './detect-lost-zeros.js';

/** What the checks of one file remember of its rows, since some problems are about several rows. */
export interface RowMemory {
  /**
   * Remembers that a row has a value, unless an earlier row has it.
   *
   * @param table - which values to compare: an attribute.
   * @returns the line of the first row with this value, if that is another row.
   */
  firstLineWith(table: string, text: string, row: Row): number | undefined;
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

/** For rows that come once, in the order of the file. */
export function createRowMemory(): RowMemory {
  const tables = new Map<string, DigestTable>();
  const zeros = new LostZeroDetector();
  return {
    firstLineWith(name, text, { line }) {
      let table = tables.get(name);
      if (table === undefined) {
        table = new DigestTable();
        tables.set(name, table);
      }
      return table.setIfAbsent(text, line);
    },
    lostZeros: (number, { line }) => findLostZeros(zeros, number, line),
  };
}

export function findLostZeros(
  zeros: LostZeroDetector,
  { column, name, text, isNumber }: PaddedNumber,
  line: number,
): string | undefined {
  return (
    zeros.check(column, name, text, line) ?? (isNumber ? zeros.checkNumber(column, name, text) : undefined)
  );
}
