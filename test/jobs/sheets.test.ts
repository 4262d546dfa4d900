import { describe, expect, it } from 'vitest';

import {
  parseMappingFile,
  validateUsers,
  type RunObserver,
  type ValidateUsersOptions,
} from '../../src/index.js';
import { sheetRows, textRows, workbook, workbookOf } from '../csv/build-workbook.js';
import { inChunks } from '../csv/read.js';

const PEOPLE = [
  ['login', 'email', 'firstName', 'lastName', 'department'],
  ['mira@example.com', 'mira@example.com', 'Mira', 'Kuehn', 'Sales'],
  ['tobias@example.com', 'tobias@example.com', 'Tobias', 'Osei', 'Legal'],
];

/** The logins and lines of the valid rows, and the notices; or the error. */
async function check(
  content: Uint8Array,
  options: ValidateUsersOptions = {},
): Promise<{ rows: readonly unknown[]; notices: readonly string[]; error: unknown }> {
  const rows: unknown[] = [];
  const notices: string[] = [];
  let error: unknown;
  try {
    const observer: RunObserver = {
      notice: (message) => void notices.push(message),
      warning: ({ message }) => void notices.push(message),
    };
    for await (const { status, login, line } of validateUsers(
      { csv: inChunks(content) },
      { ...options, observer },
    )) {
      rows.push([status, login, line]);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { rows, notices, error };
}

const INSTRUCTIONS = {
  'a page of text': [
    ['How to fill in this workbook'],
    ['Fill in the sheet People. Do not change the header.'],
  ],
  'a description of the columns': [
    ['Column', 'What to enter'],
    ['login', 'The name to sign in with'],
    ['email', 'The address of the person'],
    ['firstName', 'The given name'],
  ],
  'a cover with facts': [
    ['Company', 'Example Inc.'],
    ['Owner', 'HR'],
    ['Version', '3'],
  ],
  'a list of departments': [
    ['Department', 'Head'],
    ['Sales', 'Ines'],
    ['Legal', 'Ivo'],
  ],
  'nothing at all': [],
};

describe('the first sheet is not the people', () => {
  it.each(Object.entries(INSTRUCTIONS))('but %s: the sheet of people is named', async (_, rows) => {
    const content = workbookOf({
      'Read me': { rows: textRows(rows) },
      'New hires': { rows: textRows(PEOPLE) },
      Lists: { rows: textRows([['Sales'], ['Legal']]) },
    });

    const { error } = await check(content);

    expect(error).toMatchObject({
      code: 'ERR_SHEET',
      message: expect.stringContaining(
        'The first sheet, "Read me", does not look like a list of people, but "New hires" does.',
      ),
      // The library has options instead of flags.
      hint: `Use sheet 'New hires'. The sheets of the workbook are "Read me", "New hires", "Lists".`,
    });
    expect((await check(content, { sheet: 'New hires' })).rows).toEqual([
      ['valid', 'mira@example.com', 2],
      ['valid', 'tobias@example.com', 3],
    ]);
  });

  it('and two others are: both are named', async () => {
    const below = [['Staff, as of November'], [], ...PEOPLE];
    const content = workbookOf({
      Notes: { rows: textRows([['Remember the milk']]) },
      Staff: { rows: textRows(below) },
      Leavers: { rows: textRows(PEOPLE) },
      Secret: { rows: textRows(PEOPLE), isHidden: true },
    });

    const { error } = await check(content);

    expect(error).toMatchObject({
      message: expect.stringContaining(
        '"Notes", does not look like a list of people, but "Staff" and "Leavers" do.',
      ),
      hint: expect.stringMatching(/^Use sheet Staff or sheet Leavers\./),
    });
  });

  it('and only a hidden one is: the message says that it is hidden', async () => {
    const content = workbookOf({
      'Read me': { rows: textRows([['Hello']]) },
      Staff: { rows: textRows(PEOPLE), isHidden: true },
    });

    const { error } = await check(content);

    expect(error).toMatchObject({
      code: 'ERR_SHEET',
      message: expect.stringContaining(
        '"Read me", does not look like a list of people, but "Staff", which is hidden, does.',
      ),
      hint: 'Use sheet Staff. The visible sheets of the workbook are "Read me".',
      sheetsOfPeople: [],
    });
  });

  it('but no other is either: the columns are the problem', async () => {
    const content = workbookOf({
      'Read me': { rows: textRows([['Hello']]) },
      Lists: { rows: textRows([['Sales'], ['Legal']]) },
    });

    expect((await check(content)).error).toMatchObject({ code: 'ERR_COLUMNS' });
  });

  it.each([
    ['with its sheet chosen', { sheet: 'Badges' }],
    ['with its header chosen', { headerRow: 1 }],
  ])('%s it is read', async (_, options) => {
    const content = workbookOf({
      Badges: {
        rows: textRows([
          ['Who', 'Badge'],
          ['mira@example.com', '7'],
        ]),
      },
      People: { rows: textRows(PEOPLE) },
    });

    expect((await check(content, options)).error).toMatchObject({ code: 'ERR_COLUMNS' });
  });
});

it('a workbook whose sheets are all hidden is read, with a notice', async () => {
  const { rows, notices } = await check(workbookOf({ Staff: { rows: textRows(PEOPLE), isHidden: true } }));

  expect(rows).toHaveLength(2);
  expect(notices).toEqual(['All sheets of the workbook are hidden. Reading sheet "Staff".']);
});

describe('hidden columns are named, since they are read like any other column', () => {
  it.each([
    [
      '<col min="5" max="5" width="0" hidden="1"/>',
      ['Column E ("department") is hidden in the workbook. It is read like any other column.'],
    ],
    [
      '<col min="1" max="2" hidden="true"/><col min="3" max="3" width="9"/><col min="4" max="16384" hidden="1"/>',
      [
        'Columns A ("login"), B ("email"), D ("lastName"), and E ("department") are hidden in the workbook. They are read like any other column.',
      ],
    ],
    // Excel can hide all columns to the right of a form.
    ['<col min="1" max="5" width="9"/><col min="6" max="16384" hidden="1"/>', []],
    ['<col min="-5" max="0" hidden="1"/><col max="x" hidden="1"/>', []],
  ])('%s', async (columns, expected) => {
    const { rows, notices } = await check(
      workbook({ beforeRows: `<cols>${columns}</cols>`, rows: textRows(PEOPLE) }),
    );

    expect(rows).toHaveLength(2);
    expect(notices).toEqual(expected);
  });
});

it.each([
  ['only logins', ['login'], ['mira@example.com'], undefined],
  [
    'columns that a mapping names',
    ['Konto', 'Vorname X', 'Nachname X'],
    ['mira@example.com', 'Mira', 'Kuehn'],
    'profile: { login: Konto, email: Konto, firstName: Vorname X, lastName: Nachname X }',
  ],
  [
    'columns from which a mapping makes the login',
    ['Vorname X', 'Nachname X'],
    ['Mira', 'Kuehn'],
    'profile: { login: "{{ row[\'Nachname X\'] }}@example.com", email: { value: x@example.com }, firstName: Vorname X, lastName: Nachname X }',
  ],
])('a first sheet with %s is read, and the other sheets are named', async (_, header, cells, mapping) => {
  const content = workbookOf({
    First: { rows: textRows([header, cells]) },
    People: { rows: textRows(PEOPLE) },
  });

  const { notices, error } = await check(content, {
    mapping: mapping === undefined ? undefined : parseMappingFile(mapping, 'map.yaml'),
  });

  expect(error).toBeUndefined();
  expect(notices).toEqual([
    'The workbook has 1 other sheet: "People". Only sheet "First" is read; choose another with --sheet.',
  ]);
});

describe('a header that is not the first row of its sheet', () => {
  const rows = sheetRows(PEOPLE, { firstRow: 5, firstColumn: 'B' });

  it.each([
    ['a table that starts at B5', rows, ''],
    [
      'a table that starts at B5 below a title in a merged cell',
      `<row r="2"><c r="B2" t="str"><v>New hires</v></c></row>${rows}`,
      '<mergeCells><mergeCell ref="B2:F3"/></mergeCells>',
    ],
  ])('is found: %s', async (_, xml, afterRows) => {
    const { rows: read, notices, error } = await check(workbook({ rows: xml, afterRows }));

    expect(error).toBeUndefined();
    expect(read).toEqual([
      ['valid', 'mira@example.com', 6],
      ['valid', 'tobias@example.com', 7],
    ]);
    expect(notices.join(' ')).toContain('header found in sheet row 5; 4 rows above it were skipped');
    expect(notices.join(' ')).not.toContain('merged');
  });

  it.each([
    [
      'groups of columns above, merged sideways',
      [['Account', '', 'Person', '', 'Work'], ...PEOPLE],
      ['A1:B1', 'C1:D1'],
    ],
    [
      'some names merged downwards',
      [
        ['login', 'email', 'Person', '', 'department'],
        ['', '', 'firstName', 'lastName', ''],
        ...PEOPLE.slice(1),
      ],
      ['A1:A2', 'B1:B2', 'C1:D1', 'E1:E2'],
    ],
  ])('may have two rows: %s', async (_, cells, references) => {
    const merges = references.map((reference) => `<mergeCell ref="${reference}"/>`).join('');
    const afterRows = `<mergeCells>${merges}</mergeCells>`;

    const { rows: read, notices, error } = await check(workbook({ rows: textRows(cells), afterRows }));

    expect(error).toBeUndefined();
    expect(read).toEqual([
      ['valid', 'mira@example.com', 3],
      ['valid', 'tobias@example.com', 4],
    ]);
    expect(notices).toEqual([expect.stringContaining('header found in sheet row 2')]);
  });
});
