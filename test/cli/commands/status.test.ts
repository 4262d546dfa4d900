import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import type { SeededUser } from '../../../src/sandbox/seed.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, peopleCsv, profileOf } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  run(...args: readonly string[]): Promise<CliResult>;
  /** The status as JSON. */
  status(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

async function imported(people: string, options: SandboxOptions = {}, ...flags: string[]): Promise<Scene> {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  at.file('people.csv', people);
  const run: Scene['run'] = (...args) => cli(args, { at, env });
  await run('import', 'people.csv', '--run-id=it', '--quiet', ...flags);
  return {
    okta,
    at,
    run,
    async status(...args) {
      const { stdout, stderr, exitCode } = await run('status', '--format=json', ...args);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
}

async function lifecycle({ okta }: Scene, row: number, operation: string): Promise<void> {
  const response = await fetch(`${okta.url}/api/v1/users/${loginOf(row)}/lifecycle/${operation}`, {
    method: 'POST',
    headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
  });
  const body = (await response.json()) as { activationUrl?: string };
  if (body.activationUrl !== undefined) await fetch(body.activationUrl, { method: 'POST' });
}

async function remove({ okta }: Scene, row: number): Promise<void> {
  for (let requests = 0; requests < 2; requests += 1) {
    await fetch(`${okta.url}/api/v1/users/${loginOf(row)}`, {
      method: 'DELETE',
      headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
    });
  }
}

it('counts the people of a run by what they are now', async () => {
  const stage = await imported(peopleCsv(8));
  await lifecycle(stage, 1, 'reactivate?sendEmail=false');
  await lifecycle(stage, 2, 'reactivate?sendEmail=false');
  await lifecycle(stage, 2, 'suspend');
  await lifecycle(stage, 3, 'deactivate');
  await lifecycle(stage, 4, 'reset_password?sendEmail=true');
  await lifecycle(stage, 5, 'expire_password');
  await remove(stage, 6);

  const { stdout, stderr, exitCode } = await stage.run('status', 'it');

  expect({ exitCode }).toEqual({ exitCode: 0 });
  expect(stdout.split('\n').map((line) => line.replace(/ {2,}/, ': '))).toEqual([
    'staged: 0',
    'invited: 2',
    'password reset: 1',
    'new password due: 1',
    'active: 1',
    'suspended: 1',
    'deactivated: 1',
    'gone: 1',
    '',
  ]);
  expect(stderr).toContain(`Run it (${stage.okta.url}): 1 of 8 people active (13%), 2 signed in so far.`);
  expect(await stage.status('it')).toMatchObject({ people: 8, invited: 2, locked: 0, gone: 1, signedIn: 2 });
});

it('counts staged people, and those whose rows have found existing users', async () => {
  const stage = await imported(peopleCsv(3), {}, '--no-activate');
  stage.at.file('more.csv', peopleCsv(5));
  await stage.run('import', 'more.csv', '--run-id=more', '--if-exists=skip', '--quiet');

  expect(await stage.status('more')).toMatchObject({ cohort: 'run more', people: 5, staged: 3, invited: 2 });
});

const DEPARTMENTS = ['Sales', 'Engineering', 'Sales', ''];

async function byDepartment(): Promise<Scene> {
  const lines = DEPARTMENTS.map((department, index) =>
    [...Object.values(profileOf(index + 1)), department].join(','),
  );
  const stage = await imported(['login,email,firstName,lastName,department', ...lines, ''].join('\n'));
  await lifecycle(stage, 3, 'reactivate?sendEmail=false');
  return stage;
}

it('--by an attribute counts each value, in every format', async () => {
  const stage = await byDepartment();

  const table = await stage.run('status', 'it', '--by=department');
  const csv = await stage.run('status', 'it', '--by=department', '--format=csv');

  expect(table.stdout).toBe(
    [
      'DEPARTMENT   PEOPLE  STAGED  INVITED  ACTIVE',
      'Engineering  1       0       1        0',
      'Sales        2       0       1        1',
      '(none)       1       0       1        0',
      'Total        4       0       3        1',
      '',
    ].join('\n'),
  );
  const rows: Record<string, string>[] = parse(csv.stdout, { bom: true, columns: true });
  expect(rows.map(({ department, people, active }) => [department, people, active])).toEqual([
    ['Engineering', '1', '0'],
    ['Sales', '2', '1'],
    ['', '1', '0'],
  ]);
  expect(await stage.status('it', '--by=department')).toMatchObject({
    people: 4,
    by: 'department',
    values: [{ value: 'Engineering', invited: 1 }, { value: 'Sales', active: 1 }, { value: null }],
  });
});

it('--by an attribute that no one has names the nearest one', async () => {
  const stage = await byDepartment();

  const refused = await stage.run('status', 'it', '--by=departement');

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('No one has a value of "departement" (--by). Did you mean "department"?');
});

it.each([
  ['group by group', 25],
  ['user by user', 5],
])('--by group counts people in each of their groups, read %s', async (_title, people) => {
  const groups = ['Sales;Berlin', 'Sales', ''];
  const lines = Array.from({ length: people }, (_, index) =>
    [...Object.values(profileOf(index + 1)), groups[index] ?? ''].join(','),
  );
  const stage = await imported(['login,email,firstName,lastName,groups', ...lines, ''].join('\n'), {
    seed: { groups: [{ name: 'Sales' }, { name: 'Berlin' }, { name: 'Empty' }] },
  });

  expect(await stage.status('it', '--by=group')).toMatchObject({
    people,
    values: [
      { value: 'Berlin', people: 1 },
      { value: 'Sales', people: 2 },
      { value: null, people: people - 2 },
    ],
  });
  const userReads = stage.okta.ledger.requests({ operation: 'listUserGroups' });
  expect(userReads).toBe(people <= 20 ? people : 0);
});

it.each([
  ['the pages of a small org', 0, { listUsers: 3 }],
  ['fifty IDs per request in a large org', 2000, { listUsers: 6 }],
])('reads 300 people by %s', async (_title, others, expected) => {
  const users: SeededUser[] = Array.from({ length: others }, (_, index) => {
    const login = `other${index}@example.com`;
    return { profile: { login, email: login, firstName: 'Other', lastName: 'Person' } };
  });
  const stage = await imported(peopleCsv(300), { seed: { users } });
  const { ledger } = stage.okta;
  const before = ledger.requests({ operation: 'listUsers' });
  const readsBefore = ledger.requests({ operation: 'getUser' });

  expect(await stage.status('it')).toMatchObject({ people: 300, invited: 300 });

  expect(ledger.requests({ operation: 'listUsers' }) - before).toBeLessThanOrEqual(expected.listUsers);
  expect(ledger.requests({ operation: 'getUser' })).toBe(readsBefore);
});

it('reads people one by one where they cannot be listed', async () => {
  const stage = await imported(peopleCsv(12));
  stage.okta.addFault({ on: 'listUsers', then: 'okta-error', errorCode: 'E0000006' });

  expect(await stage.status('it')).toMatchObject({ people: 12, invited: 12 });
});

it('a run that was undone has only people who are gone, at the price of few requests', async () => {
  const stage = await imported(peopleCsv(120));
  await stage.run('undo', 'it', '--yes', '--quiet');
  const before = stage.okta.ledger.requests();

  expect(await stage.status('it')).toMatchObject({ people: 120, gone: 120 });

  // At most fifty are looked for a second time, whether there are a hundred or thousands.
  expect(stage.okta.ledger.requests() - before).toBeLessThanOrEqual(60);
});

it.each([3, 30])(
  'counts all of %i people in their group although searches and lists of members lag behind and reads come and go',
  async (people) => {
    const stage = await imported(peopleCsv(people, { groups: 'Team' }), {
      seed: { groups: [{ name: 'Team' }] },
      orgOptions: { searchLagMs: 60_000, memberLagMs: 60_000 },
    });
    const missing = { countedBy: 'login', nth: [1, 2], then: 'not-found' } as const;
    stage.okta.addFault({ on: ['getUser', 'listUserGroups'], ...missing });

    const counts = { people, invited: people, gone: 0 };
    expect(await stage.status('it', '--by=group')).toMatchObject({ ...counts });
  },
);

it('counts the people of a data set, without those who have left', async () => {
  const stage = await imported(peopleCsv(1));
  stage.at.file('people.csv', peopleCsv(6));
  await stage.run('sync', 'people.csv', '--dataset=staff', '--adopt-existing', '--quiet');

  expect(await stage.status('--dataset=staff')).toMatchObject({ cohort: 'data set staff', people: 6 });
  expect(await stage.run('status', '--dataset=none')).toMatchObject({ exitCode: 2 });
});

it('--by an attribute counts values as they are, and writes CSV that every spreadsheet reads', async () => {
  const departments = [
    'Sales/EMEA/Nordics',
    'Sales/EMEA',
    'sales/EMEA',
    '=1+1',
    'R&D, "Labs"',
    'Two\nlines',
    'مبيعات',
  ];
  const lines = departments.map((department, index) =>
    [...Object.values(profileOf(index + 1)), `"${department.replaceAll('"', '""')}"`].join(','),
  );
  const stage = await imported(['login,email,firstName,lastName,department', ...lines, ''].join('\n'));
  await remove(stage, 2);

  const { stdout, exitCode } = await stage.run('status', 'it', '--by=department', '--format=csv');

  expect({ exitCode, mark: stdout.startsWith('\u{feff}') }).toEqual({ exitCode: 0, mark: true });
  const rows: Record<string, string>[] = parse(stdout, { bom: true, columns: true });
  expect(new Set(rows.map(({ department, people, gone }) => [department, people, gone]))).toEqual(
    new Set([
      ["'=1+1", '1', '0'],
      ['R&D, "Labs"', '1', '0'],
      ['Sales/EMEA/Nordics', '1', '0'],
      ['Two\nlines', '1', '0'],
      ['sales/EMEA', '1', '0'],
      ['مبيعات', '1', '0'],
      // The department of a deleted user is unknown.
      ['', '1', '1'],
    ]),
  );
});

it('--by an attribute with several values counts a person in each', async () => {
  const stage = await imported(
    'login,email,firstName,lastName,sites\np1@example.com,p1@example.com,Given,Family,Oslo;Bergen\np2@example.com,p2@example.com,Given,Family,Oslo\n',
    { seed: { attributes: { sites: { type: 'array', items: { type: 'string' } } } } },
  );

  expect(await stage.status('it', '--by=sites')).toMatchObject({
    people: 2,
    values: [
      { value: 'Bergen', people: 1 },
      { value: 'Oslo', people: 2 },
    ],
  });
});

it('counts 3,000 people by department and by group with few requests, also those who were deleted', async () => {
  const users: SeededUser[] = Array.from({ length: 3000 }, (_, index) => ({
    profile: { ...profileOf(index + 1), department: `Department ${index % 3}` },
    status: 'ACTIVE',
  }));
  const stage = await imported(
    peopleCsv(3000, { groups: 'Everybody here' }),
    {
      seed: { users, groups: [{ name: 'Everybody here' }] },
    },
    '--if-exists=update',
  );
  await remove(stage, 1);
  const before = stage.okta.ledger.requests();

  expect(await stage.status('it', '--by=department')).toMatchObject({
    people: 3000,
    active: 2999,
    gone: 1,
    values: [{ people: 999 }, { people: 1000 }, { people: 1000 }, { value: null, people: 1, gone: 1 }],
  });
  expect(await stage.status('it', '--by=group')).toMatchObject({
    values: [
      { value: 'Everybody here', people: 2999 },
      { value: null, people: 1 },
    ],
  });
  expect(stage.okta.ledger.requests() - before).toBeLessThanOrEqual(60);
});

it.each([
  ['LOCKED_OUT', 'locked'],
  ['PASSWORD_EXPIRED', 'passwordExpired'],
  ['SUSPENDED', 'suspended'],
  ['RECOVERY', 'recovery'],
] as const)('an existing user who is %s counts as %s', async (status, state) => {
  const stage = await imported(
    peopleCsv(1),
    { seed: { users: [{ profile: profileOf(1), status }] } },
    '--if-exists=skip',
  );

  expect(await stage.status('it')).toMatchObject({ people: 1, [state]: 1 });
});

it('a user of a directory counts like any other', async () => {
  const directory = { type: 'ACTIVE_DIRECTORY', name: 'corp.example.com' } as const;
  const users = [{ profile: profileOf(1), status: 'ACTIVE', directory } as const];
  const stage = await imported(peopleCsv(1), { seed: { users } }, '--if-exists=skip');

  expect(await stage.status('it')).toMatchObject({ people: 1, active: 1 });
});

it('a 429 and a lost response while people are read change no count', async () => {
  const stage = await imported(peopleCsv(120));
  stage.okta.addFault({ on: 'listUsers', then: '429-no-headers', nth: 1 });
  stage.okta.addFault({ on: 'listUsers', then: 'reset-after-commit', nth: 2 });

  expect(await stage.status('it')).toMatchObject({ people: 120, invited: 120 });
});

it('looks at a run in another org only with the settings of that org', async () => {
  const stage = await imported(peopleCsv(1));
  const other = await startSandbox();
  onTestFinished(() => other.close());

  const refused = await cli(['status', 'it'], { at: stage.at, env: orgSettings(other) });

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('Run it was for');
});
