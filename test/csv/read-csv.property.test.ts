import { gzipSync } from 'node:zlib';

import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';

import { escaped, textRows, workbook } from './build-workbook.js';
import { skippedLinesNotices } from '../../src/csv/find-header.js';
import { trimInvisible } from '../../src/csv/header.js';
import { inChunks, readAll } from './read.js';

const cell = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      '"',
      '""',
      '"a"b',
      '\r',
      '\n',
      '\r\n',
      '\n\r',
      '\r\n\r\n',
      ',',
      ';',
      '\t',
      '|',
      '5" pipe',
      '\uFEFF',
      '_x000D_',
    ),
  )
  // NUL is never valid in text, U+FFFD marks a lost character, and Ctrl-Z may end a text.
  .map((text) => text.replaceAll(/[\0\uFFFD]/g, '').replaceAll('\u001A', ''));

/** The rows that have a value, with their indexes among all rows. */
function rowsWithValue(rows: readonly string[][]): { row: number; index: number; cells: string[] }[] {
  return rows
    .map((cells, index) => ({ index, cells }))
    .filter(({ cells }) => cells.some((text) => trimInvisible(text) !== ''))
    .map((one, index) => ({ row: index + 1, ...one }));
}

const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }));

const writing = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineBreak: fc.constantFrom('\r\n', '\n', '\r'),
  quoted: fc.boolean(),
  finalLineBreak: fc.boolean(),
  blankLines: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 13, maxLength: 13 }),
  encode: fc.constantFrom(toUtf8, toUtf8WithBom, toUtf16le, toUtf16be),
  chunkBytes: fc.constantFrom(1, 2, 3, 5, 64, Infinity),
});

it('reads back every cell and line number that a CSV writer writes in any dialect', async () => {
  await fc.assert(
    fc.asyncProperty(table, writing, async (cells, { delimiter, lineBreak, encode, ...how }) => {
      const header = Array.from({ length: cells[0]?.length ?? 2 }, (_, index) => `column ${index + 1}`);
      const lines: number[] = [];
      let text = '';
      for (const [index, line] of [header, ...cells].entries()) {
        text += lineBreak.repeat(how.blankLines[index] ?? 0);
        lines.push(text.split(/\r\n|\r|\n/).length);
        // The writer quotes only its own line break, but the reader accepts all three.
        const options = {
          delimiter,
          record_delimiter: lineBreak,
          quoted: how.quoted,
          quoted_match: /[\r\n]/,
        };
        text += stringify([line], { ...options, quoted_empty: true });
      }
      if (!how.finalLineBreak) text = text.slice(0, -lineBreak.length);

      const reading = await readAll(inChunks(encode(text), how.chunkBytes), {
        // A single column has no delimiter to detect.
        delimiter: header.length === 1 ? delimiter : undefined,
      });

      expect(reading).toEqual({
        table: { header, headerLine: lines[0], delimiter, encoding: expect.any(String) },
        notices: expect.arrayContaining([...skippedLinesNotices(lines[0]!, 0)]),
        rows: rowsWithValue(cells).map(({ index, ...row }) => ({ ...row, line: lines[index + 1] })),
        error: undefined,
      });
      const [, blankRows = 0] = /(\d+) rows? without a value/.exec(reading.notices.join()) ?? [];
      expect(reading.rows.length + Number(blankRows)).toBe(cells.length);
    }),
    { numRuns: 1000 },
  );
});

const ENCODINGS =
  'windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 windows-874 iso-8859-2 iso-8859-5 iso-8859-7 iso-8859-15 koi8-r koi8-u macintosh shift_jis euc-jp gb18030 gbk big5 euc-kr utf-8 utf-16le utf-16be';

it.each(ENCODINGS.split(' '))('reads back every cell written in %s, in any dialect', async (encoding) => {
  const letter = fc.constantFrom(...lettersOf(encoding), 'a', 'Z', '"', ',', ';', '|', ' ', '\n', '\\', '~');
  const cells = fc.array(fc.array(fc.string({ unit: letter }), { minLength: 3, maxLength: 3 }), {
    maxLength: 8,
  });
  const chunkBytes = fc.constantFrom(1, 3, 64, Infinity);
  const delimiter = fc.constantFrom(',', ';', '\t', '|');
  const lineBreak = fc.constantFrom('\r\n', '\n', '\r');
  await fc.assert(
    fc.asyncProperty(
      cells,
      delimiter,
      lineBreak,
      chunkBytes,
      async (cells, delimiter, lineBreak, chunkBytes) => {
        const header = ['login', 'firstName', 'lastName'];
        const options = {
          delimiter,
          record_delimiter: lineBreak,
          quoted_match: /[\r\n]/,
          quoted_empty: true,
        };
        const content = iconv.encode(stringify([header, ...cells], options), encoding);

        const { table, rows } = await readAll(inChunks(content, chunkBytes), { encoding });

        expect(table).toMatchObject({ delimiter, header, encoding: new TextDecoder(encoding).encoding });
        expect(rows.map((row) => row.cells)).toEqual(rowsWithValue(cells).map((row) => row.cells));
        expect(rows.filter(({ malformed }) => malformed !== undefined)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

it('reads back every cell of a workbook, compressed or not', async () => {
  const ways = fc.record({ isShared: fc.boolean(), isCompressed: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(table, ways, async (cells, { isShared, isCompressed }) => {
      const header = Array.from({ length: cells[0]?.length ?? 2 }, (_, index) => `column ${index + 1}`);
      const rows = [header, ...cells];
      const content = workbook(
        isShared
          ? {
              strings: rows.flat().map((text) => `<t xml:space="preserve">${escaped(text)}</t>`),
              rows: rows
                .map(
                  (row, at) =>
                    `<row>${row.map((_, i) => `<c t="s"><v>${at * header.length + i}</v></c>`).join('')}</row>`,
                )
                .join(''),
            }
          : { rows: textRows(rows) },
      );

      const { rows: read, error } = await readAll(inChunks(isCompressed ? gzipSync(content) : content, 1000));

      expect(error).toBeUndefined();
      expect(read).toEqual(rowsWithValue(cells).map(({ index, ...row }) => ({ ...row, line: index + 2 })));
    }),
    { numRuns: 200 },
  );
});

it('returns rows or an OktaImportError for any corrupted workbook or gzip file', async () => {
  const intact = [
    workbook({
      rows: textRows([
        ['login', 'firstName'],
        ['ann@example.com', 'Ann'],
      ]),
      formats: ['0.00'],
    }),
    gzipSync('login,firstName\nann@example.com,Ann\n'),
  ];
  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...intact),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      async (file, changes, share, isCut) => {
        const bytes = Buffer.from(isCut ? file.subarray(0, Math.floor(share * file.length)) : file);
        for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;

        const { rows } = await readAll(inChunks(bytes));

        expect(rows.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
      },
    ),
    { numRuns: 1500 },
  );
});

it('returns the same rows or OktaImportError for any bytes, however they arrive', async () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.constantFrom('"', '""', ',', ';', '\r', '\n', 'a', 'é', '\0', 'sep=', 'b\n', '\uFEFF'), {
        maxLength: 60,
      })
      .map((pieces) => Buffer.from(pieces.join(''))),
  );
  const encoding = fc.constantFrom(undefined, 'utf-16le', 'windows-1252', 'shift_jis', 'iso-2022-jp');
  await fc.assert(
    fc.asyncProperty(anything, encoding, async (bytes, encoding) => {
      const whole = await readAll(inChunks(bytes), { encoding });

      expect(await readAll(inChunks(bytes, 1), { encoding })).toEqual(whole);
      expect(whole.rows.map(({ row }) => row)).toEqual(whole.rows.map((_, index) => index + 1));
    }),
    { numRuns: 2000 },
  );
});

/** Letters that iconv and TextDecoder encode in the same bytes. */
function lettersOf(encoding: string): string[] {
  const some = Array.from({ length: 128 }, (_, index) => iconv.decode(Buffer.from([128 + index]), encoding));
  return [...some, ...Array.from('éßñøčžğŞЖяїΩάשبกąő€“’能登さクｶー王伟陳김민준🙂𠀀')].filter((letter) => {
    const bytes = iconv.encode(letter, encoding);
    return (
      letter !== '\uFFFD' &&
      !/\p{Cc}/u.test(letter) &&
      new TextDecoder(encoding).decode(bytes) === letter &&
      iconv.decode(bytes, encoding) === letter
    );
  });
}

function toUtf8(text: string): Buffer {
  return Buffer.from(text);
}

function toUtf8WithBom(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`);
}

function toUtf16le(text: string): Buffer {
  return Buffer.from(`\uFEFF${text}`, 'utf16le');
}

function toUtf16be(text: string): Buffer {
  return toUtf16le(text).swap16();
}
