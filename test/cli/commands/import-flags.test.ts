import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../../helpers/people.js';
import { recordedOrg } from '../../helpers/recorder.js';
import { fixture, workplace } from '../../helpers/workplace.js';

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());
  return okta;
}

const createdLogins = (okta: Sandbox): string[] => okta.ledger.created.map(({ login }) => login);

it('processes only the rows of --only, and reports the others as not attempted', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(12));

  const { exitCode, stderr } = await cli(
    ['import', file, '--only=2,4-6,11-', '--concurrency=1', '--run-id=it'],
    {
      at,
      env: orgSettings(okta),
    },
  );

  expect(exitCode).toBe(0);
  expect(stderr).toContain('12 rows, 6 created, 6 not attempted.');
  expect(createdLogins(okta)).toEqual([2, 4, 5, 6, 11, 12].map(loginOf));
  const { results } = at.run('it');
  expect(results.filter(({ status }) => status === 'not-attempted').map(({ row }) => Number(row))).toEqual([
    1, 3, 7, 8, 9, 10,
  ]);
  expect(results[0]!.message).toBe('Not selected for this run.');
});

it('adds up the rows of several --only, and the columns of several --ignore-columns', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(12, { Badge: '1', Notes: 'x' }));
  const flags = ['--only', '1', '--only=3-4', '--ignore-columns', 'Badge', '--ignore-columns', 'Notes'];

  const { exitCode } = await cli(['import', file, ...flags, '--concurrency=1'], {
    at,
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(0);
  expect(createdLogins(okta)).toEqual([1, 3, 4].map(loginOf));
});

it.each([
  ['import', ['--sandbox']],
  ['validate', []],
])('%s warns only of rows that --only selects', async (command, flags) => {
  const at = workplace();
  const rows = peopleCsv(3, { title: 'Clerk' }).replace(
    'Given 2,Family,Clerk',
    'Given 2,Family,O&#039;Brien',
  );
  const file = at.file('people.csv', rows);
  const run = (only: string) => cli([command, file, ...flags, `--only=${only}`], { at });

  expect((await run('1,3')).stderr).not.toContain('Warnings');
  expect((await run('2')).stderr).toMatch(/Warnings.*\n.*1 row: .*\n.*row 2 \(line 3\)/);
});

it('adds the groups of --group to those of each row, without duplicates', async () => {
  const okta = await sandbox({ seed: demoSeed });
  const at = workplace();
  const sales = 'Sales';

  const { exitCode } = await cli(
    ['import', fixture('ways/8-into-groups.csv'), '--group', sales, '--group', 'Support', '--group', sales],
    { at, env: orgSettings(okta) },
  );

  expect(exitCode).toBe(0);
  expect(okta.groupsOf('marta.nowak')).toEqual(['Engineering', 'Berlin office', 'Sales', 'Support']);
  expect(okta.groupsOf('juma.otieno')).toEqual(['Support', 'Sales']);
});

it('uses the type of --user-type for rows without their own', async () => {
  const org = await recordedOrg({ seed: demoSeed });
  const at = workplace();
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,type,university
a@example.com,a@example.com,A,A,,Example University
b@example.com,b@example.com,B,B,user,
`,
  );

  const { exitCode } = await cli(['import', file, '--user-type=STUDENT', '--concurrency=1'], {
    at,
    env: orgSettings(org),
  });

  expect(exitCode).toBe(0);
  const types = org.okta.ledger.created.map(({ oktaId }) => org.okta.findUser(oktaId)!.type.id);
  expect(types[0]).toBe(org.okta.findUser('meiling.tan')!.type.id);
  expect(types[1]).toBe(org.okta.findUser('amina.yusuf')!.type.id);
});

it('lists the types of the org when --user-type is unknown', async () => {
  const at = workplace();
  const { exitCode } = await cli(
    [
      'import',
      fixture('ways/1-without-credentials.csv'),
      '--sandbox',
      '--user-type=contracter',
      '--run-id=it',
    ],
    { at },
  );

  expect(exitCode).toBe(1);
  expect(at.run('it').results[0]).toMatchObject({
    status: 'invalid',
    errorCode: 'unknown-type',
    message: expect.stringContaining('no user type "contracter". Use "user", "contractor", or "student".'),
  });
});

it('rejects --change-password for rows without a password, before anything is sent', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,password
a@example.com,a@example.com,A,A,Correct-Horse-7
b@example.com,b@example.com,B,B,
`,
  );

  const { exitCode } = await cli(['import', file, '--change-password', '--run-id=it'], {
    at,
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(1);
  expect(at.run('it').results).toMatchObject([
    { status: 'created', userStatus: 'PASSWORD_EXPIRED' },
    { status: 'invalid', errorCode: 'change-password-without-password', attempts: '0' },
  ]);
  expect(createdLogins(okta)).toEqual(['a@example.com']);
});

it.each([1, 4])(
  'never has more than --concurrency=%i requests in flight, as the org counts them',
  async (concurrency) => {
    const okta = await sandbox({ latencyMs: 5 });
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(40));

    const { exitCode } = await cli(['import', file, `--concurrency=${concurrency}`], {
      at,
      env: orgSettings(okta),
    });

    expect(exitCode).toBe(0);
    expect(okta.ledger.created).toHaveLength(40);
    expect(okta.ledger.maxInFlight).toBe(concurrency);
  },
);

it('creates the run folder by --reports and --run-id, with its parent folders', async () => {
  const at = workplace();
  const { exitCode, stderr } = await cli(
    [
      'import',
      fixture('ways/1-without-credentials.csv'),
      '--sandbox',
      '--reports=a/b',
      '--run-id=2026.pilot_1',
    ],
    { at },
  );

  expect(exitCode).toBe(0);
  expect(stderr).toContain(`Report: ${at.folder}/a/b/2026.pilot_1\n`);
  expect(existsSync(join(at.folder, 'a/b/2026.pilot_1/results.csv'))).toBe(true);
});

it('names the run by time and file by default', async () => {
  const at = workplace();
  await cli(['import', fixture('ways/1-without-credentials.csv'), '--sandbox'], { at });

  expect(at.runIds()).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-1-without-credentials$/),
  ]);
});

it('rejects an existing --run-id before anything is sent, and does not change that run', async () => {
  const okta = await sandbox();
  const at = workplace();
  const [first, second] = [at.file('a.csv', peopleCsv(1)), at.file('b.csv', peopleCsv(2))];
  await cli(['import', first, '--run-id=it'], { at, env: orgSettings(okta) });
  const before = at.run('it').summary;

  const { exitCode, stderr } = await cli(['import', second, '--run-id=it'], { at, env: orgSettings(okta) });

  expect(exitCode).toBe(2);
  expect(stderr).toContain(`The run "it" already exists in ${at.folder}/reports.`);
  expect(stderr).toContain(`resume ${at.folder}/reports/it`);
  expect(at.run('it').summary).toEqual(before);
  expect(createdLogins(okta)).toEqual([loginOf(1)]);
});

it.each(['../x', 'a/b', '.hidden'])(
  'refuses the --run-id "%s", which would lead elsewhere',
  async (runId) => {
    const okta = await sandbox();
    const at = workplace();
    const { exitCode, stderr } = await cli(
      ['import', fixture('ways/1-without-credentials.csv'), `--run-id=${runId}`],
      { at, env: orgSettings(okta) },
    );

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--run-id "${runId}" is not a valid folder name.`);
    expect(createdLogins(okta)).toEqual([]);
    expect(existsSync(join(at.folder, 'x'))).toBe(false);
  },
);

it('prints nothing with --quiet when all rows succeed', async () => {
  const at = workplace();
  const { exitCode, stdout, stderr } = await cli(
    ['import', fixture('ways/1-without-credentials.csv'), '--sandbox', '--quiet'],
    { at },
  );

  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

it('reads the file from stdin', async () => {
  const okta = await sandbox();
  const at = workplace();

  const { exitCode, stderr } = await cli(['import', '-', '--run-id=it'], {
    at,
    env: orgSettings(okta),
    stdin: peopleCsv(30),
  });

  expect(exitCode).toBe(0);
  expect(stderr).toContain('standard input');
  expect(createdLogins(okta)).toHaveLength(30);
  expect(at.run('it').results).toHaveLength(30);
  expect(at.run('it').summary.file.name).toBe('standard input');
});

it('reads a named pipe of the shell', async () => {
  const at = workplace();
  const fifo = join(at.folder, 'people.fifo');
  expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
  const writing = spawnSync(
    '/bin/sh',
    ['-c', 'cat "$1" > "$2" &', 'sh', fixture('ways/1-without-credentials.csv'), fifo],
    {
      stdio: 'ignore',
    },
  );

  const { exitCode } = await cli(['import', fifo, '--sandbox', '--run-id=it'], { at });

  expect([writing.status, exitCode]).toEqual([0, 0]);
  expect(at.run('it').results).toHaveLength(2);
});

it('ignores the columns of --ignore-columns, and stops at other unknown columns', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(1, { Notes: 'quiet', 'Badge No': '7', 'Job title': 'Pilot' }));

  const refused = await cli(['import', file, '--ignore-columns=Notes'], { at, env: orgSettings(okta) });
  const done = await cli(['import', file, '--ignore-columns', ' notes, Badge No'], {
    at,
    env: orgSettings(okta),
  });

  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('Unknown column "Badge No".');
  expect(refused.stderr).toContain('--ignore-columns');
  expect(done.exitCode).toBe(0);
  expect(okta.findUser(loginOf(1))!.profile).toMatchObject({ title: 'Pilot' });
});

it('applies a mapping file: columns, templates, constants, split lists, dates, groups', async () => {
  const org = await recordedOrg({ seed: demoSeed });
  const at = workplace();
  const file = at.file(
    'hr.csv',
    `Pers. No,E-Mail,Given Name,Surname,Ends,Knows,Teams,Comment
0815,Ada.Byron@Example.COM,Ada,Byron,30/06/2027,sums | engines,Engineering|Sales,a poet's daughter
`,
  );
  const mapping = at.file(
    'hr.yaml',
    `profile:
  login: '{{ row["E-Mail"] | downcase }}'
  email: E-Mail
  firstName: Given Name
  lastName: Surname
  displayName: '{{ row["Given Name"] }} {{ row.Surname }}'
  employeeNumber: Pers. No
  costCenter: { value: EMEA-1 }
  skills: { column: Knows, split: "|" }
  contractEnd: { column: Ends, date: dd/MM/yyyy }
  agency: { value: Example Staffing }
groups: { column: Teams, split: "|" }
type: { value: contractor }
ignore: [Comment]
`,
  );

  const { exitCode, stderr } = await cli(['import', file, '--mapping', mapping], {
    at,
    env: orgSettings(org),
  });

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  expect(stderr).toContain('has no attribute skills');

  const second = await cli(
    [
      'import',
      file,
      '--mapping',
      at.file('hr.yaml', readFileSync(join(at.folder, mapping), 'utf8').replace(/ {2}skills.*\n/, '')),
      '--ignore-columns=Knows',
    ],
    { at, env: orgSettings(org) },
  );

  expect(second.exitCode).toBe(0);
  expect(org.creates()[0]!.body).toStrictEqual({
    profile: {
      login: 'ada.byron@example.com',
      email: 'Ada.Byron@Example.COM',
      firstName: 'Ada',
      lastName: 'Byron',
      displayName: 'Ada Byron',
      employeeNumber: '0815',
      costCenter: 'EMEA-1',
      contractEnd: expect.stringMatching(/^2027-06-30/),
      agency: 'Example Staffing',
    },
    groupIds: [expect.stringMatching(/^00g/), expect.stringMatching(/^00g/)],
    type: { id: expect.stringMatching(/^oty/) },
  });
});

it('reports every mistake in a mapping file with its line and the nearest valid key', async () => {
  const at = workplace();
  const { exitCode, stderr } = await cli(
    [
      'import',
      fixture('ways/1-without-credentials.csv'),
      '--sandbox',
      '--mapping',
      fixture('mappings/wrong-keys.yaml'),
    ],
    { at },
  );

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/wrong-keys\.yaml:1: .*profil.*profile/);
  expect(stderr).toMatch(/wrong-keys\.yaml:4: .*colum/);
});

it.each([
  [
    'windows-1252',
    ',',
    Buffer.from(
      'login,email,firstName,lastName\nj@example.com,j@example.com,J\xfcrgen,\x8aime\x9e\n',
      'latin1',
    ),
  ],
  [
    'utf-16le',
    ';',
    Buffer.from('login;email;firstName;lastName\nj@example.com;j@example.com;Jürgen;Šimež\n', 'utf16le'),
  ],
  [
    'utf-8',
    'tab',
    Buffer.from('login\temail\tfirstName\tlastName\nj@example.com\tj@example.com\tJürgen\tŠimež\n'),
  ],
])('reads a file in the --encoding %s with the --delimiter %s', async (encoding, delimiter, bytes) => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file('people.csv', bytes);

  const { exitCode } = await cli(['import', file, '--encoding', encoding, '--delimiter', delimiter], {
    at,
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(0);
  expect(okta.users()[0]!.profile).toMatchObject({ firstName: 'Jürgen', lastName: 'Šimež' });
});

it.each([
  [['import', 'people.csv', '--sandbx'], 'Unknown flag --sandbx. Did you mean --sandbox?', '--help'],
  [['imprt', 'people.csv'], 'Unknown command "imprt". Did you mean "import"?', '--help'],
  [['import'], 'Name the CSV file: okta-csv-import import <file>', 'import --help'],
  [['import', 'people.csv', 'more.csv', '--sandbox'], 'Unexpected argument: "more.csv".', '--help'],
  [[], 'No command given', ''],
  [
    ['import', 'people.csv', '--sandbox', '--concurrency=many'],
    '--concurrency takes a whole number from 1 to 200',
    '',
  ],
  [
    ['import', 'people.csv', '--sandbox', '--concurrency=0'],
    '--concurrency takes a whole number from 1 to 200',
    '',
  ],
  [['import', 'people.csv', '--sandbox', '--rate-limit-share=2'], '--rate-limit-share takes a number', ''],
  [['import', 'people.csv', '--sandbox', '--only=0-3'], '--only "0-3" is not a row number or a range.', ''],
  [['import', 'people.csv', '--sandbox', '--delimiter=::'], 'Invalid delimiter', ''],
  [['import', 'people.csv', '--sandbox', '--encoding=klingon'], 'Unknown encoding "klingon".', ''],
  [
    ['import', 'people.csv', '--sandbox', '--mapping=none.yaml'],
    '/none.yaml does not exist.\n',
    'Check the spelling and the folder.',
  ],
  [['import', 'people.csv', '--sandbox', '--mapping=.'], ' cannot be read (EISDIR', '--mapping'],
  [['import', 'people.csv', '--sandbox', '--delimiter=;'], 'a single column that contains commas', ''],
])('rejects the command line %j with exit code 2 and a suggestion', async (args, message, hint) => {
  const at = workplace();
  at.file('people.csv', peopleCsv(1));

  const { exitCode, stdout, stderr } = await cli(args, { at });

  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect(existsSync(join(at.folder, 'reports'))).toBe(false);
});

it('prints help and version on stdout', async () => {
  const at = workplace();
  const help = await cli(['import', '--help'], { at });
  const version = await cli(['--version'], { at });

  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
  for (const flag of ['--mapping', '--only', '--group', '--sandbox', '--json', '--run-id']) {
    expect(help.stdout).toContain(flag);
  }
  const { version: packaged } = JSON.parse(readFileSync(fixture('../package.json'), 'utf8')) as {
    version: string;
  };
  expect(version).toEqual({ exitCode: 0, stdout: `${packaged}\n`, stderr: '' });
});
