// Reads one of the files below, generated on the fly, and prints the result and the memory used as JSON.
// A separate process, so that its memory can be limited and measured.
import { createDeflateRaw, createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { readCsv } from '../../dist/index.js';
import { archiveOf } from './large-archive.mjs';

const MIB = 1024 * 1024;
const HEADER = 'login,email,firstName,lastName\n';

/** The same text, repeated. */
async function* repeated(text, bytes) {
  const piece = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)));
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
}

async function* joined(...parts) {
  for (const part of parts) {
    if (typeof part === 'string') yield Buffer.from(part);
    else yield* part;
  }
}

/** Rows of a bit more than a hundred bytes, all different. */
async function* people(count) {
  yield Buffer.from(HEADER.replace('\n', ',displayName,title,department\n'));
  for (let row = 1; row <= count; row += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) => {
      const number = row + index;
      const key = ((number * 2_654_435_761) % 4_294_967_296).toString(36);
      return `${key}.${number}@people.example.com,${key}.${number}@people.example.com,Given${key},Family${number},Given${key} Family${number},Clerk,Accounting\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

const gzipped = (bytes) => Readable.from(bytes).pipe(createGzip());
const ROW = 'a@example.com,a@example.com,Ada,Lovelace\n';

/** A workbook with parts so large that they are compressed as they are generated. */
async function* workbook(large) {
  yield await archiveOf(
    {
      '[Content_Types].xml': '<Types/>',
      'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="People" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
      'xl/worksheets/sheet1.xml': '<worksheet><sheetData/></worksheet>',
      ...large,
    },
    createDeflateRaw,
  );
}

const FILES = {
  'one line': () => repeated('a', 1024 * MIB),
  'one line after the header': () => joined(HEADER, ROW, repeated('a,b', 1024 * MIB)),
  'an open quote': () => joined(HEADER, ROW, 'b@example.com,"', repeated('text\n', 1024 * MIB)),
  'an open quote in the header': () => joined('login,"', repeated('text\n', 1024 * MIB)),
  'quotes only': () => joined(HEADER, repeated('"', 1024 * MIB)),
  'delimiters only': () => joined(HEADER, repeated(',', 1024 * MIB)),
  'half of a UTF-16 line': () =>
    joined(Buffer.from([0xff, 0xfe]).toString('latin1'), repeated('a\0', 1024 * MIB)),
  'a million columns': () => joined(repeated('a,', 2 * MIB), '\n'),
  'many short columns': () => joined(repeated('a,', MIB), 'a\n'),
  'one line, compressed': () => gzipped(repeated('a', 1024 * MIB)),
  'blank lines, compressed': () => gzipped(joined(HEADER, repeated('\n', 4096 * MIB))),
  'one repeated row, compressed': () => gzipped(joined(HEADER, repeated(ROW, 4096 * MIB))),
  'gzip inside gzip': () => gzipped(gzipped(people(1000))),
  'an endless string': () =>
    workbook({ 'xl/sharedStrings.xml': joined('<sst><si><t>', repeated('a', 400 * MIB)) }),
  'endless cells': () =>
    workbook({
      'xl/worksheets/sheet1.xml': joined(
        '<worksheet><sheetData><row r="1">',
        repeated('<c><v>1</v></c>', 64 * MIB),
      ),
    }),
  'a zip inside a zip': async function* () {
    yield await archiveOf({ 'people.xlsx': await buffer(Readable.from(workbook({}))) }, createDeflateRaw);
  },
  'a million users, compressed': () => gzipped(people(1_000_000)),
};

const result = { code: undefined, message: undefined, rows: 0, readMib: 0 };
let readBytes = 0;
async function* counted(bytes) {
  for await (const chunk of bytes) {
    readBytes += chunk.length;
    yield chunk;
  }
}
try {
  const table = await readCsv(counted(FILES[process.argv[2]]()));
  for await (const { row } of table.rows) result.rows = row;
} catch (error) {
  result.code = error.code;
  result.message = error.message;
}
result.readMib = Math.ceil(readBytes / MIB);
// In KiB on every system.
result.peakMib = Math.ceil(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify(result));
process.exit();
