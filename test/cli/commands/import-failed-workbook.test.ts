import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../../src/sandbox/server.js';
import { sheetRows, textRows, workbook, type SheetCell } from '../../csv/build-workbook.js';
import { inChunks, readAll } from '../../csv/read.js';
import { zipPart } from '../../csv/zip-part.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { workplace } from '../../helpers/workplace.js';

const HEADER = ['login', 'email', 'firstName', 'lastName', 'title', 'employeeNumber', 'mobilePhone'];

function person(name: string, ...more: readonly SheetCell[]): SheetCell[] {
  return [`${name}@example.com`, `${name}@example.com`, name, 'Osei', ...more];
}

/** People below a title, of whom some have wrong cells. */
const PEOPLE: readonly (readonly SheetCell[])[] = [
  ['New hires'],
  [],
  HEADER,
  person('ada', 'Engineer', '000101', '+49 170 1'),
  person('bo', { formula: 'UPPER("x")' }, '000102', '+49 170 2'),
  ['not an address', 'cy@example.com', 'cy', 'Osei', "'=x", '000103', '+49 170 3'],
  person('dee', 'Lead', 1.2345678901234568e16, '+49 170 4'),
  person('taken', '=Lead', '000105', '+49 170 5'),
];

async function scene() {
  const okta = await startSandbox({
    seed: {
      users: [
        { profile: { login: 'taken@example.com', email: 't@example.com', firstName: 'T', lastName: 'T' } },
      ],
    },
  });
  onTestFinished(() => okta.close());
  return { okta, at: workplace(), env: orgSettings(okta) };
}

/** The cell and the text of each comment. */
function commentsIn(file: Buffer): (readonly [string, string])[] {
  const xml = zipPart(file, 'xl/comments1.xml');
  return [...xml.matchAll(/ref="(\w+)".*?<t xml:space="preserve">(.*?)<\/t>/gs)].map(
    ([, cell = '', text = '']) => [cell, text] as const,
  );
}

it('failed.xlsx has the failed rows in a sheet of the same name, with a comment on every wrong cell', async () => {
  const { at, env } = await scene();
  const file = at.file('people.xlsx', workbook({ rows: sheetRows(PEOPLE) }));

  const { exitCode, stderr } = await cli(['import', file, '--run-id=it'], { at, env });

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /fix \S+\/reports\/it\/failed\.xlsx and run:\n +okta-csv-import import \S+\/failed\.xlsx /,
  );
  const failed = readFileSync(join(at.run('it').path, 'failed.xlsx'));
  const { table, rows, error } = await readAll(inChunks(failed));
  expect(error).toBeUndefined();
  expect(table).toMatchObject({ sheet: 'People', header: [...HEADER, '_line', '_error'] });
  expect(
    rows.map(({ cells: [login, , , , title, number, phone, line] }) => [login, title, number, phone, line]),
  ).toEqual([
    ['bo@example.com', '[formula not calculated]', '000102', '+49 170 2', '5'],
    // Read with the apostrophe that import removes.
    ['not an address', "''=x", '000103', '+49 170 3', '6'],
    ['dee@example.com', 'Lead', '12345678901234600 [digits lost]', '+49 170 4', '7'],
    ['taken@example.com', '=Lead', '000105', '+49 170 5', '8'],
  ]);
  expect(commentsIn(failed)).toEqual([
    ['E2', expect.stringContaining('the formula in its cell was never calculated')],
    ['A3', expect.stringContaining('login')],
    ['F4', expect.stringContaining('more than 15 digits')],
    ['A5', 'This login already exists in Okta. A deactivated user keeps it until deleted.'],
  ]);
  expect(at.run('it').summary.file).toMatchObject({ name: 'people.xlsx', sheet: 'People' });
});

it('failed.xlsx can be imported as it is, and every row still has its problem', async () => {
  const { okta, at, env } = await scene();
  const file = at.file('people.xlsx', workbook({ rows: sheetRows(PEOPLE) }));
  await cli(['import', file, '--run-id=it'], { at, env });

  const again = await cli(['import', 'reports/it/failed.xlsx', '--run-id=again'], { at, env });

  expect(again.exitCode).toBe(1);
  expect(again.stderr).toContain('4 rows');
  const { results } = at.run('again');
  expect(results.map(({ line, status, errorCode }) => [line, status, errorCode])).toEqual([
    ['2', 'invalid', 'row-unmended'],
    ['3', 'invalid', expect.stringContaining('login')],
    ['4', 'invalid', 'row-unmended'],
    ['5', 'failed', 'E0000001'],
  ]);
  expect(okta.users()).toHaveLength(2);
});

it('a mended failed.xlsx is imported, with the cells as they were in the file', async () => {
  const { okta, at, env } = await scene();
  const file = at.file('people.xlsx', workbook({ rows: sheetRows(PEOPLE) }));
  await cli(['import', file, '--run-id=it'], { at, env });
  const { table, rows } = await readAll(inChunks(readFileSync(join(at.run('it').path, 'failed.xlsx'))));
  const mended = rows.map(({ cells }) =>
    cells.map((cell, column) => {
      if (cell.startsWith('[formula')) return 'Manager';
      if (cell.endsWith('[digits lost]')) return '12345678901234567';
      if (column === 0 && cell === 'not an address') return 'cy@example.com';
      return column === 0 && cell.startsWith('taken') ? 'free@example.com' : cell;
    }),
  );
  at.file('mended.xlsx', workbook({ rows: textRows([table!.header, ...mended]) }));

  expect(await cli(['import', 'mended.xlsx', '--run-id=again'], { at, env })).toMatchObject({ exitCode: 0 });

  const created = okta.users().filter(({ profile }) => profile['login'] !== 'taken@example.com');
  expect(
    created
      .map(({ profile }) => [profile['firstName'], profile['title'], profile['employeeNumber']])
      .toSorted(([one], [other]) => String(one).localeCompare(String(other))),
  ).toEqual([
    ['ada', 'Engineer', '000101'],
    ['bo', 'Manager', '000102'],
    ['cy', "'=x", '000103'],
    ['dee', 'Lead', '12345678901234567'],
    ['taken', '=Lead', '000105'],
  ]);
});

it('report rebuilds failed.xlsx, comments included', async () => {
  const { at, env } = await scene();
  const file = at.file('people.xlsx', workbook({ rows: sheetRows(PEOPLE) }));
  await cli(['import', file, '--run-id=it'], { at, env });
  const path = join(at.run('it').path, 'failed.xlsx');
  const written = readFileSync(path);
  at.file('reports/it/failed.xlsx', 'gone');

  expect(await cli(['report', 'it'], { at, env })).toMatchObject({ exitCode: 0 });

  expect(readFileSync(path)).toEqual(written);
});

it('secrets are redacted in failed.xlsx, and a dry run writes it as well', async () => {
  const at = workplace();
  const rows = sheetRows([
    ['login', 'email', 'firstName', 'lastName', 'password'],
    ['nobody', 'ada@example.com', 'Ada', 'Osei', 'Correct1Horse'],
  ]);

  const { exitCode } = await cli(['validate', at.file('people.xlsx', workbook({ rows })), '--run-id=it'], {
    at,
  });

  expect(exitCode).toBe(1);
  const { rows: failed } = await readAll(inChunks(readFileSync(join(at.run('it').path, 'failed.xlsx'))));
  expect(failed[0]?.cells.slice(0, 6)).toEqual([
    'nobody',
    'ada@example.com',
    'Ada',
    'Osei',
    '[redacted]',
    '2',
  ]);
});

it('a CSV has no failed.xlsx', async () => {
  const at = workplace();

  await cli(['validate', at.file('people.csv', peopleCsv(2)), '--run-id=it'], { at });

  expect(existsSync(join(at.run('it').path, 'failed.csv'))).toBe(true);
  expect(existsSync(join(at.run('it').path, 'failed.xlsx'))).toBe(false);
});
