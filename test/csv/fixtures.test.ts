import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { CsvOptions } from '../../src/csv/csv-table.js';
import type { Row } from '../../src/rows/row.js';
import { inChunks, readAll } from './read.js';

/** The expected result for a file of `fixtures/csv`; omitted fields are as in the usual file. */
interface Expectation {
  readonly options?: CsvOptions;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly header?: readonly string[];
  readonly headerLine?: number;
  /** Each row: the line on which it starts, and its cells. */
  readonly rows?: readonly (readonly [line: number, ...cells: string[]])[];
  /** By row number; in a workbook. */
  readonly kinds?: Readonly<Record<number, Row['cellKinds']>>;
  /** Row numbers; in a workbook. */
  readonly hidden?: readonly number[];
  /** By row number. */
  readonly malformed?: Readonly<Record<number, { cell: number; message: RegExp }>>;
  /** By row number. */
  readonly oneCell?: Readonly<Record<number, unknown>>;
  readonly guessedOnLine?: number;
  readonly sheet?: string;
  readonly notices?: readonly RegExp[];
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
/** Written by SheetJS; 24 November is in the format that depends on the computer's settings. */
const DATES: Expectation = {
  header: ['login', 'firstName', 'startDate'],
  sheet: 'Sheet 1',
  rows: [
    [2, 'zoe@example.com', 'Zoë', '2026-11-24'],
    [3, 'noor@example.com', '  Noor ', '44'],
  ],
  kinds: { 1: [undefined, undefined, 'date'], 2: [undefined, undefined, 'number'] },
};

/** Detected from the first line after the header, with a notice. */
function guessed(encoding: string, expectation: Expectation): Expectation {
  return {
    ...expectation,
    encoding,
    guessedOnLine: 2,
    notices: [new RegExp(`read as ${encoding}, .* line 2`)],
  };
}

function garbledError(message: RegExp): Expectation {
  return { ...NO_TABLE, error: { code: 'ERR_GARBLED_TEXT', message, hint: /as UTF-8/ } };
}

function structureError(message: RegExp): Expectation {
  return { ...NO_TABLE, error: { code: 'ERR_CSV_STRUCTURE', message } };
}

function people(...names: readonly string[]): Expectation {
  return {
    header: ['login', 'firstName', 'lastName'],
    rows: names.map((name, index) => [index + 2, `p${index + 1}@example.com`, ...name.split(' ')] as const),
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

const expectations: Record<string, Expectation> = {
  // Encodings
  'utf-8.csv': ZOE,
  'utf-8-bom.csv': ZOE,
  'utf-16le-bom.csv': { ...ZOE, encoding: 'utf-16le' },
  'utf-16be-bom.csv': { ...ZOE, encoding: 'utf-16be' },
  'utf-16le-no-bom.csv': { ...ZOE, encoding: 'utf-16le' },
  'utf-16be-no-bom.csv': { ...ZOE, encoding: 'utf-16be' },
  'windows-1252.csv': guessed('windows-1252', {
    header: ['login', 'firstName', 'note'],
    rows: [[2, 'zoe@example.com', 'Zoë', '5 € “off”']],
  }),
  // All of its letters have the same bytes in windows-1250.
  'german.csv': guessed('windows-1252', people('Zoë Müller', 'Jörg Weiß')),
  'spanish.csv': guessed(
    'windows-1252',
    people(
      'José Muñoz',
      'Begoña Ibáñez',
      'Álvaro Jiménez',
      'Óscar Martín',
      'Sofía León',
      'Raúl Ordóñez',
      'Inés Pérez',
    ),
  ),
  'iso-8859-2.csv': guessed('iso-8859-2', {
    header: ['login', 'lastName'],
    rows: [[2, 'kasia@example.com', 'Wiśniewska']],
  }),
  'iso-8859-5.csv': guessed('iso-8859-5', people('Иван Петров', 'Ольга Смирнова')),
  'koi8-r.csv': guessed('koi8-u', people('Иван Петров', 'Ольга Смирнова')),
  'windows-1250.csv': guessed('windows-1250', people('Łukasz Wójcik', 'Agnieszka Wałęsa', 'Świętosław Żak')),
  'windows-1251.csv': guessed('windows-1251', people('Иван Петров', 'Ольга Смирнова')),
  'windows-1253.csv': guessed('windows-1253', people('Άννα Γεωργίου', 'Νίκος Καζαντζάκης')),
  'windows-1254.csv': guessed(
    'windows-1254',
    people('Ayşe Yılmaz', 'Gökhan Şahin', 'Çağrı Öztürk', 'İbrahim Doğan', 'Müge Işık'),
  ),
  'windows-1255.csv': guessed('windows-1255', people('משה כהן', 'שרה לוי', 'יעקב פרץ', 'נועה ביטון')),
  'windows-1256.csv': guessed('windows-1256', people('محمد الحسن', 'فاطمة الزهراء')),
  'windows-1257.csv': guessed(
    'windows-1257',
    people('Rūta Žukauskienė', 'Šarūnas Kazlauskas', 'Kęstutis Čiurlionis', 'Živilė Petrauskaitė'),
  ),
  'macintosh.csv': guessed('macintosh', {
    rows: [
      [2, 'andre@example.com', 'André'],
      [3, 'zoe@example.com', 'Zoë'],
    ],
  }),
  'macintosh-cr.csv': guessed('macintosh', {
    ...people('Jürgen Müller', 'François Lefèvre'),
    delimiter: ';',
  }),
  'ibm850.csv': guessed('ibm850', {
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, 'zoe@example.com', 'Zoé', 'Lefèvre'],
      [3, 'joerg@example.com', 'Jörg', 'Müller'],
    ],
  }),
  'ibm852.csv': guessed('ibm852', {
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, 'lukasz@example.com', 'Łukasz', 'Wiśniewski'],
      [3, 'jiri@example.com', 'Jiří', 'Dvořák'],
    ],
  }),
  'ibm857.csv': guessed('ibm857', {
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, 'isil@example.com', 'Işıl', 'Gökçe'],
      [3, 'cagri@example.com', 'Çağrı', 'Şahin'],
    ],
  }),
  'mac-greek.csv': guessed('x-mac-greek', people('Άννα Γεωργίου', 'Νίκος Καζαντζάκης')),
  'mac-turkish.csv': guessed('x-mac-turkish', people('Ayşe Yılmaz', 'Gökhan Şahin', 'Çağrı Öztürk')),
  'mac-central-europe.csv': guessed('x-mac-ce', people('Łukasz Wiśniewski', 'Jiří Dvořák', 'Győző Szűcs')),
  'mac-cyrillic.csv': guessed('x-mac-cyrillic', people('Иван Петров', 'Ольга Смирнова')),
  'ibm737.csv': guessed('ibm737', people('Άννα Γεωργίου', 'Νίκος Καζαντζάκης')),
  'ibm862.csv': guessed('ibm862', people('משה כהן', 'שרה לוי')),
  'iso-8859-6.csv': guessed('iso-8859-6', people('محمد الحسن', 'فاطمة الزهراء')),
  // Tone marks are separate characters.
  'windows-1258.csv': guessed('windows-1258', people('Hương Nguyê\u0303n', 'Du\u0303ng Trâ\u0300n')),
  'apostrophe-in-windows-1252.csv': {
    encoding: 'windows-1252',
    guessedOnLine: 2,
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, 'niamh@example.com', 'Niamh', 'O’Brien'],
      [3, 'ann@example.com', 'Ann', 'Lee'],
    ],
    notices: [/"O’Brien" in windows-1252, and "OíBrien" in macintosh/],
  },
  'ebcdic.csv': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /EBCDIC/, hint: /iconv -f IBM037/ } },
  'nul-padding-at-end.csv': {
    header: ['login', 'email', 'firstName', 'lastName'],
    rows: [[2, 'mira@example.com', 'mira@example.com', 'Mira', 'Kuehn']],
    error: { code: 'ERR_NOT_CSV', message: /From line 3 on, .* only NUL characters/, hint: /Copy or export/ },
  },
  'utf-16-rows-appended.csv': {
    header: ['login', 'email', 'firstName', 'lastName'],
    rows: [[2, 'mira@example.com', 'mira@example.com', 'Mira', 'Kuehn']],
    error: { code: 'ERR_NOT_CSV', message: /Line 3 is in UTF-16, but the lines above it are not/ },
  },
  'utf-32.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /text in UTF-32/, hint: /as UTF-8/ },
  },
  'two-readings.csv': {
    encoding: 'windows-1252',
    guessedOnLine: 2,
    rows: [
      [2, 'p@example.com', 'Kadýr'],
      [3, 'q@example.com', 'ýx'],
    ],
    notices: [/"Kadýr" in windows-1252, and "Kadır" in windows-1254\. .* set --encoding windows-1254;/],
  },
  'windows-874.csv': guessed('windows-874', people('สมชาย ใจดี', 'สุดา วงศ์ไทย')),
  'shift-jis.csv': guessed('shift_jis', {
    header: ['login', 'lastName'],
    rows: [[2, 'hana@example.com', '能登']],
  }),
  'euc-jp.csv': guessed(
    'euc-jp',
    people('花子 能登', 'さくら 鈴木', 'ケンジ 高橋', '太郎 田中', '一郎 佐藤'),
  ),
  'iso-2022-jp.csv': guessed('iso-2022-jp', {
    header: ['login', 'lastName'],
    rows: [[2, 'hana@example.com', '奴']],
  }),
  'gb18030.csv': guessed('gb18030', {
    header: ['login', 'lastName'],
    rows: [[2, 'wei@example.com', '王']],
  }),
  'big5.csv': guessed('big5', people('怡君 陳', '志明 林')),
  'euc-kr.csv': guessed('euc-kr', people('민준 김', '서연 이')),

  // Malformed text
  'malformed-utf-8.csv': {
    rows: [
      [2, 'zoe@example.com', 'Zoë'],
      [3, 'ann@example.com', 'Ann\uFFFD'],
      [4, ...BO],
    ],
    malformed: { 2: { cell: 1, message: /^Line 3 is not valid utf-8 at byte 56 of the file\./ } },
  },
  'malformed-utf-8-in-quotes.csv': {
    rows: [
      [2, 'zoe@example.com', 'Zoë'],
      [3, 'ann@example.com', 'An\nn\uFFFD'],
      [5, 'bo@example.com', 'B\uFFFD'],
    ],
    malformed: {
      2: { cell: 1, message: /^Line 4 is not valid utf-8 at byte 58 / },
      3: { cell: 1, message: /^Line 5 is not valid utf-8 at byte 77 / },
    },
    options: { encoding: 'utf-8' },
  },
  'malformed-header.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_MALFORMED_TEXT',
      message: /^Line 1 is not valid utf-8 at byte 8 of the file\.$/,
      hint: /--encoding windows-1252/,
    },
  },
  'truncated-utf-8.csv': {
    rows: [
      [2, 'zoe@example.com', 'Zoë'],
      [3, 'ann@example.com', 'Ann\uFFFD'],
    ],
    malformed: { 2: { cell: 1, message: /^Line 3 .* byte 56 / } },
  },
  'truncated-utf-16le.csv': {
    encoding: 'utf-16le',
    header: ['login'],
    rows: [[2, 'zoe@example.com\uFFFD']],
    malformed: { 1: { cell: 0, message: /^Line 2 is not valid utf-16le at byte 44 / } },
  },
  'malformed-shift-jis.csv': {
    options: { encoding: 'shift_jis' },
    encoding: 'shift_jis',
    header: ['login', 'lastName'],
    rows: [[2, 'hana@example.com', '能\uFFFD']],
    malformed: { 1: { cell: 1, message: /^Line 2 is not valid shift_jis at byte 34 / } },
  },
  'utf-8-line-in-windows-1252.csv': guessed('windows-1252', {
    rows: [
      [2, 'ann@example.com', 'André'],
      [3, 'bo@example.com', 'Björn'],
      [4, 'cy@example.com', 'César'],
      [5, 'zoe@example.com', 'Zoë'],
    ],
    malformed: { 4: { cell: 1, message: /^Line 5 is utf-8, but the lines before it are windows-1252\./ } },
  }),
  'utf-8-then-windows-1252.csv': {
    options: { encoding: 'utf-8' },
    rows: [
      [2, 'zoe@example.com', 'Zoë'],
      ...range(19).map((i) => [3 + i, `p${i}@example.com`, 'Zo\uFFFD'] as const),
    ],
    malformed: Object.fromEntries(range(19).map((i) => [2 + i, { cell: 1, message: /is not valid utf-8/ }])),
    error: {
      code: 'ERR_MALFORMED_TEXT',
      message: /^Line 3 is not valid utf-8 at byte 54 of the file\.$/,
      hint: /save the whole file/,
    },
  },
  'replacement-character.csv': {
    rows: [
      [2, 'zoe@example.com', 'Zo\uFFFD'],
      [3, ...ANN],
    ],
    malformed: {
      1: { cell: 1, message: /^Line 2 contains "\uFFFD", which marks a character that was lost/ },
    },
  },
  'nul-character.csv': {
    rows: [[2, ...ANN]],
    error: { code: 'ERR_NOT_CSV', message: /Line 3 contains a NUL character/, hint: /Remove it/ },
  },

  'bom-as-text.csv': {
    rows: [[2, ...ANN]],
    notices: [/^The file begins with "ï»¿", .* saved as UTF-8 twice/],
  },
  'utf-8-twice.csv': garbledError(
    /^The file was saved as UTF-8 twice: it begins with "ï»¿", .* "ZoÃ«" on line 2 probably means "Zoë"\.$/,
  ),
  'bom-as-text-of-mac.csv': garbledError(/it begins with "Ôªø", .* "Zo√´" on line 2 probably means "Zoë"/),
  'utf-8-twice-in-header.csv': garbledError(/UTF-8 twice: "PrÃ©nom" on line 1 probably means "Prénom"/),

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
    notices: [/header found on line 3; 2 lines above it were skipped/],
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
    error: { code: 'ERR_CSV_UNCLOSED_QUOTE', message: /opened on line 5, in column 2, is never closed/ },
  },
  'unclosed-quote-in-header.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_CSV_UNCLOSED_QUOTE', message: /opened on line 1, in column 2/ },
  },

  // Rows
  'only-delimiters-row.csv': {
    header: ['login', 'firstName', 'lastName'],
    rows: [
      [2, ...ANN, 'Lee'],
      [4, ...BO, 'Ray'],
    ],
    notices: [/^1 row without a value \(line 3\) was ignored\.$/],
  },
  'spaces-only-row.csv': {
    rows: [[3, ...ANN]],
    notices: [/^1 row without a value \(line 2\) was ignored\.$/],
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

  'ctrl-z-at-end.csv': { rows: [[2, ...ANN]] },
  'ctrl-z-after-last-cell.csv': {
    rows: [
      [2, ...ANN],
      [3, ...BO],
    ],
  },
  'ctrl-z-inside.csv': {
    rows: [
      [2, '\u001a'],
      [3, 'ann@example.com', 'A\u001ann'],
    ],
  },

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
    header: ['login', 'firstName', 'lastName'],
    rows: [],
    notices: [
      /^3 columns without a name and without a value \(columns 2, 3, and 5\) were ignored\. The column to the right, "lastName", may/,
    ],
  },
  'no-header.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_CSV_HEADER',
      message:
        /it contains the email address "ann@example\.com", so it is a data row, and the file has no header/,
      hint: /Add a header line above it/,
    },
  },
  'tables-side-by-side.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_CSV_HEADER',
      message:
        /the columns before and after column 4 have the same names, so there are two tables side by side/,
      hint: /Move the rows of the second table below the first/,
    },
  },
  'table-of-departments-beside.csv': {
    header: ['login', 'firstName', 'department', 'Head'],
    rows: [
      [2, ...ANN, 'Sales', 'Ines'],
      [3, ...BO, 'Legal', 'Ivo'],
    ],
    notices: [
      /\(column 3\) was ignored\. The columns to the right, "department" and "Head", may belong to another table\.$/,
    ],
  },
  'empty-rows-of-semicolons.csv': {
    rows: [
      [2, ...ANN],
      [4, ...BO],
    ],
    notices: [/^2 rows without a value \(the first on line 3\) were ignored\.$/],
  },
  'trailing-empty-header.csv': {
    header: ['login', 'email'],
    rows: [[2, 'ann@example.com', 'ann@example.com', '', '', '']],
    notices: [/^3 columns without a name and without a value \(columns 3 to 5\) were ignored\.$/],
  },
  'unnamed-column-with-value.csv': {
    rows: [[2, ...ANN, '']],
    notices: [/^1 column without a name and without a value \(column 4\) was ignored\.$/],
    error: {
      code: 'ERR_CSV_HEADER',
      message: /: column 2 has no name, but a value on line 3\.$/,
      hint: /Name the column, or delete it/,
    },
  },
  'table-at-b5.csv': {
    delimiter: ';',
    headerLine: 5,
    rows: [
      [6, ...ANN, ''],
      [8, ...BO, ''],
    ],
    notices: [
      /header found on line 5; 4 lines above it were skipped/,
      /^3 rows without a value \(the first on line 7\) were ignored\. 2 columns without .* \(columns 1 and 4\) were ignored\.$/,
    ],
  },
  'blank-rows-and-columns.csv': {
    rows: [
      [2, ...ANN, '', ''],
      [4, ...BO, 'x', ''],
    ],
    notices: [
      /^3 rows without a value \(the first on line 3\) were ignored\. 1 column without .* \(column 4\) was/,
    ],
  },
  'duplicate-and-empty-header.csv': {
    ...NO_TABLE,
    error: {
      code: 'ERR_CSV_HEADER',
      message: /: columns 1 and 2 are both named "login"\.$/,
    },
  },

  // Lines above the header
  'title-above.csv': {
    headerLine: 3,
    rows: [[4, ...ANN]],
    notices: [/header found on line 3; 2 lines above it were skipped/],
  },
  'report-head-above.csv': {
    delimiter: ';',
    headerLine: 4,
    rows: [[5, ...ANN]],
    notices: [/header found on line 4; 3 lines above it were skipped/],
  },
  'powershell-type-line.csv': {
    headerLine: 2,
    rows: [[3, ...ANN]],
    notices: [/header found on line 2; 1 line above it was skipped/],
  },

  // Structure
  'whole-lines-in-quotes.csv': structureError(/^Whole lines are in quotes, such as line 1,/),
  'rows-in-quotes.csv': structureError(/^Whole lines are in quotes, such as line 2,/),
  'single-quotes.csv': structureError(/in single quotes \('login'\)/),
  'typographic-quotes.csv': structureError(/in typographic quotes \(“login”\)/),
  'full-width-commas.csv': structureError(/separated by full-width commas/),
  'rows-with-semicolons.csv': structureError(/but the rows by semicolons, such as line 2/),
  'one-row-with-semicolons.csv': {
    rows: [
      [2, ...ANN],
      [3, 'bo@example.com;Bo'],
    ],
    oneCell: { 2: expect.stringMatching(/^The line is separated by semicolons, but the header by commas/) },
  },
  'aligned-columns.csv': structureError(/separated by spaces, as in a printed table/),
  'a-column-for-each-person.csv': structureError(/so each person is a column/),
  // Their rows are problems of the mapping and the validation.
  'totals-and-page-breaks.csv': {
    rows: [
      [2, ...ANN],
      [3, 'login', 'firstName'],
      [4, ...BO],
      [5, 'Total: 2', ''],
    ],
  },
  'trailing-semicolons.csv': structureError(/ends with ";;;", but its cells are separated by commas/),

  // Compressed
  'gzip.csv.gz': ZOE,
  'gzip-of-windows-1252.csv.gz': guessed('windows-1252', ZOE),
  'gzip-of-workbook.xlsx.gz': DATES,
  'workbook-dates.xlsx': DATES,
  'workbook-merged-hidden.xlsx': {
    header: ['login', 'firstName', 'employeeNumber', 'startDate', 'share', 'manager'],
    sheet: 'People',
    rows: [
      [2, 'zoe@example.com', 'Zoë', '00042', '24/11/2026', '50%', 'TRUE'],
      [4, 'noor@example.com', 'Noor', '123456789012', '2026-01-02', '0.5', 'yes'],
      [5, 'ann@example.com', 'Ann', '', '', '', ''],
    ],
    kinds: {
      1: [undefined, undefined, undefined, 'date'],
      2: [undefined, undefined, 'number', 'date'],
      3: [undefined, undefined, 'merged'],
    },
    notices: [
      /1 other sheet: .*\. Only sheet "People"/,
      /^Cells B5:C5 are merged: only the first has a value, and "employeeNumber" is empty in sheet row 5\./,
    ],
  },

  // Not a CSV
  'empty.csv': { ...NO_TABLE, error: { code: 'ERR_CSV_EMPTY', message: /empty/, hint: /names the columns/ } },
  'bom-only.csv': { ...NO_TABLE, error: { code: 'ERR_CSV_EMPTY', message: /empty/ } },
  'blank-lines-only.csv': { ...NO_TABLE, error: { code: 'ERR_CSV_EMPTY', message: /empty/ } },
  'workbook.xls': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /\(\.xls\), or a workbook with a password/, hint: /as \.xlsx/ },
  },
  'workbook.xlsb': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /\(\.xlsb\)/, hint: /as \.xlsx or CSV/ },
  },
  'workbook.ods': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /\(\.ods\)/, hint: /as \.xlsx or CSV/ },
  },
  'workbook-with-password.xlsx': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /with a password/, hint: /remove the password/ },
  },
  'lock-file.xlsx': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /lock file/, hint: /Close/ } },
  'people.numbers': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /Apple Numbers/, hint: /Export To > Excel or CSV/ },
  },
  'people.gsheet': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /link to a Google Sheet/, hint: /File > Download/ },
  },
  'workbook-cut-off.xlsx': {
    ...NO_TABLE,
    error: { code: 'ERR_FILE_DAMAGED', message: /zip data is truncated/, hint: /again/ },
  },
  'word.docx': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /Office document, but not an Excel workbook/ },
  },
  'zip-of-csv.zip': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /zip archive/, hint: /Unpack it, and use the file inside/ },
  },
  'gzip-cut-off.csv.gz': {
    ...NO_TABLE,
    error: { code: 'ERR_FILE_DAMAGED', message: /gzip data is truncated/, hint: /again/ },
  },
  'gzip-twice.csv.gz': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /gzip twice/, hint: /gunzip/ } },
  'git-lfs-pointer.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /pointer to a file in Git LFS/, hint: /git lfs pull/ },
  },
  'people.json': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /it is JSON/, hint: /jq/ } },
  'people.ndjson': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /it is NDJSON/, hint: /jq/ } },
  'powershell-table.csv': {
    ...NO_TABLE,
    error: { code: 'ERR_NOT_CSV', message: /line of dashes on line 2/, hint: /Export-Csv/ },
  },
  'web-page.csv': { ...NO_TABLE, error: { code: 'ERR_NOT_CSV', message: /web page/ } },
};

const folder = join(import.meta.dirname, '../../fixtures/csv');

describe('fixtures/csv', () => {
  it('has an expected result for every file', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(expectations).sort());
  });

  describe.each(Object.entries(expectations))('%s', (name, expected) => {
    const content = readFileSync(join(folder, name));

    it.each([Infinity, 7, 1])('reads the same in chunks of %d bytes', async (chunkBytes) => {
      const { table, rows, notices, error } = await readAll(inChunks(content, chunkBytes), expected.options);

      const hasTable = expected.header?.length !== 0;
      expect(table).toEqual(
        hasTable
          ? {
              encoding: expected.encoding ?? 'utf-8',
              delimiter: expected.delimiter ?? ',',
              header: expected.header ?? ['login', 'firstName'],
              headerLine: expected.headerLine ?? 1,
              guessedOnLine: expected.guessedOnLine,
              sheet: expected.sheet,
            }
          : undefined,
      );
      expect(rows).toEqual(
        (expected.rows ?? []).map(([line, ...cells], index) => {
          const malformed = expected.malformed?.[index + 1];
          const oneCell = expected.oneCell?.[index + 1];
          const cellKinds = expected.kinds?.[index + 1];
          const isHidden = expected.hidden?.includes(index + 1) === true;
          const row = {
            row: index + 1,
            line,
            cells,
            ...(oneCell !== undefined && { oneCell }),
            ...(cellKinds && { cellKinds }),
            ...(isHidden && { isHidden }),
          };
          if (malformed === undefined) return row;
          const { cell, message } = malformed;
          return { ...row, malformed: { cell, message: expect.stringMatching(message) } };
        }),
      );
      expect(notices).toEqual((expected.notices ?? []).map((notice) => expect.stringMatching(notice)));
      expect(error?.code).toBe(expected.error?.code);
      expect(error?.message ?? '').toMatch(expected.error?.message ?? /^$/);
      expect(error?.hint ?? '').toMatch(expected.error?.hint ?? /(?:)/);
    });
  });
});
