import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

async function sandbox(): Promise<Sandbox> {
  const okta = await startSandbox({ seed: demoSeed });
  onTestFinished(() => okta.close());
  return okta;
}

const copyOf = (at: Workplace, name: string): string =>
  at.file('people.csv', readFileSync(`fixtures/spreadsheets/${name}.csv`));

const MIRA = { email: 'mira.kuehn@example.com', firstName: 'Mira', lastName: 'Kühn' };
const NUMBERED = { ...MIRA, employeeNumber: '000102', manager: 'Grace Hopper' };
const ENGINEER = { title: 'Engineer', department: 'Engineering' };

describe('the columns of a spreadsheet', () => {
  it.each<[name: string, profile: Readonly<Record<string, string>>]>([
    ['decorated', { ...ENGINEER, lastName: 'Kuehn', mobilePhone: '+49301234567' }],
    ['of-a-form', { ...ENGINEER, lastName: 'Kuehn', employeeNumber: '000102', costCenter: 'EMEA-1' }],
    ['of-a-questionnaire', { ...ENGINEER, lastName: 'Kuehn', mobilePhone: '+49301234567' }],
    ['scim', { ...MIRA, ...ENGINEER, costCenter: 'EMEA-1' }],
    ['of-the-boss', { ...MIRA, ...ENGINEER, manager: 'grace@example.com', mobilePhone: '+49 170 5550101' }],
    ['german', { ...MIRA, department: 'Technik', primaryPhone: '+49 30 1234567' }],
    [
      'french',
      { ...NUMBERED, title: 'Ingénieure', department: 'Technique', honorificPrefix: 'Mme', city: 'Paris' },
    ],
    ['spanish', { ...NUMBERED, title: 'Ingeniera', department: 'Técnica', mobilePhone: '+34 612 34 56 78' }],
    ['portuguese', { ...NUMBERED, title: 'Engenheira', department: 'Técnica', city: 'São Paulo' }],
    ['italian', { ...NUMBERED, title: 'Ingegnere', department: 'Tecnica', city: 'Roma' }],
    ['dutch', { ...NUMBERED, title: 'Ingenieur', department: 'Techniek', city: 'Utrecht' }],
    ['polish', { ...NUMBERED, title: 'Inżynier', department: 'Techniczny', city: 'Kraków' }],
    ['swedish', { ...NUMBERED, title: 'Ingenjör', department: 'Teknik', city: 'Malmö' }],
    [
      'japanese',
      { firstName: 'ミラ', lastName: 'キューン', title: '技師', department: '技術部', city: '渋谷区' },
    ],
    ['datev', { ...NUMBERED, secondEmail: 'mira@example.net', costCenter: '4711', zipCode: '01067' }],
    [
      'successfactors',
      { ...MIRA, ...ENGINEER, employeeNumber: '000102', locale: 'de_DE', timezone: 'Europe/Berlin' },
    ],
    ['adp', { ...NUMBERED, ...ENGINEER, secondEmail: 'mira@example.net', division: 'R&D', city: 'Berlin' }],
    [
      'workday',
      { ...NUMBERED, ...ENGINEER, organization: 'Example GmbH', countryCode: 'DE', zipCode: '01067' },
    ],
    ['personio', { ...MIRA, ...ENGINEER, userType: 'Internal employee', costCenter: 'EMEA-1' }],
    ['google', { ...MIRA, ...ENGINEER, userType: 'Employee', manager: 'grace@example.com' }],
  ])('are recognized without a mapping file: headers-%s.csv', async (name, profile) => {
    const okta = await sandbox();
    const at = workplace();

    const { exitCode, stderr } = await cli(['import', copyOf(at, `headers-${name}`)], {
      at,
      env: orgSettings(okta),
    });

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(okta.findUser('mira.kuehn@example.com')?.profile).toMatchObject(profile);
  });

  it('without an email address are those of a draft that takes the login instead', async () => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    const file = copyOf(at, 'headers-microsoft-365');
    await cli(['mapping', file, '--output', 'people.yaml'], { at });

    const { exitCode } = await cli(['import', file, '--mapping', 'people.yaml'], { at, env });

    expect(exitCode).toBe(0);
    expect(okta.findUser('mira.kuehn@example.com')?.profile).toMatchObject({
      ...MIRA,
      ...ENGINEER,
      displayName: 'Mira Kühn',
      countryCode: 'DE',
      state: 'Berlin',
    });
  });

  it('that are not recognized are named in one message, with the commands that lead on', async () => {
    const at = workplace();
    const columns = Array.from({ length: 490 }, (_, index) => `Column ${index + 1}`);
    const file = at.file('people.csv', `login,email,firstName,lastName,${columns.join(',')}\n`);

    const { exitCode, stderr } = await cli(['validate', file], { at });
    const [command] = /okta-csv-import validate .* --ignore-columns '.*'/.exec(stderr) ?? [];
    const [, ignored] = /--ignore-columns '(.*)'/.exec(command ?? '') ?? [];
    const again = await cli(['validate', file, '--ignore-columns', ignored!], { at });

    expect(exitCode).toBe(2);
    expect(stderr.split('\n').length).toBeLessThan(10);
    expect(stderr).toContain('490 columns are unknown: "Column 1", ');
    expect(stderr).toMatch(/^ {2}okta-csv-import mapping .*people\.csv --output people\.yaml$/m);
    expect(again.exitCode).toBe(0);
  });

  it('can be ignored even if their names have commas and quotes', async () => {
    const at = workplace();
    const file = at.file('people.csv', 'login,email,firstName,lastName,"Size, EU","12"" screen",It\'s\n');

    const { stderr } = await cli(['validate', file], { at });
    const [, quoted = ''] = /--ignore-columns '(.*)'/.exec(stderr) ?? [];
    // As a shell reads it.
    const ignored = quoted.replaceAll(String.raw`'\''`, "'");
    const again = await cli(['validate', file, '--ignore-columns', ignored], { at });

    expect(again.exitCode).toBe(0);
  });

  it.each([
    [
      'windows-1252',
      Buffer.from(
        'Vorname;Nachname;E-Mail;Schuhgr\u00f6\u00dfe\nJ\u00f6rg;M\u00fcller;j@example.com;44\n',
        'latin1',
      ),
    ],
    [
      'windows-1252',
      Buffer.from('Vorname;Nachname;E-Mail;Kürzel2\nZo\u00eb;Vermeulen;z@example.com;x\n', 'latin1'),
    ],
  ])('that are not recognized do not hide how the file is read: %s', async (encoding, bytes) => {
    const at = workplace();

    const { exitCode, stderr } = await cli(['validate', at.file('people.csv', bytes)], { at });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`It is read as ${encoding}`);
    expect(stderr).toContain('Unknown column "');
  });
});

describe('a column of whole names', () => {
  it.each([
    [
      'full-name',
      [
        ['Mira', 'Kuehn'],
        ['Tobias', 'Osei'],
      ],
      0,
    ],
    [
      'full-names-of-many-kinds',
      [
        ['Ann', 'Lee'],
        ['Bo', 'Lee'],
        ['Ann', 'van der Lee'],
        ['Mira', 'KÜHN'],
        ['Ana García', 'López'],
        ['太郎', '山田'],
      ],
      3,
    ],
  ])('is split by the mapping that is drafted for it: %s.csv', async (name, names, doubtful) => {
    const okta = await sandbox();
    const at = workplace();
    const env = orgSettings(okta);
    const file = copyOf(at, name);

    const refused = await cli(['import', file], { at, env });
    await cli(['mapping', file, '--output', 'people.yaml'], { at });
    const { stderr } = await cli(['import', file, '--mapping', 'people.yaml'], { at, env });

    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('has whole names, but no column has the first and last names');
    expect(refused.stderr).toMatch(/^ {2}okta-csv-import mapping .*people\.csv .*--output people\.yaml$/m);
    const created = okta.ledger.created.map(({ login }) => okta.findUser(login)?.profile);
    expect(
      created.map((profile) => [profile?.['firstName'], profile?.['lastName']].join(' ')).toSorted(),
    ).toEqual(names.map((parts) => parts.join(' ')).toSorted());
    expect(stderr.match(/it is read as first name/g)?.length ?? 0).toBe(doubtful);
  });
});

it('ignoring columns is offered only if the command can succeed then', async () => {
  const at = workplace();
  const names = at.file('names.csv', 'Email,Name,Notes\nmira.kuehn@example.com,"Kuehn, Mira",x\n');
  const notes = at.file(
    'notes.csv',
    'Email,First Name,Last Name,Notes\nmira.kuehn@example.com,Mira,Kuehn,x\n',
  );

  const [withNames, withNotes] = [
    await cli(['validate', names], { at }),
    await cli(['validate', notes], { at }),
  ];

  expect(withNames.stderr).toContain('Write a mapping file that splits the names');
  expect(withNames.stderr).not.toContain('--ignore-columns');
  expect(withNotes.stderr).toContain('Or ignore the column:\n');
});

describe('at a terminal', () => {
  const UNKNOWN =
    'login,email,firstName,lastName,Team,Notes,Titel\na1@example.com,a1@example.com,A,B,Blue,x,\n';

  it('unknown columns are asked about one by one, and the answers become a mapping file', async () => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', UNKNOWN);

    const { exitCode, stderr } = await cli(['import', file, '--run-id=it'], {
      at,
      env: orgSettings(okta),
      typed: 'department\n\ndepartmant\ntitle\nyes\n',
    });

    expect(exitCode).toBe(0);
    expect(stderr).toContain('1 of 3: "Team" ("Blue").');
    expect(stderr).toContain('There is no attribute "departmant". Did you mean department?');
    expect(stderr).toContain('Wrote the mapping to people.yaml.');
    expect(okta.findUser('a1')?.profile).toMatchObject({ department: 'Blue' });
    const mapping = readFileSync(join(at.folder, 'people.yaml'), 'utf8');
    expect(mapping).toContain('  department: Team\n');
    expect(mapping).toContain('  title: Titel\n');
    expect(mapping).toContain('ignore:\n  - Notes\n');
    // The mapping does the same without questions.
    const again = await cli(['validate', file, '--mapping', 'people.yaml'], { at });
    expect(again.exitCode).toBe(0);
  });

  it('a column of whole names is split on request', async () => {
    const at = workplace();
    const file = copyOf(at, 'full-name');

    const { exitCode, stderr } = await cli(['validate', file], { at, typed: 'split\n' });

    expect(exitCode).toBe(0);
    expect(stderr).toContain('"Kuehn, Mira" is "Mira" and "Kuehn"');
    expect(readFileSync(join(at.folder, 'people.yaml'), 'utf8')).toContain(
      '  firstName: { fullName: Name, part: given }\n  lastName: { fullName: Name, part: family }\n',
    );
  });

  it('all unknown columns can be ignored at once', async () => {
    const at = workplace();

    const { exitCode } = await cli(['validate', at.file('people.csv', UNKNOWN)], { at, typed: 'all\n' });

    expect(exitCode).toBe(0);
    expect(readFileSync(join(at.folder, 'people.yaml'), 'utf8')).toContain(
      'ignore:\n  - Team\n  - Notes\n  - Titel\n',
    );
  });

  it('nothing is written when the input ends, and no file is overwritten', async () => {
    const at = workplace();
    const file = at.file('people.csv', UNKNOWN);
    at.file('people.yaml', 'mine');

    const ended = await cli(['validate', file], { at, typed: 'department\n' });
    await cli(['validate', file], { at, typed: 'all\n' });

    expect(ended.exitCode).toBe(2);
    expect(readFileSync(join(at.folder, 'people.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(at.folder, 'people-2.yaml'))).toBe(true);
  });

  it('values of a column that may be secret are not shown', async () => {
    const at = workplace();
    const file = at.file(
      'people.csv',
      'login,email,firstName,lastName,Altes Passwort\na1@example.com,a1@example.com,A,B,tricky\n',
    );

    const { stderr } = await cli(['validate', file], { at, typed: '\n' });

    expect(stderr).toContain('"Altes Passwort"');
    expect(stderr).not.toContain('tricky');
  });
});
