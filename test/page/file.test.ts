import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { FileState, Reading } from '../../src/page/api/file.js';
import type { PageState } from '../../src/page/api/state.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';

import { sheetRows, workbook, workbookOf } from '../csv/build-workbook.js';
import { fixture } from '../helpers/workplace.js';
import { pageScene, type PageClient } from './page-client.js';

async function drop(client: PageClient, name: string, content: string | Uint8Array): Promise<FileState> {
  const { status, text } = await client.sendBytes(
    'PUT',
    `/api/file?name=${encodeURIComponent(name)}`,
    content,
  );
  if (status !== 200) throw new Error(`${status} ${text}`);
  return fileOf(JSON.parse(text) as PageState);
}

async function read(client: PageClient, reading: Reading): Promise<FileState> {
  return fileOf(await client.json<PageState>('PUT', '/api/reading', reading));
}

function fileOf({ file }: PageState): FileState {
  if (file === undefined) throw new Error('There is no file.');
  return file;
}

const dropFixture = (client: PageClient, name: string): Promise<FileState> =>
  drop(client, name.split('/').at(-1) ?? '', readFileSync(fixture(name)));

describe('a dropped file', () => {
  it('is read as the command line reads it', async () => {
    const { server, client } = await pageScene();

    const file = await drop(
      client,
      'people.csv',
      'login,firstName\nyuki@example.com,Yuki\nomar@example.com,Omar\n',
    );

    expect(file).toMatchObject({
      name: 'people.csv',
      rows: 2,
      columns: 2,
      found: { kind: 'csv', isCompressed: false, encoding: 'utf-8', delimiter: ',', headerRow: 1 },
      head: [
        { row: 1, cells: ['login', 'firstName'] },
        { row: 2, cells: ['yuki@example.com', 'Yuki'] },
        { row: 3, cells: ['omar@example.com', 'Omar'] },
      ],
    });
    expect(file).not.toHaveProperty('path');
    expect(file).not.toHaveProperty('readBytes');
    expect(file).not.toHaveProperty('problem');
    expect(server.session.file?.table).toMatchObject({
      name: 'people.csv',
      header: ['login', 'firstName'],
      samples: [
        ['yuki@example.com', 'Yuki'],
        ['omar@example.com', 'Omar'],
      ],
    });
  });

  it('is kept for its owner only, under its name, until the page ends', async () => {
    const { server, client } = await pageScene();
    await drop(client, 'people.csv', 'login\nyuki@example.com\n');
    const { path = '' } = server.session.file?.table ?? {};

    expect(path).toMatch(/[/\\]people\.csv$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    await server.session.close();
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it.each([
    '../../etc/passwd',
    '/etc/passwd',
    String.raw`..\..\people.csv`,
    '..',
    `${'名'.repeat(400)}.csv.gz`,
  ])('cannot leave its folder by its name: %s', async (name) => {
    const { server, client } = await pageScene();

    await drop(client, name, 'login\nyuki@example.com\n');

    const { path = '' } = server.session.file?.table ?? {};
    expect(path).toMatch(/okta-csv-import-page-[^/\\]+[/\\][0-9a-f-]{36}[/\\][^/\\]+$/);
    expect(Buffer.byteLength(path.split(/[/\\]/).at(-1) ?? '')).toBeLessThanOrEqual(200);
  });

  it('that does not arrive whole is forgotten, and the one before stays', async () => {
    const { server, client } = await pageScene();
    await drop(client, 'people.csv', 'login\nyuki@example.com\n');
    const { path = '' } = server.session.file?.table ?? {};
    const { hostname, port } = new URL(client.url);
    const message = request({
      hostname,
      port,
      method: 'PUT',
      path: '/api/file?name=cut-off.csv',
      headers: {
        Cookie: client.cookie,
        Origin: client.url,
        'Content-Type': 'application/octet-stream',
        'Content-Length': '1000',
      },
    });
    message.on('error', () => {});
    message.write('login\nomar@example.com\n');
    const uploads = join(path, '../..');
    await expect.poll(() => readdirSync(uploads).length).toBe(2);
    message.destroy();

    await expect.poll(() => readdirSync(uploads).length).toBe(1);
    expect((await client.state()).file).toMatchObject({ name: 'people.csv', rows: 1 });
  });

  it('takes the place of the one before', async () => {
    const { server, client } = await pageScene();
    await drop(client, 'old.csv', 'login\nyuki@example.com\n');
    const revision = (await client.state()).revision;

    const file = await drop(client, 'new.csv', 'email\nomar@example.com\n');

    expect(file.name).toBe('new.csv');
    expect((await client.state()).revision).toBeGreaterThan(revision);
    expect(server.session.file?.table?.header).toEqual(['email']);
  });

  it('opens the step Columns for all tabs only when it can be read', async () => {
    const { client } = await pageScene();
    await drop(client, 'page.csv', '<!doctype html><html><body>Sign in</body></html>');

    const { openSteps, file } = await client.state();

    expect(openSteps).not.toContain('columns');
    expect(file?.problem).toBeDefined();
  });
});

describe('what is wrong with a file is a sentence with a way on', () => {
  it.each([
    ['csv/web-page.csv', /web page|HTML/],
    ['csv/people.numbers', /Apple Numbers/],
    ['csv/lock-file.xlsx', /lock file/],
    ['csv/empty.csv', /is empty/],
    ['csv/blank-lines-only.csv', /is empty/],
    ['csv/workbook.xls', /old Excel workbook/],
    ['csv/workbook.ods', /OpenDocument/],
    ['csv/workbook.xlsb', /binary Excel workbook/],
    ['csv/workbook-with-password.xlsx', /password/],
    ['csv/word.docx', /not an Excel workbook/],
    ['csv/zip-of-csv.zip', /zip archive/],
    ['csv/people.gsheet', /link to a Google Sheet/],
    ['csv/people.json', /JSON/],
    ['csv/gzip-cut-off.csv.gz', /gzip data is truncated/],
    ['csv/workbook-cut-off.xlsx', /damaged|cannot be read/],
    ['csv/duplicate-header.csv', /both named/],
    ['csv/unclosed-quote.csv', /never closed/],
    ['csv/powershell-table.csv', /table as a program prints it/],
  ])('%s', async (name, message) => {
    const { server, client, errors } = await pageScene();

    const { problem } = await dropFixture(client, name);

    expect(problem).toMatchObject({ severity: 'error', message: expect.stringMatching(message) });
    expect(problem?.hint).toMatch(/^\p{Lu}.+/su);
    expect(`${problem?.message} ${problem?.hint}`).not.toMatch(/--(?:sheet|encoding|delimiter|header-row)/);
    expect(server.session.file?.table).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it('random bytes', async () => {
    const { client } = await pageScene();
    const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256);

    expect((await drop(client, 'photo.csv', bytes)).problem).toMatchObject({ severity: 'error' });
  });

  it('the lock file of Office, by its name', async () => {
    const { client } = await pageScene();

    const { status, text } = await client.sendBytes('PUT', '/api/file?name=~%24people.xlsx', 'x');

    expect(status).toBe(422);
    expect(JSON.parse(text)).toMatchObject({
      error: { message: expect.stringContaining('lock file'), hint: expect.stringContaining('people.xlsx') },
    });
  });
});

describe('how a file is read can be chosen', () => {
  it('a delimiter, each with the number of columns that it gives', async () => {
    const { client } = await pageScene();
    const file = await drop(client, 'people.csv', 'login;name,nick\nyuki@example.com;Yuki\n');
    expect(file.choices.delimiters).toEqual([
      { value: ',', label: 'Comma', columns: 2 },
      { value: ';', label: 'Semicolon', columns: 2 },
      { value: '\t', label: 'Tab', columns: 1 },
      { value: '|', label: 'Vertical bar', columns: 1 },
    ]);

    const chosen = await read(client, { delimiter: ';' });

    expect(chosen).toMatchObject({ reading: { delimiter: ';' }, found: { delimiter: ';' } });
    expect(chosen.head[0]?.cells).toEqual(['login', 'name,nick']);
  });

  it('a tab is kept as the word that a command takes', async () => {
    const { client } = await pageScene();
    await drop(client, 'people.csv', 'login,a\tname\nyuki@example.com,b\tYuki\n');

    const chosen = await read(client, { delimiter: '\t' });

    expect(chosen).toMatchObject({ reading: { delimiter: 'tab' }, found: { delimiter: '\t' }, columns: 2 });
  });

  it('an encoding, each with how names read in it', async () => {
    const { client } = await pageScene();
    const bytes = Buffer.from('login,lastName\njose@example.com,Muñoz\n', 'latin1');
    const file = await drop(client, 'people.csv', bytes);
    expect(file.choices.encodings[0]).toEqual({ name: file.found.encoding, sample: 'Muñoz' });
    expect(file.choices.encodings).toContainEqual({ name: 'windows-1251', sample: 'Muсoz' });
    // Not valid in it.
    expect(file.choices.encodings.map(({ name }) => name)).not.toContain('utf-8');

    const chosen = await read(client, { encoding: 'windows-1251' });

    expect(chosen.found.encoding).toBe('windows-1251');
    expect(chosen.head[1]?.cells).toEqual(['jose@example.com', 'Muсoz']);
  });

  it('no other encoding is offered when all of them read the file alike', async () => {
    const { client } = await pageScene();

    const file = await drop(client, 'people.csv', 'login,lastName\nyuki@example.com,Sato\n');

    expect(file.choices.encodings).toEqual([{ name: 'utf-8', sample: '' }]);
  });

  it('a header row, from the first rows', async () => {
    const { server, client } = await pageScene();
    const text = 'Staff of 2026,\n,\nlogin,firstName\nyuki@example.com,Yuki\n';
    const file = await drop(client, 'people.csv', text);
    expect(file.found.headerRow).toBe(3);
    expect(file.head.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
    expect(file.notices).toMatchObject([{ severity: 'info', message: expect.stringContaining('line 3') }]);
    expect(file.notices[0]?.message).not.toContain('--header-row');

    const chosen = await read(client, { headerRow: 4 });

    expect(chosen).toMatchObject({ found: { headerRow: 4 }, rows: 0 });
    expect(server.session.file?.table?.header).toEqual(['yuki@example.com', 'Yuki']);
  });

  it('a header row beyond the file is a problem, and the choice can be taken back', async () => {
    const { client } = await pageScene();
    await drop(client, 'people.csv', 'login\nyuki@example.com\n');

    const wrong = await read(client, { headerRow: 99 });
    const back = await read(client, {});

    expect(wrong.problem).toMatchObject({ hint: expect.stringContaining('header row') });
    expect(wrong.head).toHaveLength(2);
    expect(back.problem).toBeUndefined();
  });

  it('a wrong encoding is a problem, and the choices remain', async () => {
    const { client } = await pageScene();
    await drop(client, 'people.csv', 'login,lastName\njose@example.com,Muñoz\n');

    const wrong = await read(client, { encoding: 'utf-16le' });

    expect(wrong.problem).toBeDefined();
    expect(wrong.choices.encodings.length).toBeGreaterThan(0);
    expect((await read(client, {})).problem).toBeUndefined();
  });

  it('hidden rows of a workbook wait for a decision', async () => {
    const { server, client } = await pageScene();
    const rows = sheetRows([
      ['login', 'firstName'],
      ['yuki@example.com', 'Yuki'],
      { cells: ['omar@example.com', 'Omar'], attributes: 'hidden="1"' },
    ]);
    const file = await drop(client, 'people.xlsx', workbook({ rows }));
    expect(file.found).toMatchObject({ kind: 'workbook', sheet: 'People', hiddenRows: 1 });
    expect(file.problem).toMatchObject({
      id: 'hidden-rows',
      severity: 'warning',
      message: expect.stringContaining('1 of 2 rows is hidden'),
    });
    expect(server.session.file?.table).toBeUndefined();

    const chosen = await read(client, { hiddenRows: 'skip' });

    expect(chosen).not.toHaveProperty('problem');
    expect(server.session.file?.table?.reading).toEqual({ hiddenRows: 'skip' });
  });

  it('a sheet, each with its rows and columns', async () => {
    const { server, client } = await pageScene();
    const people = sheetRows([
      ['login', 'firstName'],
      ['yuki@example.com', 'Yuki'],
    ]);
    const content = workbookOf({
      Read_me: { rows: sheetRows([['How to fill in this workbook']]) },
      People: { rows: people },
      Former: { rows: people },
    });
    const file = await drop(client, 'people.xlsx', content);
    expect(file.problem).toMatchObject({
      message: expect.stringContaining('"People" and "Former" do'),
      hint: expect.stringContaining('Choose a sheet below.'),
    });
    expect(file.choices.sheets).toEqual([
      { name: 'Read_me', rows: 1, columns: 1, isHidden: false },
      { name: 'People', rows: 2, columns: 2, isHidden: false },
      { name: 'Former', rows: 2, columns: 2, isHidden: false },
    ]);

    const chosen = await read(client, { sheet: 'People' });

    expect(chosen).toMatchObject({ found: { sheet: 'People' }, rows: 1 });
    expect(chosen).not.toHaveProperty('problem');
    expect(server.session.file?.table?.header).toEqual(['login', 'firstName']);
    expect((await read(client, { sheet: 'Nowhere' })).choices.sheets).toHaveLength(3);
  });

  it('the only sheet that looks like people is read in place of instructions, and the page says so', async () => {
    const { server, client } = await pageScene();
    const people = sheetRows([
      ['login', 'firstName'],
      ['yuki@example.com', 'Yuki'],
    ]);
    const instructions = sheetRows([['How to fill in this workbook']]);
    const content = workbookOf({
      Read_me: { rows: instructions },
      People: { rows: people },
      Former: { rows: people, isHidden: true },
    });

    const file = await drop(client, 'people.xlsx', content);

    expect(file).toMatchObject({ found: { sheet: 'People' }, reading: { sheet: 'People' }, rows: 1 });
    expect(file).not.toHaveProperty('problem');
    expect(file.choices.sheets).toHaveLength(3);
    expect(file.notices[0]).toEqual({
      id: 'sheet',
      severity: 'info',
      message: 'The first sheet does not look like a list of people, so sheet "People" is read.',
      hint: 'To read another sheet, choose it below.',
    });
    expect(server.session.file?.table?.reading).toEqual({ sheet: 'People' });
    expect((await read(client, { sheet: 'Read_me' })).found.sheet).toBe('Read_me');
    expect((await read(client, {})).found.sheet).toBe('People');
  });

  it.each([
    [{ delimiter: ';;' }, 422],
    [{ headerRow: 0 }, 400],
    [{ headerRow: '3' }, 400],
    [{ hiddenRows: 'maybe' }, 400],
    [{ path: '/etc/passwd' }, 400],
    [null, 400],
    ['x', 400],
  ])('a reading that is none is refused: %j', async (reading: unknown, status) => {
    const { client } = await pageScene();
    await drop(client, 'people.csv', 'login\nyuki@example.com\n');

    expect((await client.request('PUT', '/api/reading', reading)).status).toBe(status);
    expect((await client.state()).file?.reading).toEqual({});
  });

  it('nothing can be chosen without a file', async () => {
    const { client } = await pageScene();

    expect((await client.request('PUT', '/api/reading', {})).status).toBe(422);
  });
});

describe('a compressed file and a workbook', () => {
  it('gzip is recognized by its content', async () => {
    const { client } = await pageScene();

    expect(await dropFixture(client, 'csv/gzip.csv.gz')).toMatchObject({
      found: { kind: 'csv', isCompressed: true },
      columns: expect.any(Number),
    });
  });
});

describe('secrets', () => {
  it('do not reach the page, whichever row is the header', async () => {
    const { client } = await pageScene();
    const text = 'List,of,staff\nlogin,Password,lastName\nyuki@example.com,Pässwort-1,Sato\n';

    await drop(client, 'people.csv', Buffer.from(text, 'latin1'));
    const first = await client.request('GET', '/api/state');
    await read(client, { headerRow: 1 });
    const second = await client.request('GET', '/api/state');
    await read(client, { delimiter: ';' });
    const third = await client.request('GET', '/api/state');

    for (const { text: sent } of [first, second, third]) expect(sent).not.toContain('sswort-1');
  });
});

describe('a file that is named on the command line', () => {
  it('is opened in place', async () => {
    const { server, client, at } = await pageScene();
    const path = join(at.folder, at.file('people.csv', 'login\nyuki@example.com\n'));

    await openNamedFile(server.session, path);

    expect((await client.state()).file).toMatchObject({ name: 'people.csv', path, rows: 1 });
    expect(server.session.file?.table?.path).toBe(path);
  });

  it('is read again when it has changed on disk', async () => {
    const { server, client, at } = await pageScene();
    const path = join(at.folder, at.file('people.csv', 'login\nyuki@example.com\n'));
    await openNamedFile(server.session, path);

    writeFileSync(path, 'login\nyuki@example.com\nomar@example.com\n');
    const { notices, file } = await client.untilState((state) => state.file?.hasChanged === true);
    expect(notices).toMatchObject([{ id: 'file-changed', severity: 'warning' }]);
    expect(file?.rows).toBe(1);

    expect(await read(client, {})).toMatchObject({ rows: 2, hasChanged: false });
    expect((await client.state()).notices).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('login\nyuki@example.com\nomar@example.com\n');
  });
});

it('a table of 5,000 columns is read, and only its first cells are sent', async () => {
  const { client } = await pageScene();
  const names = Array.from({ length: 5000 }, (_, index) => (index === 0 ? 'login' : `column${index}`));

  const file = await drop(client, 'wide.csv', `${names.join(',')}\n${names.map(() => 'x').join(',')}\n`);

  expect(file).toMatchObject({ columns: 5000, rows: 1 });
  expect(file.head[0]).toMatchObject({ moreCells: 4960 });
});
