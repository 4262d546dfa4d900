import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sheetRows, workbook } from '../../csv/build-workbook.js';
import { employee, nightly, staff, staffCsv, type Nightly } from '../../helpers/nightly.js';
import { readPage } from '../../helpers/page.js';

const WRONG = employee(9, { firstName: '' });

function sync(
  org: Nightly,
  people: Parameters<Nightly['night']>[0],
  args: readonly string[],
): ReturnType<Nightly['run']> {
  const file = org.at.file('people.csv', staffCsv(people));
  return org.run(['sync', file, '--dataset=staff', '--match=employeeNumber', ...args]);
}

it('a row with a problem is to be corrected where the file comes from, and is never imported outside of the data set', async () => {
  const org = await nightly();

  const night = await sync(org, [...staff(2), WRONG], ['--run-id=it']);

  expect(night).toMatchObject({ exitCode: 1 });
  expect(night.stderr).toMatch(
    /\n1 row is in \S+reports\/it\/failed\.csv, with what is wrong\. Correct it where the file comes from: the next run of the data set tries it again\.\n/,
  );
  expect(night.stderr + readPage(org.at, 'it').text).not.toContain('okta-csv-import import');
});

it('a run that a stop condition stopped says what to do when the file is wrong, and when only those rows are', async () => {
  const org = await nightly();

  const night = await sync(org, [WRONG, ...staff(3)], ['--canary=2', '--run-id=it']);

  expect(night).toMatchObject({ exitCode: 3 });
  expect(night.stderr).toMatch(
    /correct it and run the same command again: it takes over what this run has done\./,
  );
  expect(night.stderr).toMatch(
    /with the same stop condition:\n {2}okta-csv-import resume \S+reports\/it --canary 2\n/,
  );
  const corrected = await sync(org, [employee(9), ...staff(3)], ['--canary=2']);
  expect(corrected).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toHaveLength(4);
});

it('a run that stopped is completed by the next night, or by a command that can be pasted', async () => {
  const org = await nightly({ faults: [{ on: 'createUser', nth: 3, then: 'revoke-token' }] });

  const night = await sync(org, staff(6), ['--run-id=it', '--concurrency=1']);

  expect(night).toMatchObject({ exitCode: 3 });
  expect(night.stderr).toMatch(
    /\nThe next run of the data set completes this one\. To complete it now, run:\n {2}okta-csv-import resume \S+reports\/it\n/,
  );
  await org.run(['report', 'it']);
  expect(readPage(org.at, 'it').text).toMatch(/okta-csv-import resume \S+reports\/it/);
});

it('a resumed sync ends with the words of a sync', async () => {
  const org = await nightly();
  await sync(org, [WRONG, ...staff(3)], ['--canary=1', '--run-id=it']);

  const resumed = await org.run(['resume', 'it']);

  expect(resumed).toMatchObject({ exitCode: 1 });
  expect(resumed.stderr).toContain('Data set staff: 3 joiners.');
  expect(resumed.stderr).toContain('the next run of the data set tries it again');
  expect(resumed.stderr).not.toContain('okta-csv-import import');
});

describe('the report of a night', () => {
  async function someNight(): Promise<Nightly> {
    const org = await nightly();
    await org.night(staff(8));
    await org.edit('person2@example.com', { title: 'Edited' });
    await org.night(
      [employee(1, { title: 'Boss' }), ...staff(6).slice(1), employee(9), WRONG_TOO],
      ['--leavers=suspend', '--run-id=it'],
    );
    return org;
  }
  const WRONG_TOO = employee(10, { firstName: '' });

  it('counts people, and has the commands to verify it and to take it back', async () => {
    const org = await someNight();

    const { text } = readPage(org.at, 'it');

    expect(text).toContain('Data set staff: 1 joiner, 1 mover, 2 leavers, edits kept in Okta for 1 user.');
    expect(text).toMatch(/okta-csv-import verify \S+reports\/it/);
    expect(text).toMatch(/okta-csv-import undo \S+reports\/it/);
  });

  it('is the same when it is made again from the journal', async () => {
    const org = await someNight();
    const folder = join(org.at.folder, 'reports', 'it');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const before = ['results.csv', 'failed.csv'].map(read);
    const { sync: people, counts, exitCode } = org.at.run('it').summary;
    expect(people).toMatchObject({ joiners: 1, movers: 1, leavers: 2, keptEdits: 1 });

    expect(await org.run(['report', 'it'])).toMatchObject({ exitCode: 0 });

    expect(['results.csv', 'failed.csv'].map(read)).toEqual(before);
    expect(org.at.run('it').summary).toMatchObject({ sync: people, counts, exitCode });
    expect(readPage(org.at, 'it').text).toContain('Data set staff: 1 joiner, 1 mover, 2 leavers');
  });
});

it('the last event of the log counts the people, and nothing in the log is secret', async () => {
  const org = await nightly();
  await org.night(staff(7));

  const night = await sync(
    org,
    [...staff(6), employee(8)],
    ['--log-format=json', '--verbose', '--leavers=suspend'],
  );

  const events = night.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.find(({ event }) => event === 'run.started')).toMatchObject({ command: 'sync' });
  expect(events.at(-1)).toMatchObject({
    event: 'run.ended',
    command: 'sync',
    sync: { dataset: 'staff', joiners: 1, movers: 0, leavers: 1 },
    counts: { total: 8, created: 1, suspended: 1 },
  });
  for (const secret of ['Pw-of-', org.okta.token]) expect(night.stderr).not.toContain(secret);
});

it('the failed rows of a workbook are in a workbook', async () => {
  const org = await nightly();
  const rows = staffCsv([employee(1), WRONG])
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const file = org.at.file('people.xlsx', workbook({ rows: sheetRows(rows) }));

  const night = await org.run(['sync', file, '--dataset=staff', '--match=employeeNumber', '--run-id=it']);

  expect(night).toMatchObject({ exitCode: 1 });
  expect(night.stderr).toContain('failed.xlsx, with what is wrong');
  expect(existsSync(join(org.at.folder, 'reports', 'it', 'failed.xlsx'))).toBe(true);
  expect(org.okta.users()).toHaveLength(1);
});

it('runs names the data set of each sync', async () => {
  const org = await nightly();
  await org.night(staff(1), ['--run-id=it']);
  await org.night(staff(2), ['--run-id=plan', '--dry-run']);

  expect((await org.run(['runs'])).stdout).toMatch(/it +\S+ \S+ +sync \(staff\) /);
  const listed = JSON.parse((await org.run(['runs', '--json'])).stdout) as unknown;
  expect(listed).toMatchObject([
    { runId: 'plan', command: 'sync --dry-run', dataset: 'staff' },
    { runId: 'it', command: 'sync', dataset: 'staff', next: [{ action: 'verify' }, { action: 'undo' }] },
  ]);
});
