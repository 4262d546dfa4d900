import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { sheetRows, workbook } from '../../csv/build-workbook.js';
import { nightly, staff, staffCsv, type Nightly } from '../../helpers/nightly.js';
import { until } from '../../helpers/until.js';

const ARGS = ['--dataset=staff', '--match=employeeNumber', '--leavers=suspend', '--json'];

/** Everything that a night could have changed. */
function everything({ at, okta }: Nightly): unknown {
  const state = readFileSync(join(at.folder, 'reports', 'datasets', 'staff.ndjson'), 'utf8');
  return [state, okta.users()];
}

const cells = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\n')
    .map((row) => row.split(','));

describe('the same people are unchanged', () => {
  it.each<[string, (org: Nightly, csv: string) => ReturnType<Nightly['run']>]>([
    ['from standard input', (org, csv) => org.run(['sync', '-', ...ARGS], { stdin: csv })],
    [
      'in a compressed file',
      (org, csv) => org.run(['sync', org.at.file('people.csv.gz', gzipSync(csv)), ...ARGS]),
    ],
    [
      'in a workbook',
      (org, csv) =>
        org.run(['sync', org.at.file('people.xlsx', workbook({ rows: sheetRows(cells(csv)) })), ...ARGS]),
    ],
    [
      'with other line ends, a mark of the encoding, and other delimiters',
      (org, csv) =>
        org.run([
          'sync',
          org.at.file('people.csv', `\u{FEFF}${csv.replaceAll('\n', '\r\n').replaceAll(',', ';')}`),
          ...ARGS,
        ]),
    ],
  ])('%s', async (_, night) => {
    const org = await nightly();
    await org.night(staff(6));

    const same = await night(org, staffCsv(staff(6)));
    expect(same).toMatchObject({ exitCode: 0 });
    expect(org.sync(same)).toMatchObject({ joiners: 0, movers: 0, leavers: 0 });

    const fewer = await night(org, staffCsv(staff(5)));
    expect(org.sync(fewer)).toMatchObject({ leavers: 1 });
  });
});

it.each(['x', '-1', '1.5'])('--min-rows %s is an error, and does not switch the limit off', async (rows) => {
  const org = await nightly();
  await org.night(staff(6));

  const night = await org.night([], [`--min-rows=${rows}`, '--accept=leavers']);

  expect(night).toMatchObject({ exitCode: 2 });
  expect(night.stderr).toContain('--min-rows takes a whole number');
});

it('--max-leavers 0% lets no one leave', async () => {
  const org = await nightly();
  await org.night(staff(6));

  const night = await org.night(staff(5), ['--leavers=suspend', '--max-leavers=0%']);

  expect(night).toMatchObject({ exitCode: 3 });
  expect(night.stderr).toContain('1 person is no longer in the file, more than --max-leavers 0%.');
});

it('a file instead of the reports folder is an error that names it', async () => {
  const org = await nightly();
  org.at.file('reports', '');

  const night = await org.night(staff(1));

  expect(night).toMatchObject({ exitCode: 2 });
  expect(night.stderr).toContain('Choose another folder with --reports');
});

describe('no one is a leaver, and nothing is written,', () => {
  it.each<[string, number, string | Uint8Array]>([
    ['when the file has a header only', 3, staffCsv([])],
    ['when the file is empty', 2, ''],
    ['when the compressed file was cut off', 2, gzipSync(staffCsv(staff(200))).subarray(0, 600)],
    ['when a quote is never closed', 2, `${staffCsv(staff(5))}x@example.com,"x`],
    ['when it is a web page', 2, '<!DOCTYPE html><html><body>Sign in</body></html>'],
    ['when the line with the names of the columns is missing', 2, staffCsv(staff(6)).replace(/^.*\n/, '')],
  ])('%s', async (_, exitCode, content) => {
    const org = await nightly();
    await org.night(staff(6));
    const before = everything(org);

    const night = await org.run(['sync', org.at.file('people.csv', content), ...ARGS]);

    expect(night).toMatchObject({ exitCode, stdout: '' });
    expect(everything(org)).toEqual(before);
  });

  it('when there is no file, or a folder in its place', async () => {
    const org = await nightly();
    await org.night(staff(6));
    const before = everything(org);
    mkdirSync(join(org.at.folder, 'folder.csv'));

    for (const file of ['missing.csv', 'folder.csv']) {
      expect(await org.run(['sync', file, ...ARGS])).toMatchObject({ exitCode: 2, stdout: '' });
    }
    expect(everything(org)).toEqual(before);
  });

  it('when the file is replaced by a shorter one while it is read', async () => {
    const org = await nightly({ latencyMs: 30 });
    await org.night(staff(12));
    const before = everything(org);
    const sent = org.okta.ledger.requests();
    const replaced = until(() => org.okta.ledger.requests() > sent).then(() =>
      writeFileSync(join(org.at.folder, 'people.csv'), staffCsv(staff(11))),
    );

    const night = await org.night(staff(12), ['--leavers=suspend']);

    await replaced;
    expect(night.exitCode).toBe(2);
    expect(night.stderr).toContain('people.csv');
    expect(everything(org)).toEqual(before);
  });
});
