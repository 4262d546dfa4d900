import { NotCsvError } from './errors.js';

/** The encoding that the first bytes show: by a BOM, or by the zero bytes of ASCII letters in UTF-16. */
export function detectUnicodeEncoding(first: Uint8Array): UnicodeSignature {
  const [a, b, c, d] = first;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { detected: { encoding: 'utf-8' }, bomBytes: 3 };
  if (a === 0xff && b === 0xfe) return { detected: { encoding: 'utf-16le' }, bomBytes: 2 };
  if (a === 0xfe && b === 0xff) return { detected: { encoding: 'utf-16be' }, bomBytes: 2 };
  if (a && b === 0 && c && d === 0) return { detected: { encoding: 'utf-16le' }, bomBytes: 0 };
  if (a === 0 && b && c === 0 && d) return { detected: { encoding: 'utf-16be' }, bomBytes: 0 };
  return { detected: undefined, bomBytes: 0 };
}

interface UnicodeSignature {
  readonly detected: { readonly encoding: string } | undefined;
  readonly bomBytes: number;
}

export function isGzip(first: Buffer): boolean {
  return first.toString('latin1', 0, 2) === '\x1f\x8b';
}

/** A non-empty zip archive, such as a workbook. */
export function isZip(first: Buffer): boolean {
  return first.toString('latin1', 0, 4) === 'PK\x03\x04';
}

const SAVE_AS_UTF8 = 'Save it as UTF-8.';
const UNPACK = 'Unpack it, and use the file inside.';
const PICTURE = 'A picture cannot be imported. Ask for the table as .xlsx or CSV.';
const EXPORT_TABLE = 'Export its table as CSV from the program that created it.';

/** Formats that are mistaken for CSV, by their first bytes, read as Latin-1 in lower case. */
const OTHER_FORMATS = [
  { begins: '\x1f\x8b', is: 'compressed with gzip twice', hint: 'Unpack it once, for instance with gunzip.' },
  { begins: 'pk\x05\x06', is: 'an empty zip archive' },
  { begins: '%pdf-', is: 'a PDF document' },
  { begins: '\xff\xfe\0\0', is: 'text in UTF-32', hint: SAVE_AS_UTF8 },
  { begins: '\0\0\xfe\xff', is: 'text in UTF-32', hint: SAVE_AS_UTF8 },
  { begins: '7z\xbc\xaf\x27\x1c', is: 'a 7z archive', hint: UNPACK },
  { begins: 'rar!\x1a\x07', is: 'a RAR archive', hint: UNPACK },
  { begins: 'bzh', is: 'compressed with bzip2', hint: UNPACK },
  { begins: '\xfd7zxz\0', is: 'compressed with xz', hint: UNPACK },
  { begins: '\x28\xb5\x2f\xfd', is: 'compressed with Zstandard', hint: UNPACK },
  {
    begins: '\x09\x08\x10\0',
    is: 'an old Excel workbook (.xls)',
    hint: 'Open it in Excel, and save it as .xlsx or CSV.',
  },
  {
    begins: '\x09\x04\x06\0',
    is: 'an old Excel workbook (.xls)',
    hint: 'Open it in Excel, and save it as .xlsx or CSV.',
  },
  {
    begins: '\x09\x02\x06\0',
    is: 'an old Excel workbook (.xls)',
    hint: 'Open it in Excel, and save it as .xlsx or CSV.',
  },
  { begins: '\0\x01\0\0standard ', is: 'a Microsoft Access database', hint: EXPORT_TABLE },
  { begins: 'sqlite format 3\0', is: 'an SQLite database', hint: EXPORT_TABLE },
  { begins: 'par1', is: 'a Parquet file', hint: EXPORT_TABLE },
  { begins: '!bdn', is: 'an Outlook data file (.pst)', hint: 'Export the contacts as CSV in Outlook.' },
  { begins: 'bplist00', is: 'a macOS property list', hint: EXPORT_TABLE },
  { begins: '\x89png', is: 'a picture', hint: PICTURE },
  { begins: '\xff\xd8\xff', is: 'a picture', hint: PICTURE },
  { begins: 'gif8', is: 'a picture', hint: PICTURE },
] as const;

/** @throws {NotCsvError} The first bytes are those of another format, which the message names. */
export function rejectOtherFormats(first: Uint8Array): void {
  // Only ASCII letters: `toLowerCase` would also turn \xd0 into \xf0.
  const signature = Buffer.from(first)
    .toString('latin1')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const format = OTHER_FORMATS.find(({ begins }) => signature.startsWith(begins));
  if (!format) return;
  const hint = 'hint' in format ? format.hint : 'Open it in a spreadsheet and save the sheet as CSV.';
  throw new NotCsvError(`This file is not a CSV: it is ${format.is}.`, { hint });
}
