import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox, validateUsers } from '../../src/index.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';

import { sheetRows, workbookOf } from '../csv/build-workbook.js';
import { messyWorkbook } from '../helpers/messy-workbook.js';
import { checkScene, codesOf, type CheckScene } from './check-scene.js';
import { pageOrg } from './run-scene.js';

const HEADER = 'login,email,firstName,lastName,title';

/** What `validate` finds in the file that the page writes: codes by row, those of valid rows left out. */
async function validated(
  scene: CheckScene,
): Promise<{ readonly rows: number; readonly codes: Readonly<Record<number, readonly string[]>> }> {
  const path = join(scene.at.folder, 'edited.csv');
  await scene.server.session.check?.writeCsv(path);
  const codes: Record<number, readonly string[]> = {};
  let rows = 0;
  for await (const outcome of validateUsers({ csv: path })) {
    rows += 1;
    if (outcome.status === 'invalid') codes[outcome.row] = outcome.problems.map(({ code }) => code);
  }
  return { rows, codes };
}

describe('the edited file', () => {
  it('keeps the numbers of rows that were cleared', async () => {
    const scene = await checkScene({
      content: `${HEADER}\na@example.com,a@example.com,A,Lee,x\nb@example.com,b@example.com,B,Ek,x\n`,
    });

    const names = HEADER.split(',');
    await scene.edit(...names.map((name) => [1, name, ''] as const));

    expect((await scene.row(1)).problems).toMatchObject([{ code: 'empty-row' }]);
    expect(await validated(scene)).toEqual({ rows: 2, codes: { 1: ['empty-row'] } });
  });

  it('still has what is wrong with damaged text until somebody corrects it', async () => {
    const first = `${HEADER}\na@example.com,a@example.com,A,Zürich,x\n`;
    const second = 'b@example.com,b@example.com,B,Lee,x\n';
    const damaged = Buffer.concat([
      Buffer.from(first),
      Buffer.from('c@example.com,c@example.com,C,Malm\u00f6,x\n', 'latin1'),
      Buffer.from(second),
    ]);
    const scene = await checkScene({ content: damaged });
    expect((await scene.row(2)).problems).toMatchObject([{ code: 'malformed-text', columns: [3] }]);

    expect(await validated(scene)).toEqual({ rows: 3, codes: { 2: ['malformed-text'] } });
    await scene.edit([2, 'lastName', 'Malmö']);
    expect((await scene.row(2)).problems).toEqual([]);
    expect(await validated(scene)).toEqual({ rows: 3, codes: {} });
  });

  it('still has a formula without a result as a problem', async () => {
    const rows = sheetRows([
      HEADER.split(','),
      ['a@example.com', 'a@example.com', 'A', { formula: 'B1' }, 'x'],
      ['b@example.com', 'b@example.com', 'B', 'Ek', 7],
    ]);
    const scene = await checkScene({ content: workbookOf({ People: { rows } }), name: 'people.xlsx' });
    expect((await scene.row(1)).problems.map(({ code }) => code)).toContain('formula-not-calculated');

    expect(await validated(scene)).toEqual({ rows: 2, codes: { 1: ['row-unmended'] } });
    await scene.edit([1, 'lastName', 'Lee']);
    expect(await validated(scene)).toEqual({ rows: 2, codes: {} });
  });

  it('leaves the formulas of a failed.csv escaped once', async () => {
    const content = `${HEADER},_line,_error\na@example.com,a@example.com,'=A,''Lee,x,7,wrong\nb@example.com,b@example.com,B,[missing],x,8,short\n`;
    const scene = await checkScene({ content, name: 'failed.csv' });
    expect((await scene.row(2)).problems).toMatchObject([{ code: 'row-unmended', columns: [3] }]);
    await scene.edit([2, 'lastName', 'Ek']);

    expect(await validated(scene)).toEqual({ rows: 2, codes: {} });
    const path = join(scene.at.folder, 'edited.csv');
    const again: string[] = [];
    for await (const { record } of validateUsers({ csv: path })) {
      again.push(`${record['firstName']} ${record['lastName']}`);
    }
    expect(again).toEqual(["=A ''Lee", 'B Ek']);
  });
});

it('hidden rows that are left out are left out here as well, and can be taken in', async () => {
  const rows = sheetRows([
    HEADER.split(','),
    ['a@example.com', 'a@example.com', 'A', 'Lee', 'x'],
    { cells: ['a@example.com', 'a@example.com', 'A', 'Lee', 'y'], attributes: 'hidden="1"' },
  ]);
  const scene = await checkScene({
    content: workbookOf({ People: { rows } }),
    name: 'people.xlsx',
    reading: { hiddenRows: 'skip' },
  });
  const { check } = scene.server.session;

  expect(await scene.state()).toMatchObject({ rows: 2, excludedRows: 1, problemRows: 0, editedRows: 0 });
  expect(check).toMatchObject({ excludedRows: [2], hasEdits: false });
  await scene.client.json('PUT', '/api/excluded', { rows: [2], isExcluded: false });
  expect(check).toMatchObject({ excludedRows: [], hasEdits: true });
  expect((await scene.row(2)).problems).toMatchObject([{ code: 'login-repeated' }]);
});

it('a row that names a manager is checked again when the manager gets another login', async () => {
  const scene = await checkScene({
    content: `login,email,firstName,lastName,boss\na@example.com,a@example.com,Ann,Lee,\nb@example.com,b@example.com,Bo,Ek,a@example.com\n`,
    mapping:
      'profile:\n  login: login\n  email: email\n  firstName: firstName\n  lastName: lastName\n  manager: { person: boss, as: name }\n',
  });
  expect((await scene.row(2)).problems).toEqual([]);

  const { rows } = await scene.edit([1, 'login', 'ann@example.com'], [1, 'email', 'ann@example.com']);

  expect(rows.find(({ row }) => row === 2)?.problems).toMatchObject([
    { code: 'person-unknown', columns: [4] },
  ]);
});

function memberOf(title: string, group: string): string {
  return `a@example.com,a@example.com,A,Lee,${title},${group}`;
}

it('rows of one user are checked together', async () => {
  const scene = await checkScene({
    content: `${HEADER},groups\n${memberOf('x', 'Sales')}\n${memberOf('x', 'Support')}\n${memberOf('y', 'Legal')}\n`,
  });
  const codes = async (): Promise<readonly (readonly string[])[]> =>
    (await scene.rows()).rows.map((row) => codesOf(row, `${HEADER},groups`.split(',')));
  expect(await codes()).toEqual([[], [], ['login: login-repeated']]);

  // Now the second row leads the third.
  await scene.edit([1, 'login', 'b@example.com'], [1, 'email', 'b@example.com'], [2, 'title', 'y']);
  expect(await codes()).toEqual([[], [], []]);
  await scene.edit([2, 'lastName', '']);
  expect(await codes()).toEqual([[], ['lastName: required-missing'], ['login: login-repeated']]);
});

describe('with an org', () => {
  it('groups are looked up, and the nearest one is suggested', async () => {
    const okta = await startSandbox({ seed: demoSeed, rateLimits: false });
    onTestFinished(() => okta.close());
    const groups = ['Sales', 'Sale', 'Engineering; Saless', 'Pirates'];
    const scene = await checkScene({
      content: `${HEADER},groups\n${groups.map((group, index) => `p${index}@example.com,p${index}@example.com,A,Lee,x,${group}`).join('\n')}\n`,
      org: pageOrg(okta.url, okta.token),
    });

    expect(await scene.state()).toMatchObject({ isOnline: true, problemRows: 3 });
    const found = (await scene.rows()).rows.map(({ problems }) =>
      problems.map(({ suggestion }) => suggestion),
    );
    expect(found).toEqual([[], ['Sales'], ['Engineering; Sales'], [undefined]]);
    const { rows } = await scene.edit([2, 'groups', 'Sales']);
    expect(rows).toMatchObject([{ problems: [] }]);
  });

  it('the messy workbook has its twelve wrong cells, which can all be mended', async () => {
    const okta = await startSandbox({ seed: demoSeed, rateLimits: false });
    onTestFinished(() => okta.close());
    const { bytes, sheet, rows, wrongCells } = messyWorkbook();
    const at = await checkScene({
      content: bytes,
      name: 'kollegen.xlsx',
      reading: { sheet, hiddenRows: 'skip' },
      org: pageOrg(okta.url, okta.token),
    });
    const all = (await at.rows()).rows;
    const lines = all
      .filter(({ problems }) => problems.some(({ severity }) => severity === 'problem'))
      .map(({ line }) => line);
    expect(lines).toEqual(wrongCells.map(({ line }) => line).toSorted((one, other) => one - other));

    for (const { line, column, right } of wrongCells) {
      const { row } = all.find((each) => each.line === line)!;
      await at.edit([row, column, right]);
    }

    expect(await at.state()).toMatchObject({
      problemRows: 0,
      validRows: rows,
      editedRows: 12,
      excludedRows: 1,
    });
  });

  it('an org that cannot be reached is said, with a way on', async () => {
    const okta = await startSandbox({ rateLimits: false });
    const { url, token } = okta;
    await okta.close();
    const scene = await checkScene({
      content: `${HEADER}\na@example.com,a@example.com,A,Lee,x\n`,
      org: pageOrg(url, token, 1),
    });

    const { status, problem } = await scene.state();

    expect(status).toBe('failed');
    expect(problem).toMatchObject({ severity: 'error', hint: expect.any(String) as string });
    expect((await scene.client.request('GET', '/api/rows')).status).toBe(422);
  });
});
