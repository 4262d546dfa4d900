// Reads one of the files below, made as it is read, and says on standard output what came of it and what it took.
// A process of its own, so that its memory is its own.
import { createDeflateRaw, createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { readCsv } from '../../dist/index.js';
import { archiveOf } from './large-archive.mjs';

const MIB = 1024 * 1024;
const HEADER = 'login,email,firstName,lastName\n';

/** The same over and over. */
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

/** People of a hundred and some bytes, no two alike. */
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

/** A workbook whose parts are so large that they are packed as they are made. */
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
  'one line, packed': () => gzipped(repeated('a', 1024 * MIB)),
  'blank lines, packed': () => gzipped(joined(HEADER, repeated('\n', 4096 * MIB))),
  'one row over and over, packed': () => gzipped(joined(HEADER, repeated(ROW, 4096 * MIB))),
  'packed in packed': () => gzipped(gzipped(people(1000))),
  'a text without end': () =>
    workbook({ 'xl/sharedStrings.xml': joined('<sst><si><t>', repeated('a', 400 * MIB)) }),
  'cells without end': () =>
    workbook({
      'xl/worksheets/sheet1.xml': joined(
        '<worksheet><sheetData><row r="1">',
        repeated('<c><v>1</v></c>', 64 * MIB),
      ),
    }),
  'a zip in a zip': async function* () {
    yield await archiveOf({ 'people.xlsx': await buffer(Readable.from(workbook({}))) }, createDeflateRaw);
  },
  'a million people, packed': () => gzipped(people(1_000_000)),
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
// In KiB, whatever the system.
result.peakMib = Math.ceil(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify(result));
process.exit();
