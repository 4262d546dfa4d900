import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { cli } from '../../helpers/in-process-cli.js';
import { workplace } from '../../helpers/workplace.js';

const SECRET = 'Tr0ub4dor';
const HEADER = 'login,email,firstName,lastName,password';
const GOOD = 'ben@example.com,ben@example.com,Ben,Example,Correct-Horse-9';

/** A row in the file's own words, and what becomes of its line. */
const ROWS: readonly [what: string, row: string, header?: string][] = [
  ['a line that is quoted as a whole', `"ada@example.com,ada@example.com,Ada,Example,""${SECRET},secret"""`],
  ['a quoted line with empty cells after it', `"ada@example.com,ada@example.com,Ada,Example,${SECRET}",,,,`],
  ['another delimiter', `ada@example.com;ada@example.com;Ada;Example;${SECRET}`],
  ['another delimiter, with empty cells after it', `ada@example.com;Ada;${SECRET},,,,`],
  ['tabs', `ada@example.com\tada@example.com\tAda\tExample\t${SECRET}`],
  ['tabs, with empty cells after them', `ada@example.com\tAda\t${SECRET},,,,`],
  ['spaces', `ada@example.com ada@example.com Ada Example ${SECRET},,,,`],
  ['a stray delimiter at the start', `,ada@example.com,ada@example.com,Ada,Example,${SECRET}`],
  ['a stray delimiter in a name', `ada@example.com,ada@example.com,Ada,von, Example,${SECRET}`],
  ['a missing cell at the start', `ada@example.com,Ada,Example,${SECRET}`],
  ['a missing cell, and an empty one at the end', `ada@example.com,Ada,Example,${SECRET},`],
  ['the password first', `${SECRET},ada@example.com,ada@example.com,Ada`],
  [
    'the password first in the right number of cells',
    `${SECRET},ada@example.com,ada@example.com,Ada,Example`,
  ],
  ['the password alone', SECRET],
  ['the password behind the login', `ada@example.com ${SECRET},ada@example.com,Ada,Example,`],
  ['the password behind the email', `ada@example.com,"ada@example.com,${SECRET}",Ada,Example,`],
  ['a line break instead of a delimiter', `"ada@example.com\n${SECRET}",ada@example.com,Ada,Example,`],
  [
    'a password column that is ignored',
    `"ada@example.com,Ada,${SECRET}",,,,`,
    HEADER.replace('password', 'Passwort'),
  ],
];

describe('in a file with passwords, no command shows or writes the cells of a row with', () => {
  it.each(ROWS)('%s', async (_, row, header = HEADER) => {
    const at = workplace();
    at.file('people.csv', `${header}\n${GOOD}\n${row}\n`);
    const ignored = header === HEADER ? [] : ['--ignore-columns', 'Passwort'];
    const flags = ['--verbose', ...ignored];
    const runs = [
      await cli(
        [
          'import',
          'people.csv',
          '--sandbox',
          '--run-id=it',
          '--log-file',
          join(at.folder, 'it.log'),
          ...flags,
        ],
        { at },
      ),
      await cli(
        ['import', 'people.csv', '--sandbox', '--run-id=one', '--only=1', '--log-format=json', ...flags],
        {
          at,
        },
      ),
      await cli(['validate', 'people.csv', '--run-id=plan', ...flags], { at }),
      await cli(['report', 'it'], { at }),
    ];
    const said = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    const everything = said + at.everyFileExcept('people.csv');

    expect(everything).not.toContain(SECRET);
    expect(at.run('it').results).toMatchObject([
      { status: 'created', login: 'ben@example.com' },
      { status: 'invalid', login: '', line: '3' },
    ]);
    expect(at.run('it').failed).toMatchObject([{ _line: '3' }]);
  });
});

it('failed.csv of such a row is refused when it is imported as it is', async () => {
  const at = workplace();
  at.file('people.csv', `${HEADER}\n${GOOD}\n"ada@example.com,Ada,${SECRET}",,,,\n`);
  await cli(['import', 'people.csv', '--sandbox', '--run-id=it'], { at });
  const { exitCode } = await cli(['import', 'reports/it/failed.csv', '--sandbox', '--run-id=again'], { at });

  expect(exitCode).toBe(1);
  expect(at.run('again').results).toMatchObject([
    { status: 'invalid', errorCode: 'row-unmended', message: expect.stringContaining('the original file') },
  ]);
});

it('in a file without secrets, such a row is shown as it is, so that it is easy to find', async () => {
  const at = workplace();
  at.file(
    'people.csv',
    'login,email,firstName,lastName\nada@example.com,Ada,Example\n"eve@example.com;Eve",,,\n',
  );
  await cli(['import', 'people.csv', '--sandbox', '--run-id=it'], { at });

  expect(at.run('it').results.map(({ login }) => login)).toEqual(['ada@example.com', 'eve@example.com;Eve']);
  expect(at.run('it').failed).toMatchObject([{ email: 'Ada' }, { login: 'eve@example.com;Eve' }]);
});

it('in a file with passwords, a row with an ordinary mistake is shown, except for its password', async () => {
  const at = workplace();
  at.file('people.csv', `${HEADER}\nada@example,ada@example.com,Ada,,${SECRET}\n`);
  const { stderr } = await cli(['import', 'people.csv', '--sandbox', '--run-id=it'], { at });

  expect(stderr).toContain('lastName');
  expect(at.run('it').results).toMatchObject([{ login: 'ada@example', status: 'invalid' }]);
  expect(at.run('it').failed).toMatchObject([
    { login: 'ada@example', firstName: 'Ada', password: '[redacted]' },
  ]);
});
