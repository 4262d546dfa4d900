import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { inChunks, readAll } from './read.js';

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
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
  ),
);

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

it('reads back cell for cell, with its lines, what a CSV writer writes in any dialect', async () => {
  await fc.assert(
    fc.asyncProperty(table, writing, async (cells, { delimiter, lineBreak, encode, ...how }) => {
      const header = Array.from({ length: cells[0]?.length ?? 2 }, (_, index) => `column ${index + 1}`);
      const lines: number[] = [];
      let text = '';
      for (const [index, record] of [header, ...cells].entries()) {
        text += lineBreak.repeat(how.blankLines[index] ?? 0);
        lines.push(text.split(/\r\n|\r|\n/).length);
        // The writer quotes only the line break that it writes itself, and we read all three.
        const options = {
          delimiter,
          record_delimiter: lineBreak,
          quoted: how.quoted,
          quoted_match: /[\r\n]/,
        };
        text += stringify([record], { ...options, quoted_empty: true });
      }
      if (!how.finalLineBreak) text = text.slice(0, -lineBreak.length);

      const reading = await readAll(inChunks(encode(text), how.chunkBytes), {
        // One column has no delimiter to tell it by.
        delimiter: header.length === 1 ? delimiter : undefined,
      });

      expect(reading).toEqual({
        table: { header, headerLine: lines[0], delimiter, encoding: expect.any(String) },
        rows: cells.map((record, index) => ({ row: index + 1, line: lines[index + 1], cells: record })),
        error: undefined,
      });
    }),
    { numRuns: 1000 },
  );
});

it('answers any bytes with rows or with an error of ours, the same however they arrive', async () => {
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
