import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { RowsPage } from '../../src/page/api/check.js';
import type { PageState } from '../../src/page/api/state.js';
import { textRows, workbook } from '../csv/build-workbook.js';
import { oktaError, type Interceptor } from '../helpers/intercepted-org.js';

import { openNamedFile } from '../../src/page/file/file-routes.js';
import { people, runScene, type RunScene } from './run-scene.js';

/** Refuses a value until it is corrected. */
const refuse: Interceptor = ({ method, body }) =>
  method === 'POST' && body?.profile?.['department'] === 'Unknown'
    ? oktaError(400, 'E0000001', 'Api validation failed: department', 'department: is not one of the choices')
    : undefined;

const FILE = `${people(3)}p4@example.com,p4@example.com,Noor,Haddad,Unknown\nbroken,,Ada,,\n`;

/** Loads the failed rows of a run into the check. */
async function correct(scene: RunScene, runId: string): Promise<PageState> {
  await scene.client.json('POST', `/api/runs/${runId}/correct`);
  await scene.client.json('POST', '/api/check');
  return scene.client.untilState(({ check }) => check?.status === 'ready');
}

/** Types a value into a row. */
async function edit(
  scene: RunScene,
  state: PageState,
  row: number,
  values: Record<string, string>,
): Promise<void> {
  const header = state.check?.header ?? [];
  const edits = Object.entries(values).map(([name, value]) => ({ row, column: header.indexOf(name), value }));
  await scene.client.json('POST', '/api/edits', edits);
}

it('the failed rows of a run are corrected and sent, and the whole file counts in the end', async () => {
  const scene = await runScene(FILE, { intercept: refuse });
  const first = await scene.importAll({ ifExists: 'skip', activate: false });
  expect(first.result).toMatchObject({ headline: '3 of 5 rows were imported.', canCorrect: true });

  const state = await correct(scene, first.runId);

  expect(state).toMatchObject({
    file: { name: 'failed.csv', rows: 2 },
    columns: { mappingName: 'mapping.yaml', problems: [] },
    check: { rows: 2, problemRows: 1 },
    planOptions: { ifExists: 'skip', activate: false },
  });
  expect(state.openSteps).toContain('plan');
  const { rows } = await scene.client.json<RowsPage>('GET', '/api/rows?show=all&offset=0&limit=10');
  expect(rows.map(({ cells }) => cells.join(' '))).toEqual([
    expect.stringContaining('p4@example.com'),
    expect.stringContaining('broken'),
  ]);
  expect(rows.map(({ failure }) => failure)).toEqual([
    expect.stringContaining('Department: is not one of the choices'),
    expect.stringContaining('is required but empty'),
  ]);

  await edit(scene, state, 1, { department: 'Sales' });
  await edit(scene, state, 2, { login: 'ada@example.com', email: 'ada@example.com', lastName: 'Byron' });
  const second = await scene.importAll({ ifExists: 'skip', activate: false });

  expect(second.counts).toEqual({ created: 2 });
  expect(second.result?.headline).toBe(
    '2 of 2 rows were imported. In the end, 5 of 5 rows of people.csv succeeded.',
  );
  expect(scene.okta.users().map(({ profile, status }) => [profile.login, status])).toEqual(
    ['p1', 'p2', 'p3', 'p4', 'ada'].map((name) => [`${name}@example.com`, 'STAGED']),
  );
  expect(scene.okta.ledger.createsOfTakenLogins).toEqual([]);
  expect(readFileSync(join(scene.at.folder, 'people.csv'), 'utf8')).toBe(FILE);
  expect(scene.errors).toEqual([]);
});

it('the failed rows can be left as they are and sent again, when only the org was wrong', async () => {
  let isRefused = true;
  const scene = await runScene(FILE.replace('broken,,Ada,,\n', ''), {
    intercept: (request) => (isRefused ? refuse(request) : undefined),
  });
  const { runId } = await scene.importAll();
  isRefused = false;
  await correct(scene, runId);

  const second = await scene.importAll();

  expect(second.result?.headline).toBe(
    '1 of 1 row was imported. In the end, 4 of 4 rows of people.csv succeeded.',
  );
});

it('nothing is loaded during a run, or when there are no failed rows', async () => {
  const scene = await runScene(people(1));
  const { runId } = await scene.importAll();

  const { status, text } = await scene.client.request('POST', `/api/runs/${runId}/correct`);

  expect(status).toBe(409);
  expect(text).toContain('not possible');
  expect((await scene.client.state()).file?.name).toBe('people.csv');
});

it('the failed rows of a workbook are a workbook again', async () => {
  const scene = await runScene(people(1), {
    intercept: ({ method }) =>
      method === 'POST'
        ? oktaError(400, 'E0000001', 'Api validation failed: login', 'login: Not allowed')
        : undefined,
  });
  const { client, server } = scene;
  const sheet = textRows(
    people(2)
      .trim()
      .split('\n')
      .map((line) => line.split(',')),
  );
  await openNamedFile(
    server.session,
    join(scene.at.folder, scene.at.file('people.xlsx', workbook({ rows: sheet }))),
  );
  await client.json('POST', '/api/check');
  await client.untilState(({ check }) => check?.status === 'ready');

  const run = await scene.importAll();
  const state = await correct(scene, run.runId);

  expect(run.result?.files).toContain('failed.xlsx');
  expect(state.file?.name).toBe('failed.xlsx');
  expect(state.check?.rows).toBe(run.result?.failedRows);
});
