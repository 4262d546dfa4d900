import { readFileSync, statSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { CellText, EditResult, FixPreview, NextProblem } from '../../src/page/api/check.js';

import { checkScene, codesOf } from './check-scene.js';

const HEADER = 'login,email,firstName,lastName,countryCode,employeeNumber';
const person = (name: string, rest = ',') => `${name}@example.com,${name}@example.com,${name},Okafor,${rest}`;

describe('the check of a file', () => {
  it('finds what validate finds, by cell, with what would solve it', async () => {
    const { state, row, errors } = await checkScene({
      content: `${HEADER}\n${person('amara', 'Germany,')}\n${person('yuki', 'JP,')}\nno-address,,Noor,,,\n`,
    });

    expect(await state()).toMatchObject({
      status: 'ready',
      rows: 3,
      checkedRows: 3,
      validRows: 1,
      problemRows: 2,
      editedRows: 0,
      isOnline: false,
      header: HEADER.split(','),
    });
    expect((await row(1)).problems).toEqual([
      {
        code: 'not-a-country-code',
        severity: 'problem',
        columns: [4],
        message: expect.stringContaining('Write DE.') as string,
        suggestion: 'DE',
      },
    ]);
    expect(codesOf(await row(3), HEADER.split(','))).toEqual([
      'email: required-missing',
      'lastName: required-missing',
      'login: login-not-an-email',
    ]);
    expect(errors).toEqual([]);
  });

  it('counts kinds of problems, with what can be done about all of them', async () => {
    const { state } = await checkScene({
      content: `${HEADER}\n${person('amara', 'Germany,')}\n${person('yuki', 'Japan,')}\n${person('tomás', 'Atlantis,')}\n`,
    });

    expect((await state()).groups).toEqual([
      {
        id: 'problem.not-a-country-code.4',
        code: 'not-a-country-code',
        severity: 'problem',
        columns: [4],
        title: '"countryCode" is not a country code.',
        rows: 3,
        fixes: [
          { id: 'country-code', label: 'Use country codes', cells: 2 },
          { id: 'exclude', label: 'Leave out 3 rows', cells: 3 },
        ],
      },
    ]);
  });

  it('has not begun before the columns are settled', async () => {
    const { client } = await checkScene({ content: `${HEADER}\n${person('amara')}\n` });
    await client.sendBytes('PUT', '/api/file?name=other.csv', 'login,Zorblax\nyuki@example.com,7\n');

    const { status, text } = await client.request('POST', '/api/check', {});

    expect(status).toBe(422);
    expect(text).toContain('First choose a file, and map its columns.');
    expect((await client.request('GET', '/api/rows')).status).toBe(422);
  });
});

describe('an edit', () => {
  it('is checked at once, and the file stays as it is', async () => {
    const { edit, at, server } = await checkScene({ content: `${HEADER}\n${person('amara', 'Germany,')}\n` });
    const before = readFileSync(`${at.folder}/people.csv`, 'utf8');

    const result = await edit([1, 'countryCode', 'DE']);

    expect(result.rows).toMatchObject([
      { row: 1, cells: expect.arrayContaining(['DE']) as string[], edited: [4], problems: [] },
    ]);
    expect(result.check).toMatchObject({ problemRows: 0, editedRows: 1, canUndo: true, groups: [] });
    expect(server.session.check?.hasEdits).toBe(true);
    expect(readFileSync(`${at.folder}/people.csv`, 'utf8')).toBe(before);
  });

  it('of a login also checks the rows that had or get the same one', async () => {
    const { edit, row, column } = await checkScene({
      content: `${HEADER}\n${person('amara')}\n${person('amara')}\n${person('yuki')}\n`,
    });
    expect((await row(2)).problems).toMatchObject([{ code: 'login-repeated' }]);

    const freed = await edit([1, 'login', 'amara.okafor@example.com']);
    expect(freed.rows.map((each) => [each.row, each.problems.length])).toEqual([
      [1, 0],
      // The email address is still the same in both.
      [2, 1],
    ]);

    const taken = await edit([1, 'login', 'YUKI@example.com']);
    expect(taken.rows.map((each) => [each.row, each.problems.map(({ code }) => code)])).toEqual([
      [1, []],
      [3, ['login-repeated']],
    ]);
    expect((await row(3)).problems).toMatchObject([{ columns: [column('login')] }]);
  });

  it('can be undone and redone', async () => {
    const { edit, client, row } = await checkScene({
      content: `${HEADER}\n${person('amara', 'Germany,')}\n`,
    });
    await edit([1, 'countryCode', 'DE'], [1, 'firstName', 'Amarachi']);

    const undone = await client.json<EditResult>('POST', '/api/edits/undo');
    expect(undone.check).toMatchObject({ canUndo: false, canRedo: true, problemRows: 1, editedRows: 0 });
    expect(await row(1)).toMatchObject({ edited: [], problems: [{ code: 'not-a-country-code' }] });

    const redone = await client.json<EditResult>('POST', '/api/edits/redo');
    expect(redone.check).toMatchObject({ canUndo: true, canRedo: false, problemRows: 0, editedRows: 1 });
    expect(redone.rows).toMatchObject([{ edited: [2, 4] }]);
  });

  it('that is undone or redone is where the list has its row', async () => {
    const { edit, client } = await checkScene({
      content: `${HEADER}\n${person('amara')}\n${person('yuki', 'Japan,')}\n`,
    });
    await edit([2, 'countryCode', 'JP']);
    await client.json('PUT', '/api/excluded', { rows: [1], isExcluded: true });
    const go = async (path: string): Promise<EditResult['cell']> =>
      (await client.json<EditResult>('POST', `/api/edits/${path}`)).cell;

    expect(await go('undo?show=all')).toEqual({ index: 0 });
    expect(await go('undo?show=edited')).toEqual({ index: 0, column: 4 });
    expect(await go('redo?show=all')).toEqual({ index: 1, column: 4 });
    expect(await go('redo?show=edited')).toBeUndefined();
    expect(await go('redo?show=all')).toBeUndefined();
  });

  it('of a row that is too short or too long makes it complete', async () => {
    const { edit, row, state } = await checkScene({
      content: `login,email,firstName,lastName\namara@example.com,amara@example.com,Amara\nyuki@example.com,yuki@example.com,Yuki,Sato,surplus\n`,
    });
    expect((await state()).extraColumns).toBe(1);
    expect((await row(1)).problems).toMatchObject([{ code: 'row-too-short' }]);
    expect((await row(2)).problems).toMatchObject([{ code: 'row-too-long' }]);

    await edit([1, 'lastName', 'Okafor']);
    expect((await row(1)).problems).toEqual([]);
  });

  it.each([
    [[{ row: 0, column: 0, value: '' }], 'no such row'],
    [[{ row: 2, column: 0, value: '' }], 'no such row'],
    [[{ row: 1, column: 6, value: '' }], 'no such column'],
    [[{ row: 1, column: 0.5, value: '' }], 'no such column'],
    [[{ row: 1, column: 0, value: 7 }], 'must be a text'],
    [[{ row: 1, column: 0, value: 'x'.repeat(40_000) }], 'at most 32767'],
    [[null], 'incomplete'],
    [{}, 'must be a list'],
  ])('%j is refused', async (body, message) => {
    const { client } = await checkScene({ content: `${HEADER}\n${person('amara')}\n` });

    const { status, text } = await client.request('POST', '/api/edits', body);

    expect(status).toBe(400);
    expect(text).toContain(message);
  });
});

describe('fixes', () => {
  const content = `${HEADER}\n${person('amara', 'Germany,')}\n${person('yuki', 'Japan,')}\n${person('tomás', 'Atlantis,')}\n`;

  it('show what they would do, and then do it in one step', async () => {
    const { client, rows } = await checkScene({ content });
    const fix = { kind: 'group', group: 'problem.not-a-country-code.4', fix: 'country-code' };

    expect(await client.json<FixPreview>('POST', '/api/fixes/preview', fix)).toEqual({
      cells: 2,
      examples: [
        { row: 1, line: 2, column: 4, from: 'Germany', to: 'DE' },
        { row: 2, line: 3, column: 4, from: 'Japan', to: 'JP' },
      ],
    });
    const fixed = await client.json<EditResult>('POST', '/api/fixes', fix);
    expect(fixed.check).toMatchObject({ problemRows: 1, editedRows: 2 });
    expect((await rows()).rows.map(({ cells }) => cells[4])).toEqual(['DE', 'JP', 'Atlantis']);
    const undone = await client.json<EditResult>('POST', '/api/edits/undo');
    expect(undone.check).toMatchObject({ problemRows: 3, editedRows: 0 });
  });

  it('leave out the rows of a kind, which are then no problem', async () => {
    const { client, server } = await checkScene({ content });

    const { check } = await client.json<EditResult>('POST', '/api/fixes', {
      kind: 'group',
      group: 'problem.not-a-country-code.4',
      fix: 'exclude',
    });

    expect(check).toMatchObject({ problemRows: 0, excludedRows: 3, validRows: 0, groups: [] });
    expect(server.session.check?.excludedRows).toEqual([1, 2, 3]);
    expect(server.session.check?.hasEdits).toBe(false);
  });

  it.each([
    ['trim', '  Ann   Lee ', 'Ann Lee'],
    ['lower-case', 'ANN Lee', 'ann lee'],
    ['upper-case', 'straße', 'STRASSE'],
    ['title-case', 'ANN LEE-MCDONALD', 'Ann Lee-Mcdonald'],
    ['title-case', 'ann McDonald', 'Ann McDonald'],
    ['title-case', "ÉMILE D'ARC", "Émile D'Arc"],
  ])('change a whole column: %s', async (fix, from, to) => {
    const { client, row } = await checkScene({
      content: `login,email,firstName,lastName\na@example.com,a@example.com,"${from}",Lee\n`,
    });

    await client.json('POST', '/api/fixes', { kind: 'column', column: 2, fix });

    expect((await row(1)).cells[2]).toBe(to);
  });

  it.each([
    [{ find: 'a', replaceWith: '$&', isCaseSensitive: true }, 'An$&$&.'],
    [{ find: 'a', replaceWith: 'o', isCaseSensitive: false }, 'onoo.'],
    [{ find: '.', replaceWith: '!', isCaseSensitive: false }, 'Anaa!'],
    [{ find: 'anaa', replaceWith: 'x', isWholeCell: true }, 'Anaa.'],
    [{ find: 'anaa.', replaceWith: 'x', isWholeCell: true }, 'x'],
  ])('find and replace: %j', async (replace, expected) => {
    const { client, row } = await checkScene({
      content: `login,email,firstName,lastName\na@example.com,a@example.com,Anaa.,Lee\n`,
    });

    await client.json('POST', '/api/fixes', { kind: 'replace', column: 2, ...replace });

    expect((await row(1)).cells[2]).toBe(expected);
  });

  it.each([
    ['login', ' ann.lee @example,com;', 'ann.lee@example.com'],
    ['login', 'Ann Lee <ann@example.com>', 'ann@example.com'],
    ['email', 'mailto:ann@example.com', 'ann@example.com'],
    ['firstName', 'A\u200bnn', 'Ann'],
    ['firstName', 'JosÃ©', 'José'],
    ['firstName', 'Ann 🎉', 'Ann'],
    ['timezone', 'W. Europe Standard Time', 'Europe/Berlin'],
    ['preferredLanguage', 'German', 'de'],
    ['locale', 'en-US', 'en_US'],
    ['login', 'ann', undefined],
    ['countryCode', 'Atlantis', undefined],
  ])('suggest for %s "%s": %s', async (column, text, suggestion) => {
    const names = [
      'login',
      'email',
      'firstName',
      'lastName',
      'countryCode',
      'timezone',
      'preferredLanguage',
      'locale',
    ];
    const usual = ['a@example.com', 'a@example.com', 'Ann', 'Lee', '', '', '', ''];
    const cells = names.map((name, index) => (name === column ? text : usual[index]));
    const { row, client } = await checkScene({
      content: `${names.join(',')}\n${cells.map((cell) => `"${cell}"`).join(',')}\n`,
    });

    const index = names.indexOf(column);
    const [found] = (await row(1)).problems.filter(({ columns }) => columns.includes(index));
    expect(found?.suggestion).toBe(suggestion);
    if (suggestion === undefined) return;
    const edits = [{ row: 1, column: index, value: suggestion }];
    expect((await client.json<EditResult>('POST', '/api/edits', edits)).rows).toMatchObject([
      { problems: [] },
    ]);
  });

  it('write dates in the format of the mapping, but never guess between day and month', async () => {
    const days = ['2026-03-31', '31/03/2026', '31 March 2026', 'Mar 31, 2026', '46112', '3/4/2026', 'soon'];
    const { rows } = await checkScene({
      content: `login,email,firstName,lastName,Start\n${days.map((day, index) => `p${index}@example.com,p${index}@example.com,P,Q,"${day}"`).join('\n')}\n`,
      mapping: `profile:\n  login: login\n  email: email\n  firstName: firstName\n  lastName: lastName\nstart: { column: Start, date: dd.MM.yyyy }\n`,
    });

    const suggestions = (await rows()).rows.map(({ problems }) => problems[0]?.suggestion);

    expect(suggestions).toEqual([...Array.from({ length: 5 }, () => '31.03.2026'), undefined, undefined]);
  });
});

describe('lists of rows', () => {
  const content = `${HEADER}\n${person('amara', 'Germany,')}\n${person('yuki', 'JP,7')}\n${person('tomás', 'Atlantis,')}\n${person('noor', 'AE,0007')}\n`;

  it('show those that need attention, and can be searched', async () => {
    const { rows, client } = await checkScene({ content });
    const numbers = async (query: Parameters<typeof rows>[0]): Promise<readonly number[]> =>
      (await rows(query)).rows.map(({ row }) => row);
    await client.json('PUT', '/api/excluded', { rows: [3], isExcluded: true });

    expect(await numbers({ show: 'attention' })).toEqual([1, 4]);
    expect(await numbers({ show: 'problems' })).toEqual([1]);
    expect(await numbers({ show: 'warnings' })).toEqual([4]);
    expect(await numbers({ show: 'excluded' })).toEqual([3]);
    expect(await numbers({ show: 'edited' })).toEqual([]);
    expect(await numbers({ show: 'all' })).toEqual([1, 2, 3, 4]);
    expect(await numbers({ show: 'all', offset: 1, limit: 2 })).toEqual([2, 3]);
    expect(await numbers({ group: 'problem.not-a-country-code.4' })).toEqual([1]);
    expect(await numbers({ show: 'all', search: 'TOMÁS@' })).toEqual([3]);
    expect(await numbers({ show: 'all', search: '.*' })).toEqual([]);
  });

  it('keep a row that was corrected until another list is asked for', async () => {
    const { rows, edit } = await checkScene({ content });
    const list = { show: 'problems', view: '1' } as const;
    expect((await rows(list)).total).toBe(2);

    await edit([1, 'countryCode', 'DE']);

    expect((await rows(list)).rows.map(({ row, problems }) => [row, problems.length])).toEqual([
      [1, 0],
      [3, 1],
    ]);
    expect((await rows({ ...list, view: '2' })).total).toBe(1);
  });

  it('send only the columns that are asked for', async () => {
    const { rows } = await checkScene({ content });

    expect((await rows({ offset: 0, limit: 1, firstColumn: 2, columns: 3 })).rows).toMatchObject([
      { cells: ['amara', 'Okafor', 'Germany'], problems: [{ columns: [4] }] },
    ]);
  });

  it('lead from one problem to the next, round the end, and not to warnings', async () => {
    const { next } = await nextScene();

    expect(await next(1, -1, 1)).toEqual({ index: 0, row: 1, line: 2, column: 4 });
    expect(await next(1, 4, 1)).toEqual({ index: 2, row: 3, line: 4, column: 4 });
    expect(await next(3, 4, 1)).toEqual({ index: 0, row: 1, line: 2, column: 4 });
    expect(await next(1, 4, -1)).toEqual({ index: 2, row: 3, line: 4, column: 4 });
  });

  it('lead to warnings when no problem is left, or warnings were asked for', async () => {
    const { next, edit, state } = await nextScene();
    const warning = { row: 4, line: 5, column: 5 };
    const group = (await state()).groups.find(({ severity }) => severity === 'warning')?.id ?? '';

    expect(await next(1, -1, 1, 'show=warnings')).toEqual({ index: 0, ...warning });
    expect(await next(1, -1, 1, `show=all&group=${group}`)).toEqual({ index: 0, ...warning });
    await edit([1, 'countryCode', 'DE'], [3, 'countryCode', 'BR']);
    expect(await next(1, -1, 1)).toEqual({ index: 3, ...warning });
  });

  async function nextScene() {
    const scene = await checkScene({ content });
    const next = async (row: number, column: number, direction: number, list = 'show=all') => {
      const query = `${list}&row=${row}&column=${column}&direction=${direction}`;
      return (await scene.client.json<NextProblem>('GET', `/api/rows/next?${query}`)).found;
    };
    return { ...scene, next };
  }

  it('have none if nothing is wrong', async () => {
    const { client } = await checkScene({ content: `${HEADER}\n${person('amara')}\n` });

    expect(await client.json('GET', '/api/rows/next?show=all&row=1&column=0&direction=1')).toEqual({});
  });
});

describe('secrets', () => {
  const content =
    'login,email,firstName,lastName,password\namara@example.com,amara@example.com,Amara,Okafor,Tr4velling-Otter\n';

  it('are masked, can be typed anew, and are not found, compared or replaced', async () => {
    const { row, client, rows, edit, state } = await checkScene({ content });

    expect((await state()).secretColumns).toEqual([4]);
    expect((await row(1)).cells[4]).toBe('••••••');
    expect((await client.request('GET', '/api/cell?row=1&column=4')).status).toBe(403);
    expect((await rows({ show: 'all', search: 'otter' })).total).toBe(0);
    const replace = { kind: 'replace', column: 4, find: 'Otter', replaceWith: '' };
    expect(await client.json('POST', '/api/fixes/preview', replace)).toEqual({ cells: 0, examples: [] });
    const { rows: edited } = await edit([1, 'password', 'Another-Otter-22']);
    expect(edited).toMatchObject([{ edited: [4] }]);
    expect(JSON.stringify(edited)).not.toContain('Otter');
  });

  it('are not shown in any cell of a row whose cells may be in the wrong columns', async () => {
    const { row } = await checkScene({
      content: 'login,email,firstName,lastName,password\namara@example.com,Amara,Okafor,Tr4velling-Otter\n',
    });

    expect((await row(1)).cells).toEqual(['••••••', '••••••', '••••••', '••••••', '']);
  });
});

it('a long cell is cut, and there for whoever asks', async () => {
  const text = 'word '.repeat(1000).trim();
  const { row, client } = await checkScene({
    content: `login,email,firstName,lastName,title\na@example.com,a@example.com,Ann,Lee,${text}\n`,
  });

  const { cells, cut } = await row(1);
  expect(cells[4]).toHaveLength(300);
  expect(cut).toEqual([4]);
  expect(await client.json<CellText>('GET', '/api/cell?row=1&column=4')).toEqual({ text });
});

it('a row that is left out keeps no other row from being imported', async () => {
  const { client, row } = await checkScene({
    content: `${HEADER}\n${person('amara')}\n${person('amara')}\n`,
  });
  expect((await row(2)).problems).toHaveLength(1);

  await client.json('PUT', '/api/excluded', { rows: [1], isExcluded: true });

  expect((await row(2)).problems).toEqual([]);
  expect(await row(1)).toMatchObject({ isExcluded: true, problems: [] });
});

it('edits survive a change of the columns, but not another file', async () => {
  const scene = await checkScene({ content: `${HEADER}\n${person('amara', 'Germany,')}\n` });
  const { server, client, edit, state, row } = scene;
  await edit([1, 'countryCode', 'DE']);

  await server.session.replace('columns', server.session.columns);
  await client.json('POST', '/api/check');
  await client.untilState(({ check }) => check?.status === 'ready');

  expect((await row(1)).cells[4]).toBe('DE');
  expect(await state()).toMatchObject({ editedRows: 1, canUndo: true });
  await client.sendBytes('PUT', '/api/file?name=other.csv', `${HEADER}\n${person('yuki', 'Japan,')}\n`);
  expect((await client.state()).check).toBeUndefined();
});

it('the edited rows are written for their owner only, and are read as they were checked', async () => {
  const { server, edit, at } = await checkScene({
    content: `${HEADER}\n${person('amara', 'Germany,')}\n${person('yuki')}\n`,
  });
  await edit([1, 'countryCode', 'DE'], [2, 'firstName', '=1+1'], [2, 'lastName', 'a "b"\r\nc, d']);
  const path = `${at.folder}/edited.csv`;

  await server.session.check?.writeCsv(path);

  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toBe(
    [
      `\u{feff}_row,_problem,_line,${HEADER}`,
      '1,,2,amara@example.com,amara@example.com,amara,Okafor,DE,',
      `2,,3,yuki@example.com,yuki@example.com,'=1+1,"a ""b""\r\nc, d",,`,
      '',
    ].join('\r\n'),
  );
});
