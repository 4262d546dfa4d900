import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { RowsPage } from '../../src/page/api/check.js';
import type { PlannedRowsPage } from '../../src/page/api/plan.js';
import type { RunView } from '../../src/page/api/run.js';
import type { PageState } from '../../src/page/api/state.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';
import { textRows, workbook } from '../csv/build-workbook.js';
import { oktaError, type Interceptor } from '../helpers/intercepted-org.js';

import { HEADER, people, runScene, type RunScene } from './run-scene.js';

/** Refuses a value until it is corrected. */
const refuse: Interceptor = ({ method, body }) =>
  method === 'POST' && body?.profile?.['department'] === 'Unknown'
    ? oktaError(400, 'E0000001', 'Api validation failed: department', 'department: is not one of the choices')
    : undefined;

function person(name: string, department: string): string[] {
  return [`${name}@example.com`, `${name}@example.com`, name, 'Okafor', department];
}

function unknownPerson(name: string): string {
  return `${HEADER}\n${person(name, 'Unknown').join(',')}\n`;
}

function linesOf({ failures }: RunView): readonly number[] {
  return failures.map(({ line }) => line).toSorted((one, other) => one - other);
}

/** The header is in row 3, and row 5 is empty: the three people are in rows 4, 6 and 7. */
const SHEET = [
  ['Staff of the year'],
  [''],
  HEADER.split(','),
  person('amara', 'Sales'),
  [''],
  person('noor', 'Unknown'),
  ['broken', '', 'Ada', '', ''],
];

/** Opens a file, and checks its rows. */
async function check(scene: RunScene, name: string, content: string | Uint8Array): Promise<void> {
  await openNamedFile(scene.server.session, join(scene.at.folder, scene.at.file(name, content)));
  await scene.client.json('PUT', '/api/mapping', { kind: 'ignore-undecided' });
  await scene.client.json('POST', '/api/check');
  await scene.client.untilState((state) => state.check?.status === 'ready');
}

async function edit(scene: RunScene, row: number, name: string, value: string): Promise<void> {
  const { check: state } = await scene.client.state();
  await scene.client.json('POST', '/api/edits', [{ row, column: state?.header.indexOf(name), value }]);
}

async function planned(scene: RunScene): Promise<readonly number[]> {
  const { rows } = await scene.client.json<PlannedRowsPage>('GET', '/api/plan/rows');
  return rows.map(({ line }) => line);
}

describe('after edits, every row has the line of the file that the person has', () => {
  it('in the plan, the run, the report and the failed rows of a workbook', async () => {
    const scene = await runScene(people(1), { intercept: refuse });
    await check(scene, 'people.xlsx', workbook({ rows: textRows(SHEET) }));
    await edit(scene, 1, 'department', 'Support');
    const run = await scene.importAll();

    expect(await planned(scene)).toEqual([4, 6, 7]);
    expect(linesOf(run)).toEqual([6, 7]);
    const files = scene.at.run(run.runId);
    expect(files.results.map(({ line }) => line)).toEqual(['4', '6', '7']);
    expect(files.failed.map(({ _line }) => _line)).toEqual(['6', '7']);
    const report = readFileSync(join(files.path, 'report.html'), 'utf8');
    expect(report).toContain('noor@example.com');
    expect(report).toContain('sheet row 6');
    expect(report).not.toMatch(/\bline \d/i);
  });

  it('when the failed rows are corrected in turn, and the first file counts in the end', async () => {
    const scene = await runScene(people(1), { intercept: refuse });
    await check(scene, 'people.xlsx', workbook({ rows: textRows(SHEET) }));
    const first = await scene.importAll();
    await scene.client.json<PageState>('POST', `/api/runs/${first.runId}/correct`);
    await scene.client.json('POST', '/api/check');
    await scene.client.untilState((state) => state.check?.status === 'ready');
    const { rows } = await scene.client.json<RowsPage>('GET', '/api/rows?show=all&offset=0&limit=10');
    expect(rows.map(({ line }) => line)).toEqual([6, 7]);

    const unchanged = await scene.importAll();
    expect(linesOf(unchanged)).toEqual([6, 7]);

    await edit(scene, 1, 'department', 'Support');
    const second = await scene.importAll();
    expect(await planned(scene)).toEqual([6, 7]);
    expect(second.failures.map(({ line }) => line)).toEqual([7]);
    expect(second.result?.headline).toContain('In the end, 2 of 3 rows of people.xlsx succeeded.');
  });

  it('and a run of another file with the same failed lines is not mistaken for the original run', async () => {
    const scene = await runScene(people(1), { intercept: refuse });
    await check(scene, 'first.csv', unknownPerson('amara'));
    const first = await scene.importAll();
    await check(scene, 'second.csv', unknownPerson('noor'));
    await scene.importAll();
    await scene.client.json('POST', `/api/runs/${first.runId}/correct`);
    await scene.client.json('POST', '/api/check');
    await scene.client.untilState((state) => state.check?.status === 'ready');
    await edit(scene, 1, 'department', 'Sales');

    const { result } = await scene.importAll();

    expect(result?.headline).toContain('In the end, 1 of 1 row of first.csv succeeded.');
  });
});
