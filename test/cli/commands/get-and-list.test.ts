import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';
import { parse as parseYaml } from 'yaml';

import type { Profile, User } from '../../../src/okta/types.js';
import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace } from '../../helpers/workplace.js';

async function sandbox(options: SandboxOptions = { seed: demoSeed }): Promise<Sandbox> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());
  return okta;
}

/** Three pages of two hundred. */
const CROWD = 450;
const crowd = {
  groups: [],
  users: Array.from({ length: CROWD }, (_, index) => ({
    profile: {
      login: `n${String(index + 1).padStart(3, '0')}@example.com`,
      email: `n${index + 1}@example.com`,
      firstName: index % 2 === 0 ? 'Even, "really"' : 'Odd',
      lastName: index === 7 ? '=1+1' : 'Number',
      department: index % 3 === 0 ? 'Sales' : 'Support',
    },
    status: index % 10 === 0 ? ('STAGED' as const) : undefined,
  })),
};

it.each([
  ['its id', (okta: Sandbox) => okta.findUser('jose.nunez')!.id],
  ['its login', () => 'jose.nunez@example.com'],
  ['its login in other letters', () => 'Jose.Nunez@Example.com'],
  ['its login short name', () => 'jose.nunez'],
])('gets a user by %s, as JSON', async (_, nameOf) => {
  const okta = await sandbox();
  const { exitCode, stdout, stderr } = await cli(['get', nameOf(okta)], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(okta.findUser('jose.nunez'));
});

it.each(['0012', '1e3', 'true', '..', 'a/b?c', '100%', '佐藤'])(
  'gets the user with the login %s as it is typed',
  async (login) => {
    const profile = { email: 'x@example.com', firstName: 'Ada', lastName: 'Odd' };
    const okta = await sandbox({
      orgOptions: { loginPattern: '.+' },
      seed: { users: [{ profile: { ...profile, login } }] },
    });

    const { exitCode, stdout, stderr } = await cli(['get', login], {
      at: workplace(),
      env: orgSettings(okta),
    });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ profile: { login } });
  },
);

it('gets a user as YAML with the same content, and as a table of the attributes that are set', async () => {
  const okta = await sandbox();
  const get = async (format: string): Promise<string> =>
    (await cli(['get', 'jose.nunez', '--format', format], { at: workplace(), env: orgSettings(okta) }))
      .stdout;

  expect(parseYaml(await get('yaml'))).toEqual(okta.findUser('jose.nunez'));
  const table = await get('table');
  expect(table).toMatch(/^id +00u/);
  expect(table).toMatch(/^skills +TypeScript; Go$/m);
  expect(table).not.toContain('mobilePhone');
});

it('gets the owner of the token with the name me', async () => {
  const okta = await sandbox();
  const { exitCode, stdout } = await cli(['get', 'me'], { at: workplace(), env: orgSettings(okta) });

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ profile: { login: 'sandbox.admin@example.com' } });
});

it('reports that the user does not exist, with exit code 1 and nothing on stdout', async () => {
  const okta = await sandbox();
  const { exitCode, stdout, stderr } = await cli(['get', 'no/body?@example.com'], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('There is no user "no/body?@example.com" in the org.');
});

it('lists every page of an org, in each format', async () => {
  const okta = await sandbox({ seed: crowd });
  const at = workplace();
  const list = async (format: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await cli(['list', '--format', format], {
      at,
      env: orgSettings(okta),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };

  const json = JSON.parse(await list('json')) as User[];
  const ndjson = (await list('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as User);
  const csv = parse<Record<string, string>>(await list('csv'), { bom: true, columns: true });
  const table = (await list('table')).trimEnd().split('\n');

  // The owner of the token is one of them.
  expect(json).toHaveLength(CROWD + 1);
  expect(new Set(json.map(({ id }) => id)).size).toBe(CROWD + 1);
  expect(ndjson).toEqual(json);
  expect(csv.map((row) => row['login'])).toEqual(json.map(({ profile }) => profile.login));
  const row = (login: string) => csv.find((row) => row['login'] === login);
  expect(row('n001@example.com')).toMatchObject({
    _status: 'STAGED',
    firstName: 'Even, "really"',
    department: 'Sales',
  });
  expect(row('n008@example.com')).toMatchObject({ lastName: "'=1+1" });
  expect(table).toHaveLength(1 + CROWD + 1);
  expect(table[0]).toMatch(/^id +status +login +firstName +lastName$/);
  expect(table[3]).toContain(csv[2]?.['login']);
  expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(12);
});

it.each([
  ['--limit=250', 250],
  ['--limit=3', 3],
  ['--q=n44', 11],
  ['--search=profile.department eq "Sales" and status eq "ACTIVE"', 135],
  ['--filter=status eq "STAGED"', 45],
])('lists the users that %s selects', async (flag, count) => {
  const okta = await sandbox({ seed: crowd });
  const { exitCode, stdout } = await cli(['list', flag, '--format=ndjson'], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(count);
});

it.each(['--search', '--filter'])('shows an example when the expression of %s is invalid', async (flag) => {
  const okta = await sandbox();
  const { exitCode, stderr } = await cli(['list', `${flag}=status = "STAGED"`], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('400 E0000031');
  const [, example = ''] = /Write an expression such as (.*?)\. /.exec(stderr) ?? [];
  const { stdout } = await cli(['list', `--search=${example}`, '--columns=department', '--format=csv'], {
    at: workplace(),
    env: orgSettings(okta),
  });
  expect(new Set(stdout.trim().split(/\r\n/))).toEqual(new Set(['department', 'Sales']));
});

it.each([
  ['csv', '\uFEFF_id,login,_status\r\n', /^00u\w+,n001@example\.com,STAGED\r\n$/],
  ['ndjson', '', /^\{"id":"00u\w+","login":"n001@example\.com","status":"STAGED"\}\n$/],
  ['table', 'id  ', /^ +login +status\n00u\w+ {2}n001@example\.com {2}STAGED\n$/],
])('lists the requested columns, in their order, as %s', async (format, header, line) => {
  const okta = await sandbox({ seed: crowd });
  const search = '--search=profile.login eq "n001@example.com"';
  const { exitCode, stdout } = await cli(['list', search, '--columns=id,login, status', '--format', format], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect(exitCode).toBe(0);
  expect(stdout.slice(0, header.length)).toBe(header);
  expect(stdout.slice(header.length)).toMatch(line);
});

it('aligns the columns of a table with their headings, even with empty or wide values', async () => {
  const name = { firstName: 'Ada', lastName: 'Last' };
  const okta = await sandbox({
    seed: {
      users: [
        { profile: { ...name, login: 'a@example.com', email: 'a@example.com', city: '東京都' } },
        { profile: { ...name, login: 'b@example.com', email: 'b@example.com' } },
      ],
    },
  });
  const { stdout } = await cli(
    [
      'list',
      '--search=profile.lastName eq "Last"',
      '--columns=city,title,login,department',
      '--format=table',
    ],
    { at: workplace(), env: orgSettings(okta) },
  );

  const [heading, ...lines] = stdout.trimEnd().split('\n');
  expect(heading).toBe('city    title  login          department');
  expect(new Set(lines)).toEqual(new Set(['東京都         a@example.com', '               b@example.com']));
});

it('writes valid output for an empty list', async () => {
  const okta = await sandbox();
  const list = async (format: string): Promise<string> =>
    (await cli(['list', '--q=Nobody', '--format', format], { at: workplace(), env: orgSettings(okta) }))
      .stdout;

  expect(await list('json')).toBe('[]\n');
  expect(await list('ndjson')).toBe('');
  expect(parse(await list('csv'), { bom: true })).toHaveLength(1);
});

it.each([
  [['--search=profile.city xx "a"'], 'E0000031'],
  [['--search=status pr', '--filter=status pr'], 'cannot be combined'],
  [['--limit=0'], '--limit takes a whole number above 0'],
  [['--format=xml'], 'table'],
  [['--columns=login,frstName'], 'Unknown column "frstName". Did you mean "firstName"?'],
  [['--columns=,'], '--columns takes names'],
])('rejects list with %j, with exit code 2', async (flags, words) => {
  const okta = await sandbox();
  const { exitCode, stdout, stderr } = await cli(['list', ...flags], {
    at: workplace(),
    env: orgSettings(okta),
  });

  expect(stderr).toContain(words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

it('lists users as a file that can be imported unchanged', async () => {
  const [from, to] = [await sandbox(), await sandbox({ seed: { ...demoSeed, users: [] } })];
  const at = workplace();
  const { stdout } = await cli(['list', '--format=csv', '--filter=status eq "ACTIVE"'], {
    at,
    env: orgSettings(from),
  });

  const { exitCode } = await cli(['import', at.file('people.csv', stdout), '--run-id=it'], {
    at,
    env: orgSettings(to),
  });

  // Only the owner of the token is in both orgs.
  expect(exitCode).toBe(1);
  expect(at.run('it').results.filter(({ status }) => status === 'failed')).toMatchObject([
    { login: 'sandbox.admin@example.com' },
  ]);
  const names = ['misaki.sato', 'chidi.eze', 'seun.ade'];
  expect(names.map((name) => to.findUser(name)?.profile)).toEqual(
    names.map((name) => from.findUser(name)?.profile),
  );
});

it.each([
  ['whole', []],
  [
    'in part',
    ['--columns=login,firstName,lastName,email,mobilePhone,displayName,type,skills,levels,fte,agency'],
  ],
])(
  'is imported again %s with --if-exists update: every row is unchanged, and nothing is written',
  async (_, flags) => {
    const okta = await sandbox({
      seed: {
        ...demoSeed,
        attributes: {
          ...demoSeed.attributes,
          levels: { title: 'Levels', type: 'array', items: { type: 'integer' } },
          groups: { title: 'Groups of the old system', type: 'string' },
        },
        users: [
          ...demoSeed.users!,
          ...awkwardProfiles.map((profile, index) => ({
            profile: {
              login: `awkward${index}@example.com`,
              email: `awkward${index}@example.com`,
              firstName: 'Awk',
              lastName: 'Ward',
              ...profile,
            },
          })),
        ],
      },
    });
    const [at, env] = [workplace(), orgSettings(okta)];
    const before = okta.users();

    const { stdout } = await cli(['list', '--format=csv', ...flags], { at, env });
    const { exitCode, stderr } = await cli(
      ['import', at.file('people.csv', stdout), '--if-exists=update', '--run-id=it', '--no-progress'],
      { at, env },
    );

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { counts } = at.run('it').summary;
    // The token's owner is one of them, the one who is deactivated is not.
    expect(counts).toMatchObject({ total: before.length, unchanged: before.length });
    expect(okta.users()).toEqual(before);
    const written = (['createUser', 'updateUser', 'replaceUser'] as const).map((operation) =>
      okta.ledger.requests({ operation }),
    );
    expect(written).toEqual([0, 0, 0]);
  },
);

/** Values that a CSV, a spreadsheet, or an import could misread. */
const awkwardProfiles: readonly Profile[] = [
  { displayName: '=1+1', mobilePhone: '+49 170 1', title: "'=x", city: '-', department: '@home' },
  { displayName: ' padded ', title: '"quoted"', city: '"', organization: ',;\t|', division: '' },
  { displayName: 'two\nlines', title: '#N/A', employeeNumber: '000123', costCenter: '1E+05' },
  { skills: ['a;b', ' c ', '"d"', '=e', ''], levels: [1, -2, 0], displayName: '["a"]' },
  { skills: ['-x'], level: 1, fte: 0.1, remote: false, shirtSize: 'XL', groups: 'Engineering' },
  { skills: [], levels: [], displayName: 'e\u0301', title: '\ufeffx', city: 'true', state: '1e3' },
  { login: 'jos\u0065\u0301@example.com', displayName: '" x "', userType: 'contractor' },
];
