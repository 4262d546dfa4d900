import { OktaImportError } from '../errors.js';

import type { MalformedText } from './malformed.js';

/** The file holds nothing: no bytes, or only blank lines. */
export class EmptyCsvError extends OktaImportError {
  override readonly code = 'ERR_CSV_EMPTY';

  constructor() {
    super('The file is empty: it has no header line.', {
      hint: 'Give a CSV file whose first line names the columns, for instance login,email,firstName,lastName.',
    });
  }
}

/** The columns cannot be told apart by their names. Lists everything that is wrong with the header at once. */
export class HeaderError extends OktaImportError {
  override readonly code = 'ERR_CSV_HEADER';
  readonly line: number;
  /** One phrase per finding, each with the positions of its columns, counted from 1. */
  readonly findings: readonly string[];

  constructor(line: number, findings: readonly string[], hint: string) {
    super(`The header on line ${line} cannot be used: ${findings.join('; ')}.`, { hint });
    this.line = line;
    this.findings = findings;
  }
}

/** A quoted cell runs to the end of the file. */
export class UnclosedQuoteError extends OktaImportError {
  override readonly code = 'ERR_CSV_UNCLOSED_QUOTE';
  /** Line on which the quote opens. */
  readonly line: number;

  constructor(line: number, column: number) {
    super(`The quote that opens on line ${line}, in column ${column}, is never closed.`, {
      hint: 'Close the quote; a quote inside a quoted cell is written twice ("").',
    });
    this.line = line;
  }
}

/** A quoted cell goes on after its closing quote, as in `"abc"def`: nobody can say what was meant. */
export class TextAfterQuoteError extends OktaImportError {
  override readonly code = 'ERR_CSV_TEXT_AFTER_QUOTE';
  /** Line on which the closing quote stands. */
  readonly line: number;

  constructor(line: number, column: number) {
    super(
      `On line ${line}, in column ${column}, there is text between a closing quote and the next delimiter.`,
      {
        hint: 'Write a quote inside a quoted cell twice (""), and leave no space after a closing quote.',
      },
    );
    this.line = line;
  }
}

/** One record, or one line, is larger than any row of people can be. */
export class RowTooLargeError extends OktaImportError {
  override readonly code = 'ERR_CSV_RECORD_TOO_LARGE';
  /** Line on which the record starts. */
  readonly line: number;

  constructor(line: number, limitBytes: number) {
    super(`The record that starts on line ${line} is larger than ${limitBytes / 1024 / 1024} MiB.`, {
      hint: 'Look there for a quote that is opened and not closed, or for a file that is not a CSV.',
    });
    this.line = line;
  }
}

/** The bytes are those of another kind of file. */
export class NotCsvError extends OktaImportError {
  override readonly code = 'ERR_NOT_CSV';
}

/** From some line on the bytes are not text in the encoding that was named or detected; or its header is not. */
export class MalformedTextError extends OktaImportError {
  override readonly code = 'ERR_MALFORMED_TEXT';
  readonly line: number;
  /** Offset of the first malformed byte, from 0. */
  readonly offsetBytes: number;

  constructor({ kind, encoding, line, offsetBytes }: MalformedText) {
    super(
      kind === 'mixed'
        ? `The file is in ${encoding}, and from line ${line} on in utf-8 (byte ${offsetBytes} of the file).`
        : `Line ${line} is not valid ${encoding}: see byte ${offsetBytes} of the file.`,
      {
        hint:
          kind === 'replaced'
            ? 'Write the character there again: it was lost when the file was saved earlier.'
            : 'Say which encoding the file has, for instance --encoding windows-1252, or save all of it as "CSV UTF-8".',
      },
    );
    this.line = line;
    this.offsetBytes = offsetBytes;
  }
}

/** A compressed file or a workbook cannot be read to its end. */
export class DamagedFileError extends OktaImportError {
  override readonly code = 'ERR_FILE_DAMAGED';

  constructor(what: string, cause?: unknown) {
    super(`The file cannot be read: ${what}.`, {
      hint: 'Copy or export it again.',
      cause,
    });
  }
}

/** A compressed file unpacks to so many times its size that it was made to fill memories, disks or nights. */
export class CompressionBombError extends OktaImportError {
  override readonly code = 'ERR_COMPRESSION_BOMB';

  constructor(unpackedMib: number, ratio: number) {
    super(
      `The file is compressed with gzip, and ${unpackedMib} MiB of it unpacked are more than ${ratio} times what they take packed: no list of people is like that.`,
      { hint: 'If it is one all the same, unpack it first, for instance with gunzip.' },
    );
  }
}

/** A workbook is larger than any list of people is, or was made to be so when unpacked. */
export class WorkbookTooLargeError extends OktaImportError {
  override readonly code = 'ERR_WORKBOOK_TOO_LARGE';

  constructor(what: string) {
    super(`The workbook cannot be read: ${what}.`, {
      hint: 'Save the sheet as CSV, which may have any size.',
    });
  }
}

/** The sheet that was asked for is not there. */
export class SheetError extends OktaImportError {
  override readonly code = 'ERR_SHEET';
}

/** The named encoding is none that we know. */
export class UnknownEncodingError extends OktaImportError {
  override readonly code = 'ERR_UNKNOWN_ENCODING';

  constructor(encoding: string, cause: unknown) {
    super(`"${encoding}" is not an encoding that this program knows.`, {
      hint: 'Use a name such as utf-8, utf-16le, windows-1252, iso-8859-15, shift_jis or gb18030.',
      cause,
    });
  }
}

/** The named delimiter cannot delimit anything. */
export class InvalidDelimiterError extends OktaImportError {
  override readonly code = 'ERR_INVALID_DELIMITER';

  constructor(delimiter: string) {
    super(`${JSON.stringify(delimiter)} cannot be a delimiter.`, {
      hint: 'Give one character that is neither a quote nor a line break, for instance ";" or the word tab.',
    });
  }
}
