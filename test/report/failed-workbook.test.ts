import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';

import { FailedWorkbook, type CellMark } from '../../src/report/xlsx/failed-workbook.js';
import { unescapeFormula } from '../../src/text.js';
import { inChunks, readAll } from '../csv/read.js';
import { zipPart } from '../csv/zip-part.js';

import { anyText } from './any-text.js';

const folder = mkdtempSync(join(tmpdir(), 'failed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** No file that can be read has NUL characters. */
const cellText = anyText.map((cell) => cell.replaceAll('\0', ''));

interface WrittenRow {
  readonly fields: readonly string[];
  readonly marks?: readonly CellMark[];
}

async function written(
  header: readonly string[],
  rows: readonly WrittenRow[],
  sheet = 'People',
): Promise<{ path: string; bytes: Buffer }> {
  const path = join(folder, 'failed.xlsx');
  const workbook = FailedWorkbook.open(path, { sheet, header });
  for (const { fields, marks = [] } of rows) {
    workbook.append(fields, marks);
    if (workbook.isFull) await workbook.flush();
  }
  await workbook.close();
  return { path, bytes: readFileSync(path) };
}

it('has the sheet of the file, its header and the rows, each cell as text', async () => {
  const rows = [
    { fields: ['ada@example.com', '007', '4-Mar', '2', 'bad'] },
    { fields: ['bo@example.com', '', '+49 170', '7', 'bad'] },
  ];
  const { path, bytes } = await written(['login', 'id', 'dept', '_line', '_error'], rows, 'Staff & "2026"');

  const { table, rows: read, notices, error } = await readAll(inChunks(bytes));

  expect(error).toBeUndefined();
  expect(notices).toEqual([]);
  expect(table).toMatchObject({
    sheet: 'Staff & "2026"',
    header: ['login', 'id', 'dept', '_line', '_error'],
    headerLine: 1,
  });
  expect(read).toEqual(rows.map(({ fields }, index) => ({ row: index + 1, line: index + 2, cells: fields })));
  expect(statSync(path).mode % 0o1000).toBe(0o600);
});

it('marks wrong cells with a comment, one for all problems of a cell', async () => {
  const { bytes } = await written(
    ['login', 'title', '_line', '_error'],
    [
      { fields: ['ada', 'x', '2', 'bad'], marks: [{ column: 0, text: 'login <must> be an address.' }] },
      { fields: ['bo@example.com', 'x', '3', 'failed'] },
      {
        fields: ['cy', 'y', '9', 'bad'],
        marks: [
          { column: 1, text: 'One.' },
          { column: 0, text: 'Two.' },
          { column: 1, text: 'Three.' },
        ],
      },
    ],
  );

  const comments = zipPart(bytes, 'xl/comments1.xml');
  const boxes = zipPart(bytes, 'xl/drawings/vmlDrawing1.vml');
  const sheet = zipPart(bytes, 'xl/worksheets/sheet1.xml');

  const texts = [...comments.matchAll(/ref="(\w+)".*?<t xml:space="preserve">(.*?)<\/t>/gs)];
  expect(texts.map(([, cell, comment]) => [cell, comment])).toEqual([
    ['A2', 'login &lt;must&gt; be an address.'],
    ['B4', 'One.\nThree.'],
    ['A4', 'Two.'],
  ]);
  const places = [...boxes.matchAll(/<x:Row>(\d+)<\/x:Row><x:Column>(\d+)/g)];
  expect(places.map(([, row, column]) => [Number(row), Number(column)])).toEqual([
    [1, 0],
    [3, 1],
    [3, 0],
  ]);
  // Wrong cells are colored as well.
  expect([...sheet.matchAll(/r="(\w+)" s="2"/g)].map(([, cell]) => cell)).toEqual(['A2', 'A4', 'B4']);
});

it('has at most 5000 comments, and every row', async () => {
  const rows = Array.from({ length: 6000 }, (_, index) => ({
    fields: [`p${index}@example.com`, String(index + 2), 'bad'],
    marks: [{ column: 0, text: 'Bad.' }],
  }));
  const { bytes } = await written(['login', '_line', '_error'], rows);

  const comments = zipPart(bytes, 'xl/comments1.xml');
  expect(comments.match(/<comment /g)).toHaveLength(5000);
  expect(zipPart(bytes, 'xl/drawings/vmlDrawing1.vml')).toContain('data="1,2,3,4,5"');
  const { rows: read } = await readAll(inChunks(bytes));
  expect(read.map(({ cells }) => cells)).toEqual(rows.map(({ fields }) => fields));
});

it('is read back unchanged, whatever the cells contain', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cellText, { minLength: 2, maxLength: 2 }), { maxLength: 5 }),
      async (all) => {
        const rows = all.map((cells) => ({ fields: [...cells, '2', 'bad'] }));
        const { bytes } = await written(['login', 'title', '_line', '_error'], rows);

        const { rows: read, error } = await readAll(inChunks(bytes));

        expect(error).toBeUndefined();
        // `import` removes the apostrophes before formulas from files of this program.
        expect(read.map(({ cells }) => cells.map(unescapeFormula))).toEqual(rows.map(({ fields }) => fields));
      },
    ),
    { numRuns: 100 },
  );
});
