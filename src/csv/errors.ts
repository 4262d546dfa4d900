import { OktaImportError } from '../errors.js';
import { onLine, type LineLabel } from '../rows/place.js';
import { quoted } from '../text.js';

import { describeMalformed, type MalformedText } from './malformed.js';

/** The file has no bytes, or only blank lines. */
export class EmptyCsvError extends OktaImportError {
  override readonly code = 'ERR_CSV_EMPTY';

  /** @param sheet - name of the sheet, for a workbook. */
  constructor(sheet?: string) {
    super(
      sheet === undefined
        ? 'The file is empty. It has no header line.'
        : `The sheet ${quoted(sheet)} is empty. It has no header.`,
      {
        hint:
          sheet === undefined
            ? 'Give a CSV file whose first line names the columns, such as login,email,firstName,lastName.'
            : 'Enter the names of the columns in its first row, such as login, email, firstName and lastName, or choose another sheet with --sheet.',
      },
    );
  }
}

/** Where a header starts. */
export interface HeaderPlace {
  readonly line: number;
  readonly lineLabel?: LineLabel | undefined;
}

/** The column names are missing or not unique. Lists all problems of the header at once. */
export class HeaderError extends OktaImportError {
  override readonly code = 'ERR_CSV_HEADER';
  readonly line: number;
  /** One clause per problem, with the numbers of its columns, from 1. */
  readonly problems: readonly string[];

  constructor({ line, lineLabel }: HeaderPlace, problems: readonly string[], hint: string) {
    super(`The header ${onLine(line, lineLabel)} cannot be used: ${problems.join('; ')}.`, { hint });
    this.line = line;
    this.problems = problems;
  }
}

/** A quoted cell runs to the end of the file. */
export class UnclosedQuoteError extends OktaImportError {
  override readonly code = 'ERR_CSV_UNCLOSED_QUOTE';
  /** Line of the opening quote. */
  readonly line: number;

  constructor(line: number, column: number) {
    super(`The quote opened on line ${line}, in column ${column}, is never closed.`, {
      hint: 'Close the quote. Inside a quoted cell, write each quote twice ("").',
    });
    this.line = line;
  }
}

/** A quoted cell has text after its closing quote, as in `"abc"def`, which is ambiguous. */
export class TextAfterQuoteError extends OktaImportError {
  override readonly code = 'ERR_CSV_TEXT_AFTER_QUOTE';
  /** Line of the closing quote. */
  readonly line: number;

  /** @param isEscaped - a backslash precedes the quote. */
  constructor(line: number, column: number, isEscaped: boolean) {
    super(
      isEscaped
        ? `On line ${line}, in column ${column}, a quote is escaped with a backslash (\\"), which CSV does not know.`
        : `On line ${line}, in column ${column}, there is text after a closing quote.`,
      {
        hint: isEscaped
          ? 'Export the file again with each quote inside a quoted cell written twice ("").'
          : 'Write each quote inside a quoted cell twice (""), and leave no space after a closing quote.',
      },
    );
    this.line = line;
  }
}

/** The lines of the file are not built as CSV, or not alike, so that all of its rows would be misread. */
export class StructureError extends OktaImportError {
  override readonly code = 'ERR_CSV_STRUCTURE';
  /** The line that shows it. */
  readonly line: number;

  constructor(line: number, message: string, hint: string) {
    super(message, { hint });
    this.line = line;
  }
}

/** One row, or one line, is far larger than a user can be. */
export class RowTooLargeError extends OktaImportError {
  override readonly code = 'ERR_CSV_RECORD_TOO_LARGE';
  /** Line on which the row starts. */
  readonly line: number;

  constructor(line: number, limitBytes: number) {
    super(`The row that starts on line ${line} is larger than ${limitBytes / 1024 / 1024} MiB.`, {
      hint: 'Check that row for an unclosed quote, and that the file is a CSV.',
    });
    this.line = line;
  }
}

/** The file has another format. */
export class NotCsvError extends OktaImportError {
  override readonly code = 'ERR_NOT_CSV';
}

/** The header, or many lines in a row, are not valid in the given or detected encoding. */
export class MalformedTextError extends OktaImportError {
  override readonly code = 'ERR_MALFORMED_TEXT';
  readonly line: number;
  /** Offset of the first malformed byte, from 0. */
  readonly offsetBytes: number;

  constructor(malformed: MalformedText) {
    const { kind, line, offsetBytes } = malformed;
    super(describeMalformed(malformed), {
      hint:
        kind === 'replaced'
          ? 'Write the lost character again.'
          : 'Set the encoding of the file, such as --encoding windows-1252, or save the whole file as "CSV UTF-8".',
    });
    this.line = line;
    this.offsetBytes = offsetBytes;
  }
}

/** A value that stands for other text. */
interface GarbledText {
  readonly line: number;
  /** Undefined if it cannot be shown. */
  readonly text: string | undefined;
  readonly repaired: string;
}

/** The file was saved as UTF-8 twice, so that `é` became `Ã©`, or in an email encoding, so that it became `+AOk-`. */
export class GarbledTextError extends OktaImportError {
  override readonly code = 'ERR_GARBLED_TEXT';
  readonly line: number;

  private constructor(line: number, message: string, hint: string) {
    super(message, { hint });
    this.line = line;
  }

  /** @param mark - a byte order mark that is text now; '' for none. */
  static savedTwice(
    { line, text, repaired }: GarbledText & { readonly text: string },
    mark: string,
  ): GarbledTextError {
    const begins = mark === '' ? '' : `it begins with ${quoted(mark)}, a byte order mark as text, and `;
    return new GarbledTextError(
      line,
      `The file was saved as UTF-8 twice: ${begins}${quoted(text)} on line ${line} probably means ${quoted(repaired)}.`,
      'Export the file again as UTF-8. To open a UTF-8 file in Excel, use Data > From Text/CSV, and choose UTF-8.',
    );
  }

  static sevenBit({ line, text, repaired }: GarbledText, encoding: string): GarbledTextError {
    const example =
      text === undefined ? `see line ${line}` : `${quoted(text)} on line ${line} means ${quoted(repaired)}`;
    return new GarbledTextError(
      line,
      `The file is in ${encoding}, an email encoding that looks like ASCII: ${example}.`,
      'Export the file again as UTF-8. If its values are correct as they are, set --encoding utf-8.',
    );
  }
}

/** A compressed file or a workbook is damaged. */
export class DamagedFileError extends OktaImportError {
  override readonly code = 'ERR_FILE_DAMAGED';

  constructor(what: string, cause?: unknown) {
    super(`The file cannot be read: ${what}.`, {
      hint: 'Copy or export the file again.',
      cause,
    });
  }
}

/** The error for a damaged part of a workbook, such as one sheet. */
export function damagedPartError(part: string, reason: string, cause?: unknown): DamagedFileError {
  return new DamagedFileError(`${part} of the workbook is damaged (${reason})`, cause);
}

/** A compressed file expands so much that it must have been made to exhaust memory or disks. */
export class CompressionBombError extends OktaImportError {
  override readonly code = 'ERR_COMPRESSION_BOMB';

  constructor(expandedMib: number, ratio: number) {
    super(
      `The gzip file expands to more than ${ratio} times its compressed size (${expandedMib} MiB so far), like a decompression bomb.`,
      { hint: 'If the file is genuine, unpack it first, for instance with gunzip.' },
    );
  }
}

/** A workbook, compressed or expanded, is larger than any list of users. */
export class WorkbookTooLargeError extends OktaImportError {
  override readonly code = 'ERR_WORKBOOK_TOO_LARGE';

  constructor(what: string) {
    super(`The workbook cannot be read: ${what}.`, {
      hint: 'Save the sheet as CSV, which has no size limit.',
    });
  }
}

/** The workbook does not have the requested sheet. */
export class SheetError extends OktaImportError {
  override readonly code = 'ERR_SHEET';
  /** The sheets that look like lists of people, if the first one does not. */
  readonly sheetsOfPeople: readonly string[];

  constructor(
    message: string,
    { hint, sheetsOfPeople = [] }: { readonly hint: string; readonly sheetsOfPeople?: readonly string[] },
  ) {
    super(message, { hint });
    this.sheetsOfPeople = sheetsOfPeople;
  }
}

/** The requested encoding is unknown. */
export class UnknownEncodingError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_ENCODING';

  constructor(encoding: string, cause: unknown) {
    super(`Unknown encoding ${quoted(encoding)}.`, {
      hint: 'Use a name such as utf-8, utf-16le, windows-1252, iso-8859-15, macintosh, shift_jis or gb18030.',
      cause,
    });
  }
}

/** The requested delimiter cannot be used. */
export class InvalidDelimiterError extends OktaImportError {
  override readonly code = 'ERR_INVALID_DELIMITER';

  constructor(delimiter: string) {
    super(`Invalid delimiter ${quoted(delimiter)}.`, {
      hint: 'Use one character other than a quote or a line break, such as ";", or the word tab.',
    });
  }
}
