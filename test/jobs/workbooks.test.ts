import { describe, expect, it } from 'vitest';

import {
  createOktaClient,
  importUsers,
  parseMappingFile,
  startSandbox,
  validateUsers,
  type ValidateUsersOptions,
} from '../../src/index.js';
import {
  sheetRows,
  workbook,
  type SheetCell,
  type SheetRow,
  type WorkbookParts,
} from '../csv/build-workbook.js';
import { inChunks, readAll } from '../csv/read.js';

const HEADER = ['login', 'email', 'firstName', 'lastName'];
const MIRA = ['mira@example.com', 'mira@example.com', 'Mira', 'Kuehn'];
const TOBIAS = ['tobias@example.com', 'tobias@example.com', 'Tobias', 'Osei'];

interface Checked {
  /** Of every row: `valid`, or the code, the column and the message of each problem. */
  readonly rows: readonly (readonly string[])[];
  /** About rows. */
  readonly warnings: readonly string[];
  /** About the whole file. */
  readonly fileWarnings: readonly string[];
}

async function check(content: string | Uint8Array, options: ValidateUsersOptions = {}): Promise<Checked> {
  const rows: string[][] = [];
  const warnings: string[] = [];
  const fileWarnings: string[] = [];
  const outcomes = validateUsers(
    { csv: inChunks(content) },
    {
      ...options,
      observer: {
        warning: ({ row, message }) =>
          void (row === undefined ? fileWarnings.push(message) : warnings.push(`row ${row}: ${message}`)),
      },
    },
  );
  for await (const outcome of outcomes) {
    rows.push(
      outcome.status === 'invalid'
        ? outcome.problems.map(({ code, column, message }) => `${code} ${column}: ${message}`)
        : [outcome.status],
    );
  }
  return { rows, warnings, fileWarnings };
}

/** A workbook of people with one more column. */
function withColumn(name: string, cells: readonly SheetCell[], parts: WorkbookParts = {}): Buffer {
  const people = [MIRA, TOBIAS, ...cells.slice(2).map((_, index) => person(index + 3))];
  const rows = cells.map((cell, index) => [...people[index]!, cell]);
  return workbook({ rows: sheetRows([[...HEADER, name], ...rows]), ...parts });
}

function person(number: number): string[] {
  return [`p${number}@example.com`, `p${number}@example.com`, `Given ${number}`, `Family ${number}`];
}

it('rows of a sheet that hides the rows below it, as Excel writes it, are not hidden', async () => {
  const content = workbook({
    beforeRows: '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>',
    rows: sheetRows([{ cells: HEADER, attributes: 'ht="30" customHeight="1"' }, MIRA, TOBIAS]),
  });

  expect(await check(content)).toEqual({ rows: [['valid'], ['valid']], warnings: [], fileWarnings: [] });
});

describe('a formula that was never calculated is a problem', () => {
  const uncalculated = { workbookPr: '<calcPr fullCalcOnLoad="1"/>' };
  const cases: Readonly<Record<string, readonly [cell: SheetCell, parts?: WorkbookParts]>> = {
    'without a result, as many programs write it': [{ formula: 'VLOOKUP(A2,Staff!A:B,2,FALSE)' }],
    'with an empty result, as openpyxl writes it': [{ formula: 'A2&"x"', result: '<v></v>' }],
    'a text formula without a result': [{ formula: 'UPPER(A2)', type: 'str' }],
    'with 0 in a workbook to be calculated when it is opened, as XlsxWriter writes it': [
      { formula: 'UPPER(A2)', result: '<v>0</v>' },
      uncalculated,
    ],
  };

  it.each(Object.entries(cases))('%s', async (_, [cell, parts]) => {
    const { rows } = await check(withColumn('title', [cell, 'Engineer'], parts));

    expect(rows).toEqual([
      [
        expect.stringMatching(
          /^formula-not-calculated title: title has no value: .* Open the workbook in Excel and save it, /,
        ),
      ],
      ['valid'],
    ]);
  });

  it.each<[string, SheetCell, WorkbookParts?]>([
    ['a text', { formula: 'UPPER("x")', result: '<v>X</v>', type: 'str' }],
    ['an empty text', { formula: 'IF(A2="","x","")', result: '<v></v>', type: 'str' }],
    ['0', { formula: '1-1', result: '<v>0</v>' }],
    [
      'a text in a workbook to be calculated when it is opened',
      { formula: 'A2', result: '<v>x</v>', type: 'str' },
      uncalculated,
    ],
  ])('but not one whose result is %s', async (_, cell, parts) => {
    const { rows } = await check(withColumn('title', [cell, 'Engineer'], parts));

    expect(rows).toEqual([['valid'], ['valid']]);
  });

  it('in the login, in groups, and in a template that reads it, once for each column', async () => {
    const never = { formula: 'A1' };
    const rows = sheetRows([
      ['email', 'firstName', 'lastName', 'groups', 'Role'],
      [never, 'Mira', 'Kuehn', never, never],
    ]);
    const mapping = parseMappingFile('profile: { title: "{{ row.Role | upcase }}" }', 'map.yaml');
    const checked = await check(workbook({ rows }), { mapping });

    expect(checked.rows).toEqual([
      [
        expect.stringMatching(/^formula-not-calculated email: /),
        expect.stringMatching(/^formula-not-calculated groups: groups /),
        expect.stringMatching(/^formula-not-calculated Role: title /),
      ],
    ]);
  });

  it('unless its column is ignored', async () => {
    const content = withColumn('Notes', [{ formula: 'A1' }, 'x']);

    expect((await check(content, { ignoreColumns: ['Notes'] })).rows).toEqual([['valid'], ['valid']]);
  });
});

it('never clears an attribute because a formula was not calculated or cells are merged', async () => {
  const seed = {
    users: [MIRA, TOBIAS, person(3)].map(([login = '', email = '', firstName = '', lastName = '']) => ({
      profile: { login, email, firstName, lastName, title: 'Engineer' },
    })),
  };
  const okta = await startSandbox({ seed });
  const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token });
  const content = withColumn('title', [{ formula: 'A1' }, 'Manager', null], {
    afterRows: '<mergeCells><mergeCell ref="E3:E4"/></mergeCells>',
  });

  const statuses: string[] = [];
  for await (const { status } of importUsers(
    { csv: inChunks(content) },
    { client, ifExists: 'update', clearEmpty: true },
  )) {
    statuses.push(status);
  }

  expect(statuses.toSorted()).toEqual(['invalid', 'unchanged', 'updated']);
  expect(okta.users().map(({ profile }) => profile['title'])).toEqual(['Engineer', 'Manager', 'Engineer']);
  await client.close();
  await okta.close();
});

describe('digits that a spreadsheet has lost are a problem', () => {
  it.each<[string, SheetCell, string]>([
    ['16 digits', 1234567890123456, '1234567890123460'],
    ['17 digits with an exponent', 1.2345678901234568e16, '12345678901234600'],
    ['a format of its own', { number: 4111111111111111, style: 1 }, '4111 1111 1111 1110'],
    ['a scientific format', { number: 1e18, style: 2 }, '1000000000000000000'],
    ['a negative number', -1e15, '-1000000000000000'],
  ])('in a workbook: %s', async (_, cell, shown) => {
    const formats = ['0000 0000 0000 0000', '0.00E+00'];
    const { rows } = await check(withColumn('employeeNumber', [cell, 20260003], { formats }));

    expect(rows).toEqual([
      [
        expect.stringContaining(
          `excel-long-number employeeNumber: employeeNumber is a number of more than 15 digits, "${shown}".`,
        ),
      ],
      ['valid'],
    ]);
  });

  it('but not 15 digits, and not 16 digits that are text', async () => {
    const content = withColumn('employeeNumber', [999_999_999_999_999, '1234567890123456']);

    expect((await check(content)).rows).toEqual([['valid'], ['valid']]);
  });

  it.each(['1.23457E+11', '4,91702E+11', '1.23457e+11', '-1E+20', '1.00E+100'])(
    'in a CSV: %s',
    async (cell) => {
      const { rows } = await check(`${HEADER.join(';')};employeeNumber\n${MIRA.join(';')};${cell}\n`);

      expect(rows).toEqual([[expect.stringMatching(/^excel-scientific employeeNumber: .* removed digits/)]]);
    },
  );

  it.each(['12E4', '1E5', '3E+4x'])('but not the code %s in a CSV', async (cell) => {
    const { rows } = await check(`${HEADER.join()},employeeNumber\n${MIRA.join()},${cell}\n`);

    expect(rows).toEqual([['valid']]);
  });
});

it.each([
  ['0.00E+00', 491701234567, '491701234567'],
  ['##0.0E+0', 20260018, '20260018'],
  ['0E+00', 1.5, '1.5'],
  ['0.000E+000', 999_999_999_999_999, '999999999999999'],
])('a number in the scientific format %s is read with all its digits', async (format, number, text) => {
  const { rows } = await readAll(
    inChunks(withColumn('employeeNumber', [{ number, style: 1 }], { formats: [format] })),
  );

  expect(rows[0]?.cells[4]).toBe(text);
});

describe('a text that a spreadsheet made a date gets a warning', () => {
  it.each([
    ['d-mmm', 46_085, '4-Mar'],
    ['mmm-yy', 42_005, 'Jan-15'],
    ['yyyy-mm-dd', 46_085, '2026-03-04'],
    ['h:mm', 0.5, '12:00'],
  ])('in a workbook, with the format %s', async (format, number, shown) => {
    const cells = [{ number, style: 1 }, 'Sales'];
    const { rows, warnings } = await check(withColumn('department', cells, { formats: [format] }));

    expect(rows).toEqual([['valid'], ['valid']]);
    expect(warnings).toEqual([
      expect.stringContaining(`row 1: department is a date in the workbook, shown as "${shown}".`),
    ]);
  });

  it.each([
    ['department', '4-Mar'],
    ['costCenter', 'Jan-15'],
    ['employeeNumber', '12-Apr'],
    ['title', '04. Mrz'],
    ['division', 'janv.-15'],
    ['department', '4/mar'],
    ['department', '04-Mar-26'],
    ['organization', '3月4日'],
  ])('in a CSV: %s %s', async (column, text) => {
    const { rows, warnings } = await check(`${HEADER.join()},${column}\n${MIRA.join()},${text}\n`);

    expect(rows).toEqual([['valid']]);
    expect(warnings).toEqual([expect.stringContaining(`row 1: ${column} "${text}" looks like a date.`)]);
  });

  it.each([
    ['department', 'MAR4'],
    ['department', '4-Marketing'],
    ['department', '45-Mar'],
    ['title', 'May'],
    ['employeeNumber', '12-345'],
    ['startDate', '4-Mar'],
  ])('but not %s %s', async (column, text) => {
    const content = `${HEADER.join()},profile.${column}\n${MIRA.join()},${text}\n`;

    expect((await check(content)).warnings).toEqual([]);
  });

  it('but not where a date is expected', async () => {
    const formats = ['yyyy-mm-dd'];
    for (const column of ['profile.startDate', 'profile.contractEnd', 'profile.birthday']) {
      const { rows, warnings } = await check(withColumn(column, [{ number: 46_085, style: 1 }], { formats }));

      expect(rows).toEqual([['valid']]);
      expect(warnings).toEqual([]);
    }
  });
});

describe('a number in place of a text gets a warning', () => {
  it.each([
    ['mobilePhone', 491701234567],
    ['primaryPhone', 5555550100],
  ])('in %s, which has lost its plus and its zeros', async (column, number) => {
    const { warnings } = await check(withColumn(column, [number, '+49 170 1234567']));

    expect(warnings).toEqual([
      expect.stringContaining(
        `row 1: ${column} "${number}" is stored as a number, so it has lost any "+" or zeros`,
      ),
    ]);
  });

  it('but not in a phone number whose format shows more than digits', async () => {
    const formats = ['"+"0', '[<=9999999]###-####;(###) ###-####', '00000000000'];
    const cells = formats.map((_, index) => ({ number: 5555550100, style: index + 1 }));

    expect((await check(withColumn('mobilePhone', cells, { formats }))).warnings).toEqual([]);
  });

  it.each([
    ['employeeNumber', [20260017, 20260018, 7], '"7" and "20260017"'],
    ['zipCode', [2134, 94105, 2139], '"2134" and "94105"'],
  ])('once, if %s has numbers of different lengths', async (column, numbers, examples) => {
    const { warnings } = await check(withColumn(column, numbers));

    expect(warnings).toEqual([
      expect.stringContaining(`${column} is stored as numbers of different lengths, such as ${examples}.`),
    ]);
  });

  it('but not if all have the same length', async () => {
    expect((await check(withColumn('employeeNumber', [100_001, 100_002]))).warnings).toEqual([]);
  });
});

describe('merged cells are named, with the rows that they leave empty', () => {
  const people: (readonly SheetCell[] | SheetRow)[] = [
    [...HEADER, 'department', 'title'],
    [...MIRA, 'Sales', 'Engineer'],
    [...TOBIAS, null, null],
    [...person(3), null, 'Engineer'],
    [...person(4), 'Legal', 'Lead'],
  ];

  it.each([
    [
      ['E2:E4'],
      [
        /^Cells E2:E4 are merged: only the first has a value, and "department" is empty in sheet rows 3 and 4\./,
      ],
    ],
    [
      ['F2:F3'],
      [/^Cells F2:F3 are merged: only the first has a value, and "title" is empty in sheet row 3\./],
    ],
    [['E3:F3'], [/^Cells E3:F3 are merged: .* "title" is empty in sheet row 3\./]],
    [['E2:F5'], [/^Cells E2:F5 are merged: .* "department" and "title" are empty in sheet rows 3 to 5\./]],
    [
      ['F2:F3', 'E2:E4'],
      [/^Cells F2:F3/, /^Cells E2:E4/],
    ],
    // A title above the table, and a note beside it.
    [['A1:D1', 'K2:K9'], []],
  ])('%s', async (references, expected) => {
    const cells = references.map((reference) => `<mergeCell ref="${reference}"/>`).join('');
    const afterRows = `<phoneticPr/><mergeCells count="${references.length}">${cells}</mergeCells>`;
    const { rows, fileWarnings } = await check(workbook({ rows: sheetRows(people), afterRows }));

    expect(rows).toEqual([['valid'], ['valid'], ['valid'], ['valid']]);
    expect(fileWarnings).toEqual(expected.map((notice) => expect.stringMatching(notice)));
  });

  it('up to five of them', async () => {
    const afterRows = Array.from(
      { length: 8 },
      (_, index) => `<mergeCell ref="E${index * 2 + 2}:E${index * 2 + 3}"/>`,
    );
    const { fileWarnings } = await check(
      workbook({ rows: sheetRows(people), afterRows: afterRows.join('') }),
    );

    expect(fileWarnings).toHaveLength(6);
    expect(fileWarnings.at(-1)).toBe('3 more ranges of cells are merged.');
  });
});
