import { describe, expect, it } from 'vitest';

import type { CsvOptions } from '../../src/csv/csv-table.js';
import { textRows, workbook } from './build-workbook.js';
import { inChunks, readAll } from './read.js';

const HEADER = 'login,email,firstName,lastName,department';
const MIRA = 'mira@example.com,mira@example.com,Mira,Kuehn,Engineering';
const OSEI = 'osei@example.com,osei@example.com,Tobias,Osei,Sales';
const PEOPLE = `${HEADER}\n${MIRA}\n${OSEI}\n`;
const TITLE_LINES = Array.from({ length: 19 }, (_, index) => `Remark ${index + 1}\n`).join('');

interface HeaderCase {
  readonly what: string;
  readonly file: string;
  readonly line: number;
  readonly skipped: number;
  readonly firstColumn?: string;
  readonly delimiter?: string;
}

const BELOW_OTHER_LINES: readonly HeaderCase[] = [
  { what: 'a title', file: `New hires, May 2026\n${PEOPLE}`, line: 2, skipped: 1 },
  {
    what: 'a title with an unbalanced quote',
    file: `The "new hires\nof May 2026\n\n${PEOPLE}`,
    line: 4,
    skipped: 3,
  },
  {
    what: 'the head of a report, saved by a spreadsheet',
    file: `Employee directory,,,,\nRun by:,HR service,,,\nRun on:,2026-11-02,,,\n,,,,\n${PEOPLE}`,
    line: 5,
    skipped: 4,
  },
  {
    what: 'a report head that names a contact',
    file: `Directory;;\nContact:;hr@example.com;\n\nE-Mail;Department;Badge\nmira@example.com;Sales;7\n`,
    line: 4,
    skipped: 3,
    firstColumn: 'E-Mail',
    delimiter: ';',
  },
  {
    what: 'the type line of PowerShell',
    file: `#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\n"UserPrincipalName","GivenName","Surname"\n"mira@example.com","Mira","Kuehn"\n`,
    line: 2,
    skipped: 1,
    firstColumn: 'UserPrincipalName',
  },
  {
    what: 'a PHP warning',
    file: `<br />\n<b>Warning</b>:  Undefined array key "title" in <b>/srv/export.php</b> on line <b>12</b><br />\n${PEOPLE}`,
    line: 3,
    skipped: 2,
  },
  {
    what: 'a Python warning',
    file: `export.py:7: DeprecationWarning: use csv.writer(f, delimiter=',')\n  warn("login, email")\n${PEOPLE}`,
    line: 3,
    skipped: 2,
  },
  {
    what: 'a line of headings for several columns',
    file: `Account,,Person,,Work\n${PEOPLE}`,
    line: 2,
    skipped: 1,
  },
  {
    what: 'headings that are names themselves',
    file: `Email,,Name,,Organization\n${PEOPLE}`,
    line: 2,
    skipped: 1,
  },
  { what: 'nineteen lines', file: `${TITLE_LINES}${PEOPLE}`, line: 20, skipped: 19 },
  {
    what: 'a title in a file with semicolons',
    file: `Staff, Berlin, May, 2026, all\nlogin;firstName;lastName\nmira@example.com;Mira;Kuehn\n`,
    line: 2,
    skipped: 1,
    delimiter: ';',
  },
  {
    what: 'the title of a list of logins',
    file: 'To be created\nlogin\nmira@example.com\n',
    line: 2,
    skipped: 1,
  },
  { what: 'a sep line and a title', file: `sep=,\nNew hires\n${PEOPLE}`, line: 3, skipped: 1 },
];

describe('the header', () => {
  it.each(BELOW_OTHER_LINES)('is found below $what', async (expected) => {
    const { file, line, skipped, firstColumn = 'login', delimiter = ',' } = expected;

    for (const chunkBytes of [Infinity, 7, 1]) {
      const { table, rows, notices, error } = await readAll(inChunks(file, chunkBytes));

      expect(error).toBeUndefined();
      expect(table).toMatchObject({ headerLine: line, delimiter });
      expect(table?.header[0]).toBe(firstColumn);
      expect(rows[0]).toMatchObject({ row: 1, line: line + 1 });
      expect(notices).toEqual([
        expect.stringMatching(`header found on line ${line}; ${skipped} lines? above it w`),
      ]);
    }
  });

  it.each([
    ['has known names, even if a row contains some', `login,title,department\nmira,Manager,Division\n`],
    ['has unknown names only', `Kennung;Stelle;Ort\nmira;Manager;Berlin\n`],
    ['precedes rows with addresses', `Kennung,Post\nm1,mira@example.com\nlogin,email\nm2,osei@example.com\n`],
    ['is repeated further down', `${PEOPLE}${PEOPLE}`],
    ['is followed by a twenty-first line with more names', `Kennung\n${TITLE_LINES}${PEOPLE}`],
  ])('is on the first line when that %s', async (_, file) => {
    const { table, notices } = await readAll(inChunks(file));

    expect(table).toMatchObject({ headerLine: 1 });
    expect(notices).toEqual([]);
  });

  it('is the line that the user sets, even if another one has more names', async () => {
    const file = `login,email\nKonto,Post,Stelle\n${MIRA}\n`;

    const { table, rows } = await readAll(inChunks(file), { headerRow: 2 });

    expect(table).toMatchObject({ headerLine: 2, header: ['Konto', 'Post', 'Stelle'] });
    expect(rows).toMatchObject([{ row: 1, line: 3 }]);
  });

  it.each([
    ['text', Buffer.from(PEOPLE), 'the file ends on line 3'],
    [
      'a workbook',
      workbook({ rows: textRows([['login'], ['mira@example.com'], ['osei@example.com']]) }),
      'the sheet ends in row 3',
    ],
  ])('cannot be below the end of %s', async (_, file, message) => {
    const { error } = await readAll(inChunks(file), { headerRow: 9 });

    expect(error).toMatchObject({
      code: 'ERR_CSV_HEADER',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('--header-row'),
    });
  });

  it('is read again from where it was found, without looking for it', async () => {
    const file = `New hires\nEmail,Name,Title\n${PEOPLE}`;
    const found = { encoding: 'utf-8', delimiter: ',', headerLine: 2, notices: [] };

    const { table, rows } = await readAll(inChunks(file), { found });

    expect(table).toMatchObject({ headerLine: 2, header: ['Email', 'Name', 'Title'] });
    expect(rows[0]).toMatchObject({ row: 1, line: 3, cells: HEADER.split(',') });
  });

  it('is the first line for journals that do not know of others', async () => {
    const { table } = await readAll(inChunks(`Kennung,Post,Vorname\n${PEOPLE}`), {
      found: { encoding: 'utf-8', delimiter: ',', notices: [] },
    });

    expect(table).toMatchObject({ headerLine: 1 });
  });
});

const SHEET_ROWS = PEOPLE.trim()
  .split('\n')
  .map((line) => line.split(','));
const readSheet = (rows: readonly (readonly string[])[], options?: CsvOptions) =>
  readAll(inChunks(workbook({ rows: textRows(rows) })), options);

describe('the header of a workbook', () => {
  it.each([
    ['a title', [['New hires'], []]],
    [
      'instructions',
      [['Fill in all columns.'], ['Do not change the header.'], ['Name, email and title are required.']],
    ],
    ['headings for several columns', [['Account', '', 'Person', '', 'Work']]],
  ])('is found below %s', async (_, above) => {
    const line = above.length + 1;

    const { table, rows, notices } = await readSheet([...above, ...SHEET_ROWS]);

    expect(table).toMatchObject({ headerLine: line, header: SHEET_ROWS[0] });
    expect(rows.map((row) => row.line)).toEqual([line + 1, line + 2]);
    expect(notices).toEqual([expect.stringContaining(`header found in sheet row ${line}; ${line - 1} row`)]);
  });

  it('is the row that the user sets', async () => {
    const { table, rows } = await readSheet([['Konto'], ['Kennung'], ...SHEET_ROWS], { headerRow: 2 });

    expect(table).toMatchObject({ headerLine: 2, header: ['Kennung'] });
    expect(rows).toHaveLength(3);
  });
});
