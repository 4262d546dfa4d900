import type { ColumnRecognizer } from '../rows/column-recognizer.js';
import type { Row } from '../rows/row.js';

import type { TwoLineHeader } from './two-line-header.js';

/** A file whose header has been read. */
export interface CsvTable {
  /** `,`, `;`, tab or `|` if detected; any one character if given; `,` for a workbook. */
  readonly delimiter: string;
  /** Column names, unique ignoring case, without spaces or invisible characters around them. */
  readonly header: readonly string[];
  /** The index of each column in the file, which may have others without a name and without a value. */
  readonly columns: readonly number[];
  /** Physical line on which the header starts; 1 unless other lines precede it. */
  readonly headerLine: number;
  /**
   * The rows after the header, in order, read on demand. Single use. Leaving early closes the source; a caller that never starts must
   * close it.
   */
  readonly rows: AsyncIterable<Row>;
  /** The same as `rows`, in batches, as a promise for each row costs more than parsing it. Use one or the other. */
  readonly batches: AsyncIterable<readonly Row[]>;
  /** The file's format, as far as it has been read; final when all rows have been. */
  readonly found: () => DetectedFormat;
}

/** The format of a file. A second reading that is given this does not guess again. */
export interface DetectedFormat {
  /** Name in the Encoding Standard, in lower case: `utf-8`, `windows-1252`. */
  readonly encoding: string;
  /** For a guessed encoding: the line from which it was guessed. */
  readonly guessedOnLine?: number | undefined;
  readonly delimiter: string;
  /** Physical line on which the header starts. Unknown to journals of earlier versions, whose header was the first line. */
  readonly headerLine?: number | undefined;
  /** A header that is spread over two lines, one of which is `headerLine`. */
  readonly joinedHeader?: TwoLineHeader | undefined;
  /** Name of the sheet, for a workbook. */
  readonly sheet?: string | undefined;
  /** Assumptions that may be wrong, one or more sentences each. */
  readonly notices: readonly string[];
  /** What is wrong with the data, one or more sentences each; undefined for nothing. */
  readonly warnings?: readonly string[] | undefined;
}

/** Overrides what is detected. */
export interface CsvOptions {
  /** A label of the Encoding Standard, such as `windows-1252`; detected by default. */
  readonly encoding?: string | undefined;
  /** One character, or `tab`; detected from the header by default. */
  readonly delimiter?: string | undefined;
  /** For a workbook: name of the sheet, or its number from 1; by default the first visible one. */
  readonly sheet?: string | undefined;
  /** Physical line of the header, or the number of its row in a sheet; by default it is found among the first twenty rows. */
  readonly headerRow?: number | undefined;
  /** Knows the names of columns, by which the header is found; without it, the header is the first line. */
  readonly recognize?: ColumnRecognizer | undefined;
  /** The result of an earlier reading of the same bytes; overrides the other options. */
  readonly found?: DetectedFormat | undefined;
}

/** How to find the header: what an earlier reading found, or the user said, or else by its names. */
export function headerOptions({ found, headerRow, recognize }: CsvOptions): {
  readonly headerLine: number | undefined;
  readonly recognize: ColumnRecognizer | undefined;
} {
  if (found !== undefined) return { headerLine: found.headerLine, recognize: undefined };
  return { headerLine: headerRow, recognize };
}

/** Whether the rows must be counted as an earlier version did, so that a run continues with the same rows. */
export function isFoundByEarlierVersion(found: DetectedFormat | undefined): boolean {
  return found !== undefined && found.headerLine === undefined;
}
