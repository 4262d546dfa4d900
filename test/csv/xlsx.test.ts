import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import type { CsvOptions } from '../../src/csv/csv-table.js';
import { escaped, textRows, workbook, type WorkbookParts } from './build-workbook.js';
import { inChunks, readAll } from './read.js';

const MIB = 1024 * 1024;
const read = (parts: WorkbookParts, options?: CsvOptions) => readAll(inChunks(workbook(parts)), options);

/** The text of one cell, given its XML. */
async function shown(cell: string, parts: WorkbookParts = {}): Promise<string | undefined> {
  const rows = `${textRows([['login', 'value']])}<row r="2"><c t="inlineStr"><is><t>ann</t></is></c>${cell}</row>`;
  const { rows: read, error } = await readAll(inChunks(workbook({ ...parts, rows })));
  if (error) throw error;
  return read[0]?.cells[1];
}

describe('a cell of a workbook is read as Excel shows it', () => {
  it.each([
    ['00000', '123', '00123'],
    ['0.00', '1.5', '1.50'],
    ['#,##0', '1234567', '1,234,567'],
    ['0%', '0.5', '50%'],
    ['yyyy-mm-dd', '45985', '2025-11-24'],
    ['dd\\/mm\\/yyyy;@', '45985', '24/11/2025'],
    ['d mmmm yyyy', '45985', '24 November 2025'],
    ['[$-407]d. mmmm yyyy', '45717', '1. März 2025'],
    ['yyyy-mm-dd hh:mm', '45985.5', '2025-11-24 12:00'],
    ['[<=9999999]###-####;(###) ###-####', '5551234567', '(555) 123-4567'],
    ['_-* #,##0.00_-', '12', '12.00'],
    ['"EMP-"0000', '42', 'EMP-0042'],
    ['[$-F800]dddd, mmmm dd, yyyy', '45985', '2025-11-24'],
    ['no such "format', '42', '42'],
  ])('format %s, value %s: %s', async (format, value, text) => {
    expect(await shown(`<c s="1"><v>${value}</v></c>`, { formats: [format] })).toBe(text);
  });

  it.each([
    [14, '45985', '2025-11-24'],
    [22, '45985.75', '2025-11-24 18:00'],
    [15, '45985', '24-Nov-25'],
    [9, '0.07', '7%'],
    [1, '41.6', '42'],
    [49, '123456789012', '123456789012'],
  ])('built-in format %d, value %s: %s', async (id, value, text) => {
    expect(await shown(`<c s="1"><v>${value}</v></c>`, { builtIn: [id] })).toBe(text);
  });

  it.each([
    ['a number without a format, in full', '<c><v>8887770000123</v></c>', '8887770000123'],
    ['a number stored with an exponent', '<c><v>8.88777E+9</v></c>', '8887770000'],
    ['a number with more than fifteen digits', '<c><v>0.30000000000000004</v></c>', '0.3'],
    ['a true boolean', '<c t="b"><v>1</v></c>', 'TRUE'],
    ['a false boolean', '<c t="b"><v>0</v></c>', 'FALSE'],
    ['the text of a formula', '<c t="str"><f>A1&amp;"x"</f><v>annx</v></c>', 'annx'],
    ['the number of a formula', '<c><f>1+1</f><v>2</v></c>', '2'],
    ['a formula that was never calculated', '<c><f>A1</f></c>', '[formula not calculated]'],
    [
      'a number whose last digits are lost',
      '<c><v>12345678901234567</v></c>',
      '12345678901234600 [digits lost]',
    ],
    ['an error', '<c t="e"><v>#N/A</v></c>', '#N/A'],
    ['a date in ISO 8601', '<c t="d"><v>2026-11-24</v></c>', '2026-11-24'],
    ['an escaped character', '<c t="inlineStr"><is><t>a_x000D__x005F_x</t></is></c>', 'a\r_x'],
    ['an empty cell', '<c s="0"/>', ''],
    ['CDATA', '<c t="inlineStr"><is><t><![CDATA[<Ann>]]></t></is></c>', '<Ann>'],
  ])('%s', async (_, cell, text) => {
    expect(await shown(cell)).toBe(text);
  });

  it('counts days from 1904 if the workbook does', async () => {
    const parts = { workbookPr: '<workbookPr date1904="1"/>', builtIn: [14, 1] };

    expect(await shown('<c s="1"><v>44523</v></c>', parts)).toBe('2025-11-24');
    expect(await shown('<c s="2"><v>44523</v></c>', parts)).toBe('44523');
  });

  it('joins the runs of a string, and omits the phonetic text above Japanese names', async () => {
    const strings = [
      '<r><t>能</t></r><r><rPr><b/></rPr><t xml:space="preserve">登 </t></r><rPh sb="0" eb="2"><t>ノト</t></rPh><phoneticPr/>',
    ];

    expect(await shown('<c t="s"><v>0</v></c>', { strings })).toBe('能登 ');
  });
});

describe('the rows of a workbook', () => {
  it('are the non-empty rows, with their own numbers, padded to the header', async () => {
    const rows = [
      '<row r="3"><c r="A3" t="inlineStr"><is><t>login</t></is></c><c r="B3" t="inlineStr"><is><t>a</t></is></c><c r="C3" t="inlineStr"><is><t>b</t></is></c><c r="D3" s="0"/></row>',
      '<row r="4"/>',
      '<row r="7"><c r="A7" t="inlineStr"><is><t>ann</t></is></c><c r="C7"><v>1</v></c></row>',
      '<row r="8"><c r="A8" t="inlineStr"><is><t>bo</t></is></c><c r="E8"><v>2</v></c></row>',
      '<row r="1000000"><c r="A1000000" s="0"/></row>',
    ].join('');

    const { table, rows: read } = await readAll(inChunks(workbook({ rows })));

    expect(table).toMatchObject({
      header: ['login', 'a', 'b'],
      headerLine: 3,
      sheet: 'People',
      delimiter: ',',
    });
    expect(read).toEqual([
      { row: 1, line: 7, cells: ['ann', '', '1'], cellKinds: [undefined, undefined, 'number'] },
      {
        row: 2,
        line: 8,
        cells: ['bo', '', '', '', '2'],
        cellKinds: [undefined, undefined, undefined, undefined, 'number'],
      },
    ]);
  });

  it('may have namespace prefixes, and no positions', async () => {
    const rows = `<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row><x:c t="str"><x:v>login</x:v></x:c></x:row><x:row><x:c t="str"><x:v>ann</x:v></x:c></x:row></x:sheetData></x:worksheet>`;

    expect((await read({ rows })).rows).toEqual([{ row: 1, line: 2, cells: ['ann'] }]);
  });

  it('start after the version line of an Entra template', async () => {
    const { table, rows } = await read({ rows: textRows([['version:v1.0'], ['login'], ['ann']]) });

    expect(table).toMatchObject({ header: ['login'], headerLine: 2 });
    expect(rows).toEqual([{ row: 1, line: 3, cells: ['ann'] }]);
  });

  it('start at any cell, and leave out empty columns and rows', async () => {
    const { table, rows, notices, error } = await read({
      rows: textRows([[], [], [], [], ['', 'login', 'firstName'], ['', 'ann@example.com', 'Ann'], [' ', '']]),
    });

    expect(error).toBeUndefined();
    expect(table).toMatchObject({ headerLine: 5, header: ['login', 'firstName'] });
    expect(rows).toEqual([{ row: 1, line: 6, cells: ['ann@example.com', 'Ann'] }]);
    expect(notices).toEqual([
      expect.stringContaining('header found in sheet row 5; 4 rows above it were skipped'),
      expect.stringMatching(
        /^1 row without a value \(sheet row 7\) was ignored\. 1 column .* \(column 1\) was ignored\.$/,
      ),
    ]);
  });

  it('with a lost character are malformed', async () => {
    const { rows } = await read({
      rows: textRows([
        ['login', 'a'],
        ['ann', 'Zo\uFFFD'],
      ]),
    });

    expect(rows).toMatchObject([{ malformed: { cell: 1, message: expect.stringContaining('Sheet row 2') } }]);
  });

  it.each([
    ['no rows', '', 'ERR_CSV_EMPTY'],
    [
      'a value in a gap of the header',
      '<row><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row><row><c r="B2"><v>3</v></c></row>',
      'ERR_CSV_HEADER',
    ],
    ['two columns with the same name', textRows([['login', 'Login']]), 'ERR_CSV_HEADER'],
  ])('are rejected with %s', async (_, rows, code) => {
    expect((await read({ rows })).error).toMatchObject({ code });
  });
});

describe('merged ranges', () => {
  it.each([1, 7, 100, Infinity])('are found after the rows, in chunks of %d bytes', async (chunkBytes) => {
    const xml = `<x:worksheet><x:sheetData>${'<x:row/>'.repeat(30)}</x:sheetData ><x:mergeCells><x:mergeCell ref="B9:C10"/><x:mergeCell ref='A2:A4' /></x:mergeCells></x:worksheet>`;
    const { findMergedRanges } = await import('../../src/csv/xlsx/merged-ranges.js');
    const chunks = async function* () {
      for await (const chunk of inChunks(xml, chunkBytes)) yield Buffer.from(chunk);
    };

    expect(await findMergedRanges(chunks())).toEqual([
      { reference: 'A2:A4', firstRow: 2, lastRow: 4, firstColumn: 0, lastColumn: 0 },
      { reference: 'B9:C10', firstRow: 9, lastRow: 10, firstColumn: 1, lastColumn: 2 },
    ]);
  });

  it('are ignored in the text of a cell', async () => {
    const rows = textRows([['login'], ['</sheetData><mergeCell ref="A1:A9"/>']]);

    expect((await read({ rows })).notices).toEqual([]);
  });
});

describe('--sheet', () => {
  const twoSheets: WorkbookParts = {
    rows: textRows([['login'], ['first']]),
    other: {
      'xl/workbook.xml':
        '<workbook xmlns:r="x"><sheets><sheet name="People" r:id="rId1"/><sheet name="2026 Ä" r:id="rId9"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId9" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
      'xl/worksheets/sheet2.xml': `<worksheet><sheetData>${textRows([['login'], ['second']])}</sheetData></worksheet>`,
    },
  };

  it.each([
    [undefined, 'first'],
    ['People', 'first'],
    ['2026 ä', 'second'],
    ['2', 'second'],
  ])('%s reads the sheet with %s', async (sheet, login) => {
    const { rows, notices } = await read(twoSheets, { sheet });

    expect(rows).toMatchObject([{ cells: [login] }]);
    expect(notices).toHaveLength(sheet === undefined ? 1 : 0);
  });

  it.each(['3', '0', 'Peopel'])('%s is rejected with a list of the sheets', async (sheet) => {
    const { error } = await read(twoSheets, { sheet });

    expect(error).toMatchObject({
      code: 'ERR_SHEET',
      hint: expect.stringContaining('1 "People", 2 "2026 Ä"'),
    });
  });

  it('is rejected for a file without sheets', async () => {
    const { error } = await readAll(inChunks('login\n'), { sheet: 'People' });

    expect(error).toMatchObject({ code: 'ERR_SHEET' });
  });

  it('is reused by a second reading', async () => {
    const first = await read(twoSheets, { sheet: '2' });
    const found = { ...first.table!, notices: first.notices };

    expect((await read(twoSheets, { found })).rows).toEqual(first.rows);
  });
});

describe('a malicious workbook', () => {
  const bomb = Buffer.alloc(17 * MIB, ' ');

  it.each<[string, WorkbookParts, string, RegExp]>([
    [
      'a sheet that declares a huge size',
      { other: { 'xl/worksheets/sheet1.xml': { content: bomb, claimedBytes: 2 ** 31 } } },
      'ERR_WORKBOOK_TOO_LARGE',
      /sheet1\.xml has 2048 MiB decompressed/,
    ],
    [
      'a sheet larger than it declares',
      { other: { 'xl/worksheets/sheet1.xml': { content: bomb, claimedBytes: 1000 } } },
      'ERR_FILE_DAMAGED',
      /too many bytes/,
    ],
    [
      'styles of 17 MiB',
      { other: { 'xl/styles.xml': bomb } },
      'ERR_WORKBOOK_TOO_LARGE',
      /styles\.xml has 17 MiB/,
    ],
    [
      'a cell of 3 MiB',
      { rows: `<row><c t="str"><v>${'x'.repeat(3 * MIB)}</v></c></row>` },
      'ERR_CSV_RECORD_TOO_LARGE',
      /line 1 /,
    ],
    [
      'a shared string of 3 MiB',
      { strings: [`<t>${'x'.repeat(3 * MIB)}</t>`] },
      'ERR_WORKBOOK_TOO_LARGE',
      /a cell contains more/,
    ],
    [
      'a row of many large cells',
      {
        strings: [`<t>${'x'.repeat(MIB / 2)}</t>`],
        rows: `<row>${'<c t="s"><v>0</v></c>'.repeat(1000)}</row>`,
      },
      'ERR_CSV_RECORD_TOO_LARGE',
      /line 1 /,
    ],
    [
      'deeply nested elements',
      { rows: `<?xml version="1.0"?>${'<a>'.repeat(MIB)}` },
      'ERR_FILE_DAMAGED',
      /nested too deeply/,
    ],
    [
      'an element with many attributes',
      { rows: `<?xml version="1.0"?><a ${Array.from({ length: 5000 }, (_, i) => `a${i}=""`).join(' ')}/>` },
      'ERR_FILE_DAMAGED',
      /too many attributes/,
    ],
    [
      'a name of 1 MiB',
      { rows: `<?xml version="1.0"?><${'a'.repeat(MIB)}>` },
      'ERR_FILE_DAMAGED',
      /buffer length/,
    ],
    [
      'entities that multiply',
      { rows: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>' },
      'ERR_FILE_DAMAGED',
      /document type/,
    ],
    [
      'a column beyond the last',
      { rows: '<row><c r="XFE1"><v>1</v></c></row>' },
      'ERR_FILE_DAMAGED',
      /cell XFE1/,
    ],
    ['a row beyond the last', { rows: '<row r="1048577"/>' }, 'ERR_FILE_DAMAGED', /row 1048577/],
    ['rows out of order', { rows: '<row r="2"/><row r="1"/>' }, 'ERR_FILE_DAMAGED', /row 1/],
    ['a missing shared string', { rows: '<row><c t="s"><v>7</v></c></row>' }, 'ERR_FILE_DAMAGED', /text 7/],
    ['invalid XML', { rows: '<row><c></row>' }, 'ERR_FILE_DAMAGED', /sheet1\.xml .*damaged/],
    [
      'malformed text',
      { other: { 'xl/worksheets/sheet1.xml': Buffer.from('<a>\xff</a>', 'latin1') } },
      'ERR_FILE_DAMAGED',
      /malformed text/,
    ],
    [
      'a missing sheet',
      {
        other: {
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="gone.xml"/></Relationships>',
        },
      },
      'ERR_SHEET',
      /no content/,
    ],
  ])('is rejected: %s', async (_, parts, code, message) => {
    const { error } = await read(parts);

    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('is rejected above the size limit, before all of it is read', async () => {
    let given = 0;
    async function* endless() {
      yield Buffer.from('PK\x03\x04');
      for (const chunk = Buffer.alloc(MIB); ; given += MIB) yield chunk;
    }

    const { error } = await readAll(endless());

    expect(error).toMatchObject({
      code: 'ERR_WORKBOOK_TOO_LARGE',
      message: expect.stringContaining('100 MiB'),
    });
    expect(given).toBeLessThan(110 * MIB);
  });
});

describe('a file compressed with gzip', () => {
  it('is decompressed while it is read: an endless line is rejected with bounded memory', async () => {
    const content = gzipSync(Buffer.concat([Buffer.from('login\n'), Buffer.alloc(64 * MIB, 'x')]));

    const { error } = await readAll(inChunks(content));

    expect(error).toMatchObject({ code: 'ERR_CSV_RECORD_TOO_LARGE', line: 2 });
  });

  it('may have several members, and end in zeros', async () => {
    const members = [gzipSync('login,a\nann,'), gzipSync('Ann\nbo,Bo\n'), Buffer.alloc(200_000)];
    let given = 0;
    async function* bytes() {
      for (const chunk of members) {
        given += chunk.length;
        yield chunk;
      }
    }

    const { rows, error } = await readAll(bytes());

    expect(error).toBeUndefined();
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['ann', 'Ann'],
      ['bo', 'Bo'],
    ]);
    // A hash of the file must cover all of it.
    expect(given).toBe(Buffer.concat(members).length);
  });

  it('passes on an error of the source', async () => {
    const content = gzipSync('login\n'.repeat(100_000));
    async function* breaking() {
      yield content.subarray(0, 100);
      throw new Error('EIO: i/o error');
    }

    await expect(readAll(breaking())).rejects.toThrow('EIO');
  });

  it('closes the source when the reader leaves early', async () => {
    let isClosed = false;
    const content = gzipSync(Array.from({ length: 100_000 }, (_, i) => `p${i},${Math.sin(i)}\n`).join(''));
    async function* bytes() {
      try {
        for (let at = 0; at < content.length; at += 1000) yield content.subarray(at, at + 1000);
      } finally {
        isClosed = true;
      }
    }
    const { readCsv } = await import('../../src/csv/read-csv.js');
    const { rows } = await readCsv(bytes());

    for await (const _ of rows) break;

    expect(isClosed).toBe(true);
  });
});

it('escapes characters that XML cannot contain as Excel does', () => {
  expect(escaped('a\u0001_x000D_<"&>')).toBe('a_x0001__x005F_x000D_&lt;&quot;&amp;&gt;');
});
