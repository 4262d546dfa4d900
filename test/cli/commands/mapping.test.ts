import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { textRows, workbookOf } from '../../csv/build-workbook.js';
import { cli } from '../../helpers/in-process-cli.js';
import { fixture, workplace } from '../../helpers/workplace.js';

it('drafts a mapping with which the file can be imported', async () => {
  const at = workplace();
  const people = at.file('people.csv', 'E-mail,First Name,Surname,Shoe size\nada@example.com,Ada,Byron,38\n');
  const drafted = await cli(['mapping', people, '--sandbox', '--output', 'people.yaml'], { at });
  const imported = await cli(['import', people, '--sandbox', '--mapping', 'people.yaml'], { at });

  expect([drafted.exitCode, imported.exitCode]).toEqual([0, 0]);
  expect(readFileSync(join(at.folder, 'people.yaml'), 'utf8')).toContain('ignore:\n  - Shoe size');
});

it('prints the command that checks the file with it, with the flags that were typed', async () => {
  const at = workplace();
  const people = at.file(
    'people.txt',
    'List of people\nE-mail;First Name;Surname\nada@example.com;Ada;Byron\n',
  );

  const { stderr } = await cli(
    ['mapping', people, '--sandbox', '--header-row', '2', '--delimiter', ';', '--output', 'people.yaml'],
    { at },
  );
  const command = /okta-csv-import (validate .*)/.exec(stderr)?.[1] ?? '';
  expect(command).toContain('--mapping people.yaml');
  expect(command).toContain('--header-row 2');
  const checked = await cli(command.replaceAll("'", '').split(' '), { at });

  expect(checked).toMatchObject({ exitCode: 0 });
});

it.each([
  [
    'a CSV',
    'people.csv',
    'Title\nE-mail;First Name;Surname\nada@example.com;Ada;Byron\n',
    ['--header-row', '2', '--delimiter', ';', '--encoding', 'utf-8'],
  ],
  [
    'a workbook',
    'people.xlsx',
    workbookOf({
      Notes: { rows: textRows([['Remember the milk']]) },
      'New hires': {
        rows: textRows([
          ['E-mail', 'First Name', 'Surname'],
          ['ada@example.com', 'Ada', 'Byron'],
        ]),
      },
    }),
    ['--sheet', 'New hires'],
  ],
])(
  'writes the same command into the mapping of %s, in which it works as written',
  async (_, name, content, flags) => {
    const at = workplace();
    const people = at.file(name, content);

    const { stderr } = await cli(['mapping', people, ...flags, '--output', 'people.yaml'], { at });
    const printed = await cli(['mapping', people, ...flags], { at });

    const written = readFileSync(join(at.folder, 'people.yaml'), 'utf8');
    const command = /# Then run: okta-csv-import (.*)/.exec(written)?.[1] ?? '';
    expect(stderr).toContain(command);
    expect(printed.stdout).toContain(command.replace(' --mapping people.yaml', ' --mapping <this file>'));
    const words = command.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", ''));
    expect(await cli(words ?? [], { at })).toMatchObject({ exitCode: 0 });
  },
);

it('prints it without --output, and does not overwrite files', async () => {
  const at = workplace();
  const people = at.file('people.csv', 'login,First Name\n');
  at.file('people.yaml', 'profile: {}\n');
  const printed = await cli(['mapping', people], { at });
  const refused = await cli(['mapping', people, '-o', 'people.yaml'], { at });

  expect(printed.stdout).toContain('profile:\n  login: login\n  firstName: First Name\n');
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('people.yaml already exists.'),
  });
});

it('imports a known export with its preset, and suggests the nearest preset for an unknown name', async () => {
  const at = workplace();
  const google = fixture('exports/google.csv');
  const imported = await cli(
    ['import', google, '--sandbox', '--mapping', 'preset:google', '--run-id=google'],
    { at },
  );
  const misspelt = await cli(['import', google, '--sandbox', '--mapping', 'preset:googel'], { at });

  expect(imported.exitCode).toBe(0);
  expect(at.run('google').results).toMatchObject([{ login: 'noor.haddad@example.com', status: 'created' }]);
  expect(misspelt).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean "google"?') });
});

it('lists warnings at the end, and sends those rows', async () => {
  const at = workplace();
  const people = at.file(
    'people.csv',
    'login,firstName,lastName,email,employeeNumber\n' +
      'ada@example.com,Ada,Byron,ada@example.com,000102\ngrace@example.com,Grace,MÃ¼ller,grace@example.com,103\n',
  );
  const { exitCode, stderr } = await cli(['import', people, '--sandbox'], { at });

  expect(exitCode).toBe(0);
  expect(stderr).toContain('Warnings (these do not block rows):');
  expect(stderr).toContain('1 row: employeeNumber "103" has fewer digits than "000102" on line 2');
  expect(stderr).toContain('1 row: lastName "MÃ¼ller" looks as if it was saved as UTF-8 twice');
});
