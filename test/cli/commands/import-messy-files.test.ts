import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { unsealLine } from '../../../src/journal/line-seal.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { textRows, workbook } from '../../csv/build-workbook.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { workplace } from '../../helpers/workplace.js';

const [HEADER = '', ...PEOPLE] = peopleCsv(5).trim().split('\n');
const MESSY = `New hires\n\n${[HEADER, ...PEOPLE].join('\n')}\n`;
const MESSY_SHEET = workbook({
  rows: textRows(
    MESSY.trim()
      .split('\n')
      .map((line) => line.split(',')),
  ),
});

it.each([
  ['a CSV', 'people.csv', MESSY, 'on line 3; 2 lines', undefined],
  ['a workbook', 'people.xlsx', MESSY_SHEET, 'in sheet row 3; 2 rows', 'People'],
])(
  'a run of %s with lines above the header is resumed, reported and undone by its own lines',
  async (_, name, content, place, sheet) => {
    const okta = await startSandbox({
      faults: [
        { on: 'createUser', login: 'p2@example.com', then: 'okta-error', errorCode: 'E0000001', times: 1 },
      ],
    });
    onTestFinished(() => okta.close());
    const at = workplace();
    const env = orgSettings(okta);
    const file = at.file(name, content);

    const stopped = await cli(['import', file, '--run-id=it', '--canary=2', '--concurrency=1'], { at, env });

    expect(stopped.exitCode).toBe(3);
    expect(stopped.stderr).toContain(`header found ${place} above it were skipped`);
    expect(at.run('it').journal[0]).toMatchObject({ file: { headerLine: 3, records: 5 } });

    expect(await cli(['resume', 'it'], { at, env })).toMatchObject({ exitCode: 1 });

    const { results, failed, summary } = at.run('it');
    expect(summary.file.sheet).toBe(sheet);
    expect(results.map(({ row, line, login, status }) => [row, line, login, status])).toEqual([
      ['1', '4', 'p1@example.com', 'created'],
      ['2', '5', 'p2@example.com', 'failed'],
      ['3', '6', 'p3@example.com', 'created'],
      ['4', '7', 'p4@example.com', 'created'],
      ['5', '8', 'p5@example.com', 'created'],
    ]);
    expect(failed).toMatchObject([{ login: 'p2@example.com', _line: '5' }]);
    const written = at.run('it').failedText;
    expect(await cli(['report', 'it'], { at, env })).toMatchObject({ exitCode: 0 });
    expect(at.run('it').failedText).toBe(written);

    const retried = await cli(['import', 'reports/it/failed.csv', '--run-id=retry'], { at, env });
    expect(retried).toMatchObject({ exitCode: 0 });
    expect(okta.users()).toHaveLength(5);

    expect(await cli(['undo', 'it', '--yes'], { at, env })).toMatchObject({ exitCode: 0 });
    expect(okta.users().map(({ profile }) => profile['login'])).toEqual(['p2@example.com']);
  },
);

it('--header-row is remembered by the run, and --only counts from the first row below it', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  // Without the flag, the first line would be the header.
  const file = at.file('people.csv', `login,email,title\n${[HEADER, ...PEOPLE].join('\n')}\n`);
  const flags = ['--run-id=it', '--header-row=2', '--only=2-3', '--canary=1'];

  expect(await cli(['import', file, ...flags], { at, env })).toMatchObject({ exitCode: 0 });

  expect(at.run('it').journal[0]).toMatchObject({ file: { headerLine: 2 }, settings: { headerRow: 2 } });
  expect(okta.users().map(({ profile }) => profile['login'])).toEqual(['p2@example.com', 'p3@example.com']);
  expect(at.run('it').results.map(({ line }) => line)).toEqual(['3', '4', '5', '6', '7']);
});

const LEFTOVERS = `${HEADER},,\n${PEOPLE.map((person) => `${person},,\n,,,,,\n`).join('')}${',,,,,\n'.repeat(50)}`;

it('rows and columns without a value are ignored: the run succeeds, and every row keeps its line', async () => {
  const okta = await startSandbox({
    faults: [
      { on: 'createUser', login: 'p2@example.com', then: 'okta-error', errorCode: 'E0000001', times: 1 },
    ],
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  const file = at.file('people.csv', LEFTOVERS);
  const checked = await cli(['validate', file], { at });
  expect(checked).toMatchObject({ exitCode: 0 });
  expect(checked.stderr).toContain('55 rows without a value (the first on line 3) were ignored. 2 columns');
  expect(checked.stderr).toContain('5 rows, 5 valid.');

  expect(
    await cli(['import', file, '--run-id=it', '--canary=2', '--concurrency=1'], { at, env }),
  ).toMatchObject({
    exitCode: 3,
  });
  expect(await cli(['resume', 'it'], { at, env })).toMatchObject({ exitCode: 1 });

  const { results, failed, failedText } = at.run('it');
  expect(results.map(({ row, line, status }) => [row, line, status])).toEqual([
    ['1', '2', 'created'],
    ['2', '4', 'failed'],
    ['3', '6', 'created'],
    ['4', '8', 'created'],
    ['5', '10', 'created'],
  ]);
  expect(failed).toMatchObject([{ login: 'p2@example.com', _line: '4' }]);
  expect(failedText).toContain(`${HEADER},_line,_error`);
  expect(await cli(['report', 'it'], { at, env })).toMatchObject({ exitCode: 0 });
  expect(at.run('it').failedText).toBe(failedText);
  expect(await cli(['import', file, '--only=2', '--run-id=second'], { at, env })).toMatchObject({
    exitCode: 0,
  });
  expect(okta.users()).toHaveLength(5);
});

it('resumes a run of an earlier version by the rows that it counted', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  const [first = '', ...others] = PEOPLE;
  const file = at.file(
    'people.csv',
    `${HEADER}\n${first.replaceAll('@', '')}\n,,,\n${others.join('\n')}\n\u001a`,
  );
  await cli(['import', file, '--run-id=it', '--canary=1', '--yes'], { at, env });
  const journal = join(at.run('it').path, 'journal.ndjson');
  const [run = '', ...lines] = readFileSync(journal, 'utf8')
    .split('\n')
    .map((line) => unsealLine(line) ?? '');
  const older = JSON.stringify({ ...JSON.parse(run), journal: 1, version: '0.1.0' }, (key, value: unknown) =>
    key === 'headerLine' ? undefined : key === 'records' ? 7 : value,
  );
  writeFileSync(journal, [older, ...lines].join('\n'));

  expect(await cli(['resume', 'it'], { at, env })).toMatchObject({ exitCode: 1 });

  expect(at.run('it').results.map(({ row, line, status }) => [row, line, status])).toEqual([
    ['1', '2', 'invalid'],
    ['2', '3', 'invalid'],
    ['3', '4', 'created'],
    ['4', '5', 'created'],
    ['5', '6', 'created'],
    ['6', '7', 'created'],
    ['7', '8', 'invalid'],
  ]);
});

it.each(['0', '1.5', 'first'])('--header-row=%s is refused', async (value) => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(1));

  const { exitCode, stderr } = await cli(['validate', file, `--header-row=${value}`], { at });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('header-row');
});
