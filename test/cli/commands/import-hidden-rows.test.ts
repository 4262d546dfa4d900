import { describe, expect, it, onTestFinished } from 'vitest';

import { createOktaClient, importUsers } from '../../../src/index.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { sheetRows, textRows, workbook, type SheetRow } from '../../csv/build-workbook.js';
import { inChunks } from '../../csv/read.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace } from '../../helpers/workplace.js';

const HEADER = ['login', 'email', 'firstName', 'lastName', 'department'];

function person(name: string): readonly string[] {
  return [`${name}@example.com`, `${name}@example.com`, name, 'Osei', 'Sales'];
}

function sheet(rows: readonly (readonly string[] | SheetRow)[], afterRows = ''): Buffer {
  return workbook({ rows: sheetRows([HEADER, ...rows]), afterRows });
}

function hidden(name: string, attributes = 'hidden="1"'): SheetRow {
  return { cells: person(name), attributes };
}

const FILTER = '<autoFilter ref="A1:E6"><filterColumn colId="4"/></autoFilter>';
/** Workbooks with five people, of whom `bo` and `dee` are hidden. */
const WORKBOOKS = {
  'by a filter': sheet([person('ada'), hidden('bo'), person('cy'), hidden('dee'), person('eve')], FILTER),
  'by hand, as LibreOffice writes it': sheet([
    person('ada'),
    hidden('bo', 'hidden="true" customHeight="1" ht="0"'),
    person('cy'),
    hidden('dee', 'hidden="true"'),
    person('eve'),
  ]),
  'in a group that is collapsed': sheet([
    person('ada'),
    hidden('bo', 'outlineLevel="1" hidden="1"'),
    { cells: person('cy'), attributes: 'collapsed="1" hidden="0"' },
    hidden('dee', 'outlineLevel="1" hidden="1"'),
    person('eve'),
  ]),
  'by a height of nothing': sheet([
    person('ada'),
    hidden('bo', 'ht="0" customHeight="1"'),
    { cells: person('cy'), attributes: 'ht="15"' },
    hidden('dee', 'ht="0"'),
    person('eve'),
  ]),
  'by default, as programs write it that mark what is shown': workbook({
    beforeRows: '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>',
    rows: sheetRows([
      { cells: HEADER, attributes: 'hidden="0"' },
      { cells: person('ada'), attributes: 'hidden="false"' },
      person('bo'),
      { cells: person('cy'), attributes: 'ht="15"' },
      person('dee'),
      { cells: person('eve'), attributes: 'hidden="0"' },
    ]),
  }),
} as const;
const NAMED =
  '2 of 5 rows are hidden in the workbook, by a filter or by hand: sheet row 3 (bo@example.com) and sheet row 5 (dee@example.com).';

async function sandbox(): Promise<{ okta: Sandbox; env: Record<string, string> }> {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  return { okta, env: orgSettings(okta) };
}

function createdIn(okta: Sandbox): string[] {
  return okta
    .users()
    .map(({ profile }) => String(profile['firstName']))
    .toSorted();
}

describe.each(Object.entries(WORKBOOKS))('rows hidden %s', (_, content) => {
  it('are counted and named, and nothing is sent until it is decided what happens to them', async () => {
    const { okta, env } = await sandbox();
    const at = workplace();

    const { exitCode, stderr } = await cli(['import', at.file('people.xlsx', content)], { at, env });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(NAMED);
    expect(stderr).toContain(
      'Use --hidden-rows skip to leave hidden rows out, or --hidden-rows include to import them as well. Nothing was sent.',
    );
    expect(okta.ledger.created).toEqual([]);
    expect(at.everyFileExcept('people.xlsx')).toBe('');
  });

  it.each([
    ['skip', ['ada', 'cy', 'eve'], 'They are left out (--hidden-rows skip).'],
    ['include', ['ada', 'bo', 'cy', 'dee', 'eve'], 'They are imported as well (--hidden-rows include).'],
  ])('with --hidden-rows %s', async (action, created, text) => {
    const { okta, env } = await sandbox();
    const at = workplace();
    const file = at.file('people.xlsx', content);

    const { exitCode, stderr } = await cli(['import', file, '--run-id=it', `--hidden-rows=${action}`], {
      at,
      env,
    });

    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${NAMED} ${text}`);
    expect(createdIn(okta)).toEqual(created);
    const { results, summary } = at.run('it');
    expect(results.map(({ line }) => line)).toEqual(['2', '3', '4', '5', '6']);
    expect(summary.counts).toMatchObject({ created: created.length, notAttempted: 5 - created.length });
    const left = results.filter(({ status }) => status === 'not-attempted');
    expect(left.map(({ login, message }) => [login, message])).toEqual(
      action === 'include'
        ? []
        : ['bo', 'dee'].map((name) => [
            `${name}@example.com`,
            'Hidden in the workbook, and left out by --hidden-rows skip.',
          ]),
    );
  });

  it('are checked by a dry run, which warns about them even with --quiet', async () => {
    const at = workplace();
    const file = at.file('people.xlsx', content);

    const { exitCode, stderr } = await cli(['validate', file, '--quiet', '--run-id=it'], { at });

    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${NAMED} They are checked as well.`);
    expect(at.run('it').summary.counts).toMatchObject({ valid: 5 });
  });
});

it('a hidden row that is left out is not compared with the others, and is not in failed.csv', async () => {
  const { okta, env } = await sandbox();
  const at = workplace();
  const content = sheet([
    hidden('ada'),
    person('ada'),
    { cells: ['no address', '', '', ''], attributes: 'hidden="1"' },
  ]);
  const file = at.file('people.xlsx', content);

  const { exitCode } = await cli(['import', file, '--run-id=it', '--hidden-rows=skip'], { at, env });

  expect(exitCode).toBe(0);
  expect(createdIn(okta)).toEqual(['ada']);
  expect(at.run('it').failed).toEqual([]);
});

it('a resumed run still leaves out the hidden rows', async () => {
  const { okta, env } = await sandbox();
  const at = workplace();
  const bad = { cells: ['bad', '', '', ''] };
  const file = at.file('people.xlsx', sheet([person('ada'), bad, hidden('bo'), person('cy')]));

  const args = ['import', file, '--run-id=it', '--hidden-rows=skip', '--canary=2', '--concurrency=1'];
  expect(await cli(args, { at, env })).toMatchObject({ exitCode: 3 });
  expect(await cli(['resume', 'it'], { at, env })).toMatchObject({ exitCode: 1 });

  expect(createdIn(okta)).toEqual(['ada', 'cy']);
});

it('many hidden rows are counted, and the first ten are named', async () => {
  const at = workplace();
  const rows = Array.from({ length: 30 }, (_, index) => hidden(`p${index}`));
  const file = at.file('people.xlsx', sheet([person('ada'), ...rows]));

  const { stderr } = await cli(['validate', file], { at });

  expect(stderr).toContain('30 of 31 rows are hidden');
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('row 12 (p9@example.com), and 20 more.');
});

it('a hidden row of a file with passwords is named only by its number, unless its login is an address', async () => {
  const at = workplace();
  const header = [...HEADER.slice(0, 4), 'password'];
  const rows = sheetRows([
    header,
    {
      cells: ['ada@example.com', 'ada@example.com', 'Ada', 'Osei', 'Correct1Horse'],
      attributes: 'hidden="1"',
    },
    { cells: ['Correct2Horse', 'Bo', 'Osei', '', ''], attributes: 'hidden="1"' },
  ]);

  const { stderr } = await cli(['validate', at.file('people.xlsx', workbook({ rows }))], { at });

  expect(stderr).toContain('2 of 2 rows are hidden');
  expect(stderr).toContain('sheet row 2 (ada@example.com) and sheet row 3.');
  expect(stderr).not.toContain('Horse');
});

it('a command to paste repeats the decision', async () => {
  const at = workplace();
  const rows = sheetRows([
    [...HEADER, 'Badge'],
    [...person('ada'), '1'],
    { cells: [...person('bo'), '2'], attributes: 'hidden="1"' },
  ]);
  const file = at.file('people.xlsx', workbook({ rows }));

  const { stderr } = await cli(['import', file, '--sandbox', '--hidden-rows=skip'], { at });

  expect(stderr).toMatch(/import \S*people\.xlsx --ignore-columns Badge --hidden-rows skip --sandbox/);
});

it.each(['', 'both'])('--hidden-rows=%s is refused', async (value) => {
  const at = workplace();
  const file = at.file('people.xlsx', workbook({ rows: textRows([HEADER, person('ada')]) }));

  expect(await cli(['validate', file, `--hidden-rows=${value}`], { at })).toMatchObject({ exitCode: 2 });
});

it.each([
  [[], 2, []],
  [['--hidden-rows=include'], 0, ['ada', 'bo', 'cy', 'dee', 'eve']],
  [['--hidden-rows=skip'], 0, ['ada', 'cy', 'eve']],
])('sync needs a decision as well: with %j', async (flags, exitCode, created) => {
  const { okta, env } = await sandbox();
  const at = workplace();
  const file = at.file('people.xlsx', WORKBOOKS['by a filter']);

  const result = await cli(['sync', file, '--dataset=staff', ...flags], { at, env });

  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toContain(NAMED);
  expect(createdIn(okta)).toEqual(created);
});

describe('the library', () => {
  it.each([
    [
      undefined,
      [],
      { code: 'ERR_HIDDEN_ROWS', count: 2, hint: expect.stringContaining('Use hiddenRows skip') },
    ],
    ['skip', ['ada', 'cy', 'eve'], {}],
    ['include', ['ada', 'bo', 'cy', 'dee', 'eve'], {}],
  ] as const)('with hiddenRows %s creates %s', async (hiddenRows, created, failure) => {
    const { okta } = await sandbox();
    const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token });
    onTestFinished(() => client.close());
    const content = inChunks(WORKBOOKS['by a filter']);

    let error: unknown = {};
    try {
      for await (const _ of importUsers({ csv: content }, { client, hiddenRows }));
    } catch (thrown) {
      error = thrown;
    }

    expect(createdIn(okta)).toEqual(created);
    expect(error).toMatchObject(failure);
  });
});
