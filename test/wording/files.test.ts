import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { encode } from 'iconv-lite';
import { expect, it } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { textRows, workbook, workbookOf } from '../csv/build-workbook.js';
import { peopleCsv } from '../helpers/people.js';
import { fixture, workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const HEADER = 'login,email,firstName,lastName';
const ADA = 'ada@example.com,ada@example.com,Ada,Lovelace';
const ROWS = [HEADER.split(','), ADA.split(',')];
const SHEET = textRows(ROWS);

/** A workbook with more sheets than the first. */
function withSheets(sheets: string): Buffer {
  const xml = `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${sheets}</sheets></workbook>`;
  return workbook({ rows: SHEET, other: { 'xl/workbook.xml': xml } });
}

const SPANISH = encode(`${HEADER}\nada@example.com,ada@example.com,José,Núñez\n`, 'windows-1252');

const csvFixture = (name: string): Buffer => readFileSync(fixture(`csv/${name}`));

const UNREADABLE: readonly (readonly [what: string, content: string | Uint8Array, ...args: string[]])[] = [
  ['empty', ''],
  ['blank lines only', '\n\n'],
  ['a column name that is used twice', `${HEADER},Email\n${ADA},x\n`],
  ['a column name that is used three times', 'login,login,login\na,b,c\n'],
  ['a column without a name', 'login,,lastName\na,b,c\n'],
  ['columns without names', ',,\n'],
  ['too many columns', `${Array.from({ length: 16_385 }, (_, index) => `c${index}`).join(',')}\n`],
  ['a quote that is never closed', `${HEADER}\n"ada@example.com,x,y,z\n`],
  ['text after a closing quote', `${HEADER}\nada@example.com,"Ada"x,b,c\n`],
  ['a header below the end', `${HEADER}\n${ADA}\n`, '--header-row=9'],
  ['a row that is too large', `${HEADER}\n"${'x'.repeat(2 * 1024 * 1024)}",a,b,c\n`],
  ['whole lines in quotes', `"login,""email"",""firstName"""\n`],
  ['single quotes', `'login','email'\n'ada@example.com','ada@example.com'\n`],
  ['a space before quotes', `login, "email"\n`],
  ['full-width commas', `${HEADER.replaceAll(',', '，')}\n`],
  ['unit separators', `${HEADER.replaceAll(',', '\u001f')}\n`],
  ['rows with semicolons', `${HEADER}\n${ADA.replaceAll(',', ';')}\n`],
  ['rows that end with semicolons', `${HEADER}\n${ADA};;;;\n`],
  ['a header that ends with semicolons', `${HEADER};;;;\n${ADA};;;;\n`],
  ['quotes escaped with a backslash', `${HEADER}\nada@example.com,ada@example.com,"A\\"da",b\n`],
  ['JSON', '[{"login": "ada@example.com"}]'],
  ['NDJSON', '{"login": "ada@example.com"}\n{"login": "bo@example.com"}\n'],
  ['the answer of a server', '{"error": "unauthorized"}'],
  ['a table as PowerShell prints it', 'login           email\n-----           -----\nada@example.com x\n'],
  ['an old workbook', csvFixture('workbook.xls')],
  ['a workbook with a password', csvFixture('workbook-with-password.xlsx')],
  ['a lock file', csvFixture('lock-file.xlsx')],
  ['a Numbers document', csvFixture('people.numbers')],
  ['a link to a Google Sheet', csvFixture('people.gsheet')],
  ['a binary workbook', csvFixture('workbook.xlsb')],
  ['an OpenDocument file', csvFixture('workbook.ods')],
  ['a Word document', csvFixture('word.docx')],
  ['a zip archive of a CSV', csvFixture('zip-of-csv.zip')],
  ['an empty zip archive', Buffer.from('PK\u0005\u0006'.padEnd(22, '\0'), 'latin1')],
  ['a damaged workbook', csvFixture('workbook-cut-off.xlsx')],
  ['a web page', '<!DOCTYPE html><html><title>Sign in</title></html>'],
  ['XML', '<?xml version="1.0"?><people/>'],
  ['a PDF', '%PDF-1.7'],
  ['compressed twice', csvFixture('gzip-twice.csv.gz')],
  ['compressed and truncated', csvFixture('gzip-cut-off.csv.gz')],
  ['saved as UTF-8 twice', `ï»¿${HEADER}\nada@example.com,ada@example.com,Zo√´,LÃ¶ve\n`],
  ['names saved as UTF-8 twice', 'login,PrÃ©nom\na,b\n'],
  ['malformed text in the header', csvFixture('malformed-header.csv')],
  ['not in the encoding that was given', SPANISH, '--encoding=utf-8'],
  ['a lost character in the header', Buffer.from('login,Pr\ufffdnom\na,b\n')],
  ['a workbook without the requested sheet', workbook({ rows: SHEET }), '--sheet=Staff'],
  ['a workbook without the third sheet', workbook({ rows: SHEET }), '--sheet=3'],
  ['a workbook without cells', workbook({ rows: '' })],
  ['a workbook whose rows are out of order', workbook({ rows: '<row r="2"/><row r="1"/>' })],
  [
    'a workbook that starts with instructions',
    workbookOf({ 'Read me': { rows: textRows([['Fill in the sheet People.']]) }, People: { rows: SHEET } }),
  ],
  ['a workbook with hidden rows', workbook({ rows: SHEET.replace('<row r="2">', '<row r="2" hidden="1">') })],
  [
    'a workbook with a damaged sheet',
    workbook({ other: { 'xl/worksheets/sheet1.xml': '<?xml version="1.0"?><worksheet><sheetData>' } }),
  ],
  [
    'a workbook with a part that is larger than declared',
    workbook({ rows: SHEET, other: { 'xl/sharedStrings.xml': { content: '<sst/>', claimedBytes: 2 } } }),
  ],
  [
    'a workbook with too many parts',
    workbook({
      rows: SHEET,
      other: Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`xl/media/${index}.png`, ''])),
    }),
  ],
];

const COLUMNS: readonly (readonly [what: string, content: string, ...args: string[]])[] = [
  ['column-unknown: an unknown column', `${HEADER},Badge\n${ADA},1\n`],
  ['an unknown column with a similar one', `${HEADER},departmnt\n${ADA},1\n`],
  ['an unknown column, with the org', `${HEADER},Badge\n${ADA},1\n`, '--org'],
  [
    'column-repeated: two columns for one attribute',
    'login,firstName,Given name,lastName,email\na,b,c,d,e\n',
  ],
  ['several unknown columns', `${HEADER},Badge,departmnt,"Shoe size, EU"\n${ADA},1,x,38\n`],
  [
    'hundreds of unknown columns',
    `${HEADER},${Array.from({ length: 300 }, (_, index) => `Column ${index + 1}`).join(',')}\n${ADA}\n`,
  ],
  ['column-ambiguous: a name with several meanings', `${HEADER},Bereich\n${ADA},x\n`],
  ['full-name: whole names only', 'Name,Email\nAda Lovelace,ada@example.com\n'],
  ['names that the other columns explain', 'Name,Vorname,Email\nLovelace,Ada,ada@example.com\n'],
  ['login-missing: no login', 'firstName,lastName\nAda,Lovelace\n'],
  ['no header line', 'ada@example.com,Ada,Lovelace\n'],
  ['no header line, and a repeated cell', `${ADA}\n`],
  ['delimiter-wrong: the wrong delimiter', `${HEADER}\n${ADA}\n`, '--delimiter=;'],
  ['semicolons with --delimiter comma', `${HEADER.replaceAll(',', ';')}\nx\n`, '--delimiter=,'],
  ['column-missing: an ignored column that does not exist', `${HEADER}\n${ADA}\n`, '--ignore-columns=Notez'],
  ['an ignored column with a similar one', `${HEADER},Notes\n${ADA},x\n`, '--ignore-columns=Note'],
];

const NOTICES: readonly (readonly [what: string, content: string | Uint8Array, ...args: string[]])[] = [
  ['a guessed encoding', SPANISH],
  ['another guessed encoding', encode(`${HEADER}\nada@example.com,ada@example.com,Ада,Лавлейс\n`, 'koi8-r')],
  ['two close readings', encode(`${HEADER}\nada@example.com,ada@example.com,Kad\u00fdr,\u00fdx\n`, 'latin1')],
  ['an encoding that was given', SPANISH, '--encoding=windows-1252'],
  [
    'merged cells',
    workbook({ rows: SHEET, afterRows: '<mergeCells count="1"><mergeCell ref="A3:A4"/></mergeCells>' }),
  ],
  [
    'several merged cells',
    workbook({
      rows: SHEET,
      afterRows: '<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/></mergeCells>',
    }),
  ],
  [
    'hidden rows',
    workbook({ rows: SHEET.replace('<row r="2">', '<row r="2" hidden="1">') }),
    '--hidden-rows=skip',
  ],
  ['hidden rows, undecided', workbook({ rows: SHEET.replace('<row r="2">', '<row r="2" hidden="1">') })],
  [
    'another sheet',
    withSheets('<sheet name="People" sheetId="1" r:id="rId1"/><sheet name="Old" sheetId="2" r:id="rId1"/>'),
  ],
  [
    'other sheets',
    withSheets(
      '<sheet name="People" sheetId="1" r:id="rId1"/><sheet name="Old" sheetId="2" r:id="rId1"/><sheet name="Older" sheetId="3" r:id="rId1"/>',
    ),
  ],
  [
    'a lost character in a row',
    Buffer.from(`${HEADER}\nada@example.com,ada@example.com,Ad\ufffd,Lovelace\n`),
  ],
  [
    'a line in another encoding',
    Buffer.concat([SPANISH, Buffer.from('zoë@example.com,zoe@example.com,Zoë,Peeters\n')]),
  ],
  ['compressed', gzipSync(peopleCsv(1))],
  ['a byte order mark as text', `ï»¿${HEADER}\n${ADA}\n`],
  ['a title above the header', `New hires\n${HEADER}\n${ADA}\n`],
  ['a row without a value', `${HEADER}\n${ADA}\n,,,\n`],
  ['rows and columns without a value', `${HEADER},,\n${ADA},,\n,,,,,\n , ,,,,\n`],
  ['lines above the header', `New hires\n,,,\n${HEADER}\n${ADA}\n`],
];

it('files that cannot be read, and notices about others', async () => {
  const transcript = new Transcript();
  const { env } = await sandboxOrg({ seed: demoSeed });
  const tryEach = async (
    topic: string,
    command: 'import' | 'validate',
    files: readonly (readonly [what: string, content: string | Uint8Array, ...args: string[]])[],
  ): Promise<void> => {
    transcript.section(topic);
    for (const [what, content, ...args] of files) {
      const at = workplace();
      const file = at.file('people.csv', content);
      await transcript.command(what, [command, file, '--run-id=it', ...args], { at, env });
    }
  };

  await tryEach('Files that cannot be read', 'import', UNREADABLE);
  await tryEach('Columns', 'validate', COLUMNS);
  await tryEach('Notices', 'validate', NOTICES);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/files.txt');
});
