import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { CsvOptions } from '../../src/csv/records.js';
import { inChunks, readAll } from './read.js';

/** What a file of `fixtures/csv` is read as; what is left out is as in the usual file. */
interface Expectation {
  readonly options?: CsvOptions;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly header?: readonly string[];
  readonly headerLine?: number;
  /** Each row as the line it starts on and its cells. */
  readonly rows?: readonly (readonly [line: number, ...cells: string[]])[];
  readonly error?: { code: string; message: RegExp; hint?: RegExp };
}

const ANN = ['ann@example.com', 'Ann'] as const;
const BO = ['bo@example.com', 'Bo'] as const;
const ZOE: Expectation = { rows: [[2, 'zoe@example.com', 'Zoë']] };
const HADDAD: Expectation = {
  header: ['login', 'lastName', 'firstName'],
  rows: [[2, 'noor@example.com', 'Haddad, PhD', 'Noor']],
};
const NO_TABLE = { header: [] };

const expectations: Record<string, Expectation> = {
  // Encodings
  'utf-8.csv': ZOE,
  'utf-8-bom.csv': ZOE,
  'utf-16le-bom.csv': { ...ZOE, encoding: 'utf-16le' },
  'utf-16be-bom.csv': { ...ZOE, encoding: 'utf-16be' },
  'utf-16le-no-bom.csv': { ...ZOE, encoding: 'utf-16le' },
  'utf-16be-no-bom.csv': { ...ZOE, encoding: 'utf-16be' },
  'windows-1252.csv': {
    options: { encoding: 'CP1252' },
    encoding: 'windows-1252',
    header: ['login', 'firstName', 'note'],
    rows: [[2, 'zoe@example.com', 'Zoë', '5 € “off”']],
  },
  'iso-8859-2.csv': {
    options: { encoding: 'latin2' },
    encoding: 'iso-8859-2',
    header: ['login', 'lastName'],
    rows: [[2, 'kasia@example.com', 'Wiśniewska']],
  },
  'shift-jis.csv': {
    options: { encoding: 'Shift_JIS' },
    encoding: 'shift_jis',
    header: ['login', 'lastName'],
    rows: [[2, 'hana@example.com', '能登']],
  },
  'gb18030.csv': {
    options: { encoding: 'gb18030' },
    encoding: 'gb18030',
    header: ['login', 'lastName'],
    rows: [[2, 'wei@example.com', '王']],
  },
  'malformed-utf-8.csv': {
    rows: [[2, ...ANN]],
    error: {
      code: 'ERR_MALFORMED_TEXT',
      message: /^Line 3 is not valid utf-8: see byte 54 of the file \(0xEB\)\.$/,
      hint: /--encoding windows-1252/,
    },
  },
  'truncated-utf-8.csv': { error: { code: 'ERR_MALFORMED_TEXT', message: /^Line 2 .* byte 34 .*0xC3/ } },
  'truncated-utf-16le.csv': {
    encoding: 'utf-16le',
    header: ['login'],
    error: { code: 'ERR_MALFORMED_TEXT', message: /^Line 2 .* byte 44 .*0x41/ },
  },
  'malformed-shift-jis.csv': {
    options: { encoding: 'shift_jis' },
    encoding: 'shift_jis',
    header: ['login', 'lastName'],
    error: { code: 'ERR_MALFORMED_TEXT', message: /^Line 2 is not valid shift_jis: see byte 34 .*0x93/ },
  },
  'nul-character.csv': {
    rows: [[2, ...ANN]],
    error: { code: 'ERR_NOT_CSV', message: /Line 3 holds a NUL/, hint: /utf-16le/ },
  },

  // Delimiters
  'semicolon.csv': { ...HADDAD, delimiter: ';' },
  'tab.csv': { ...HADDAD, delimiter: '\t' },
  'pipe.csv': { ...HADDAD, delimiter: '|' },
  'comma-with-quoted-semicolons.csv': {
    header: ['login', 'groups; by name; all'],
    rows: [[2, 'noor@example.com', 'Staff;Sales;Berlin']],
  },
  'semicolon-with-quoted-commas.csv': {
    delimiter: ';',
    header: ['login', 'last, first, title'],
    rows: [[2, 'noor@example.com', 'Haddad, Noor, Dr']],
  },
  'sep-line.csv': {
    delimiter: ';',
    header: ['login', 'note'],
    headerLine: 2,
    rows: [[3, 'noor@example.com', 'a,b']],
  },
  'sep-line-unusual.csv': {
    delimiter: '^',
    header: ['login', 'note'],
    headerLine: 2,
    rows: [[3, 'noor@example.com', 'a,b']],
  },
  'entra-version-line.csv': {
    header: [
      'Name [displayName] Required',
      'User name [userPrincipalName] Required',
      'Department [department]',
    ],
    headerLine: 2,
    rows: [[3, 'Noor Haddad', 'noor@example.com', 'Sales']],
  },
  'one-column.csv': {
    header: ['login'],
    rows: [
      [2, 'ann@example.com'],
      [4, 'bo@example.com'],
    ],
  },

  // Line breaks
  'crlf.csv': {
    rows: [
      [2, ...ANN],
      [3, ...BO],
    ],
  },
  'cr-only.csv': {
    rows: [
      [2, ...ANN],
      [3, ...BO],
    ],
  },
  'mixed-line-breaks.csv': {
    rows: [
      [2, ...ANN],
      [3, ...BO],
      [4, 'cy@example.com', 'Cy'],
    ],
  },
  'no-final-line-break.csv': { rows: [[2, ...ANN]] },
  'quoted-line-breaks.csv': {
    header: ['login', 'address'],
    rows: [
      [2, 'ann@example.com', '1 Elm St\nSpringfield'],
      [4, 'bo@example.com', '2 Oak St\r\nSpringfield\r\nUpstate'],
      [7, 'cy@example.com', '3 Ash St\rSpringfield'],
      [9, 'di@example.com', '4 Fir St'],
    ],
  },
  'quoted-line-break-in-header.csv': { header: ['login', 'first\nname'], rows: [[3, ...ANN]] },
  'blank-lines.csv': {
    headerLine: 3,
    rows: [
      [6, ...ANN],
      [9, ...BO],
    ],
  },

  // Quotes
  'doubled-quotes.csv': {
    header: ['login', 'nickName'],
    rows: [
      [2, 'ann@example.com', 'Ann "Nan" Lee'],
      [3, 'bo@example.com', '"Bo"'],
      [4, 'cy@example.com', ''],
    ],
  },
  'stray-quote.csv': {
    header: ['login', 'note'],
    rows: [
      [2, 'ann@example.com', '5" pipe'],
      [3, 'bo@example.com', 'the "big" one'],
    ],
  },
  'text-after-quote.csv': {
    header: ['login', 'note'],
    rows: [[2, 'ann@example.com', 'ok']],
    error: { code: 'ERR_CSV_TEXT_AFTER_QUOTE', message: /^On line 4, in column 2, / },
  },
  'space-after-quote.csv': {
    header: ['login', 'note'],
    error: { code: 'ERR_CSV_TEXT_AFTER_QUOTE', message: /^On line 2, in column 2, /, hint: /no space/ },
  },
  'backslash-escaped-quote.csv': {
    header: ['login', 'note'],
    error: { code: 'ERR_CSV_TEXT_AFTER_QUOTE', message: /^On line 2, in column 2, /, hint: /twice/ },
  },
  'unclosed-quote.csv': {
    header: ['login', 'note'],
    rows: [[2, 'ann@example.com', 'two\nlines']],
    error: { code: 'ERR_CSV_UNCLOSED_QUOTE', message: /opens on line 5, in column 2, is never closed/ },
  },
  'unclosed-quote-in-header.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_CSV_UNCLOSED_QUOTE', message: /opens on line 1, in column 2/ },
  },

  // Rows
  'only-delimiters-row.csv': {
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, ...ANN, 'Lee'],
      [3, '', '', ''],
      [4, ...BO, 'Ray'],
    ],
  },
  'spaces-only-row.csv': {
    rows: [
      [2, '   '],
      [3, ...ANN],
    ],
  },
  'ragged-rows.csv': {
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, 'ann@example.com'],
      [3, ...BO, 'Ray', 'extra'],
      [4, 'cy@example.com', 'Cy', 'Fox'],
    ],
  },
  'trailing-delimiters.csv': { rows: [[2, ...ANN, '', '']] },
  'untrimmed-cells.csv': { rows: [[2, ' ann@example.com ', '\u00A0Ann\t']] },
  'leading-equals.csv': { header: ['login', 'note'], rows: [[2, 'ann@example.com', "'=1+1"]] },
  'header-only.csv': { rows: [] },
  'header-only-no-line-break.csv': { rows: [] },

  // Headers
  'nbsp-header.csv': { header: ['login', 'first name'], rows: [[2, ...ANN]] },
  'zero-width-header.csv': { header: ['login', 'first\u200BName'], rows: [[2, ...ANN]] },
  'doubled-bom.csv': { rows: [[2, ...ANN]] },
  'duplicate-header.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_CSV_HEADER',
      message: /line 1 .*: columns 1 and 5 are both named "login"; columns 2 and 4 are both named "email"\.$/,
    },
  },
  'empty-header.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_CSV_HEADER', message: /: columns 2, 3 and 5 have no name\.$/ },
  },
  'trailing-empty-header.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_CSV_HEADER',
      message: /: columns 3 to 5 have no name\.$/,
      hint: /delete the unnamed columns/,
    },
  },
  'duplicate-and-empty-header.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_CSV_HEADER',
      message: /: column 3 has no name; columns 1 and 2 are both named "login"\.$/,
    },
  },

  // Not a CSV
  'empty.csv': { ...NO_TABLE, error: { code: 'ERR_CSV_EMPTY', message: /empty/, hint: /names the columns/ } },
  'bom-only.csv': { ...NO_TABLE, error: { code: 'ERR_CSV_EMPTY', message: /empty/ } },
  'blank-lines-only.csv': { ...NO_TABLE, error: { code: 'ERR_CSV_EMPTY', message: /empty/ } },
  'workbook.xlsx.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /Excel workbook \(\.xlsx\)/, hint: /save the sheet as CSV/ },
  },
  'workbook.xls.csv': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /\(\.xls\)/ } },
  'gzip.csv.gz': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /gzip/, hint: /gunzip/ } },
  'web-page.csv': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /web page/ } },
};

const folder = join(import.meta.dirname, '../../fixtures/csv');

describe('files as people have them', () => {
  it('says of every fixture what is expected of it', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(expectations).sort());
  });

  describe.each(Object.entries(expectations))('%s', (name, expected) => {
    const content = readFileSync(join(folder, name));

    it.each([Infinity, 7, 1])('reads the same in chunks of %d bytes', async (chunkBytes) => {
      const { table, rows, error } = await readAll(inChunks(content, chunkBytes), expected.options);

      const hasTable = expected.header?.length !== 0;
      expect(table).toEqual(
        hasTable
          ? {
              encoding: expected.encoding ?? 'utf-8',
              delimiter: expected.delimiter ?? ',',
              header: expected.header ?? ['login', 'firstName'],
              headerLine: expected.headerLine ?? 1,
            }
          : undefined,
      );
      expect(rows).toEqual(
        (expected.rows ?? []).map(([line, ...cells], index) => ({ row: index + 1, line, cells })),
      );
      expect(error?.code).toBe(expected.error?.code);
      expect(error?.message ?? '').toMatch(expected.error?.message ?? /^$/);
      expect(error?.hint ?? '').toMatch(expected.error?.hint ?? /(?:)/);
    });
  });
});
