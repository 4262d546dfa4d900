import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { sheetRows, workbook } from '../../csv/build-workbook.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { readPage } from '../../helpers/page.js';
import { peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
}

/** A run of 60 people, two of whom have no address. */
async function importedPeople(): Promise<Scene> {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  const csv = [7, 30].reduce(
    (text, row) => text.replace(`p${row}@example.com,p${row}@example.com`, `p${row}@example.com,p${row}`),
    peopleCsv(60),
  );
  const { exitCode } = await cli(['import', at.file('people.csv', csv), '--run-id=a'], { at, env });
  expect(exitCode).toBe(1);
  return { okta, at, env };
}

function failedCsv(at: Workplace, runId: string): { readonly path: string; readonly text: string } {
  const path = join(at.folder, 'reports', runId, 'failed.csv');
  return { path, text: readFileSync(path, 'utf8') };
}

const mended = (text: string, row: number): string => text.replace(`,p${row},`, `,p${row}@example.com,`);

it('the result of a corrected failed.csv is told for the whole file, from retry to retry', async () => {
  const { at, env } = await importedPeople();
  const first = failedCsv(at, 'a');
  writeFileSync(first.path, mended(first.text, 7));
  const one = await cli(['import', first.path, '--run-id=b'], { at, env });
  const second = failedCsv(at, 'b');
  writeFileSync(second.path, mended(second.text, 30));
  await cli(['report', 'a'], { at });
  const reported = readPage(at, 'a').text;
  const two = await cli(['import', second.path, '--run-id=c', '--quiet', '--json'], { at, env });

  expect(one.stderr).toContain('\nIn the end, 59 of 60 rows of people.csv succeeded (with run a).\n');
  expect(readPage(at, 'b').text).toContain('1 of 2 users is in 127.0.0.1');
  expect(readPage(at, 'b').text).toMatch(
    /^In the end, with run a, 59 of 60 users of people\.csv are in 127\.0\.0\.1:\d+\.$/m,
  );
  expect(reported).toMatch(
    /^In the end, with the retries of this run, 59 of 60 users of people\.csv are in /m,
  );
  expect(JSON.parse(two.stdout)).toMatchObject({
    counts: { total: 1, created: 1 },
    inTheEnd: { runId: 'a', file: 'people.csv', rows: 60, succeeded: 60 },
  });
  expect(readPage(at, 'c').text).toMatch(/^In the end, with run a, all 60 users of people\.csv are in /m);
});

it.each<[string, (scene: Scene) => string]>([
  ['saved elsewhere', ({ at }) => at.file('fixed.csv', mended(failedCsv(at, 'a').text, 7))],
  [
    'saved as a workbook',
    ({ at }) => {
      const rows = mended(failedCsv(at, 'a').text.replace('\uFEFF', ''), 7).trimEnd().split('\r\n');
      return at.file(
        'fixed.xlsx',
        workbook({ rows: sheetRows(rows.map((line) => line.split(',').slice(0, 6))) }),
      );
    },
  ],
  [
    'with only some of its rows',
    ({ at }) => {
      const [header, row] = mended(failedCsv(at, 'a').text, 7).split('\r\n');
      return at.file('fixed.csv', `${header}\r\n${row}\r\n`);
    },
  ],
])('a corrected failed.csv that was %s is recognized by its lines', async (_, save) => {
  const scene = await importedPeople();

  const retried = await cli(['import', save(scene), '--run-id=b'], scene);

  expect(retried.stderr).toContain('In the end, 59 of 60 rows of people.csv succeeded (with run a).');
});

it('a row that succeeded in one retry counts, although it fails as existing in the next', async () => {
  const { at, env } = await importedPeople();
  const first = failedCsv(at, 'a');
  writeFileSync(first.path, mended(first.text, 7));
  await cli(['import', first.path, '--run-id=b'], { at, env });
  writeFileSync(first.path, mended(mended(first.text, 7), 30));

  const again = await cli(['import', first.path, '--run-id=c'], { at, env });

  expect(at.run('c').summary.counts).toMatchObject({ created: 1, failed: 1 });
  expect(again.stderr).toContain('In the end, all 60 rows of people.csv succeeded (with run a).');
});

it('a retry that was undone does not count, and nothing is claimed when the first run was undone', async () => {
  const { at, env } = await importedPeople();
  const first = failedCsv(at, 'a');
  writeFileSync(first.path, mended(mended(first.text, 7), 30));
  await cli(['import', first.path, '--run-id=b', '--only=1'], { at, env });
  await cli(['undo', 'b', '--yes'], { at, env });
  const again = await cli(['import', first.path, '--run-id=c'], { at, env });
  await cli(['undo', 'a', '--yes'], { at, env });
  await cli(['report', 'c'], { at });

  expect(at.run('b').summary).toMatchObject({ inTheEnd: { rows: 60, succeeded: 59 } });
  expect(again.stderr).toContain('In the end, all 60 rows of people.csv succeeded (with run a).');
  expect(readPage(at, 'c').text).not.toContain('In the end');
});

it.each<[string, (scene: Scene) => string]>([
  [
    'a file of other lines',
    ({ at }) => at.file('x.csv', mended(failedCsv(at, 'a').text, 7).replace(',8,', ',9,')),
  ],
  [
    'a failed.csv in a folder of another org',
    ({ at }) => {
      mkdirSync(join(at.folder, 'reports/other'));
      const journal = readFileSync(join(at.folder, 'reports/a/journal.ndjson'), 'utf8');
      writeFileSync(join(at.folder, 'reports/other/journal.ndjson'), journal.split('\n')[5]!);
      writeFileSync(
        join(at.folder, 'reports/other/failed.csv'),
        failedCsv(at, 'a').text.replace(',8,', ',9,'),
      );
      return 'reports/other/failed.csv';
    },
  ],
  ['the original file once more', () => 'people.csv'],
])('nothing is claimed of %s', async (_, file) => {
  const scene = await importedPeople();

  const { stderr, exitCode } = await cli(['import', file(scene), '--if-exists=skip', '--run-id=b'], scene);

  expect(exitCode).toBe(1);
  expect(stderr).not.toContain('In the end');
});
