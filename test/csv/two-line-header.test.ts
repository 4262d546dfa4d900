import { describe, expect, it } from 'vitest';

import { textRows, workbook } from './build-workbook.js';
import { inChunks, readAll } from './read.js';

interface TwoLines {
  readonly what: string;
  /** The first lines of the file; `MIRA` in the order of `header` follows. */
  readonly lines: readonly string[];
  readonly header: readonly string[];
  readonly headerLine: number;
}

const MIRA = 'mira@example.com,Mira,Kuehn,Sales';

const HEADERS: readonly TwoLines[] = [
  {
    what: 'cells that were merged downwards, and one that was merged across',
    lines: ['Login,Name,,Department', ',First name,Last name,'],
    header: ['Login', 'First name', 'Last name', 'Department'],
    headerLine: 1,
  },
  {
    what: 'a few cells that were merged downwards, beside many names on the second line',
    lines: ['E-mail,Person,,', ',Vorname,Nachname,Abteilung'],
    header: ['E-mail', 'Vorname', 'Nachname', 'Abteilung'],
    headerLine: 2,
  },
  {
    what: 'names that are broken in two',
    lines: ['E-mail,First,Last,Department', 'address,name,name,'],
    header: ['E-mail address', 'First name', 'Last name', 'Department'],
    headerLine: 1,
  },
  {
    what: 'names that are broken in two, below a title',
    lines: ['New hires,,,', 'E-mail,First,Last,Department', 'address,name,name,'],
    header: ['E-mail address', 'First name', 'Last name', 'Department'],
    headerLine: 2,
  },
  {
    what: 'the same names in a second language',
    lines: ['login,firstName,lastName,department', 'Login,Vorname,Nachname,Abteilung'],
    header: ['login', 'firstName', 'lastName', 'department'],
    headerLine: 1,
  },
];

describe('a header of two lines', () => {
  it.each(HEADERS)('is joined: $what', async ({ lines, header, headerLine }) => {
    const file = [...lines, MIRA].join('\n');
    const sheet = workbook({ rows: textRows([...lines, MIRA].map((line) => line.split(','))) });

    for (const [bytes, chunk] of [
      [Buffer.from(`${file}\n`), Infinity],
      [Buffer.from(`${file}\n`), 1],
      [sheet, Infinity],
    ] as const) {
      const { table, rows, notices, error } = await readAll(inChunks(bytes, chunk));

      expect(error).toBeUndefined();
      expect(table).toMatchObject({ header, headerLine });
      expect(rows).toMatchObject([{ row: 1, line: lines.length + 1, cells: MIRA.split(',') }]);
      expect(notices).toEqual([
        bytes === sheet
          ? `The header was read from sheet rows ${lines.length - 1} and ${lines.length}. To read it from one row, use --header-row.`
          : `The header was read from lines ${lines.length - 1} and ${lines.length}. To read it from one line, use --header-row.`,
      ]);
    }
  });

  it.each(HEADERS)('is joined again by what was found: $what', async ({ lines, header }) => {
    const bytes = (): ReturnType<typeof inChunks> => inChunks([...lines, MIRA].join('\n'));
    const first = await readAll(bytes());
    const found = { encoding: 'utf-8', delimiter: ',', notices: [], ...first.table };

    const { table, rows } = await readAll(bytes(), { found });

    expect(table?.header).toEqual(header);
    expect(rows).toEqual(first.rows);
  });

  it.each([
    ['a row of a person', 'login,name,title\nuser,Name,Manager\n', ['login', 'name', 'title'], 1],
    ['a row with little in it', 'login,firstName,title\nmira,,Manager\n', ['login', 'firstName', 'title'], 1],
    [
      'headings for several columns',
      'Account,,Person,\nlogin,email,firstName,lastName\na,b,c,d\n',
      undefined,
      1,
    ],
    [
      'headings that are known names',
      'Name,,Address,\nfirstName,lastName,email,city\na,b,c,d\n',
      undefined,
      1,
    ],
    ['a blank first row', 'login,email,title\n,,\nmira,m@example.com,Clerk\n', undefined, 1],
  ])('is not made of %s', async (_, file, header, rowCount) => {
    const lines = file.split('\n').map((line) => line.split(','));

    const { table, rows } = await readAll(inChunks(file));

    expect(table?.header).toEqual(
      header ?? lines.find((cells) => cells.every((cell) => /^[a-z]+[A-Z]?[a-z]*$/.test(cell))),
    );
    expect(rows).toHaveLength(rowCount);
  });

  it('is not joined where the user sets the line', async () => {
    const file = `First,Last,E-mail\nname,name,address\nMira,Kuehn,mira@example.com\n`;

    const { table, rows } = await readAll(inChunks(file), { headerRow: 1 });

    expect(table?.header).toEqual(['First', 'Last', 'E-mail']);
    expect(rows).toHaveLength(2);
  });
});
