import { NotCsvError } from './errors.js';

/**
 * The encoding that the first bytes of a file say: a BOM, or the zero bytes of an English letter in UTF-16.
 */
export function detectUnicodeEncoding(first: Uint8Array): { encoding: string | undefined; bomBytes: number } {
  const [a, b, c, d] = first;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bomBytes: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bomBytes: 2 };
  if (a && b === 0 && c && d === 0) return { encoding: 'utf-16le', bomBytes: 0 };
  if (a === 0 && b && c === 0 && d) return { encoding: 'utf-16be', bomBytes: 0 };
  return { encoding: undefined, bomBytes: 0 };
}

export function isGzip(first: Buffer): boolean {
  return first.toString('latin1', 0, 2) === '\x1f\x8b';
}

/** A zip archive with something in it, as a workbook is. */
export function isZip(first: Buffer): boolean {
  return first.toString('latin1', 0, 4) === 'PK\x03\x04';
}

/** What people mistake for a CSV, by its first bytes, read as Latin-1 in lower case. */
const OTHER_FORMATS = [
  {
    begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    is: 'an Excel workbook of the old kind (.xls), or one with a password',
    hint: 'Open it in a spreadsheet and save it as .xlsx without a password, or as CSV.',
  },
  { begins: '\x1f\x8b', is: 'compressed with gzip twice', hint: 'Unpack it once, for instance with gunzip.' },
  { begins: 'pk\x05\x06', is: 'an empty zip archive' },
  { begins: '%pdf-', is: 'a PDF document' },
  { begins: '<!doctype html', is: 'a web page, whatever its name says' },
  { begins: '<html', is: 'a web page, whatever its name says' },
  { begins: '<?xml', is: 'XML, whatever its name says' },
] as const;

/** @throws {NotCsvError} The first bytes are those of another kind of file, named in the message. */
export function rejectOtherFormats(first: Uint8Array): void {
  // `toLowerCase` would also turn \xd0 into \xf0: only the letters of ASCII are meant.
  const signature = Buffer.from(first)
    .toString('latin1')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const format = OTHER_FORMATS.find(({ begins }) => signature.startsWith(begins));
  if (!format) return;
  const hint = 'hint' in format ? format.hint : 'Open it in a spreadsheet and save the sheet as CSV.';
  throw new NotCsvError(`This file is not a CSV: it is ${format.is}.`, { hint });
}
